import boto3
R = "arn:aws:iam::123456789012:role/"


def go(event):
    api = boto3.client("apigateway")
    api.update_account(patchOperations=[{"op": "replace", "path": "/cloudwatchRoleArn", "value": R + "logs"}])
    api.update_integration(restApiId="a", resourceId="r", httpMethod="GET", patchOperations=[
        {"op": "replace", "path": "/credentials", "value": R + "calls"},
        {"op": "replace", "path": "/uri", "value": "https://example.com"},
    ])
    api.put_integration(restApiId="a", resourceId="r", httpMethod="GET", type="AWS", credentials="arn:aws:iam::*:user/*")
