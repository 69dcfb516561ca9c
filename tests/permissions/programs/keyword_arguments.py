import boto3
from chalice import Chalice

app = Chalice(app_name="program")
s3 = boto3.client("s3")
def load(**kwargs):
    return s3.get_object(**kwargs)
@app.lambda_function()
def handler(event, context):
    where = {"Bucket": "b"}
    where["Key"] = "k"
    return load(**where)
