"""Tags that something is made with: for many services they are a permission of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.permissions.granting import arns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalice.permissions.granting.given import Call, Granted

_MAKING = ("Create", "Put", "Register")

#: What is asked for tags that something is made with, by operation or for all of a service.
#: Sources: botocore's models, "documentation" of the parameter or operation ("To be able to tag ...
#: on creation, you must have"); of DynamoDB and Lambda what they answer: "not authorized to
#: perform: dynamodb:TagResource"; Step Functions developer guide, "Tag-based policies".
_TAGGING: dict[tuple[str, str], str] = {
    ("cloudwatch", "PutCompositeAlarm"): "cloudwatch:TagResource",
    ("cloudwatch", "PutMetricAlarm"): "cloudwatch:TagResource",
    ("dynamodb", "CreateTable"): "dynamodb:TagResource",
    ("events", "PutRule"): "events:TagResource",
    ("kinesis", "CreateStream"): "kinesis:AddTagsToStream",
    ("kinesis", "RegisterStreamConsumer"): "kinesis:TagResource",
    ("kms", "CreateKey"): "kms:TagResource",
    ("lambda", ""): "lambda:TagResource",
    ("logs", "CreateLogGroup"): "logs:TagResource",
    ("secretsmanager", "CreateSecret"): "secretsmanager:TagResource",
    ("sns", "CreateTopic"): "sns:TagResource",
    ("sqs", "CreateQueue"): "sqs:TagQueue",
    ("ssm", ""): "ssm:AddTagsToResource",
    ("stepfunctions", ""): "states:TagResource",
}


def tagged(call: Call) -> Iterator[Granted]:
    """Yield what tags need that something is made with."""
    service, operation = call.use.service, call.use.operation
    if not operation.startswith(_MAKING) or not (call.has("Tags") or call.has("tags")):
        return
    tagging = _TAGGING.get((service, operation), _TAGGING.get((service, ""), ""))
    prefix, _, action = tagging.partition(":")
    # The ARN of a mapping of Lambda or a key of KMS is only known once it is made.
    is_named = operation != "CreateEventSourceMapping"
    if tagging:
        yield prefix, action, arns.resources(call, prefix, action) if is_named else []
