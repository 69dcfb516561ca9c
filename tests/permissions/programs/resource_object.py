import boto3
from chalice import Chalice

app = Chalice(app_name="program")
@app.lambda_function()
def handler(event, context):
    obj = boto3.resource("s3").Object("b", "k")
    obj.put(Body=b"")
    obj.get()
    obj.delete()
