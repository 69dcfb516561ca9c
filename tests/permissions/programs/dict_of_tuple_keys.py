import boto3
_CLIENTS = {}
def get_client(service, region=None):
    key = (service, region)
    if key not in _CLIENTS:
        _CLIENTS[key] = boto3.Session(region_name=region).client(service)
    return _CLIENTS[key]
def go(event):
    get_client("sqs").list_queues()
    get_client("dynamodb", "eu-west-1").get_item(TableName="t", Key={})
