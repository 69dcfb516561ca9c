import boto3


def go(event):
    v2 = boto3.client("apigatewayv2")
    v2.get_apis()
    v2.update_stage(ApiId="z", StageName="s")
