"""What roles may do: what the code that ships needs, kept by its content, and what is written."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from chalice.bundle.kept import fingerprint
from chalice.diagnostics import Problem, ordered
from chalice.packaged.shipped import (
    NOTHING_MERGED,
    Functions,
    Modules,
    Shipped,
    modules,
    sdk,
    with_merged,
)
from chalice.resources.parts import CodePolicy, arn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chalice.bundle.files.project_files import Collected
    from chalice.bundle.store import Store
    from chalice.config.reader import Document
    from chalice.packaged.shipped import Merged
    from chalice.permissions import Policy
    from chalice.project import Project
    from chalice.resources.parts import Places, PolicyOf

_KIND = "code policy"


def policies_of(
    project: Project, collected: Collected, store: Store, merged: Merged = NOTHING_MERGED
) -> PolicyOf:
    """Return what finds the policy of the code of a project's functions.

    Args:
        project: the project.
        collected: its files.
        store: keeps what was found.
        merged: what templates say of variables.
    """
    declared = project.model.functions
    functions = Functions(
        {
            item.name: with_merged(
                item.name, project.settings.function(item.name).environment, merged
            )
            for item in declared
        },
        {item.name: str(item.where) for item in declared},
        project.settings.any_function.environment,
    )
    files = {item.name: project.settings.function(item.name).policy for item in declared}
    return policies_in(modules(collected), functions, store, files)


def policies_in(
    files: Modules,
    functions: Functions,
    store: Store,
    policy_files: Mapping[str, Mapping[str, Any] | None] = MappingProxyType({}),
) -> PolicyOf:
    """Return what finds the policy of the code of *functions*, by their names.

    The code is read when it is first asked for what is not in the store.

    Args:
        files: the modules.
        functions: all functions of the application.
        store: keeps what was found.
        policy_files: what users have written for functions beside, by their names.
    """
    own, vendor = ({path: item.file for path, item in some.items()} for some in files)
    code = Shipped(own, store, vendor=vendor)
    whole = fingerprint(
        sdk(),
        *([(path, item.sha256) for path, item in sorted(some.items())] for some in files),
        [(name, sorted(own.items())) for name, own in sorted(functions.variables.items())],
        sorted(functions.places.items()),
        sorted(functions.stage.items()),
    )

    def policy_of_code(names: Sequence[str]) -> CodePolicy:
        key = fingerprint(whole, sorted(names))
        data = store.read(_KIND, key)
        if data is None:
            data = json.dumps(_found(code, names, functions)).encode()
            store.write(_KIND, key, data)
        facts: dict[str, Any] = json.loads(data)
        told = map(_problem, facts["problems"])
        problems = unanswered(told, [policy_files.get(name) for name in names])
        return CodePolicy(tuple(facts["statements"]), facts["places"], problems)

    return policy_of_code


def _problem(facts: Mapping[str, Any]) -> Problem:
    if "actions" not in facts:
        return Problem(**facts)
    from chalice.permissions.told import Told  # noqa: PLC0415 - few have any

    others = {name: value for name, value in facts.items() if name not in ("actions", "services")}
    actions, services = tuple(facts["actions"]), tuple(facts["services"])
    return Told(**others, actions=actions, services=services)


def unanswered(
    problems: Iterable[Problem], documents: Sequence[Mapping[str, Any] | None]
) -> tuple[Problem, ...]:
    """Return *problems* but for those to which policy files have an answer.

    Args:
        problems: of code.
        documents: the policy file of each function that runs it; None for one without.
    """
    told = tuple(problems)
    if all(type(item) is Problem for item in told):
        return told
    from chalice.permissions.answers import left  # noqa: PLC0415 - few have any

    files = [one for at, one in enumerate(documents) if one not in documents[:at]]
    return tuple(left(told, files))


def _found(code: Shipped, names: Sequence[str], functions: Functions) -> dict[str, Any]:
    from chalice.permissions import policy_of  # noqa: PLC0415 - what is kept does without

    readings, problems = code.of(names, functions)
    policy = policy_of(*readings, program=partial(code.program, functions))
    return {
        "statements": [item.to_dict() for item in policy.statements],
        "places": _places(policy),
        "problems": [asdict(item) for item in (*policy.problems, *problems)],
    }


def _places(policy: Policy) -> dict[str, dict[str, str]]:
    from chalice.permissions import reasons, shown  # noqa: PLC0415 - as above

    found: dict[str, dict[str, str]] = {}
    for statement in policy.statements:
        granted = set(map(shown, statement.resources))
        for action, why in reasons(statement).items():
            for reason in why:
                if reason.resource in granted:
                    found.setdefault(action, {}).setdefault(reason.resource, reason.where)
    return found


# --- policies that somebody wrote --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PolicyFiles:
    """The policy files of a stage.

    Attributes:
        problems: what is wrong with their actions and resources.
        places: where each grants what, by its name.
    """

    problems: tuple[Problem, ...]
    places: Mapping[str, Places]


def policy_files(project: Project) -> PolicyFiles:
    """Return what is to be said of the policy files of a project's stage."""
    functions = [project.settings.function(item.name) for item in project.model.functions]
    files = {
        configured.policy_file_read: configured.policy
        for configured in functions
        if configured.policy_file_read is not None and configured.policy is not None
    }
    # Where it is all that a role allows: the first function that runs so.
    alone = {one.policy_file_read: one.name for one in functions[::-1] if not one.autogen_policy}
    found: list[Problem] = []
    places: dict[str, Places] = {}
    for name, policy in files.items():
        from chalice.config.reader import read  # noqa: PLC0415 - few projects have a file
        from chalice.permissions.review import review  # noqa: PLC0415 - the same

        place = str(Path(".chalice", name))
        document = read(Path(project.directory, place).read_bytes(), place)
        found += review(policy, place, partial(_line, document))
        if name in alone:
            found += unanswered([_without_logs(alone[name], place)], [policy])
        places[name] = _places_in(policy, statement_lines(document))
    return PolicyFiles(ordered(found), places)


