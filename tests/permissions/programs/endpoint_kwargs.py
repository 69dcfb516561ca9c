import boto3, os
kwargs = {}
if os.environ.get("LOCALSTACK"):
    kwargs["endpoint_url"] = "http://localhost:4566"
s3 = boto3.client("s3", **kwargs)
db = boto3.resource("dynamodb", **({"region_name": "eu-west-1"} if os.environ.get("X") else {}))
def go(event):
    s3.get_object(Bucket="b", Key="k")
    db.Table("t").scan()
