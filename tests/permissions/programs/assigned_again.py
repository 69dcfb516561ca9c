import boto3
from chalice import Chalice

app = Chalice(app_name="program")
@app.lambda_function()
def handler(event, context):
    client = boto3.client("s3")
    client.put_object(Bucket="one", Key="k")
    client = boto3.client("sns")
    client.publish(TopicArn=event["topic"], Message="m")
