import boto3
s3 = boto3.client("s3")
def go(event):
    made = list(("a",))
    made.append("b")
    found = set(["c"])
    found.add("d")
    both = ["e"] + ["f"]
    both.append("g")
    put = sorted(["h"])
    put += ["i"]
    for bucket in [*made, *found, *both, *put]:
        s3.get_object(Bucket=bucket, Key="k")
