import boto3
from collections import namedtuple
Clients = namedtuple("Clients", "logs cw")
C2 = namedtuple("C2", ["kms"])
cs = Clients(boto3.client("logs"), cw=boto3.client("cloudwatch"))


def go():
    cs.logs.describe_log_groups()
    cs.cw.list_metrics()
    C2(boto3.client("kms")).kms.list_keys()
