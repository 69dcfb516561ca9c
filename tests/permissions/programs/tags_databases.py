import boto3
from chalice import Chalice

app = Chalice(app_name="program")
TAGS = [{"Key": "team", "Value": "a"}]


@app.lambda_function()
def handler(event, context):
    databases = boto3.client("rds")
    databases.create_db_instance(
        DBInstanceIdentifier="db", DBInstanceClass="c", Engine="e", Tags=TAGS
    )
    boto3.resource("dynamodb").create_table(TableName="t", Tags=TAGS)
    boto3.client("elasticache").create_cache_cluster(CacheClusterId="c", Tags=TAGS)
    boto3.client("timestream-write").create_database(DatabaseName="d", Tags=TAGS)
    boto3.client("glue").create_database(DatabaseInput={"Name": "d"}, Tags={"a": "b"})
