"""What the code that ships needs of AWS: read as the stage runs it, and kept by its content."""

from __future__ import annotations

import importlib.util
import json
import os
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalice.bundle.kept import fingerprint
from chalice.bundle.parts import PROJECT
from chalice.diagnostics import Problem, ToolError, ordered
from chalice.resources.parts import Needed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chalice.bundle.files.project_files import Collected, ProjectFile
    from chalice.bundle.store import Store
    from chalice.config.reader import Document
    from chalice.permissions import Policy, Reading
    from chalice.permissions.services import Service, Services
    from chalice.project import Project

_KIND, _SERVICE = "needed", "service"
_CODE = Path(__file__).parent.parent / "permissions"


def modules(collected: Collected) -> dict[str, ProjectFile]:
    """Return the modules of the project's own that ship, by their path as they ship."""
    return {
        item.path: item
        for item in collected.files
        if item.origin == PROJECT and item.path.endswith(".py")
    }


def content(files: Mapping[str, Path]) -> dict[str, bytes]:
    """Return what is in *files*.

    Raises:
        ToolError: one cannot be read.
    """
    try:
        return {path: file.read_bytes() for path, file in files.items()}
    except OSError as error:
        raise ToolError(f"Cannot read `{error.filename}`: {error.strerror}") from error


class Needs:
    """What the code of an application's functions needs, found when it is first asked for.

    Calling it with the names of functions returns what they need together.

    Attributes:
        problems: what could not be read or known of what was asked for, all of them warnings.

    Args:
        files: the modules, by their path as they ship.
        variables: the environment variables of each function.
        places: where each function is declared.
        store: keeps what was found.
    """

    def __init__(
        self,
        files: Mapping[str, ProjectFile],
        variables: Mapping[str, Mapping[str, str]],
        places: Mapping[str, str],
        store: Store,
    ) -> None:
        self.problems: dict[Problem, None] = {}
        self._files = files
        self._variables = variables
        self._places = places
        self._store = store
        self._read: dict[tuple[tuple[str, str], ...], Reading] = {}
        self._services: Services | None = None

    @classmethod
    def of(cls, project: Project, collected: Collected, store: Store) -> Needs:
        """Return the needs of all functions of a project."""
        functions = project.model.functions
        return cls(
            modules(collected),
            {item.name: project.settings.function(item.name).environment for item in functions},
            {item.name: str(item.where) for item in functions},
            store,
        )

    def __call__(self, functions: Sequence[str]) -> Needed:
        """Return what the code of *functions* needs together."""
        key = fingerprint(
            reader(),
            [(path, item.sha256) for path, item in sorted(self._files.items())],
            [(name, _sorted(self._variables[name])) for name in sorted(functions)],
            sorted(self._places.items()),
        )
        data = self._store.read(_KIND, key)
        if data is None:
            data = json.dumps(self._found(functions)).encode()
            self._store.write(_KIND, key, data)
        facts: dict[str, Any] = json.loads(data)
        self.problems.update(dict.fromkeys(Problem(**item) for item in facts["problems"]))
        return Needed(tuple(facts["statements"]), facts["places"])

    def _found(self, functions: Sequence[str]) -> dict[str, Any]:
        from chalice.permissions import policy_of  # noqa: PLC0415 - what is kept does without

        groups: dict[tuple[tuple[str, str], ...], list[str]] = {}
        for name in functions:
            groups.setdefault(_sorted(self._variables[name]), []).append(name)
        problems: list[Problem] = []
        readings = [self._of(names, variables, problems) for variables, names in groups.items()]
        policy = policy_of(*readings)
        return {
            "statements": [item.to_dict() for item in policy.statements],
            "places": _places(policy),
            "problems": [asdict(item) for item in (*policy.problems, *problems)],
        }

    def _of(
        self, names: list[str], variables: tuple[tuple[str, str], ...], problems: list[Problem]
    ) -> Reading:
        """Return what functions with the same variables may do."""
        from chalice.permissions import functions, of_functions, read  # noqa: PLC0415 - as above

        if self._services is None:
            self._services = services_of(self._store)
        whole = self._read.get(variables)
        if whole is None:
            data = content({path: item.file for path, item in self._files.items()})
            whole = self._read[variables] = read(data, dict(variables), self._services)
        if len(names) == len(self._variables):
            return whole
        not_seen = [name for name in names if name not in functions(whole)]
        for name in not_seen:
            summary = f"where the code of function `{name}` begins cannot be read"
            hint = (
                "decorate it where it is defined, with its own name; now it may do all of them may"
            )
            place = self._places[name]
            problems.append(Problem("policy-function-unread", summary, place, hint, "warning"))
        return whole if not_seen else of_functions(whole, names)


