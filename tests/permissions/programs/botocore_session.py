import botocore.session
session = botocore.session.get_session()
client = session.create_client("lambda", region_name="eu-west-1")
def handler(event, context):
    client.invoke(FunctionName="worker")
