import boto3
from collections import OrderedDict, defaultdict
from types import MappingProxyType
s3 = boto3.client("s3")
def go(event):
    s3.get_object(Bucket=dict([("q", "bq"), ("r", "br")])[event["k"]], Key="unknown")
    s3.get_object(Bucket=dict([("q", "bq"), ["r", "br"]])["r"], Key="known")
    s3.get_object(Bucket=dict((name, f"{name}-b") for name in ("s", "t"))["s"], Key="made")
    s3.get_object(Bucket=dict({"u": "bu"}, v="bv").get(event["k"], "d"), Key="copied")
    s3.put_object(Bucket=OrderedDict([("o", "bo")]).get(event["k"], "d"), Key="ordered")
    s3.put_object(Bucket=MappingProxyType({"p": "bp"}).get(event["k"], "d"), Key="fixed")
    s3.put_object(Bucket=defaultdict(lambda: "dd", {"e": "be"})[event["k"]], Key="default")
