"""Documents of Systems Manager, and the machines that commands and sessions are for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.permissions.granting import arns
from chalice.permissions.reading.values import HOLE

if TYPE_CHECKING:
    from chalice.permissions.granting.given import Call

# Where a call names a document. Source: botocore's model of SSM.
_DOCUMENTS = {
    **dict.fromkeys(
        ("CreateAssociation", "DescribeDocument", "GetDocument", "ListDocumentVersions"), "Name"
    ),
    "SendCommand": "DocumentName",
    "StartAutomationExecution": "DocumentName",
    "StartSession": "DocumentName",
}
# What is also asked, by operation. Source: SAR, "AWS Systems Manager".
_BESIDE_DOCUMENTS = {
    "CreateAssociation": ("ssm:R:A:association/{}",),
    "StartAutomationExecution": ("ssm:R:A:automation-execution/{}",),
}
# How the names of documents begin that are AWS's. Source: botocore's model of SSM,
# "CreateDocument", "Name": prefixes that are reserved.
_OF_AWS = re.compile("aws|amazon|amzn", re.IGNORECASE)


def _owners(name: str) -> tuple[str, ...]:
    """Return the account in the ARN of a document: AWS's own have none, and any may be meant."""
    if name.startswith(HOLE):
        return ("A", "")
    return ("",) if _OF_AWS.match(name) else ("A",)


def documents(call: Call, action: str) -> list[str]:
    """Return the documents of a call, with what they are run on.

    Args:
        call: of Systems Manager.
        action: that is asked.
    """
    operation = call.use.operation
    names = call.given(_DOCUMENTS[operation]) if operation in _DOCUMENTS else []
    if operation != action or not (names or operation in ("SendCommand", "StartSession")):
        return []
    owned = [(name, owner) for name in names for owner in _owners(name)]
    found = [_all_of(call, name, f"ssm:R:{owner}:document/{{}}") for name, owner in owned]
    if operation == "StartAutomationExecution":
        # Policies name the versions of a runbook by a type of their own.
        found += [
            _all_of(call, name, f"ssm:R:{owner}:automation-definition/{{}}:*")
            for name, owner in owned
            if not name.startswith("arn:")
        ]
    found += [arns.arn(call, "*", one) for one in _BESIDE_DOCUMENTS.get(operation, ())]
    return list(dict.fromkeys([*found, *_machines(call)]))


def _machines(call: Call) -> list[str]:
    """Return the machines that a command or session is for; any where tags say which."""
    operation = call.use.operation
    if operation not in ("SendCommand", "StartSession"):
        return []
    names = call.given("InstanceIds" if operation == "SendCommand" else "Target")
    if operation == "SendCommand" and (call.has("Targets") or not names):
        names = [*names, HOLE]
    if any(name.startswith("ecs:") for name in names):
        # Source: ECS developer guide, "ECS Exec": a session with a container of a task.
        return [arns.arn(call, "*", "ecs:R:A:task/{}")]
    # Source: Systems Manager user guide, "Restrict Run Command access based on tags".
    return [
        _all_of(call, name, template)
        for name in names
        for template in ("ec2:R:A:instance/{}", "ssm:R:A:managed-instance/{}")
    ]


def _all_of(call: Call, name: str, template: str) -> str:
    """Return the ARN of what is called *name*; that of all of its type where nobody knows."""
    return arns.arn(call, "*" if name.startswith(HOLE) else name, template)
