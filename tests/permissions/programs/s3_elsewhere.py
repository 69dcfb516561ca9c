import boto3

s3 = boto3.client("s3")
LAMBDA = "arn:aws:s3-object-lambda:eu-west-1:123456789012:accesspoint/ol1"
OUTPOST = "arn:aws:s3-outposts:eu-west-1:123456789012:outpost/op-1/accesspoint/oap"


def go(event):
    s3.get_object(Bucket=LAMBDA, Key="k3")
    s3.list_objects_v2(Bucket=LAMBDA)
    s3.get_object(Bucket=OUTPOST, Key="k4")
    s3.upload_file("file", OUTPOST, event["key"])
    s3.list_objects_v2(Bucket=OUTPOST)
