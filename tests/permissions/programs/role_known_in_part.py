import boto3
import os


def go(event):
    boto3.client("lambda").create_function(FunctionName="f", Role=f"arn:aws:iam::{event['account']}:role/runs-{event['stage']}", Code={})
    boto3.client("glue").create_job(Name="j", Role=f"{event['stage']}-etl", Command={})
