from boto3 import resource
from os import environ
_TABLE = {"resource": resource("dynamodb"), "table_name": environ.get("TABLE", "none")}
class Db:
    def __init__(self, given):
        self.resource = given["resource"]
        self.table_name = given["table_name"]
        self.table = self.resource.Table(self.table_name)
def go(event, context):
    Db(_TABLE).table.put_item(Item={})
