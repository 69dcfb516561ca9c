import boto3
s3 = boto3.client("s3")
ACTIONS = {"GET": s3.get_object, "DELETE": s3.delete_object}
def go(event):
    ACTIONS[event["method"]](Bucket="b", Key="k")
