import boto3
s3 = boto3.client("s3")
def go(event, name):
    key = f"/in/{name}/Data/".strip("/")
    s3.get_object(Bucket="b", Key=key)
    s3.put_object(Bucket="b", Key=f"RAW/{name}.CSV".lower())
    s3.delete_object(Bucket="b", Key=f"in/{name}.csv".replace("in/", "out/").removesuffix(".csv") + ".json")
    s3.get_object_tagging(Bucket="prefix-bucket"[7:], Key="a-b-c".rsplit("-", 1)[0])
