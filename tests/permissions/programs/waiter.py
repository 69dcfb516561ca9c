import boto3
from chalice import Chalice

app = Chalice(app_name="program")
@app.lambda_function()
def handler(event, context):
    boto3.client("s3").get_waiter("object_exists").wait(Bucket="b", Key="k")
    boto3.resource("dynamodb").Table("t").wait_until_exists()
