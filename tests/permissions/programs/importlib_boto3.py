import importlib


def go():
    boto3 = importlib.import_module("boto3")
    boto3.client("s3").list_buckets()
    __import__("boto3").client("sns").list_topics()