def _without_logs(function: str, place: str) -> Problem:
    from chalice.iam.by_lambda import LOGS  # noqa: PLC0415 - as above
    from chalice.permissions.told import Told  # noqa: PLC0415 - the same
    from chalice.resources.function import log_group_id  # noqa: PLC0415 - the same

    summary = f"what `{function}` logs is lost: `{place}` does not allow it to write logs"
    names = " and ".join(f"`{action}`" for action in LOGS)
    group = json.dumps(arn(log_group_id(function)))
    return Told("policy-no-logs", summary, place, f"allow {names} on `{group}`", "warning", LOGS)


def _places_in(policy: Mapping[str, Any], lines: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return where a policy file grants what, as it stands there and as it is merged."""
    from chalice.iam import statements  # noqa: PLC0415 - as above
    from chalice.permissions.changes import grants  # noqa: PLC0415 - as above
    from chalice.resources.role import merged  # noqa: PLC0415 - as above

    found: dict[str, dict[str, str]] = {}
    for line, *forms in zip(lines, statements(policy), merged(policy), strict=True):
        for grant in (grant for form in forms for grant in grants({"Statement": form}, {})):
            found.setdefault(grant.action, {}).setdefault(grant.resource, line)
    return found


def statement_lines(policy: Document) -> tuple[str, ...]:
    """Return `file:line` of each statement of a policy file."""
    from chalice.iam import listed  # noqa: PLC0415 - as above

    found: object = policy.plain().get("Statement")
    paths = [("Statement", index) for index in range(len(listed(found)))]
    return tuple(_line(policy, path if isinstance(found, list) else path[:1]) for path in paths)


def _line(document: Document, path: tuple[str | int, ...]) -> str:
    return document.where(document.find(path))
