import boto3
class Session(boto3.Session):
    def __init__(self, **kw):
        super().__init__(region_name="eu-west-3", **kw)
class Other(boto3.Session):
    pass
def go():
    Session().client("sqs").list_queues()
    Session().client("dynamodb").get_item(TableName="t", Key={})
    Other(region_name="us-west-2").client("dynamodb").put_item(TableName="u", Item={})
