"""The applications whose policies are put to AWS's stand-ins: what they are asked, what they need.

Two stand-ins enforce IAM, MiniStack and moto. Where one asks otherwise than AWS does, that is a
`Difference` with its reason; a test of each stand-in shows that it still does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

# What each application is asked: every path that it has, in an order in which each finds what it
# needs. What stand-ins ask IAM otherwise than AWS does is left out, or is a difference below.
NOTES = (
    ("PUT", "/notes/1", {"author": "ann", "text": "first"}),
    ("GET", "/notes/1", None),
    ("GET", "/authors/ann", None),
    ("PUT", "/files/1", {"text": "attached"}),
    ("GET", "/files", None),
    ("GET", "/files/1", None),
    ("DELETE", "/notes/1", None),
    ("Remind", "", {"text": "soon"}),
)
STEPS = (
    *("metrics", "update", "scan", "batch", "transact", "events", "stream", "copy", "parts"),
    *("tag", "bucket", "secret", "queue", "parameter"),
)
DESK = tuple(("Work", "", {"step": step}) for step in STEPS)

REGION = "us-east-1"
FILES = "arn:aws:s3:::notes-files"
QUEUE = "arn:aws:sqs:us-east-1:*:notes-reminders"


@dataclass(frozen=True)
class Difference:
    """A call for which a stand-in asks IAM otherwise than AWS does.

    Attributes:
        why: what the stand-in does, and where AWS says what it does.
        service: of the call.
        operation: as a client's method is called.
        params: what it is given; the URL of the queue is filled in.
        by_aws: what AWS asks: actions and their resources.
        here: what the stand-in asks.
    """

    why: str
    service: str
    operation: str
    params: Mapping[str, Any]
    by_aws: Mapping[str, str]
    here: Mapping[str, str]

    @property
    def is_less(self) -> bool:
        """Whether the stand-in asks a part of what AWS asks."""
        return self.here.items() < self.by_aws.items()


TAGGED = Difference(
    "tags of a new object are not asked for; S3 user guide, 'Required permissions for Amazon S3 API"
    " operations', PutObject",
    "s3",
    "put_object",
    {"Bucket": "notes-files", "Key": "a", "Body": b"a", "Tagging": "a=b"},
    {"s3:PutObject": f"{FILES}/*", "s3:PutObjectTagging": f"{FILES}/*"},
    {"s3:PutObject": f"{FILES}/*"},
)
BATCH = {"Entries": [{"Id": "1", "MessageBody": "m"}]}

MINISTACK = (
    TAGGED,
    Difference(
        "a batch has an action of its own; SQS developer guide, 'Amazon SQS API permissions'",
        "sqs",
        "send_message_batch",
        BATCH,
        {"sqs:SendMessage": QUEUE},
        {"sqs:SendMessageBatch": QUEUE},
    ),
    Difference(
        "a path is asked on all resources; Systems Manager user guide, 'Restricting access to"
        " parameters'",
        "ssm",
        "get_parameters_by_path",
        {"Path": "/desk"},
        {"ssm:GetParametersByPath": "arn:aws:ssm:us-east-1:*:parameter/desk*"},
        {"ssm:GetParametersByPath": "*"},
    ),
)

MOTO = (
    TAGGED,
    Difference(
        "the resource of most services is not known; moto, `moto.core.responses`",
        "secretsmanager",
        "get_secret_value",
        {"SecretId": "desk/key"},
        {"secretsmanager:GetSecretValue": "arn:aws:secretsmanager:us-east-1:*:secret:desk/key-*"},
        {"secretsmanager:GetSecretValue": "*"},
    ),
    Difference(
        "the name of a queue is not read, only its URL; moto, `moto.sqs.responses`",
        "sqs",
        "get_queue_url",
        {"QueueName": "notes-reminders"},
        {"sqs:GetQueueUrl": QUEUE},
        {"sqs:GetQueueUrl": "*"},
    ),
    Difference(
        "a batch has an action of its own; SQS developer guide, 'Amazon SQS API permissions'",
        "sqs",
        "send_message_batch",
        BATCH,
        {"sqs:SendMessage": QUEUE},
        {"sqs:SendMessageBatch": QUEUE},
    ),
    Difference(
        "a transaction has an action of its own; DynamoDB developer guide, 'Using IAM with DynamoDB"
        " transactions'",
        "dynamodb",
        "transact_write_items",
        {"TransactItems": [{"Put": {"TableName": "notes", "Item": {"number": {"S": "9"}}}}]},
        {"dynamodb:PutItem": "*"},
        {"dynamodb:TransactWriteItems": "*"},
    ),
    Difference(
        "the prefix is the name in the signature; service authorization reference, CloudWatch",
        "cloudwatch",
        "put_metric_data",
        {"Namespace": "n", "MetricData": [{"MetricName": "m", "Value": 1.0}]},
        {"cloudwatch:PutMetricData": "*"},
        {"monitoring:PutMetricData": "*"},
    ),
    Difference(
        "HEAD of a bucket has an action of its own; S3 user guide, as above, HeadBucket",
        "s3",
        "head_bucket",
        {"Bucket": "notes-files"},
        {"s3:ListBucket": FILES},
        {"s3:HeadBucket": FILES},
    ),
    Difference(
        "the source of a copy is not asked for; S3 user guide, as above, CopyObject",
        "s3",
        "copy_object",
        {"Bucket": "notes-files", "Key": "b", "CopySource": "notes-files/there"},
        {"s3:GetObject": f"{FILES}/there", "s3:PutObject": f"{FILES}/b"},
        {"s3:PutObject": f"{FILES}/b"},
    ),
    Difference(
        "several objects are deleted without a question; S3 user guide, as above, DeleteObjects",
        "s3",
        "delete_objects",
        {"Bucket": "notes-files", "Delete": {"Objects": [{"Key": "b"}]}},
        {"s3:DeleteObject": f"{FILES}/b"},
        {},
    ),
)


def document(grants: Mapping[str, str]) -> dict[str, Any]:
    """Return the policy that allows each action on its resource."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": [action], "Resource": resource}
            # A policy has a statement.
            for action, resource in (grants or {"none:Nothing": "*"}).items()
        ],
    }


