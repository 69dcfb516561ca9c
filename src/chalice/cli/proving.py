"""How the policies of a project are proved: its code is read, a program is run and recorded."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalice.bundle.files.project_files import collect_project
from chalice.config.settings import configured_functions, settings_of
from chalice.diagnostics import InvalidApp, ToolError, nearest
from chalice.packaged.needed import content, modules
from chalice.permissions import Reading, functions, of_functions, policy_of, read
from chalice.permissions.proving import Grants, prove
from chalice.permissions.proving.program import run as start
from chalice.permissions.proving.program import to_sandbox
from chalice.permissions.proving.recording import record
from chalice.permissions.services import Services
from chalice.project import read_configuration, stage_problems
from chalice.resources.role import role_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalice.bundle.files.project_files import ProjectFile
    from chalice.cli.console import Console
    from chalice.cli.shell import Shell
    from chalice.config import Settings
    from chalice.permissions.proving import Certificate
    from chalice.project import Configuration

# Of a virtual environment that nobody has activated, its own programs are meant.
_OURS = ("python", "python3", "pytest")

# As a module of Python: the project's folder is then where modules are looked for.
_TESTS = [sys.executable, "-m", "pytest", "-q"]

# Source: pytest's documentation, "Exit codes".
_NO_TESTS = 5


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of a run.

    Attributes:
        program: what was run.
        code: how it ended.
        certificate: what is proved.
        roles: whose policies were asked.
        lost: calls that could not be recorded.
    """

    program: tuple[str, ...]
    code: int
    certificate: Certificate
    roles: tuple[str, ...]
    lost: tuple[str, ...]


def run(
    shell: Shell, stage: str, function: str | None, program: Sequence[str], *, sandbox: bool
) -> Proof:
    """Run *program*, recorded, and return what is proved by it.

    Args:
        shell: whose project it is.
        stage: of the configuration.
        function: the only function that counts; all unless given.
        program: with its arguments; the tests of the project where it is empty.
        sandbox: whether it is to call the sandbox.

    Raises:
        InvalidApp: the configuration or the project's files have problems.
        ToolError: there is nothing to run, or no such function.
    """
    configuration = read_configuration(shell.project_dir, stage)
    found = [*configuration.problems, *stage_problems(configuration, stage)]
    wrong = [problem for problem in found if problem.severity == "error"]
    if wrong:
        raise InvalidApp(wrong)
    command = _command(shell, program)
    files = _files(shell.project_dir, configuration)
    settings = settings_of(
        configuration.of_stage,
        app_name="app",
        environ=shell.environ,
        role_policies=configuration.role_policies,
    )
    code_read = _Code(files, settings)
    whole = code_read.reading(settings.any_function.environment)
    if function is not None:
        _known(function, functions(whole))
    environ = _to_sandbox(shell, settings) if sandbox else shell.environ
    recording = record(
        environ,
        {path: item.file for path, item in files.items()},
        _variables(settings, configuration),
        partial(_run, command, shell),
    )
    names = functions(whole) if function is None else (function,)
    certificate = prove(
        recording.calls,
        lambda variables: code_read.grants(names, variables, every=function is None),
        whole.engine,
        function=function,
        account=configuration.of_stage.value("account_id"),
    )
    roles = tuple(item.role for item in code_read.grants(names, {}, every=function is None))
    return Proof(tuple(command), recording.code, certificate, roles, recording.lost)


def _known(name: str, known: Sequence[str]) -> None:
    if name not in known:
        near = nearest(name, known)
        hint = f"; the nearest is `{near}`" if near else ""
        raise ToolError(f"The application has no function `{name}`{hint}")


# --- what the code may do ----------------------------------------------------------------------


