import boto3
from chalice import Chalice

app = Chalice(app_name="program")
@app.lambda_function()
def handler(event, context):
    pages = boto3.client("s3").get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket="b"):
        print(page)
    scan = boto3.resource("dynamodb").meta.client.get_paginator("scan")
    return scan.paginate(TableName="t").build_full_result()
