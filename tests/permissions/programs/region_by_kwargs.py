import boto3
def client(name, **kwargs):
    return boto3.client(name, **kwargs)
OPTIONS = {"region_name": "eu-west-1", "use_ssl": True}
def go(event):
    client("dynamodb", region_name="us-west-2").get_item(TableName="t", Key={})
    boto3.client("dynamodb", **OPTIONS).put_item(TableName="t", Item={})
    boto3.client("dynamodb", **{**OPTIONS, "verify": False}).delete_item(TableName="t", Key={})
    boto3.client("dynamodb", **dict(OPTIONS, verify=False)).scan(TableName="t")
