import boto3, somelib
s3 = boto3.client("s3")
def go(event):
    somelib.register(s3.get_object)
    somelib.Runner(target=s3.put_object)
