import boto3, datetime, uuid
def go(event):
    now = datetime.datetime.utcnow()
    key = f"year={now.year}/month={now:%m}/{uuid.uuid4()}.json"
    boto3.client("s3").put_object(Bucket="b", Key=key)
    boto3.client("s3").put_object(Bucket="c", Key=now.strftime("logs/%Y/%m/%d") + ".gz")
