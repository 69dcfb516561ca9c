import boto3
s3 = boto3.client("s3")
def go(event):
    call = s3.put_object if event.get("w") else s3.get_object
    call(Bucket="b", Key="k")
    method = "list_objects_v2" if event else "list_object_versions"
    getattr(s3, method)(Bucket="b")
