import boto3
from chalice import Chalice

app = Chalice(app_name="program")
s3, ddb = boto3.client("s3"), boto3.client("dynamodb")
[first, *rest] = [s3]
@app.lambda_function()
def handler(event, context):
    first.get_object(Bucket="b", Key="k")
    ddb.describe_table(TableName="t")
