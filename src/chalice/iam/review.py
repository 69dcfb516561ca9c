"""What is wrong with a policy that somebody wrote: all of it, each with its place in the document.

`parse` refuses a document for its first fault, and leaves to each request what only its evaluation
shows. AWS refuses some of that when the policy is put: unknown operators, values that cannot be
read. The rest is legal and most likely a slip, so it is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from chalice.diagnostics import nearest
from chalice.expressions import has_expression, is_expression
from chalice.iam import conditions, patterns, policy
from chalice.iam.conditions import Condition
from chalice.iam.errors import PolicyError
from chalice.iam.patterns import matches

Path = tuple[str | int, ...]

# What stands for expressions: of elements that are one text, and of others.
_SOME: Mapping[str, str] = {"Effect": "Allow", "Sid": ""}
_SOME_ARN = "arn:aws:s3:::expression"

# Source: Service Authorization Reference, "Actions defined by Amazon API Gateway" (`execute-api`).
_ACTIONS = ("execute-api:Invoke", "execute-api:InvalidateCache", "execute-api:ManageConnections")
_SERVICE = "execute-api:"

# Source: IAM user guide, "AWS global condition context keys", and the condition keys of
# `execute-api` in the Service Authorization Reference.
_KEYS = (
    "aws:AssumedRoot",
    "aws:CalledVia",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
    "aws:ChatbotSourceArn",
    "aws:CurrentTime",
    "aws:Ec2InstanceSourcePrivateIPv4",
    "aws:Ec2InstanceSourceVpc",
    "aws:EpochTime",
    "aws:FederatedProvider",
    "aws:MultiFactorAuthAge",
    "aws:MultiFactorAuthPresent",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalServiceName",
    "aws:PrincipalServiceNamesList",
    "aws:PrincipalType",
    "aws:RequestedRegion",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:ResourceOrgPaths",
    "aws:SecureTransport",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceIdentity",
    "aws:SourceIp",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:SourceVpc",
    "aws:SourceVpcArn",
    "aws:SourceVpce",
    "aws:TagKeys",
    "aws:TokenIssueTime",
    "aws:UserAgent",
    "aws:ViaAWSService",
    "aws:VpcSourceIp",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:VpceOrgPaths",
    "aws:referer",
    "aws:userid",
    "aws:username",
    "execute-api:viaDomainArn",
)
# A tag is named after a slash.
_TAGS = ("aws:principaltag/", "aws:requesttag/", "aws:resourcetag/")
_OF_AWS = ("aws:", _SERVICE)


@dataclass(frozen=True, slots=True)
class PolicyFault:
    """One thing to mend.

    Attributes:
        path: keys and indexes that lead to it.
        summary: what is wrong.
        hint: what to write instead.
        severity: a `warning` is legal.
    """

    path: Path
    summary: str
    hint: str
    severity: str = "error"


def review(
    document: object, *, resource_based: bool, of_role: bool = False
) -> Iterator[PolicyFault]:
    """Yield what is wrong with *document*; its errors, if `parse` or AWS would refuse it.

    It is about the form and the conditions; whether AWS has the actions and resources of a role's
    policy is known to `permissions.review`.

    Args:
        document: JSON already read.
        resource_based: whether the policy hangs on the API, as for `parse`.
        of_role: whether it is about what functions may do, rather than who may call the API; it may
            hold expressions of CloudFormation, and what hangs on those is not judged.
    """
    mend = policy_hint(resource_based=resource_based, of_role=of_role)
    if of_role and is_expression(document):
        return
    try:
        whole = policy.members(document)
    except PolicyError as error:
        yield PolicyFault((), str(error), mend)
        return
    statements = whole["Statement"]
    if of_role and is_expression(statements):
        return
    if statements == []:
        severity = "error" if resource_based else "warning"
        yield PolicyFault(("Statement",), "Statement is empty", mend, severity)
    items = cast("list[object]", statements) if isinstance(statements, list) else [statements]
    for index, item in enumerate(items):
        path: Path = ("Statement", index) if isinstance(statements, list) else ("Statement",)
        if of_role and is_expression(item):
            continue  # whether there is one hangs on what it comes to
        if of_role:
            item = _without_expressions(item)  # noqa: PLW2901 - what is left of it
        try:
            policy.statement_of(item, index, whole, resource_based=resource_based)
        except PolicyError as error:
            yield PolicyFault(path, str(error), mend)
        if isinstance(item, Mapping):
            yield from _empty(cast("Mapping[str, object]", item), index, path, of_role=of_role)
            yield from _of_statement(cast("Mapping[str, object]", item), path)


def _without_expressions(statement: object) -> object:
    """Return a statement with some text for each expression of CloudFormation.

    Conditions that have one are left out: what is right there hangs on what it comes to.
    """
    if not isinstance(statement, dict):
        return statement
    plain: dict[str, object] = {}
    for key, value in cast("dict[str, object]", statement).items():
        if not has_expression(value):
            plain[key] = value
        elif key in _SOME:
            plain[key] = _SOME[key]
        elif key != "Condition":
            plain[key] = _texts_of(value)
    return plain


def _texts_of(value: object) -> object:
    if is_expression(value):
        return _SOME_ARN
    return list(map(_texts_of, cast("list[object]", value))) if isinstance(value, list) else value


def policy_hint(*, resource_based: bool, of_role: bool = False) -> str:
    """Return what a statement of such a policy looks like."""
    principal = '"Principal": "*", ' if resource_based else ""
    action, resource = "execute-api:Invoke", "execute-api:/*"
    if of_role:
        action, resource = "s3:GetObject", "arn:aws:s3:::BUCKET/*"
    return (
        f'write statements such as `{{"Effect": "Allow", {principal}"Action": "{action}",'
        f' "Resource": "{resource}"}}`'
    )


def _empty(
    statement: Mapping[str, object], index: int, path: Path, *, of_role: bool
) -> Iterator[PolicyFault]:
    # Sources: IAM user guide, "IAM Access Analyzer policy check reference", "Empty array action"
    # and "Empty array resource": suggestions, for such a statement has no effect. For a role IAM
    # refuses the latter, "Policy statement must contain resources" (serverless/serverless#9633 has
    # such a document); of actions pulumi/pulumi-aws#5737 says that it takes none.
    for name in ("Action", "Resource"):
        if statement.get(name) == []:
            summary = f"{name} of Statement {index} is empty, so that it is about nothing"
            hint = f"name what it is about in {name}, or remove the statement"
            severity = "error" if of_role and name == "Resource" else "warning"
            yield PolicyFault((*path, name), summary, hint, severity)


def _of_statement(statement: Mapping[str, object], path: Path) -> Iterator[PolicyFault]:
    ours = False
    for name in ("Action", "NotAction"):
        for below, action in _texts(statement.get(name)):
            known = any(matches(action.lower(), item.lower()) for item in _ACTIONS)
            ours = ours or known or name == "NotAction"
            if not known and action.lower().startswith(_SERVICE):
                near = nearest(action, _ACTIONS)
                hint = f"write `{near or _ACTIONS[0]}`"
                summary = f"there is no action `{action}`"
                yield PolicyFault((*path, name, *below), summary, hint, "warning")
    written = statement.get("Condition")
    if not isinstance(written, Mapping):
        return
    for operator, keys in cast("Mapping[str, object]", written).items():
        place = (*path, "Condition", operator)
        why, hint = conditions.operator_fault(operator)
        if why:
            yield PolicyFault(place, why, hint)
        if isinstance(keys, Mapping):
            for key, values in cast("Mapping[str, object]", keys).items():
                yield from _of_values(operator, key, values, (*place, key))
                yield from _of_key(key, (*place, key)) if ours else ()


def _of_values(operator: str, key: str, values: object, path: Path) -> Iterator[PolicyFault]:
    for below, text in _texts(values):
        condition = Condition(operator, key, (patterns.read(text, variables=False),))
        why, hint = conditions.value_fault(condition)
        if why:
            yield PolicyFault((*path, *below), why, hint)


def _of_key(key: str, path: Path) -> Iterator[PolicyFault]:
    lower = key.lower()
    if not lower.startswith(_OF_AWS) or lower.startswith(_TAGS):
        return  # other services have keys of their own
    if lower not in (known.lower() for known in _KEYS):
        near = nearest(key, _KEYS)
        hint = f"write `{near}`" if near else "write one of AWS's global condition keys"
        yield PolicyFault(path, f"there is no condition key `{key}`", hint, "warning")


def _texts(value: object) -> Iterator[tuple[tuple[int, ...], str]]:
    """Yield the texts that *value* is or lists, each with the index that leads to it."""
    if isinstance(value, list):
        for index, item in enumerate(cast("list[object]", value)):
            yield from (((index,), text) for _, text in _texts(item))
    elif isinstance(value, bool):
        yield (), str(value).lower()
    elif isinstance(value, str | int | float):
        yield (), str(value)
