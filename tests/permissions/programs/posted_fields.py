import boto3
s3 = boto3.client("s3")
KEY = "arn:aws:kms:us-east-1:123456789012:key/k"
def go(event):
    s3.generate_presigned_post(
        "fields", "k", Fields={"acl": "public-read", "x-amz-server-side-encryption-aws-kms-key-id": KEY}
    )
    s3.generate_presigned_post(
        Bucket="conditions",
        Key="k",
        Conditions=[{"Tagging": "x"}, ["starts-with", "$acl", "public"], ["content-length-range", 1, 2]],
    )
    s3.generate_presigned_post("plain", "k", Fields={"Content-Type": "text/plain"}, ExpiresIn=60)
