import boto3
from chalice import Chalice

app = Chalice(app_name="shop")
s3 = boto3.client("s3")


@app.route("/")
def index():
    extra = {"VersionId": "1"} if app.current_request else {}
    s3.get_object(Bucket="b", Key="k", **extra)
    assert extra, s3.get_bucket_policy(Bucket="i")
