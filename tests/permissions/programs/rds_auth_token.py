import boto3


def go(event):
    boto3.client("rds").generate_db_auth_token(DBHostname="h", Port=3306, DBUsername="app")