@dataclass(slots=True)
class _Code:
    """The code that ships, read for each set of variables once."""

    files: Mapping[str, ProjectFile]
    settings: Settings
    services: Services = field(default_factory=Services)
    readings: dict[tuple[tuple[str, str], ...], Reading] = field(
        default_factory=dict[tuple[tuple[str, str], ...], Reading]
    )
    known: dict[tuple[tuple[str, str], ...], tuple[Grants, ...]] = field(
        default_factory=dict[tuple[tuple[str, str], ...], tuple[Grants, ...]]
    )

    def reading(self, variables: Mapping[str, str]) -> Reading:
        """Return what the code does with *variables*."""
        key = tuple(sorted(variables.items()))
        if key not in self.readings:
            data = content({path: item.file for path, item in self.files.items()})
            self.readings[key] = read(data, dict(variables), self.services)
        return self.readings[key]

    def grants(
        self, names: Sequence[str], variables: Mapping[str, str], *, every: bool
    ) -> tuple[Grants, ...]:
        """Return the policies of the roles of functions.

        Args:
            names: the functions.
            variables: those that are not set as in the stage.
            every: whether these are all functions.
        """
        key = tuple(sorted(variables.items()))
        if key not in self.known:
            self.known[key] = tuple(self._grants(names, variables, every=every))
        return self.known[key]

    def _grants(
        self, names: Sequence[str], variables: Mapping[str, str], *, every: bool
    ) -> list[Grants]:
        groups: dict[str, list[str]] = {}
        for name in names:
            groups.setdefault(self._role(name), []).append(name)
        if not groups:
            # Nothing declares a function: whatever the code is, it may do what it does.
            groups[self._role("")] = []
        whole = every and len(groups) == 1
        return [self._of(role, group, variables, whole=whole) for role, group in groups.items()]

    def _role(self, name: str) -> str:
        value: Any = role_of(self.settings.function(name), self.settings)
        return str(value) if isinstance(value, str) else str(value["Fn::GetAtt"][0])

    def _of(
        self, role: str, names: list[str], variables: Mapping[str, str], *, whole: bool
    ) -> Grants:
        configured = self.settings.function(names[0] if names else "")
        if not configured.autogen_policy and configured.manage_iam_role:
            return Grants.of(role, names, (), configured)
        by_variables: dict[tuple[tuple[str, str], ...], list[str]] = {}
        for name in names or [""]:
            own = {**self.settings.function(name).environment, **variables}
            by_variables.setdefault(tuple(sorted(own.items())), []).append(name)
        found = [
            self.reading(dict(own))
            if whole and len(by_variables) == 1
            else of_functions(self.reading(dict(own)), group)
            for own, group in by_variables.items()
        ]
        return Grants.of(role, names, policy_of(*found).statements, configured)


def _files(directory: Path, configuration: Configuration) -> dict[str, ProjectFile]:
    from chalice.config.package_settings import package_of  # noqa: PLC0415 - as in the other command

    wanted = package_of(configuration.of_stage)
    found = collect_project(
        directory,
        include=wanted.include,
        exclude=wanted.exclude,
        named_secrets=wanted.secrets,
    )
    missing = [problem for problem in found.problems if problem.code == "app-missing"]
    if missing:
        raise InvalidApp(missing)
    return modules(found)


def _variables(settings: Settings, configuration: Configuration) -> dict[str, str]:
    """Return the variables of all functions: what one is set to in the tests may be another."""
    found: dict[str, str] = {}
    for name in configured_functions(configuration.of_stage):
        found |= settings.function(name).environment
    return found | dict(settings.any_function.environment)


# --- the program -------------------------------------------------------------------------------


def _command(shell: Shell, program: Sequence[str]) -> list[str]:
    found = list(program)
    if not found:
        return _TESTS
    own = shutil.which(found[0], path=str(Path(sys.executable).parent))
    if found[0] in _OURS and own is not None:
        return [own, *found[1:]]
    return found


def _to_sandbox(shell: Shell, settings: Settings) -> dict[str, str]:
    """Return the variables by which the SDK calls the sandbox; nothing of the user's is sent."""
    from chalice.cli.cloud import endpoint_of_sandbox  # noqa: PLC0415 - only with the option

    return to_sandbox(shell.environ, endpoint_of_sandbox(shell), settings.region)


def _run(command: Sequence[str], shell: Shell, environ: Mapping[str, str]) -> int:
    """Run *command* and return its exit code; what it prints is talk."""
    console = shell.console
    console.flush()
    try:
        code, printed = start(command, shell.project_dir, environ, _descriptor(console))
    except OSError as error:
        raise ToolError(f"`{command[0]}` cannot be started: {error.strerror}") from error
    if printed:
        console.say(printed.rstrip("\n"))
    if command == _TESTS and code == _NO_TESTS:
        raise ToolError(
            "pytest finds no test: name what calls the application,"
            " `chalice policy prove -- python script.py`"
        )
    return code


def _descriptor(console: Console) -> int | None:
    """Return where talk goes; None where only this process can write there."""
    try:
        return console.err.fileno()
    except (OSError, ValueError):
        return None
