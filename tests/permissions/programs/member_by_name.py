import enum

import boto3

s3 = boto3.client("s3")


class Buckets(enum.Enum):
    ORDERS = "orders"
    USERS = "users"


class Plain(enum.StrEnum):
    LOGS = "logs"


def by_name(which, key):
    s3.put_object(Bucket=Buckets[which].value, Key=key)


def by_member(which, key):
    s3.delete_object(Bucket=Plain[which], Key=key)


def by_value(value, key):
    s3.get_object(Bucket=Buckets(value).value, Key=key)


def known(key):
    s3.get_object_acl(Bucket=Buckets["ORDERS"].value, Key=key)
