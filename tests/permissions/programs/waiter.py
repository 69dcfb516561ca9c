import boto3
def handler(event, context):
    boto3.client("s3").get_waiter("object_exists").wait(Bucket="b", Key="k")
    boto3.resource("dynamodb").Table("t").wait_until_exists()
