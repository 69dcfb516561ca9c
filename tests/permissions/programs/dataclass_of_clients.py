import boto3
from dataclasses import dataclass, field
@dataclass
class Aws:
    region: str = "eu-west-1"
    def __post_init__(self):
        self.db = boto3.resource("dynamodb", region_name=self.region)
    def table(self, name):
        return self.db.Table(name)
aws = Aws()
def go(event):
    aws.table("t").get_item(Key={})
