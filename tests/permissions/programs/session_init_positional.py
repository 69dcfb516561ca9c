import boto3
class MySession(boto3.session.Session):
    def __init__(self, region):
        boto3.session.Session.__init__(self, region_name=region)
def go(event):
    MySession("eu-west-3").client("dynamodb").get_item(TableName="t", Key={})
