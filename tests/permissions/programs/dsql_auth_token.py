import boto3


def go(event):
    boto3.client("dsql").generate_db_connect_auth_token("h", "us-east-1")
    boto3.client("dsql").generate_db_connect_admin_auth_token(Hostname="h")
