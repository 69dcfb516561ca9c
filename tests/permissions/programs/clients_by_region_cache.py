import boto3
class Regional:
    def __init__(self, service):
        self.service, self.cache = service, {}
    def __getitem__(self, region):
        if region not in self.cache:
            self.cache[region] = boto3.client(self.service, region_name=region)
        return self.cache[region]
db = Regional("dynamodb")
def go(event):
    db["eu-west-1"].get_item(TableName="t", Key={})
    db["us-east-1"].put_item(TableName="u", Item={})
