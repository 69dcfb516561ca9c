import boto3


def go(event):
    boto3.client("dynamodb").export_table_to_point_in_time(TableArn="arn:aws:dynamodb:us-east-1:123456789012:table/full", S3Bucket="dump")
