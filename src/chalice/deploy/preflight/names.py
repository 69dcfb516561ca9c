"""Names that templates give: how long they may be, and whether something has them already.

Functions, roles and log groups of Chalice get theirs from CloudFormation; a merged template may
name them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice.deploy.preflight.looking import Unseen
from chalice.diagnostics import Problem
from chalice.resources.kinds import FUNCTION, LOG_GROUP, ROLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalice.aws.account import Account
    from chalice.deploy.preflight.coming import Coming
    from chalice.deploy.preflight.looking import Looking


@dataclass(frozen=True, slots=True)
class _Named:
    """A kind of resource that there is one of for each name.

    Attributes:
        noun: what it is called.
        property: that of the name.
        longest: characters of it.
        is_there: asks whether there is one; None where names are no matter.
        removal: the command that removes one.
    """

    noun: str
    property: str
    longest: int
    is_there: Callable[[Account, str], bool] | None = None
    removal: str = ""


# Source of the lengths: Lambda API reference, CreateFunction, "FunctionName", and
# PublishLayerVersion, "LayerName"; IAM API reference, CreateRole, "RoleName"; CloudWatch Logs API
# reference, CreateLogGroup, "logGroupName".
_KINDS = {
    FUNCTION: _Named(
        "function",
        "FunctionName",
        64,
        lambda account, name: account.functions.describe(name) is not None,
        "aws lambda delete-function --function-name",
    ),
    ROLE: _Named(
        "role",
        "RoleName",
        64,
        lambda account, name: account.identity.role(name) is not None,
        "aws iam delete-role --role-name",
    ),
    LOG_GROUP: _Named(
        "log group",
        "LogGroupName",
        512,
        lambda account, name: account.logs.has_group(name),
        "aws logs delete-log-group --log-group-name",
    ),
    "AWS::Lambda::LayerVersion": _Named("layer", "LayerName", 140),
}


def of_itself(item: Coming) -> Iterator[Problem]:
    """Yield a problem where a name is too long."""
    named = _KINDS.get(item.type)
    name = item.properties.get(named.property) if named is not None else None
    if named is not None and isinstance(name, str) and len(name) > named.longest:
        summary = f"the name of the {named.noun} `{name}` has {len(name)} characters"
        hint = f"write one of at most {named.longest}"
        yield Problem("name-length", summary, item.where(named.property), hint)


def in_account(item: Coming, looking: Looking) -> Iterator[Problem]:
    """Yield a problem where something outside of the stack has the name already."""
    named = _KINDS.get(item.type)
    if named is None or named.is_there is None or not item.differs(named.property):
        return
    name, is_there = item.properties.get(named.property), named.is_there
    if not isinstance(name, str) or len(name) > named.longest:
        return
    where = item.where(named.property)
    there = looking.ask(f"the {named.noun} `{name}`", is_there, looking.account, name)
    if isinstance(there, Unseen):
        yield there.problem(where)
    elif there:
        # Source: serverless/serverless#3168, which quotes CloudFormation: "Resource of type
        # 'AWS::Logs::LogGroup' with identifier ... already exists".
        summary = f"the {named.noun} `{name}` is there already, and not in this stack"
        if item.type == LOG_GROUP and name.startswith("/aws/lambda/"):
            summary += ": Lambda makes it when a function of that name first logs"
        hint = (
            f"leave `{named.property}` out, or write another name; where nothing needs what is"
            f" there: `{named.removal} {name}`"
        )
        yield Problem("name-taken", summary, where, hint)