def _sorted(variables: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(variables.items()))


def _places(policy: Policy) -> dict[str, str]:
    from chalice.permissions import places, shown  # noqa: PLC0415 - as above

    found: dict[str, str] = {}
    for statement in policy.statements:
        granted = set(map(shown, statement.resources))
        for action, why in places(statement).items():
            for entry in why:
                if entry["resource"] in granted:
                    found.setdefault(f"{action} {entry['resource']}", entry["where"])
    return found


def reader() -> str:
    """Return a hash of everything that reads: our own code, and the SDK that it knows."""
    found: list[tuple[str, int, int]] = []
    for folder in (_CODE, _CODE / "data"):
        with os.scandir(folder) as entries:
            found += [
                (entry.path, entry.stat().st_mtime_ns, entry.stat().st_size)
                for entry in entries
                if entry.is_file()
            ]
    return fingerprint(sorted(found), _sdk())


def _sdk() -> str:
    """Return a hash that changes with what botocore knows.

    Source: botocore, `botocore.loaders`: where models of services are looked for.
    """
    spec = importlib.util.find_spec("botocore")
    origin = spec.origin if spec is not None and spec.origin is not None else ""
    places = [origin, str(Path("~/.aws/models").expanduser())]
    found = [
        (place, status.st_mtime_ns, status.st_size)
        for place in places
        if (status := _status(place)) is not None
    ]
    return fingerprint(found, os.environ.get("AWS_DATA_PATH"))


def _status(place: str) -> os.stat_result | None:
    try:
        return Path(place).stat()
    except OSError:
        return None


def services_of(store: Store) -> Services:
    """Return the services of the SDK, each kept: its model takes long to read."""
    from chalice.permissions.services import Service, Services, service  # noqa: PLC0415 - as above

    known_by = reader()

    def load(name: str) -> Service | None:
        key = f"{known_by}\0{name}"
        data = store.read(_SERVICE, key)
        if data is not None:
            facts: dict[str, Any] = json.loads(data)
            return Service(**{name: _again(name, value) for name, value in facts.items()})
        found = service(name)
        if found is not None:
            store.write(_SERVICE, key, json.dumps(asdict(found), default=sorted).encode())
        return found

    return Services(load)


def _again(name: str, value: Any) -> Any:
    """Return a value of a service as it was before it was JSON."""
    again = _AGAIN.get(name)
    return again(value) if again is not None else value


def _of_sets(value: Any) -> dict[str, frozenset[str]]:
    return {key: frozenset(items) for key, items in value.items()}


_AGAIN: Mapping[str, Callable[[Any], Any]] = {
    "prefixes": tuple,
    "inputs": _of_sets,
    "requests": lambda value: {key: tuple(pair) for key, pair in value.items()},
    "unsigned": frozenset,
    "shapes": _of_sets,
}


# --- policies that somebody wrote --------------------------------------------------------------


def reviewed(project: Project) -> tuple[Problem, ...]:
    """Return what is wrong with the actions and resources of the policy files of a stage."""
    files = {
        configured.policy_file: configured.policy
        for configured in map(
            project.settings.function, (item.name for item in project.model.functions)
        )
        if configured.policy_file is not None and configured.policy is not None
    }
    found: list[Problem] = []
    for name, policy in files.items():
        from chalice.config.reader import read  # noqa: PLC0415 - few projects have a file
        from chalice.permissions.review import review  # noqa: PLC0415 - the same

        place = f".chalice/{name}"
        document = read(Path(project.directory, place).read_bytes(), place)
        found += review(policy, place, partial(_line, document))
    return ordered(found)


def _line(document: Document, path: tuple[str | int, ...]) -> str:
    return document.where(document.find(path))
