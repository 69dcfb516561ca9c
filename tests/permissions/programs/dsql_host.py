import boto3


def go(event):
    boto3.client("dsql").generate_db_connect_auth_token("abc1.dsql.eu-west-1.on.aws", "eu-west-1")
