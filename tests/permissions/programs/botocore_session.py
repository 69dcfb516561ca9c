import botocore.session
from chalice import Chalice

app = Chalice(app_name="program")
session = botocore.session.get_session()
client = session.create_client("lambda", region_name="eu-west-1")
@app.lambda_function()
def handler(event, context):
    client.invoke(FunctionName="worker")
