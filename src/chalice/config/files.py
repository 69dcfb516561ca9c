"""The files that a configuration names: policies, and keys of user pools.

They are read for the stage that is asked for: those of another one may be made where that is
deployed.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from chalice.config.check import Effective
from chalice.config.reader import as_object
from chalice.config.reader import read as read_json
from chalice.config.settings import configured_functions, policy_file_of
from chalice.diagnostics import Problem
from chalice.model.names import API_HANDLER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalice.config.public import Config
    from chalice.config.reader import Document
    from chalice.iam.review import PolicyFault

# Characters of an API's resource policy; AWS raises it on request.
# Source: API Gateway developer guide, "Quotas for configuring and running a REST API".
MAX_RESOURCE_POLICY = 8_192


def read_policy(
    effective: Effective, name: str, file: str, read: Callable[[str], bytes]
) -> tuple[Document | None, list[Problem]]:
    """Return the policy in *file*, beside the configuration, or why there is none.

    Args:
        effective: the stage and function for which it is read.
        name: the key that names the file, or lets its default hold.
        file: the name of the file.
        read: returns the content of a file beside the configuration.
    """
    place = effective.document.beside(file)
    try:
        data = read(file)
    except OSError:
        summary = f"there is no policy in `{place}`"
        hint = "make the file, or set `autogen_policy` to true"
        if name in {"api_gateway_policy_file", "local"}:
            hint = "make the file, or name another one"
        return None, [Problem("config-file-missing", summary, effective.where(name), hint)]
    example = 'write `{"Version": "2012-10-17", "Statement": [...]}`'
    if not data.strip():
        return None, [Problem("config-file-json", f"`{place}` is empty", place, example)]
    policy = read_json(data, place)
    if policy.problems:
        problems = [replace(problem, code="config-file-json") for problem in policy.problems]
        return None, problems
    if not isinstance(policy.plain().get("Statement"), (list, dict)):
        summary = f"`{place}` is no policy: it has no `Statement`"
        where = policy.where(policy.find(["Statement"]) or policy.root)
        return None, [Problem("config-file-policy", summary, where, example)]
    return policy, []


def _reviewed(
    policy: Document,
    summary: Callable[[str, PolicyFault], str],
    *,
    resource_based: bool = False,
    of_role: bool = False,
) -> Iterator[Problem]:
    """Yield what is wrong with *policy*, each with its line."""
    from chalice.iam.review import review  # noqa: PLC0415 - only who writes policies needs it

    for fault in review(policy.plain(), resource_based=resource_based, of_role=of_role):
        where = policy.where(policy.find(fault.path))
        said = summary(policy.file, fault)
        yield Problem("config-file-policy", said, where, fault.hint, fault.severity)


def _of_api(place: str, fault: PolicyFault) -> str:
    says = " is no policy of an API" if fault.severity == "error" else ""
    return f"`{place}`{says}: {fault.summary}"


def _of_role(place: str, fault: PolicyFault) -> str:
    says = " is no policy of a role" if fault.severity == "error" else ""
    return f"`{place}`{says}: {fault.summary}"


def policy_files(
    config: Config, document: Document, read: Callable[[str], bytes]
) -> tuple[dict[str, object] | None, dict[str, dict[str, object]], list[Problem]]:
    """Return the API's resource policy, those of roles by file, and what is wrong with the files.

    The file of functions that nobody configured on their own is read, too. It is no problem here
    if it is missing: there may be no such function.
    """
    problems: list[Problem] = []
    of_roles: dict[str, dict[str, object]] = {}
    resource_policy: dict[str, object] | None = None
    stage_name = config.chalice_stage
    of_stage = Effective(config.scope(stage_name, API_HANDLER), document)
    file = of_stage.get("api_gateway_policy_file")
    if isinstance(file, str) and file:
        policy, wrong = read_policy(of_stage, "api_gateway_policy_file", file, read)
        problems += wrong
        if policy is not None:
            resource_policy = policy.plain()
            problems += _reviewed(policy, _of_api, resource_based=True)
            problems += _policy_size(policy)
    for function in dict.fromkeys((API_HANDLER, *configured_functions(config), "")):
        effective = Effective(config.scope(stage_name, function), document)
        name = policy_file_of(effective.config)
        if name is None:
            continue
        named = effective.get("iam_policy_file") is not None
        key = "iam_policy_file" if named else "autogen_policy"
        policy, wrong = read_policy(effective, key, name, read)
        if policy is not None:
            of_roles[name] = policy.plain()
            wrong += _reviewed(policy, _of_role, of_role=True)
        problems += wrong if function else ()
    return resource_policy, of_roles, problems


def _policy_size(policy: Document) -> Iterator[Problem]:
    size = len(json.dumps(policy.plain(), separators=(",", ":"), ensure_ascii=False))
    if size > MAX_RESOURCE_POLICY:
        place = policy.file
        summary = f"`{place}` has {size} characters; the quota of an API is {MAX_RESOURCE_POLICY}"
        hint = "write fewer statements, or ask AWS for a higher quota"
        yield Problem("quota-resource-policy", summary, place, hint, "warning")


def credential_policies(
    config: Config, document: Document, read: Callable[[str], bytes]
) -> tuple[dict[str, dict[str, object]], list[Problem]]:
    """Return the policies of `local.credentials` that are in files, by name, and their problems."""
    problems: list[Problem] = []
    found: dict[str, dict[str, object]] = {}
    of_stage = Effective(config.scope(config.chalice_stage, API_HANDLER), document)
    local = as_object(of_stage.get("local"))
    if not local.get("credentials"):
        return found, problems
    from chalice.config import credentials  # noqa: PLC0415 - few projects have one

    for file in credentials.policy_file_names(local):
        policy, wrong = read_policy(of_stage, "local", file, read)
        problems += wrong
        if policy is not None:
            found[file] = policy.plain()
            problems += _reviewed(policy, credentials.of_caller)
    return found, problems


def key_files(
    config: Config, document: Document, read: Callable[[str], bytes]
) -> Iterator[Problem]:
    """Yield what is wrong with the files that `local.user_pools` of the stage names."""
    of_stage = Effective(config.scope(config.chalice_stage, API_HANDLER), document)
    if as_object(of_stage.get("local")).get("user_pools"):
        from chalice.config import user_pools  # noqa: PLC0415 - few projects have one

        yield from user_pools.key_files(of_stage, read)