def make_resources(call: Callable[..., Any]) -> None:
    """Make what the applications work on; *call* takes a service, an operation and parameters."""
    call("s3", "create_bucket", Bucket="notes-files")
    call("s3", "put_object", Bucket="notes-files", Key="there", Body=b"a")
    call("s3", "create_bucket", Bucket="desk-files")
    call("sqs", "create_queue", QueueName="notes-reminders")
    call("sqs", "create_queue", QueueName="desk-jobs")
    call("secretsmanager", "create_secret", Name="desk/key", SecretString="x")
    call("ssm", "put_parameter", Name="/desk/name", Value="x", Type="String")
    call("events", "create_event_bus", Name="desk-bus")
    call("kinesis", "create_stream", StreamName="desk-stream", ShardCount=1)
    call(
        "dynamodb",
        "create_table",
        TableName="desk",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    call(
        "dynamodb",
        "create_table",
        TableName="notes",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "number", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": "number", "AttributeType": "S"},
            {"AttributeName": "author", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-author",
                "KeySchema": [{"AttributeName": "author", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )


def is_denied(answer: str) -> bool:
    """Return whether an error tells of a denial.

    Source: IAM user guide, "Troubleshoot access denied error messages"; an answer to HEAD has no
    body, so that botocore only knows its status.
    """
    said = ("is not authorized to perform", "(AccessDenied) when calling", "(403) when calling")
    return any(text in answer for text in said)


def without_each_part(policy: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each action or resource that comes from the code, and *policy* without it."""
    statements = policy["Statement"]
    for at, statement in enumerate(statements):
        if statement["Action"][0].startswith("logs:"):
            continue
        others = [*statements[:at], *statements[at + 1 :]]
        for key in ("Action", "Resource"):
            parts = statement[key] if isinstance(statement[key], list) else [statement[key]]
            for part in parts if key == "Action" or len(parts) > 1 else ():
                left = [other for other in parts if other != part]
                kept = [*others, {**statement, key: left}] if left else others
                yield part, {**policy, "Statement": kept}
