import boto3
from chalice import Chalice

app = Chalice(app_name="program")


@app.lambda_function()
def handler(event, context):
    boto3.client("apigateway").create_rest_api(name="a", tags={"team": "a"})
    boto3.client("apigatewayv2").create_stage(ApiId="i", StageName="s", Tags={"team": "a"})
    boto3.client("appsync").create_graphql_api(name="a", authenticationType="x", tags={"a": "b"})
