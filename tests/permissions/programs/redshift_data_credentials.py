import boto3


def go(event):
    boto3.client("redshift-data").execute_statement(ClusterIdentifier="c", Database="d", Sql="x", DbUser="u")
