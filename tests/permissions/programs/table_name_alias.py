import boto3

t = boto3.resource("dynamodb").Table("t")


def go():
    boto3.client("dynamodb").describe_time_to_live(TableName=t.table_name)
