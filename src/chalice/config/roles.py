"""Rules between the keys that say which role a function has and what it may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.config.keys import KEYS, MERGE, STAGES
from chalice.config.precedence import places
from chalice.config.settings import configured_functions, policy_file_of
from chalice.diagnostics import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalice.config.check import Effective

# Keys that are about all roles that are made.
_OF_ALL = ("iam_role", "iam_permissions_boundary", "iam_role_path")


def of_function(effective: Effective) -> Iterator[Problem]:
    """Yield what is wrong between the keys about roles, as one function sees them."""
    managed = effective.get("manage_iam_role") is not False
    arn = effective.get("iam_role_arn")
    if not managed and arn is None:
        summary = "`manage_iam_role` is false and there is no `iam_role_arn`"
        hint = "set `iam_role_arn` to the role that the function has"
        yield effective.problem("config-role-missing", "manage_iam_role", summary, hint)
    if managed and arn is not None and not _is_taken(effective, "iam_role_arn", _unmanaged):
        summary = "`iam_role_arn` has no effect where `manage_iam_role` is true"
        hint = "set `manage_iam_role` to false, or remove it"
        yield _unused(effective, "config-role-unused", "iam_role_arn", summary, hint)
    file = effective.get("iam_policy_file")
    generated = effective.get("autogen_policy") is True
    if generated and file is not None and not _is_taken(effective, "iam_policy_file", _reads_file):
        summary = "`iam_policy_file` has no effect where `autogen_policy` is true"
        hint = (
            f'set `autogen_policy` to `"{MERGE}"` to add it to what the code needs, to false to'
            " have it alone, or remove it"
        )
        yield _unused(effective, "config-policy-unused", "iam_policy_file", summary, hint)
    if not managed and _asks_for_policy(effective):
        summary = "`autogen_policy` has no effect where `manage_iam_role` is false"
        hint = (
            "remove it: the role of `iam_role_arn` stays as it is; or set `manage_iam_role` to true"
        )
        yield _unused(effective, "config-policy-unmanaged", "autogen_policy", summary, hint)


def _unmanaged(effective: Effective) -> bool:
    return effective.get("manage_iam_role") is False


def _reads_file(effective: Effective) -> bool:
    return policy_file_of(effective.config) is not None


def _is_taken(effective: Effective, name: str, takes: Callable[[Effective], bool]) -> bool:
    """Return whether another function, or stage, that *takes* a key has it from the same place."""
    config, place = effective.config, effective.where(name)
    declared = effective.document.find([STAGES])
    for stage in dict.fromkeys((config.chalice_stage, *(declared.members() if declared else ()))):
        of_stage = config.scope(stage, config.function_name)
        # As in `of_stage`, one stands for all that nobody configured.
        for function in ("", *configured_functions(of_stage)):
            other = type(effective)(config.scope(stage, function), effective.document)
            if takes(other) and other.where(name) == place:
                return True
    return False


def of_stage(effective: Effective) -> Iterator[Problem]:
    """Yield the keys about all roles of a stage that makes none."""
    config = effective.config
    # The functions that nobody configured are called by no name.
    each = (
        config.scope(config.chalice_stage, name) for name in ("", *configured_functions(config))
    )
    if any(one.manage_iam_role is not False for one in each):
        return
    for name in _OF_ALL:
        # Other stages may make roles, of which it says something.
        taken = _is_taken(effective, name, lambda one: not _unmanaged(one))
        if config.value(name) is not None and not taken:
            summary = f"`{name}` has no effect where `manage_iam_role` is false"
            yield _unused(effective, "config-role-unmanaged", name, summary, "remove it")


def _asks_for_policy(effective: Effective) -> bool:
    """Return whether `autogen_policy` is asked for no further out than `manage_iam_role` is set."""
    config = effective.config
    key = KEYS["autogen_policy"]
    depth: list[int] = []
    for one in (key, KEYS["manage_iam_role"]):
        found = config.sources.found(one, config.chalice_stage, config.function_name)
        path = next((path for path, _ in found), None)
        if path is None:
            return False
        depth.append(places(key, config.chalice_stage, config.function_name).index(tuple(path)))
    return effective.get(key.name) is not False and depth[0] <= depth[1]


def _unused(effective: Effective, code: str, name: str, summary: str, hint: str) -> Problem:
    return Problem(code, summary, effective.where(name), hint, "warning")
