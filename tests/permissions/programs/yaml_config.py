import boto3, json
CONFIG = json.loads('{"bucket": "b", "keys": {"in": "x"}}')
def go(event):
    boto3.client("s3").get_object(Bucket=CONFIG["bucket"], Key=CONFIG["keys"]["in"])
