from boto3.session import Session
from chalice import Chalice

app = Chalice(app_name="program")
@app.lambda_function()
def handler(event, context):
    Session(region_name=None).client("ssm").get_parameters(Names=["a", "/b/c"])
