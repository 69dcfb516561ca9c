"""Roles that calls hand on to services: who does so needs `iam:PassRole` on each of them.

A role that is not known is told, and not granted: who may hand on any role may do anything.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from chalice.permissions.granting import arns
from chalice.permissions.granting.actions import prefixes_of
from chalice.permissions.granting.besides.roles import (
    OF_TASKS,
    definitions,
    family,
    handed_on,
    listed,
)
from chalice.permissions.granting.places import at, is_given, names_of
from chalice.permissions.reading.values import HOLE
from chalice.permissions.told import Told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice.diagnostics import Problem
    from chalice.permissions.granting.given import Call, Granted

_ROLE = "iam::A:role/{}"
_MOST_NAMED = 3

#: Where operations name a launch template, whose instance profile they hand on. Sources: EC2 user
#: guide, "Control access to launching instances with an Amazon EC2 launch template"; EC2 Auto
#: Scaling user guide, "Control Amazon EC2 launch template usage in Auto Scaling groups".
TEMPLATES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("autoscaling", "CreateAutoScalingGroup"): ("LaunchTemplate", "MixedInstancesPolicy"),
    ("autoscaling", "UpdateAutoScalingGroup"): ("LaunchTemplate", "MixedInstancesPolicy"),
    ("ec2", "CreateFleet"): ("LaunchTemplateConfigs!.LaunchTemplateSpecification",),
    ("ec2", "RequestSpotFleet"): ("SpotFleetRequestConfig!.LaunchTemplateConfigs",),
    ("ec2", "RunInstances"): ("LaunchTemplate",),
}


def passed(call: Call) -> Iterator[Granted]:
    """Yield the roles that are handed on to the service."""
    found = handed_on(call)
    resources = [item for name in found.roles for item in _of_role(call, name)]
    resources += [item for name in found.profiles for item in _of_profile(call, name)]
    if resources:
        yield "iam", "PassRole", list(dict.fromkeys(resources))


def untold(call: Call) -> Iterator[Problem]:
    """Yield what is to be told of roles that are not known. What was recorded says them itself."""
    if isinstance(call.use.node, ast.Call):
        yield from _of_itself(call)
        yield from _of_tasks(call)
        yield from _of_templates(call)


def _of_role(call: Call, name: str) -> list[str]:
    """Return the ARN of a role; where that is called by its name, with any path before it, too.

    Sources: IAM user guide, "IAM identifiers": a path may be before the name, and is in the ARN;
    API Gateway API reference, "credentials": `arn:aws:iam::*:user/*` stands for no role.
    """
    if name.startswith("arn:"):
        return [arns.arn(call, name, "")] if ":role/" in name else []
    plain = name.lstrip("/")
    return [arns.arn(call, path, _ROLE) for path in _paths(plain)]


def _of_profile(call: Call, profile: str) -> list[str]:
    """Return the ARNs of the role in an instance profile.

    Source: IAM user guide, "Use instance profiles": the console gives the profile the name of the
    role, and a profile has one role.
    """
    start, _, path = profile.rpartition(":instance-profile/")
    name = path.rpartition("/")[2]
    if start:
        return [f"{start}:role/{one}".replace(HOLE, "*") for one in _paths(name)]
    return _of_role(call, name)


def _paths(name: str) -> list[str]:
    return [name] if "/" in name else [name, f"*/{name}"]


# --- what is told ------------------------------------------------------------------------------

# Roles in the place of those of the definition. Source: botocore's model of ECS, "TaskOverride".
_OVERRIDES = ("overrides.taskRoleArn", "overrides.executionRoleArn")


def _of_itself(call: Call) -> Iterator[Problem]:
    found = handed_on(call)
    operation = call.use.operation
    if found.unknown:
        what = f"hands on a role ({_shown(found.unknown)}) that is not known here"
        summary = f"`{operation}` {what}: `iam:PassRole` on it is not granted"
        yield _problem(call, summary, _TO_NAME + _TO_WRITE)
    elif found.possible:
        what = f"may hand on a role ({_shown(found.possible)}) that is not known here"
        summary = f"`{operation}` {what}: `iam:PassRole` on it is not granted"
        yield _problem(call, summary, _TO_NAME + _TO_WRITE)
    if operation in listed(call.use.service).nameless:
        what = "may hand on a role that none of its parameters names"
        yield _problem(call, f"`{operation}` {what}: `iam:PassRole` on it is not granted")
    for profile in found.profiles:
        name = profile.rpartition("/")[2].replace(HOLE, "*")
        what = f"hands on the role in the instance profile `{name}`, which is not known here"
        yield _problem(call, f"`{operation}` {what}: it is taken for the role of that name")


def _of_tasks(call: Call) -> Iterator[Problem]:
    """Tell of the roles of a task definition; an update of a service may keep the one it has."""
    use = call.use
    if use.service != "ecs" or use.operation not in OF_TASKS:
        return
    named = call.given("taskDefinition")
    if all(at(call, place).texts for place in _OVERRIDES):
        return
    registered = {text for one in definitions(call) for text in one.given("family")}
    if named and not set(map(family, named)) <= registered - {HOLE}:
        what = "hands on the roles of its task definition, which are not known here"
        yield _problem(call, f"`{use.operation}` {what}: `iam:PassRole` on them is not granted")


def _of_templates(call: Call) -> Iterator[Problem]:
    """Tell of the profile in a launch template; one that is given stands in its place."""
    use = call.use
    own = listed(use.service).profiles.get(use.operation, ())
    if any(at(call, place).texts for place in own):
        return
    for place in TEMPLATES.get((use.service, use.operation), ()):
        if is_given(call, place):
            what = "hands on the role of the instance profile in its launch template, if it has one"
            yield _problem(call, f"`{use.operation}` {what}: `iam:PassRole` on it is not granted")
            return


def _shown(places: list[str]) -> str:
    shown = dict.fromkeys(".".join(names_of(place)) for place in places)
    more = ", ..." if len(shown) > _MOST_NAMED else ""
    return ", ".join(f"`{place}`" for place in list(shown)[:_MOST_NAMED]) + more


_TO_NAME = "name it in the code or in a variable of the stage, or "
_TO_WRITE = "write `iam:PassRole` on it into a policy file of your own"


def _problem(call: Call, summary: str, hint: str = _TO_WRITE) -> Problem:
    where = f"{call.use.path}:{call.use.node.lineno}"
    actions, services = ("iam:PassRole",), _services(call)
    return Told("policy-role-passed", summary, where, hint, "warning", actions, services)


def _services(call: Call) -> tuple[str, ...]:
    """Return what the principals may begin with to which a call hands roles on."""
    use = call.use
    service = call.engine.services.get(use.service)
    found = [use.service, *(prefixes_of(service) if service else ())]
    if use.operation in listed(use.service).profiles or (use.service, use.operation) in TEMPLATES:
        # Those in instance profiles are taken by instances.
        found.append("ec2")
    return tuple(dict.fromkeys(found))
