import boto3
from chalice import Chalice
app = Chalice(app_name="x")
app.table = boto3.resource("dynamodb").Table("users")
@app.route("/{name}")
def show(name):
    return app.table.get_item(Key={"name": name})
@app.route("/{name}", methods=["PUT"])
def store(name):
    app.table.put_item(Item=app.current_request.json_body)
