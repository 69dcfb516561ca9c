import boto3
from chalice import Chalice

app = Chalice(app_name="program")
BUCKET = "{}-{}".format("data", "dev")
@app.lambda_function()
def handler(event, context):
    s3 = boto3.client("s3")
    s3.get_object(Bucket=BUCKET, Key="in/" + "a.csv")
    s3.get_object(Bucket=BUCKET, Key="%s/b.csv" % "in")
    s3.get_object(Bucket=BUCKET, Key="/".join(["in", "c.csv"]))
