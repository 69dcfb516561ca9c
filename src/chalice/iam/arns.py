"""ARNs as the resources of a policy: their parts, and whether IAM takes them."""

from __future__ import annotations

import re

# Source: IAM JSON policy elements reference, "Resource"; IAM user guide, "Amazon Resource Names
# (ARNs)": six parts, the first two and the last not empty.
_PARTITION = re.compile(r"aws(-[a-z0-9-]+)?|.*[*?$].*")
_ACCOUNT = re.compile(r"|[0-9]{12}|aws|.*[*?$].*")

# Source: IAM user guide, "IAM and AWS STS quotas", "IAM name requirements".
_CHARACTERS = re.compile(r"[\t\n\r\x20-\xff]*")

_VARIABLE = re.compile(r"\$\{[^}]*\}")


def parts_of(resource: str) -> list[str]:
    """Return the parts of an ARN, at most six; a variable, which may hold colons, is `$` there.

    >>> parts_of("arn:aws:sqs:${AWS::Region}:123456789012:a:b")
    ['arn', 'aws', 'sqs', '$', '123456789012', 'a:b']
    """
    return _VARIABLE.sub("$", resource).split(":", 5)


def fault_of_resource(resource: str) -> str:  # noqa: PLR0911 - one answer a part
    """Return why *resource* is no ARN that a policy takes; empty where it is one."""
    if resource == "*":
        return ""
    if not _CHARACTERS.fullmatch(resource):
        return "which has characters that IAM does not take"
    parts = parts_of(resource)
    if parts[0].startswith("$") or resource.startswith(("arn:*", "arn*")):
        return ""
    if parts[0] != "arn":
        return "which is no ARN"
    if len(parts) < 6:
        return f"which has {len(parts)} parts of the 6 of an ARN"
    _, partition, service, _, account, name = parts
    if not _PARTITION.fullmatch(partition):
        return f"whose partition `{partition}` is none"
    if "*" in service or "?" in service:
        # Source: IAM JSON policy elements reference, "Resource": no wildcard in that segment.
        return f"whose service `{service}` has a wildcard"
    if not service or not name:
        return f"which names no {'service' if not service else 'resource'}"
    return "" if _ACCOUNT.fullmatch(account) else f"whose account `{account}` is not 12 digits"
