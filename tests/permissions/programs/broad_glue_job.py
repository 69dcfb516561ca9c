import boto3


def go(event):
    boto3.client("glue").start_job_run(JobName="j")
