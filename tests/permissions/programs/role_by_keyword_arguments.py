import boto3

R = "arn:aws:iam::123456789012:role/"
SETTINGS = {"FunctionName": "f", "Role": R + "runs"}


def update(**settings):
    boto3.client("lambda").update_function_configuration(**settings)


def go(event):
    update(**SETTINGS)
    boto3.client("lambda").update_function_configuration(FunctionName="g", **event)
