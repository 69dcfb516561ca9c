"""The code of a project that ships, read as the functions of a stage run it.

What a deploy grants, what `gen-policy` prints and what `policy prove` asks are found here, by one
rule: the code of a function counts with the variables of that function. Where it is about all of
them, code that none of them reaches counts, too, with the variables of the stage.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from chalice.bundle.kept import fingerprint
from chalice.bundle.parts import PROJECT
from chalice.diagnostics import InvalidApp, Problem, ToolError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from chalice.bundle.files.project_files import Collected, ProjectFile
    from chalice.bundle.store import Store
    from chalice.config import Settings
    from chalice.permissions import Reading
    from chalice.permissions.reading.services import Service, Services
    from chalice.project import Configuration

_SERVICE = "service"

Variables = tuple[tuple[str, str], ...]

#: Variables that merged templates set, by the logical id of the function; None removes one.
Merged: TypeAlias = "Mapping[str, Mapping[str, str | None]]"
NOTHING_MERGED: Merged = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Functions:
    """The functions of an application, as their code is read.

    Attributes:
        variables: the environment variables of each, by its name.
        places: where each is declared.
        stage: the variables of code that none of them reaches.
    """

    variables: Mapping[str, Mapping[str, str]]
    places: Mapping[str, str]
    stage: Mapping[str, str]


class Shipped:
    """The modules of a project's own that ship, read once for each set of variables.

    Args:
        files: the modules, by their path in the project.
        store: keeps what is known of the services of AWS.
        starts: the modules that are run, by their paths; the others are only what these import.
            All unless given.
        vendor: modules that ship and are not read, by their path as they ship.
    """

    def __init__(
        self,
        files: Mapping[str, Path],
        store: Store,
        starts: Collection[str] | None = None,
        vendor: Mapping[str, Path] = MappingProxyType({}),
    ) -> None:
        self.files = files
        self.starts = starts
        self._store = store
        self._vendor = vendor
        self._services: Services | None = None
        self._readings: dict[Variables, Reading] = {}
        self._unread: frozenset[str] | None = None

    def reading(self, variables: Mapping[str, str]) -> Reading:
        """Return what all of the code does with *variables*.

        Raises:
            ToolError: a file cannot be read.
        """
        from chalice.permissions import read  # noqa: PLC0415 - what is kept does without

        key = tuple(sorted(variables.items()))
        if key not in self._readings:
            self._services = self._services or services_of(self._store)
            data = _content(self.files)
            self._unread = _calling(self._vendor) if self._unread is None else self._unread
            self._readings[key] = read(
                data, dict(variables), self._services, self.starts, self._unread
            )
        return self._readings[key]

    def of(
        self,
        names: Collection[str],
        functions: Functions,
        more: Mapping[str, str] | None = None,
    ) -> tuple[list[Reading], list[Problem]]:
        """Return what some functions do, and what of it is told, all of them warnings.

        Args:
            names: which.
            functions: all that there are.
            more: variables that are set otherwise than in the stage.
        """
        groups: dict[Variables, list[str]] = {}
        for name in names:
            own = {**functions.variables[name], **(more or {})}
            groups.setdefault(tuple(sorted(own.items())), []).append(name)
        every = set(names) == set(functions.variables)
        stage = {**functions.stage, **(more or {})}
        if every and len(groups) < 2:
            return [self.reading(dict(*groups) if groups else stage)], []
        readings: list[Reading] = []
        problems: list[Problem] = []
        for variables, group in groups.items():
            found, unread = self._of(group, dict(variables))
            readings.append(found)
            problems += (_unread(name, functions.places[name]) for name in unread)
        if every:
            from chalice.permissions import of_no_function  # noqa: PLC0415 - as above

            readings.append(of_no_function(self.reading(stage)))
        return readings, problems

    def program(self, functions: Functions) -> list[Reading]:
        """Return what all functions do, each with its own variables."""
        return self.of(functions.variables, functions)[0]

    def _of(
        self, names: Sequence[str], variables: Mapping[str, str]
    ) -> tuple[Reading, Sequence[str]]:
        """Return what functions with the same variables do, and whose code is not found."""
        from chalice.permissions import functions, of_functions  # noqa: PLC0415 - as above

        whole = self.reading(variables)
        known = functions(whole)
        unread = [name for name in names if name not in known]
        return whole if unread else of_functions(whole, names), unread


def _unread(name: str, place: str) -> Problem:
    summary = f"where the code of function `{name}` begins cannot be read"
    hint = "decorate it where it is defined, with its own name; now it may do all of them may"
    return Problem("policy-function-unread", summary, place, hint, "warning")


# --- without the application -------------------------------------------------------------------


def shipped(
    directory: Path, configuration: Configuration, store: Store, filename: str | None = None
) -> Shipped:
    """Return the code of the project in *directory*.

    Args:
        directory: the project.
        configuration: says what ships.
        store: keeps what is known of the services of AWS.
        filename: the module of the project that is read with what it imports; all unless given.

    Raises:
        InvalidApp: there is no application.
        ToolError: the file is none of the project.
    """
    from chalice.bundle.files.project_files import collect_project  # noqa: PLC0415 - as above
    from chalice.config.package_settings import package_of  # noqa: PLC0415 - as above

    wanted = package_of(configuration.of_stage)
    found = collect_project(
        directory,
        include=wanted.include,
        exclude=wanted.exclude,
        named_secrets=wanted.secrets,
    )
    files, vendor = ({path: item.file for path, item in some.items()} for some in modules(found))
    if filename is None:
        missing = [problem for problem in found.problems if problem.code == "app-missing"]
        if missing:
            raise InvalidApp(missing)
        return Shipped(files, store, vendor=vendor)
    start = _below(directory, filename)
    # The others stay, as what this one may import.
    return Shipped({**files, start: directory / start}, store, (start,), vendor)


def _below(directory: Path, filename: str) -> str:
    """Return the path of a module below *directory*, however it was named."""
    whole = directory.resolve()
    file = (directory / filename).resolve()
    if not file.is_relative_to(whole):
        raise ToolError(f"`{filename}` is not in the project: name a file below `{directory}`")
    if file.suffix != ".py":
        raise ToolError(f"`{filename}` is no module of Python: its name ends in `.py`")
    return file.relative_to(whole).as_posix()


def functions_of(
    code: Shipped,
    settings: Settings,
    configuration: Configuration,
    merged: Merged = NOTHING_MERGED,
) -> Functions:
    """Return the functions that *code* is seen to declare, and those that are configured.

    A function that has no settings of its own and is registered under a name that is computed is
    not among them: only who loads the application knows it.

    Args:
        code: what ships.
        settings: the stage.
        configuration: the project's.
        merged: what templates say of variables.
    """
    from chalice.config.settings import configured_functions  # noqa: PLC0415 - as above
    from chalice.permissions import functions  # noqa: PLC0415 - as above

    stage = settings.any_function.environment
    known = functions(code.reading(stage))
    # Of a module that is read alone, the functions of others are not asked for.
    configured = configured_functions(configuration.of_stage) if code.starts is None else ()
    names = dict.fromkeys((*known, *configured))
    return Functions(
        {name: with_merged(name, settings.function(name).environment, merged) for name in names},
        {name: "" if name in known else _configured(name, configuration) for name in names},
        stage,
    )


def with_merged(function: str, own: Mapping[str, str], merged: Merged) -> dict[str, str]:
    """Return the variables of a function, *own* as it is configured, with what is merged."""
    from chalice.model.names import logical_id  # noqa: PLC0415 - as above

    both = {**own, **merged.get(logical_id(function), {})}
    return {name: value for name, value in both.items() if value is not None}


def _configured(function: str, configuration: Configuration) -> str:
    document, stage = configuration.document, configuration.of_stage.chalice_stage
    own = ("lambda_functions", function)
    paths = (("stages", stage, *own), own)
    found = (document.find(path) for path in paths)
    return next((document.where(item) for item in found if item is not None), "")


def check_function(name: str, known: Iterable[str]) -> None:
    """Refuse the name of a function that the application does not have.

    Raises:
        ToolError: with the nearest name.
    """
    names = list(known)
    if name not in names:
        near = nearest(name, names)
        known_ones = ", ".join(f"`{one}`" for one in sorted(names)) or "none"
        hint = f"; the nearest is `{near}`" if near else f"; it has {known_ones}"
        raise ToolError(f"The application has no function `{name}`{hint}")


# --- files, and what is known of the SDK -------------------------------------------------------


class Modules(NamedTuple):
    """The modules of a project that ship.

    Attributes:
        own: those that are read, by their path in the project.
        vendor: those of `vendor/` that are not, by their path as they ship.
    """

    own: Mapping[str, ProjectFile]
    vendor: Mapping[str, ProjectFile]


def modules(collected: Collected) -> Modules:
    """Return the modules that ship. Those of `vendor/` are read where `package.include` names them.

    Who has put a library there has not written it, and reads nothing of it in a policy.
    """
    found = [item for item in collected.files if item.path.endswith(".py")]
    own = {item.source: item for item in found if item.origin == PROJECT or item.included}
    return Modules(own, {item.path: item for item in found if item.source not in own})


# An import of the SDK, wherever it is in a module.
_SDK = re.compile(rb"^[ \t]*(?:import|from)[ \t]+(?:aio)?boto(?:3|core)\b", re.MULTILINE)


def _calling(vendor: Mapping[str, Path]) -> frozenset[str]:
    """Return the packages and modules at the top of which something imports the SDK."""
    return frozenset(
        path.partition("/")[0].removesuffix(".py")
        for path, content in _content(vendor).items()
        if _SDK.search(content)
    )


def _content(files: Mapping[str, Path]) -> dict[str, bytes]:
    try:
        return {path: file.read_bytes() for path, file in files.items()}
    except OSError as error:
        raise ToolError(f"Cannot read `{error.filename}`: {error.strerror}") from error


def sdk(environ: Mapping[str, str] = os.environ) -> str:
    """Return a hash that changes with what botocore knows; our own code is in the store's keys.

    Source: botocore, `botocore.loaders`: where models of services are looked for.

    Args:
        environ: the variables by which botocore looks, which are those of this process.
    """
    spec = importlib.util.find_spec("botocore")
    origin = spec.origin if spec is not None and spec.origin is not None else ""
    places = [origin, str(Path("~/.aws/models").expanduser())]
    found = [
        (place, status.st_mtime_ns, status.st_size)
        for place in places
        if (status := _status(place)) is not None
    ]
    return fingerprint(found, environ.get("AWS_DATA_PATH"))


def _status(place: str) -> os.stat_result | None:
    try:
        return Path(place).stat()
    except OSError:
        return None


def services_of(store: Store, load: Callable[[str], Service | None] | None = None) -> Services:
    """Return the services of the SDK, each kept: its model takes long to read.

    Args:
        store: where.
        load: reads a model; the SDK's unless given.
    """
    from chalice.permissions.reading.services import Services, service  # noqa: PLC0415 - as above

    return Services(partial(_service, store, sdk(), load or service))


def _service(
    store: Store, known_by: str, load: Callable[[str], Service | None], name: str
) -> Service | None:
    from chalice.permissions.reading.services import Service  # noqa: PLC0415 - as above

    key = f"{known_by}\0{name}"
    data = store.read(_SERVICE, key)
    if data is not None:
        facts: dict[str, Any] = json.loads(data)
        return Service(**{member: _decoded(member, value) for member, value in facts.items()})
    found = load(name)
    if found is not None:
        store.write(_SERVICE, key, json.dumps(asdict(found), default=sorted).encode())
    return found


def _decoded(member: str, value: Any) -> Any:
    """Return a member of a service as it was before it was JSON."""
    decode = _DECODERS.get(member)
    return decode(value) if decode is not None else value


def _of_sets(value: Any) -> dict[str, frozenset[str]]:
    return {key: frozenset(items) for key, items in value.items()}


_DECODERS: Mapping[str, Callable[[Any], Any]] = {
    "prefixes": tuple,
    "inputs": _of_sets,
    "requests": lambda value: {key: tuple(pair) for key, pair in value.items()},
    "unsigned": frozenset,
    "shapes": _of_sets,
}
