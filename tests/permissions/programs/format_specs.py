import boto3
s3 = boto3.client("s3")
def go(event):
    s3.get_object(Bucket="{name}-{stage}".format_map({"name": "a", "stage": "dev"}), Key="k")
    s3.put_object(Bucket="b", Key="{y}/z".format_map(event))
    s3.delete_object(Bucket="b", Key="n/{:04d}/{:04d}/{x:>3}".format(3, event, x="a"))
    s3.get_object_tagging(Bucket="b", Key=f"p/{3:03}/{event:%Y}/{'a':s}")
