import boto3
from chalice import Chalice

app = Chalice(app_name="program")
@app.lambda_function()
def handler(event, context):
    match event:
        case {"kind": "file"}:
            client = boto3.client("s3")
            client.get_object(Bucket="b", Key="k")
        case _:
            client = boto3.client("sns")
            client.publish(TopicArn=event["t"], Message="m")
