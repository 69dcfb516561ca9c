import boto3
BUCKET = "{}-{}".format("data", "dev")
def handler(event, context):
    s3 = boto3.client("s3")
    s3.get_object(Bucket=BUCKET, Key="in/" + "a.csv")
    s3.get_object(Bucket=BUCKET, Key="%s/b.csv" % "in")
    s3.get_object(Bucket=BUCKET, Key="/".join(["in", "c.csv"]))
