import boto3
s3 = boto3.client("s3")
def go(event):
    name = f"a-{event['x']}-b"
    s3.get_object(Bucket="a-" + name.split("-")[0], Key="1")
    s3.get_object(Bucket="b-" + name.split("-")[2], Key="2")
    s3.get_object(Bucket="c-" + name.split("-")[-1], Key="3")
    s3.get_object(Bucket="d-" + name.partition("-")[2], Key="4")
    s3.get_object(Bucket="e-" + name.rpartition("-")[0], Key="5")
    s3.get_object(Bucket="f-" + name.rsplit("-", 1)[1], Key="6")
    s3.get_object(Bucket="g-" + name.rsplit("-", 2)[-1], Key="7")
    s3.get_object(Bucket="h-" + f"{event['x']}e".partition("-")[2], Key="8")
    s3.get_object(Bucket="i-" + f"{event['x']}g".partition("--")[0], Key="9")
    s3.get_object(Bucket="j-" + "h.i.j".split(".", event["n"])[1], Key="10")
    s3.get_object(Bucket="k-" + "k.l".split(event["s"])[0], Key="11")
    s3.get_object(Bucket="l-" + "m.n".partition(event["s"])[0], Key="12")
    for word in "o p".split():
        s3.put_object(Bucket=word, Key="k")
