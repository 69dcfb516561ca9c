import os

import boto3

SERVICE = "apigatewaymanagementapi"


def known(connection):
    api = boto3.client(SERVICE, endpoint_url="https://abcdefghij.execute-api.eu-west-1.amazonaws.com/prod")
    api.post_to_connection(ConnectionId=connection, Data=b"")


def by_variable(connection):
    address = f"https://{os.environ['BUCKET']}.execute-api.us-east-1.amazonaws.com/{os.environ['TABLE']}/"
    boto3.client(SERVICE, endpoint_url=address).get_connection(ConnectionId=connection)


def of_event(event):
    context = event["requestContext"]
    address = f"https://{context['domainName']}/{context['stage']}"
    boto3.client(SERVICE, endpoint_url=address).delete_connection(ConnectionId="c")


def either(connection, near):
    address = os.environ.get("NEAR") if near else "https://klmnopqrst.execute-api.eu-west-1.amazonaws.com/near"
    boto3.client(SERVICE, endpoint_url=address).delete_connection(ConnectionId=connection)
