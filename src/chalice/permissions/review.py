"""What is wrong with a policy that people have written, before AWS is asked.

IAM refuses a document with an ARN or an action that is not one in its form. An action that exists
nowhere it takes: the statement then does nothing, which is why it is told here. AWS has new actions
all the time, so that this is a warning.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice import iam
from chalice.config.reader import as_list, as_object
from chalice.diagnostics import Problem, nearest
from chalice.expressions import literals_in, template_of
from chalice.iam.arns import fault_of_resource, parts_of
from chalice.permissions import table
from chalice.permissions.granting.resources import formats
from chalice.permissions.reading import services

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Path = tuple[str | int, ...]

# Source: IAM JSON policy elements reference, "Action".
_ACTION = re.compile(r"\*|[A-Za-z0-9-]+:[A-Za-z0-9*?-]+")

# Source: IAM JSON policy elements reference, "Sid": letters and digits, unique within a policy.
_SID = re.compile(r"[A-Za-z0-9]*")

# Services of ARNs that are under another prefix.
# Source: Service Authorization Reference, "Resource types" of `servicecatalog`, `elastic-inference`
# and `route53-recovery-control-config`.
_IN_ARNS = frozenset({"catalog", "elastic-inference", "route53-recovery-control"})

# Names of resources that are AWS's own, whose ARNs have no account though others of the kind do.
# Source: Systems Manager user guide, "Working with public parameters".
_OF_AWS = {"ssm": "parameter/aws/"}

# What boto3 calls services whose actions are under another prefix.
# Source: Service Authorization Reference, "service prefix" of each page.
_CALLED = {own: name for name, own in table.PREFIXES.items()} | {
    "elasticloadbalancing": "elbv2",
    "elasticmapreduce": "emr",
    "states": "stepfunctions",
}

_VARIABLE = re.compile(r"\$\{[^}]*\}")


def review(
    document: object, where: str, line: Callable[[Path], str] | None = None
) -> list[Problem]:
    """Return what is wrong with *document*, the policy of a role, in the order of its statements.

    Its form and its conditions are right: `iam.review` was asked about them. Here it is about
    whether AWS has such actions and resources, and about variables. Texts may be expressions of
    CloudFormation; those are not looked into, but `Fn::Sub` is.

    Args:
        document: JSON that has been read.
        where: the file, as people know it.
        line: returns the place of what a path of keys and indexes leads to; else it is *where*.
    """

    def file(path: Path) -> str:
        del path
        return where

    found: object = as_object(document).get("Statement")
    version = as_object(document).get("Version")
    problems: list[Problem] = []
    sids: dict[str, str] = {}
    for index, item in enumerate(iam.listed(found)):
        statement, which = as_object(item), f"statement {index + 1}"
        path: Path = ("Statement", index) if isinstance(found, list) else ("Statement",)
        problems += _of_sid(statement.get("Sid", ""), which, (line or file)((*path, "Sid")), sids)
        problems += _of_statement(statement, which, line or file, path)
        if version != iam.VERSION:
            problems += _of_older(statement, which, line or file, path)
    return problems


def _of_statement(
    statement: Mapping[str, object], which: str, line: Callable[[Path], str], path: Path
) -> Iterator[Problem]:
    for key in ("Action", "NotAction"):
        for below, action in _texts(statement.get(key)):
            yield from _of_action(action, which, line((*path, key, *below)))
    for key in ("Resource", "NotResource"):
        for below, resource in _texts(statement.get(key)):
            yield from _of_resource(resource, which, line((*path, key, *below)))


def _of_sid(sid: object, which: str, where: str, known: dict[str, str]) -> Iterator[Problem]:
    """Yield what is wrong with the name of a statement, beside *known* ones of earlier ones."""
    summary, hint = "", "write letters and digits, another for each statement, or remove it"
    if not isinstance(sid, str):
        summary = f"{which} has a Sid that is no text"
    elif not _SID.fullmatch(sid):
        summary = f"{which} has the Sid `{sid}`, which has other than letters and digits"
    elif sid and known.setdefault(sid, which) != which:
        summary = f"{which} has the Sid `{sid}`, as {known[sid]} has"
    if summary:
        yield Problem("policy-sid", summary, where, hint)


def _of_older(
    statement: Mapping[str, object], which: str, line: Callable[[Path], str], path: Path
) -> Iterator[Problem]:
    """Yield what looks like a variable in a document whose version has none."""
    for key in ("Resource", "NotResource", "Condition"):
        for below, text in _variables(statement.get(key), ()):
            summary = f"{which} has `{text}`, which is plain text in a policy of this version"
            hint = f'write `"Version": "{iam.VERSION}"` for a variable'
            where = line((*path, key, *below))
            yield Problem("policy-version", summary, where, hint, severity="warning")


def _variables(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    members = as_object(value)
    if isinstance(value, str):
        yield from ((path, text) for text in _VARIABLE.findall(value))
    for index, item in enumerate(as_list(value)):
        yield from _variables(item, (*path, index))
    substitution = template_of(value)
    if substitution is not None:
        yield from ((path, f"${{{name}}}") for name in literals_in(substitution[0]))
        return
    for key, item in members.items():
        yield from _variables(item, (*path, key))


def _of_action(action: str, which: str, where: str) -> Iterator[Problem]:
    if not _ACTION.fullmatch(action):
        summary = f"{which} has the action `{action}`, which is none"
        hint = "write `SERVICE:ACTION`, such as `s3:GetObject`, or `*`"
        yield Problem("policy-action-form", summary, where, hint)
        return
    if action == "*":
        return
    prefix, _, name = action.partition(":")
    known = services.actions_of(prefix.lower())
    if known is None:
        near = nearest(prefix.lower(), services.prefixes())
        summary = f"{which} has the action `{action}`; no service `{prefix}` is known"
    elif any(iam.matches(name.lower(), item) for item in known):
        return
    else:
        near = nearest(name.lower(), known)
        near = f"{prefix}:{_spelled(prefix.lower(), near)}" if near else None
        summary = f"{which} has the action `{action}`, which no service is known to have"
    hint = (
        f"the nearest is `{near}`"
        if near
        else "look it up in AWS's service authorization reference"
    )
    yield Problem("policy-action-unknown", summary, where, hint, severity="warning")


def _spelled(prefix: str, action: str) -> str:
    """Return *action*, which is in lower case as AWS's list is here, as AWS spells it.

    Known are the operations of botocore's models, and actions that are called otherwise.
    """
    found = services.service(_CALLED.get(prefix, prefix))
    names = [*found.operations.values()] if found is not None else []
    others = (name for called in table.ACTIONS.values() for name in called)
    names += (name.rpartition(":")[2] for name in others)
    return next((name for name in (*names, "PassRole") if name.lower() == action), action)


def _of_resource(resource: str, which: str, where: str) -> Iterator[Problem]:
    why = fault_of_resource(resource)
    if why:
        summary = f"{which} has the resource `{resource}`, {why}"
        hint = "write `arn:aws:SERVICE:REGION:ACCOUNT:NAME`, or `*`"
        yield Problem("policy-resource-form", summary, where, hint)
        return
    for summary, hint in _misplaced(resource):
        told = f"the resource `{resource}` of {which} {summary}"
        yield Problem("policy-resource-place", told, where, hint, severity="warning")


def _misplaced(resource: str) -> Iterator[tuple[str, str]]:
    """Yield what an ARN has that resources of its service have not, or the other way round.

    Source: Service Authorization Reference, "Resource types" of each service; IAM user guide, "IAM
    policy validation check reference", "ARN account not allowed", "Missing ARN Region" and the
    like.
    """
    parts = parts_of(resource)
    if len(parts) < 6:
        return
    _, _, service, region, account, name = parts
    prefixes = services.prefixes()
    if "$" not in service and service not in (*prefixes, *_IN_ARNS):
        close = nearest(service, prefixes)
        known = f"the nearest is `{close}`" if close else "look it up in AWS's reference"
        hint = f"{known}: a name that no service has matches nothing"
        yield f"is of the service `{service}`, and none is known of that name", hint
        return
    listed = (text.split(":", 3) for text in formats.arns_of(service))
    near = [item for item in listed if item[0] == service and _may_be(name, item[3])]
    if not near or name.startswith(_OF_AWS.get(service, "\0")):
        return
    given = [("a region", region, 1), ("an account", account, 2)]
    has = [word for word, text, at in given if text.strip("*?") and not any(i[at] for i in near)]
    lacks = [word for word, text, at in given if not text and all(item[at] for item in near)]
    if has:
        hint = "leave that empty: as it is, it matches nothing"
        yield f"has {' and '.join(has)}, which such resources have not", hint
    if lacks:
        hint = "write it, or `*`: as it is, it matches nothing"
        yield f"lacks {' and '.join(lacks)}, which such resources have", hint


def _may_be(name: str, listed: str) -> bool:
    """Return whether a pattern may stand for names of a kind, by how both begin."""
    own, other = re.split(r"[*?$]", name, maxsplit=1)[0], listed.partition("${")[0]
    return own.startswith(other) or (other.startswith(own) and own != name)


def _texts(value: object) -> Iterator[tuple[Path, str]]:
    listed = as_list(value)
    for index, item in enumerate(listed or [value]):
        substitution = template_of(item)
        text = substitution[0] if substitution is not None else item
        if isinstance(text, str):
            yield (index,) if listed else (), text
