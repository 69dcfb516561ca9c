import boto3
s3 = boto3.client("s3")
def go(event):
    jobs = []
    jobs.append((s3.get_object, {"Bucket": "b", "Key": "k"}))
    jobs.append((s3.put_object, {"Bucket": "c", "Key": "l"}))
    for call, kwargs in jobs:
        call(**kwargs)
