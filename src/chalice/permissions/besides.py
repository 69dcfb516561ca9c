"""What calls need besides their own action, service by service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.permissions import arns
from chalice.permissions.values import HOLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalice.permissions.given import Call

#: A prefix, an action and its resources.
Granted = tuple[str, str, list[str]]


def besides(call: Call) -> Iterator[Granted]:
    """Yield what *call* needs besides its own action."""
    service, operation = call.use.service, call.use.operation
    found = _BESIDES.get((service, operation))
    if found is not None:
        yield from found(call)
    if operation.startswith(_MAKING) and (call.has("Tags") or call.has("tags")):
        yield from _tagged(
            call, _TAGGING.get((service, operation), _TAGGING.get((service, ""), ""))
        )


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


def _tagged(call: Call, tagging: str) -> Iterator[Granted]:
    prefix, _, action = tagging.partition(":")
    # The ARN of a mapping of Lambda or a key of KMS is only known once it is made.
    is_named = call.use.operation != "CreateEventSourceMapping"
    if tagging:
        yield prefix, action, arns.resources(call, prefix, action) if is_named else []


def _secrets(call: Call) -> Iterator[Granted]:
    """Yield what reading several secrets needs.

    Source: Secrets Manager API reference, "BatchGetSecretValue": GetSecretValue for each secret,
    ListSecrets where filters are used.
    """
    yield "secretsmanager", "GetSecretValue", arns.resources(call, "secretsmanager", "")
    if call.has("Filters") or "**" in call.params:
        yield "secretsmanager", "ListSecrets", []


#: What each kind of content is asked for. Source: AWS's list has one action each; which of them the
#: second API asks is only seen in what it answers: "calling the SendEmail operation: ... not
#: authorized to perform 'ses:SendRawEmail'" (django-anymail, Amazon SES, "IAM permissions").
_CONTENTS = {"Raw": "SendRawEmail", "Template": "SendTemplatedEmail"}


def _mail(call: Call) -> Iterator[Granted]:
    kinds = {kind for kind, _ in call.entries(call.params.get("Content", frozenset([None])))}
    for kind, action in _CONTENTS.items():
        if kind in kinds or HOLE in kinds:
            yield "ses", action, arns.resources(call, "ses", action)


def _mails(call: Call) -> Iterator[Granted]:
    action = "SendBulkTemplatedEmail"
    yield "ses", action, arns.resources(call, "ses", action)


_BESIDES: dict[tuple[str, str], Callable[[Call], Iterator[Granted]]] = {
    ("secretsmanager", "BatchGetSecretValue"): _secrets,
    ("sesv2", "SendBulkEmail"): _mails,
    ("sesv2", "SendEmail"): _mail,
}
