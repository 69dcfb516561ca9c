import boto3
CLIENTS = {name: boto3.client(name) for name in ["s3", "ssm"]}
def handler(event, context):
    CLIENTS["s3"].get_object(Bucket="b", Key="k")
    CLIENTS["ssm"].put_parameter(Name="p", Value="v")
