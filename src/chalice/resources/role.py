"""Roles that functions run as.

Functions whose policy nobody wrote share `DefaultRole`, one with a policy file has its own role, as
in the template of AWS Chalice; `iam_role` of the configuration gives each its own. What is too long
for a role's inline policy goes into managed policies.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from chalice.config.reader import as_list, as_object
from chalice.diagnostics import Problem
from chalice.iam import VERSION, document_of, statements
from chalice.iam.by_lambda import LOGS, VPC, XRAY
from chalice.model.names import API_HANDLER, logical_id
from chalice.resources.fitting import fit
from chalice.resources.function import all_log_groups, log_group_id
from chalice.resources.kinds import MANAGED_POLICY, ROLE
from chalice.resources.limits import MAX_ROLE_POLICY, policy_size
from chalice.resources.parts import CodePolicy, Resource, arn, both, ref

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chalice.config import FunctionSettings, Settings
    from chalice.model.declared import Function
    from chalice.resources.fitting import Fitted
    from chalice.resources.parts import Places, PolicyOf, Value, Written

DEFAULT_ROLE = "DefaultRole"

_TRUST = document_of(
    [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ]
)


def role_of(configured: FunctionSettings, settings: Settings) -> Value:
    """Return the ARN of the role that a function runs as."""
    if not configured.manage_iam_role and configured.iam_role_arn is not None:
        return configured.iam_role_arn
    return arn(_role_name(configured, settings))


def _role_name(configured: FunctionSettings, settings: Settings) -> str:
    return DEFAULT_ROLE if _shares(configured, settings) else role_id(configured.name)


def _shares(configured: FunctionSettings, settings: Settings) -> bool:
    """Return whether a function has the same role as others.

    A file that is merged for one function alone would grant its statements to all.
    """
    if not configured.autogen_policy or settings.role_per_function:
        return False
    stage = settings.any_function
    return (configured.merges, configured.policy_file_read if configured.merges else None) == (
        stage.merges,
        stage.policy_file_read if stage.merges else None,
    )


def role_id(function_name: str) -> str:
    """Return the logical id of the role that a function has to itself, as AWS Chalice's.

    >>> role_id("api_handler"), role_id("my_auth")
    ('ApiHandlerRole', 'MyAuthRole')
    """
    # Observed of AWS Chalice 1.34: only the function itself is written `API...`.
    return "ApiHandlerRole" if function_name == API_HANDLER else f"{logical_id(function_name)}Role"


def roles(
    functions: Sequence[Function],
    settings: Settings,
    policies: PolicyOf,
    written: Written,
    in_files: Mapping[str, Places],
) -> tuple[list[Resource], list[Problem]]:
    """Return the roles that the stack makes, with their policies, and what is wrong with them.

    The shared role comes first, then those of single functions.

    Args:
        functions: all functions.
        settings: the stage.
        policies: returns what the code of functions needs.
        written: where the configuration sets what.
        in_files: where policy files grant what, by their names.
    """
    # By whose they are: what the roles are called may be the same, which `compose` tells.
    shared: list[Function] = []
    groups = [shared]
    problems: list[Problem] = []
    for item in functions:
        configured = settings.function(item.name)
        if not configured.manage_iam_role:
            continue
        if configured.policy is None and (configured.merges or not configured.autogen_policy):
            problems.append(_file_missing(item, configured, written))
        if configured.autogen_policy or configured.policy is not None:
            if _shares(configured, settings):
                shared.append(item)
            else:
                groups.append([item])
    made: list[Resource] = []
    for group in filter(None, groups):
        configured = settings.function(group[0].name)
        name = _role_name(configured, settings)
        needed = CodePolicy()
        if configured.autogen_policy:
            needed = policies([item.name for item in group])
            problems += needed.problems
        of_file = in_files.get(configured.policy_file_read or "", {})
        of_lambda = _places(group, settings, written)
        needed = replace(needed, places=both(both(of_file, of_lambda), needed.places))
        document = _document(group, settings, needed)
        where = str(group[0].where)
        if not configured.autogen_policy or policy_size(configured.policy or {}) > MAX_ROLE_POLICY:
            where = _policy_place(group[0], written)
        found = fit(document, name, where)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            own = _resources(name, found, where, needed, _limits(group[0], settings, written))
            made += (replace(item, generated=bool(configured.autogen_policy)) for item in own)
    return made, problems


def _places(
    functions: Sequence[Function], settings: Settings, written: Written
) -> dict[str, Mapping[str, str]]:
    """Return where the configuration has Lambda do something as the role of functions."""
    found: dict[str, Mapping[str, str]] = {}
    for item in functions:
        configured = settings.function(item.name)
        asked = ((VPC, "subnet_ids", configured.subnet_ids), (XRAY, "xray", configured.xray))
        for setting, key, is_set in asked:
            # Who writes the policy has a line of it for that.
            place = written(key, item.name) if is_set and configured.autogen_policy else ""
            if place:
                found.update((one, {"*": place}) for one in setting.actions if one not in found)
    return found


def _file_missing(declared: Function, configured: FunctionSettings, written: Written) -> Problem:
    file = configured.policy_file_read
    summary = f"there is no policy for function `{declared.name}` in `.chalice/{file}`"
    hint = "make the file, or set `autogen_policy` to true"
    return Problem("config-file-missing", summary, _policy_place(declared, written), hint)


def _policy_place(declared: Function, written: Written) -> str:
    keys = ("iam_policy_file", "autogen_policy")
    places = (written(key, declared.name) for key in keys)
    return next((place for place in places if place), str(declared.where))


# --- resources -------------------------------------------------------------------------------


def _limits(
    declared: Function, settings: Settings, written: Written
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the properties that all roles of a stage have, and where they were set."""
    found = {
        "Path": ("iam_role_path", settings.role_path),
        "PermissionsBoundary": ("iam_permissions_boundary", settings.permissions_boundary),
    }
    values = {name: value for name, (_, value) in found.items() if value is not None}
    places = {name: written(found[name][0], declared.name) for name in values}
    return values, {name: place for name, place in places.items() if place}


