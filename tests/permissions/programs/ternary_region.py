import boto3, os
def go(event):
    c = boto3.client("dynamodb", region_name="eu-west-1" if event else None)
    c.get_item(TableName="t", Key={})
