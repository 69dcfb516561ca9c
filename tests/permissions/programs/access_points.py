"""Access points, by the ways in which SDKs take them: IAM has one."""

import boto3

POINT = "arn:aws:s3:us-west-2:111122223333:accesspoint"
OUTPOST = "arn:aws:s3-outposts:us-west-2:111122223333:outpost"


def read():
    s3 = boto3.client("s3")
    s3.get_object(Bucket=f"{POINT}:colon", Key="k")
    s3.get_object(Bucket=f"{POINT}/slash", Key="k")
    s3.list_objects_v2(Bucket=f"{POINT}:colon")
    s3.get_object(Bucket="alias-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias", Key="k")
