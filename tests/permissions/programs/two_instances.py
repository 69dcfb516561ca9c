import boto3
from chalice import Chalice

app = Chalice(app_name="program")
class Store:
    def __init__(self, name):
        self.table = boto3.resource("dynamodb").Table(name)
    def get(self, key):
        return self.table.get_item(Key=key)
    def put(self, item):
        self.table.put_item(Item=item)
users, orders = Store("users"), Store(name="orders")
@app.lambda_function()
def handler(event, context):
    orders.put(users.get({"id": 1}))
