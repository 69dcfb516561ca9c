from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Union

import boto3
import somelib

if TYPE_CHECKING:
    from mypy_boto3_s3.paginator import ListObjectsV2Paginator
    from mypy_boto3_sns import SNSClient
    from types_aiobotocore_sqs.client import SQSClient
    from types_boto3_s3.waiter import BucketExistsWaiter


@dataclass
class Parts:
    pages: "Union[ListObjectsV2Paginator, None]"
    waiter: "BucketExistsWaiter"
    sns: "SNSClient | None" = None


def clients() -> "Iterator[SQSClient]":
    yield somelib.client()


def session_of(session: boto3.Session):
    return session.client("kms")


def go(make: Callable[[], "Parts"], known=boto3.client("events")):
    parts = Parts(somelib.a, somelib.b, somelib.c)
    parts.pages.paginate(Bucket="b")
    parts.waiter.wait(Bucket="w")
    parts.sns.list_topics()
    for client in clients():
        client.list_queues()
    known.list_event_buses()


def other(session):
    session_of(session).list_keys()
