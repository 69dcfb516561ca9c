import boto3
sessions = {region: boto3.Session(region_name=region) for region in ("us-east-1", "eu-west-1")}
def table(region):
    return sessions[region].resource("dynamodb").Table("t")
def go(event):
    table("eu-west-1").scan()
