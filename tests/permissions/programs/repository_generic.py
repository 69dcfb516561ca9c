import boto3
from typing import Generic, TypeVar
T = TypeVar("T")
class Repository(Generic[T]):
    def __init__(self, table):
        self.table = boto3.resource("dynamodb").Table(table)
    def get(self, key) -> T:
        return self.table.get_item(Key={"id": key})["Item"]
class Users(Repository[dict]):
    def __init__(self):
        super().__init__("users")
def go(event):
    Users().get("1")
