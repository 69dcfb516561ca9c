import boto3
from celery import Celery
tasks = Celery("x")
@tasks.task
def work(key):
    boto3.client("s3").get_object(Bucket="b", Key=key)
def first_go(event):
    work("known")
    work.delay(event["key"])
