"""What roles may do after a deploy that they may not before, and the other way round.

Compared are the policies in two templates: inline ones, those that the stack makes and attaches,
and the names of others. A role is compared with itself, and with those that its functions had:
functions which get a role each gain nothing by that, and lose what the others need.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from chalice.config.reader import as_object
from chalice.deploy.values import parameters_of
from chalice.expressions import filled, reference_of
from chalice.iam import statements
from chalice.iam.by_lambda import LOGS
from chalice.resources.kinds import FUNCTION
from chalice.resources.parts import role_in
from chalice.template.roles import policies_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from chalice.permissions.changes import Grant
    from chalice.resources.parts import Places
    from chalice.template.roles import Policies

_FUNCTIONS = frozenset({FUNCTION, "AWS::Serverless::Function"})

#: Stands for all actions of a policy of which only the name is known.
WHOLE_POLICY = "all of the policy"

# What every function may do with its own log group; it is told by the function itself.
_LOGGING = frozenset(LOGS)


@dataclass(frozen=True, slots=True)
class Granted:
    """One permission of a role.

    Attributes:
        role: its logical id.
        action: as a policy has it.
        resource: an ARN, or what CloudFormation makes one of.
        condition: as JSON; empty where there is none.
        allows: False where it was denied before, or is now.
        where: `file:line` of the code that needs it, where that is known.
    """

    role: str
    action: str
    resource: str
    condition: str = ""
    allows: bool = True
    where: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """What changes of permissions.

    Attributes:
        gained: what is allowed, or not denied any more.
        lost: what is not allowed any more, or denied.
    """

    gained: tuple[Granted, ...] = ()
    lost: tuple[Granted, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the changes as `--json` prints them."""
        return {
            "gained": [asdict(item) for item in self.gained],
            "lost": [asdict(item) for item in self.lost],
        }


def compare(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    values: Mapping[str, str],
    reasons: Mapping[str, Places],
) -> Compared:
    """Return what roles gain and lose from the template *before* to *after*.

    Args:
        before: a template; empty where there is none.
        after: another one.
        values: what references come to, the stack's name among them.
        reasons: where the code needs what a role may do, by role, then by action and resource.
    """
    from chalice.permissions.changes import changes  # noqa: PLC0415 - few commands compare

    old, new = _documents(before), _documents(after)
    values_before = {**values, **parameters_of(before, secret=False)}
    changed = partial(changes, values=values, earlier_values=values_before)
    had, have = _roles_of_functions(before), _roles_of_functions(after)
    gained: list[Granted] = []
    lost: list[Granted] = []
    moved: set[str] = set()
    for role, document in sorted(new.items()):
        earlier = {had.get(name, "") for name, used in have.items() if used == role}
        if role in old:
            earlier = {role, *(name for name in earlier if name in old)}
        moved |= earlier
        places = _filled(reasons.get(role, {}), values)
        for name in sorted(earlier or {""}):
            one = changed(old.get(name, {}), document)
            gained += _told(role, one.gained, places, allows=True)
            gained += _told(role, one.lost, places, allows=False)
            if name in old:
                lost += _told(role, one.lost, {}, allows=True)
                lost += _told(role, one.gained, {}, allows=False)
    everything = {"Statement": [item for one in new.values() for item in one["Statement"]]}
    for role in sorted(old.keys() - new.keys() - moved):
        lost += _told(role, changed(old[role], everything).lost, {}, allows=True)
    stack = values.get("AWS::StackName", "")
    groups = _log_groups(before) | _log_groups(after)
    return Compared(_without_logs(gained, stack, groups), _without_logs(lost, stack, groups))


def _told(role: str, grants: Iterable[Grant], places: Places, *, allows: bool) -> Iterator[Granted]:
    for item in grants:
        if item.allows is allows:
            where = places.get(item.action, {}).get(item.resource, "") if allows else ""
            resource = _in_words(item.resource)
            yield Granted(role, item.action, resource, item.condition, item.allows, where)


def _without_logs(
    granted: Iterable[Granted], stack: str, groups: Collection[str]
) -> tuple[Granted, ...]:
    def is_own_log(item: Granted) -> bool:
        named = item.resource.removesuffix(".Arn")
        own = named in groups or f"/aws/lambda/{stack}-" in item.resource
        return item.allows and item.action in _LOGGING and own

    return tuple(dict.fromkeys(item for item in granted if not is_own_log(item)))


def _filled(places: Places, values: Mapping[str, str]) -> Places:
    return {
        action: {filled(resource, values.get): where for resource, where in of_action.items()}
        for action, of_action in places.items()
    }


def _in_words(resource: str) -> str:
    """Return a resource as people read it: `Table.Arn` for an expression that names one."""
    if not resource.startswith("{"):
        return resource
    return ".".join(filter(None, reference_of(json.loads(resource)))) or resource


# --- templates -----------------------------------------------------------------------------------


def _documents(template: Mapping[str, Any]) -> dict[str, dict[str, list[Any]]]:
    """Return all statements of each role that a template makes, by its logical id."""
    return {
        role: {"Statement": list(_statements(policies))}
        for role, policies in policies_of(_resources(template)).items()
    }


def _statements(policies: Policies) -> Iterator[Any]:
    for document in (*policies.inline, *policies.managed):
        yield from statements(document)
    for named in policies.others:
        yield {"Effect": "Allow", "Action": WHOLE_POLICY, "Resource": named}


def _roles_of_functions(template: Mapping[str, Any]) -> dict[str, str]:
    """Return the role of each function that has one of the template's own."""
    found: dict[str, str] = {}
    for name, item in _resources(template).items():
        if item.get("Type") in _FUNCTIONS:
            found[name] = role_in(as_object(item.get("Properties")))
    return found


def _log_groups(template: Mapping[str, Any]) -> set[str]:
    """Return the logical ids of the log groups that functions write to."""
    found: set[str] = set()
    for item in _resources(template).values():
        logging = as_object(as_object(item.get("Properties")).get("LoggingConfig"))
        if item.get("Type") in _FUNCTIONS:
            found.add(str(as_object(logging.get("LogGroup")).get("Ref")))
    return found


def _resources(template: Mapping[str, Any]) -> dict[str, Any]:
    return {name: as_object(item) for name, item in as_object(template.get("Resources")).items()}
