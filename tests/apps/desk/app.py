"""A function of many services: what least privilege is proved on, one step after the other."""

import os

from botocore.session import get_session

from chalice import Chalice

app = Chalice(app_name="desk")
session = get_session()
TABLE, BUCKET = os.environ["TABLE"], os.environ["BUCKET"]


def client(service):
    return session.create_client(service)


def update():
    client("dynamodb").update_item(
        TableName=TABLE,
        Key={"id": {"S": "1"}},
        UpdateExpression="SET n = :n",
        ExpressionAttributeValues={":n": {"N": "1"}},
    )


def scan():
    pages = client("dynamodb").get_paginator("scan").paginate(TableName=TABLE)
    return sum(page["Count"] for page in pages)


def batch():
    table = client("dynamodb")
    table.batch_write_item(RequestItems={TABLE: [{"PutRequest": {"Item": {"id": {"S": "2"}}}}]})
    table.batch_get_item(RequestItems={TABLE: {"Keys": [{"id": {"S": "2"}}]}})


def transact():
    client("dynamodb").transact_write_items(
        TransactItems=[
            {"Put": {"TableName": TABLE, "Item": {"id": {"S": "3"}}}},
            {"Delete": {"TableName": TABLE, "Key": {"id": {"S": "2"}}}},
        ]
    )


def copy():
    files = client("s3")
    files.put_object(Bucket=BUCKET, Key="in/a", Body=b"a")
    files.copy_object(Bucket=BUCKET, Key="out/a", CopySource={"Bucket": BUCKET, "Key": "in/a"})
    files.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "out/a"}]})


def parts():
    files = client("s3")
    upload = files.create_multipart_upload(Bucket=BUCKET, Key="parts/a")["UploadId"]
    files.upload_part(Bucket=BUCKET, Key="parts/a", UploadId=upload, PartNumber=1, Body=b"a")
    files.list_parts(Bucket=BUCKET, Key="parts/a", UploadId=upload)
    files.abort_multipart_upload(Bucket=BUCKET, Key="parts/a", UploadId=upload)


def tag():
    files = client("s3")
    files.put_object(Bucket=BUCKET, Key="tagged", Body=b"a")
    tags = {"TagSet": [{"Key": "a", "Value": "b"}]}
    files.put_object_tagging(Bucket=BUCKET, Key="tagged", Tagging=tags)
    files.get_object_tagging(Bucket=BUCKET, Key="tagged")


def bucket():
    files = client("s3")
    files.head_bucket(Bucket=BUCKET)
    files.get_bucket_location(Bucket=BUCKET)
    files.list_buckets()


def secret():
    client("secretsmanager").get_secret_value(SecretId="desk/key")


def parameter():
    client("ssm").get_parameter(Name="/desk/name")


def events():
    entry = {"Source": "desk", "DetailType": "t", "Detail": "{}"}
    client("events").put_events(Entries=[{**entry, "EventBusName": os.environ["BUS"]}])


def queue():
    queues = client("sqs")
    url = queues.get_queue_url(QueueName="desk-jobs")["QueueUrl"]
    queues.send_message(QueueUrl=url, MessageBody="m")
    for message in queues.receive_message(QueueUrl=url).get("Messages", []):
        queues.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def stream():
    client("kinesis").put_record(StreamName="desk-stream", Data=b"a", PartitionKey="a")


def metrics():
    data = [{"MetricName": "steps", "Value": 1.0}]
    client("cloudwatch").put_metric_data(Namespace="desk", MetricData=data)


# In the order of their services.
STEPS = {
    "metrics": metrics,
    "update": update,
    "scan": scan,
    "batch": batch,
    "transact": transact,
    "events": events,
    "stream": stream,
    "copy": copy,
    "parts": parts,
    "tag": tag,
    "bucket": bucket,
    "secret": secret,
    "queue": queue,
    "parameter": parameter,
}


@app.lambda_function(name="work")
def work(event, context):
    return {"done": event["step"], "count": STEPS[event["step"]]()}
