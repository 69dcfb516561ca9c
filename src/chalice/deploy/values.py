"""What references of templates come to, as far as that is known before a deploy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.config.reader import as_object
from chalice.regions import dns_suffix, partition_of

if TYPE_CHECKING:
    from collections.abc import Mapping


def values_of(
    document: Mapping[str, Any],
    stack_name: str,
    account: str,
    region: str,
    *,
    secret: bool = True,
) -> dict[str, str]:
    """Return what references come to that are known before a deploy, by name.

    Args:
        document: a template.
        stack_name: the stack's.
        account: the account's number.
        region: where it is deployed.
        secret: parameters that are not to be shown, too.
    """
    partition = partition_of(region)
    return {
        **parameters_of(document, secret=secret),
        "AWS::AccountId": account,
        "AWS::Partition": partition,
        "AWS::Region": region,
        "AWS::StackName": stack_name,
        "AWS::URLSuffix": dns_suffix(partition),
    }


def parameters_of(document: Mapping[str, Any], *, secret: bool = True) -> dict[str, str]:
    """Return what parameters come to: their defaults, for a deploy gives them no other values.

    Args:
        document: a template.
        secret: those that are not to be shown, too.
    """
    return {
        name: str(item["Default"])
        for name, item in as_object(document.get("Parameters")).items()
        if isinstance(as_object(item).get("Default"), str | int)
        and (secret or str(item.get("NoEcho", "")).lower() != "true")
    }
