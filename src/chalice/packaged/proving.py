"""How the policies of a project are proved: its code is read, a program is run and recorded."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from chalice.config.reader import read
from chalice.config.settings import settings_of
from chalice.diagnostics import ordered
from chalice.packaged.code_policy import statement_lines
from chalice.packaged.shipped import NOTHING_MERGED, check_function, functions_of, shipped
from chalice.permissions import policy_of
from chalice.permissions.proving import Grants, prove
from chalice.permissions.proving.recording import record
from chalice.project import declared_stage
from chalice.resources.parts import role_in
from chalice.resources.role import role_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from chalice.bundle.store import Store
    from chalice.config import Settings
    from chalice.diagnostics import Problem
    from chalice.packaged.shipped import Functions, Merged, Shipped
    from chalice.permissions import Statement
    from chalice.permissions.proving import Certificate
    from chalice.project import Configuration


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of a run.

    Attributes:
        code: how the program ended.
        certificate: what is proved.
        roles: whose policies were asked.
        lost: calls that could not be recorded.
    """

    code: int
    certificate: Certificate
    roles: tuple[str, ...]
    lost: tuple[str, ...]


def subject(
    directory: Path,
    stage: str,
    environ: Mapping[str, str],
    store: Store,
    function: str | None,
    merged: Merged = NOTHING_MERGED,
) -> Subject:
    """Return what is to be proved of the project in *directory*.

    The application is not loaded: its functions are those that its code is seen to declare.

    Args:
        directory: the project.
        stage: of the configuration.
        environ: the user's shell.
        store: keeps what is known of the services of AWS.
        function: the only function that counts; all unless given.
        merged: what templates say of variables.

    Raises:
        InvalidApp: the configuration or the project's files have problems.
        ToolError: there is no such function.
    """
    configuration = declared_stage(directory, stage)
    settings = settings_of(
        configuration.of_stage,
        app_name="app",
        environ=environ,
        role_policies=configuration.role_policies,
    )
    code = shipped(directory, configuration, store)
    functions = functions_of(code, settings, configuration, merged)
    if function is not None:
        check_function(function, functions.variables)
    beside = configuration.document.beside
    lines = {
        beside(name): statement_lines(read(configuration.content(name), beside(name)))
        for name in configuration.role_policies
    }
    return Subject(configuration, settings, code, functions, function, lines)


@dataclass(frozen=True, slots=True)
class Subject:
    """The code of a project and the roles that it runs as.

    Attributes:
        configuration: the project's.
        settings: those of the stage.
        code: what ships.
        functions: all functions.
        function: the only one that counts; all unless given.
        lines: where the statements of policy files are, by what messages call them.
    """

    configuration: Configuration
    settings: Settings
    code: Shipped
    functions: Functions
    function: str | None
    lines: Mapping[str, tuple[str, ...]]

    def proof(self, environ: Mapping[str, str], run: Callable[[Mapping[str, str]], int]) -> Proof:
        """Return what is proved by a program.

        Args:
            environ: the variables that it is to see.
            run: runs it with the variables that are given, and returns its exit code.
        """
        recording = record(environ, self.code.files, self._variables(), run)
        roles = _Roles(self)
        certificate = prove(
            recording.calls,
            roles.grants,
            self.code.reading(self.settings.any_function.environment).engine,
            function=self.function,
            account=self.configuration.of_stage.value("account_id"),
        )
        problems = ordered([*roles.problems, *certificate.problems])
        return Proof(
            recording.code,
            replace(certificate, problems=problems),
            tuple(item.role for item in roles.grants({})),
            recording.lost,
        )

    def _variables(self) -> dict[str, str]:
        """Return the variables of all functions: what one is set to in the tests may be another."""
        found: dict[str, str] = {}
        for variables in self.functions.variables.values():
            found |= variables
        return found | dict(self.functions.stage)


@dataclass(slots=True)
class _Roles:
    """The policies of the roles of functions, found once for each set of variables."""

    of: Subject
    problems: dict[Problem, None] = field(default_factory=dict["Problem", None])
    known: dict[tuple[tuple[str, str], ...], tuple[Grants, ...]] = field(
        default_factory=dict[tuple[tuple[str, str], ...], tuple[Grants, ...]]
    )

    def grants(self, variables: Mapping[str, str]) -> Sequence[Grants]:
        """Return what each role may do with *variables* that are not set as in the stage."""
        key = tuple(sorted(variables.items()))
        if key not in self.known:
            groups: dict[str, list[str]] = {}
            one = self.of.function
            for name in self.of.functions.variables if one is None else (one,):
                groups.setdefault(self._role(name), []).append(name)
            if not groups:
                # Nothing declares a function: whatever the code is, it may do what it does.
                groups[self._role("")] = []
            self.known[key] = tuple(
                self._granted(role, group, variables) for role, group in groups.items()
            )
        return self.known[key]

    def _role(self, name: str) -> str:
        settings = self.of.settings
        role = role_of(settings.function(name), settings)
        return role if isinstance(role, str) else role_in({"Role": role})

    def _granted(self, role: str, names: list[str], variables: Mapping[str, str]) -> Grants:
        configured = self.of.settings.function(names[0] if names else "")
        read_file = configured.policy_file_read
        file = "" if read_file is None else self.of.configuration.document.beside(read_file)
        statements: tuple[Statement, ...] = ()
        if configured.autogen_policy or not configured.manage_iam_role:
            found, problems = self.of.code.of(names, self.of.functions, variables)
            self.problems.update(dict.fromkeys(problems))
            program = partial(self.of.code.program, self.of.functions)
            statements = policy_of(*found, program=program).statements
        return Grants(
            role,
            tuple(names),
            statements,
            (configured.policy,) if configured.policy is not None else (),
            file,
            configured.autogen_policy,
            configured.manage_iam_role,
            self.of.lines.get(file, ()),
        )
