"""Policies that are merged into a template, and those of AWS and the account that roles name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.config.reader import as_list, as_object
from chalice.deploy.preflight.looking import Unseen
from chalice.diagnostics import Problem, visible
from chalice.iam.review import review
from chalice.resources.kinds import MANAGED_POLICY, POLICY, ROLE, ROLE_POLICY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalice.deploy.preflight.coming import Coming
    from chalice.deploy.preflight.looking import Looking

_WITH_DOCUMENT = frozenset({MANAGED_POLICY, POLICY, ROLE_POLICY})


def of_itself(item: Coming) -> Iterator[Problem]:
    """Yield what is wrong with policies that were merged, which nobody has read yet.

    Managed policies that this package makes pass here too: they are found to be right again.
    """
    if item.type == ROLE and not item.is_ours("Policies"):
        listed = [as_object(one) for one in as_list(item.properties.get("Policies"))]
        documents = [one.get("PolicyDocument") for one in listed]
        for document in documents:
            yield from _review(item, document, item.where("Policies"))
    elif item.type in _WITH_DOCUMENT:
        document = item.properties.get("PolicyDocument")
        yield from _review(item, document, item.where("PolicyDocument"))


def _review(item: Coming, document: object, where: str) -> Iterator[Problem]:
    for fault in review(document, resource_based=False, of_role=True):
        if fault.severity == "error":
            summary = f"`{item.logical_id}` has no policy that IAM takes: {visible(fault.summary)}"
            yield Problem("policy-invalid", summary, where, fault.hint)


def in_account(item: Coming, looking: Looking) -> Iterator[Problem]:
    """Yield the managed policies of a role that are not there."""
    boundary = item.properties.get("PermissionsBoundary")
    named = [
        *((arn, "ManagedPolicyArns") for arn in item.texts("ManagedPolicyArns")),
        *([(boundary, "PermissionsBoundary")] if isinstance(boundary, str) else []),
    ]
    for arn, key in named:
        if not arn.startswith("arn:"):
            continue
        where = item.where(key)
        has_policy = looking.account.identity.has_policy
        found = looking.ask(f"the policy `{arn}`", has_policy, arn)
        if isinstance(found, Unseen):
            yield found.problem(where)
        elif not found:
            hint = "name one that is there: `aws iam list-policies` lists them"
            yield Problem("policy-missing", f"there is no managed policy `{arn}`", where, hint)