def _resources(
    name: str,
    fitted: Fitted,
    where: str,
    needed: CodePolicy,
    limits: tuple[Mapping[str, Any], Mapping[str, str]],
) -> Iterator[Resource]:
    """Yield a role, after the managed policies that it cannot do without."""
    for managed, document in fitted.managed:
        properties = {"PolicyDocument": document}
        yield Resource(managed, MANAGED_POLICY, properties, where=where)
    granted: dict[str, Any] = {"ManagedPolicyArns": [ref(managed) for managed, _ in fitted.managed]}
    if fitted.inline is not None:
        granted = {"Policies": [{"PolicyName": f"{name}Policy", "PolicyDocument": fitted.inline}]}
    values, places = limits
    yield Resource(
        name,
        ROLE,
        {"AssumeRolePolicyDocument": _TRUST, **granted, **values},
        where=where,
        written=places,
        reasons=needed.places,
    )


# --- documents -------------------------------------------------------------------------------


def _document(
    functions: Sequence[Function], settings: Settings, needed: CodePolicy
) -> Mapping[str, Any]:
    """Return all that functions may do that share a role."""
    configured = settings.function(functions[0].name)
    if not configured.autogen_policy:
        return configured.policy or {}
    others = _statements(functions, settings, needed)
    groups: list[Any] = [arn(log_group_id(item.name)) for item in functions]
    if len(functions) > 1 and policy_size(document_of([_logging(groups)])) > MAX_ROLE_POLICY:
        # So many that their names do not fit: one pattern stands for all of the stack's.
        groups = [all_log_groups()]
    return document_of([_logging(groups), *others])


def _statements(
    functions: Sequence[Function], settings: Settings, needed: CodePolicy
) -> list[Mapping[str, Any]]:
    configured = [settings.function(item.name) for item in functions]
    found: list[Mapping[str, Any]] = []
    if any(item.subnet_ids for item in configured):
        found.append(VPC.statement)
    if any(item.xray for item in configured):
        found.append(XRAY.statement)
    found += needed.statements
    if configured[0].merges:
        found += merged(configured[0].policy or {})
    return [item for at, item in enumerate(found) if item not in found[:at]]


def merged(file: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the statements of a file as they are in a document of our version."""
    found = statements(file)
    return found if file.get("Version") == VERSION else [_without_variables(one) for one in found]


def _without_variables(value: Any) -> Any:
    """Return *value* with each `${` as the characters that they are in an older document.

    Source: IAM user guide, "IAM policy elements: Variables and tags": older versions take variables
    as plain text; `${$}` stands for the character. CloudFormation user guide, "Fn::Sub": `${!...}`
    comes to `${...}`.
    """
    if isinstance(value, str):
        return value.replace("${", "${$}{")
    if isinstance(value, list):
        return [_without_variables(item) for item in as_list(cast("object", value))]
    members = as_object(value)
    if "Fn::Sub" in members:
        return {"Fn::Sub": _literals(members["Fn::Sub"])}
    return {key: _without_variables(item) for key, item in members.items()} if members else value


def _literals(value: object) -> Any:
    if isinstance(value, str):
        return value.replace("${!", "${!$}{")
    template, *names = as_list(value) or [None]
    return [_literals(template), *names] if template is not None else value


def _logging(groups: list[Any]) -> dict[str, Any]:
    """Return the statement that lets functions write into *groups*, which are there."""
    return {
        "Effect": "Allow",
        "Action": list(LOGS),
        "Resource": groups,
    }
