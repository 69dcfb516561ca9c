import attr
from attrs import define, field, Factory
import boto3


@define
class Repo:
    s3 = field(factory=lambda: boto3.client("s3"))
    sns = Factory(lambda: boto3.client("sns"))


@attr.s
class Old:
    table = attr.ib(factory=lambda: boto3.resource("dynamodb").Table("old"))


def go():
    Repo().s3.get_object(Bucket="b", Key="k")
    Old().table.scan()
