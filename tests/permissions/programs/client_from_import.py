from boto3 import client
from chalice import Chalice

app = Chalice(app_name="program")
@app.lambda_function()
def handler(event, context):
    client("s3").put_object(Bucket="b", Key="k", Body=b"")
