import boto3


def go(event):
    boto3.client("lambda").update_function_code(FunctionName="n", S3Bucket="code", S3Key="k.zip")
