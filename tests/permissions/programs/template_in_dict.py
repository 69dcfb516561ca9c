import boto3
from string import Template
KEYS = {"raw": Template("raw/$day.json"), "done": "done/{day}.json"}
def go(event):
    boto3.client("s3").get_object(Bucket="b", Key=KEYS["raw"].substitute(event))
    boto3.client("s3").put_object(Bucket="b", Key=KEYS["done"].format(**event))
