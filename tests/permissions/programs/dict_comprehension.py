import boto3
from chalice import Chalice

app = Chalice(app_name="program")
CLIENTS = {name: boto3.client(name) for name in ["s3", "ssm"]}
@app.lambda_function()
def handler(event, context):
    CLIENTS["s3"].get_object(Bucket="b", Key="k")
    CLIENTS["ssm"].put_parameter(Name="p", Value="v")
