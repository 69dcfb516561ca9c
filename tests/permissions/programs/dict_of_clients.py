import boto3
from chalice import Chalice

app = Chalice(app_name="program")
CLIENTS = {"s3": boto3.client("s3"), "sns": boto3.client("sns")}
@app.lambda_function()
def handler(event, context):
    CLIENTS["s3"].get_object(Bucket="b", Key="k")
    CLIENTS.get("sns").publish(TargetArn=event["arn"], Message="m")
