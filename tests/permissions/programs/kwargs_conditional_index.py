import boto3
t = boto3.resource("dynamodb").Table("t")


def go(index=None):
    kw = {}
    if index:
        kw["IndexName"] = "ix"
    t.query(**kw)
