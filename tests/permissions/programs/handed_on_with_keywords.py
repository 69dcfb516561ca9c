import atexit, boto3, somelib
s3 = boto3.client("s3")
table = boto3.resource("dynamodb").Table("t")
atexit.register(s3.delete_object, Bucket="b", Key="lock")
def go(event):
    somelib.retry(table.put_item, Item={})
    somelib.retry_call(s3.get_object, 3, **event)
