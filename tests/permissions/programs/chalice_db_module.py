import os
import boto3
from chalice import Chalice
from chalicelib import db
app = Chalice(app_name="todo")
_DB = None
def get_app_db():
    global _DB
    if _DB is None:
        _DB = db.DynamoDBTodo(boto3.resource("dynamodb").Table(os.environ["TABLE"]))
    return _DB
@app.route("/todos", methods=["GET"])
def get_todos():
    return get_app_db().list_items()
@app.route("/todos/{uid}", methods=["DELETE"])
def delete_todo(uid):
    return get_app_db().delete_item(uid)
# --- chalicelib/__init__.py
# --- chalicelib/db.py
from boto3.dynamodb.conditions import Key
class TodoDB(object):
    def list_items(self):
        pass
    def delete_item(self, uid, username="default"):
        pass
class DynamoDBTodo(TodoDB):
    def __init__(self, table_resource):
        self._table = table_resource
    def list_items(self, username="default"):
        return self._table.query(KeyConditionExpression=Key("username").eq(username))["Items"]
    def delete_item(self, uid, username="default"):
        self._table.delete_item(Key={"username": username, "uid": uid})
