import boto3
from chalice import Chalice

app = Chalice(app_name="program")
s3 = boto3.resource("s3")
@app.lambda_function()
def handler(event, context):
    s3.Bucket("b").Object("k").get()
    return s3.BucketVersioning("b").status
