import boto3
s3 = boto3.client("s3")
NAMES = {"123456789012": "p", "210987654321": "d", "short": "never"}
def go(event):
    account = boto3.client("sts").get_caller_identity()["Account"]
    s3.get_object(Bucket=NAMES.get(account, "o"), Key="k")
    own = {account: "own", "210987654321": "d"}
    s3.put_object(Bucket=own.get("123456789012", "o"), Key="other")
    s3.put_object(Bucket=own[account], Key="own")
