import boto3
def handler(event, context):
    boto3.client("ses").send_email(Source="Me <me@example.com>", Destination={}, Message={})
