import boto3


def go(event):
    boto3.client("athena").start_query_execution(QueryString="select 1", WorkGroup="wg", ResultConfiguration={"OutputLocation": "s3://results/x/"})
