import boto3, os
s3 = boto3.client("s3")
os.environ.setdefault("OTHER", "usual")
os.environ.setdefault("BUCKET", "never")
os.environ["TABLE"] = "changed"
def go(event):
    s3.get_object(Bucket=os.environ["OTHER"], Key="k")
    s3.get_object(Bucket=os.environ["BUCKET"], Key="k")
    s3.put_object(Bucket=os.environ["TABLE"], Key="k")
