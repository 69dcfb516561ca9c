import boto3, os
TABLE = os.environ["TABLE"]
PREFIX = os.getenv("PREFIX") or "in"
def go(event):
    boto3.resource("dynamodb").Table(f"{TABLE}-x").get_item(Key={})
    boto3.client("s3").get_object(Bucket=os.environ.get("BUCKET", "none"), Key="/".join([PREFIX, "a"]))
