"""What calls need besides their own action, service by service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.permissions import arns
from chalice.permissions.values import HOLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalice.permissions.arns import Call

#: A prefix, an action and its resources.
Granted = tuple[str, str, list[str]]


def besides(call: Call) -> Iterator[Granted]:
    """Yield what *call* needs besides its own action."""
    found = _BESIDES.get((call.use.service, call.use.operation))
    if found is not None:
        yield from found(call)


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
