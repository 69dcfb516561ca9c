import boto3
from chalice import Chalice
app = Chalice(app_name="x")
app.table = boto3.resource("dynamodb").Table("t")
@app.route("/")
def index():
    return app.table.scan()
