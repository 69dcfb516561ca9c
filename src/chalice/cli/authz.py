"""`chalice authz`: who may call which route."""

from __future__ import annotations

from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chalice.cli.options import json_option, stage_option
from chalice.diagnostics import Problem, ToolError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, MutableMapping

    from chalice.authz.asking import Target
    from chalice.authz.fixture import Fixture
    from chalice.authz.matrix import Leak, Matrix, Trap
    from chalice.cli.shell import Shell
    from chalice.invoke.functions import LocalFunction
    from chalice.model.declared import AppModel
    from chalice.project import Project

# What is read where no file is named, if it is there.
DEFAULT_FIXTURE = ".chalice/authz.json"


@click.command("authz", short_help="Print who may call which route.")
@click.argument("fixture", required=False, metavar="[FILE]")
@stage_option
@json_option
@click.pass_obj
def command(shell: Shell, fixture: str | None, stage: str, *, as_json: bool) -> None:
    """Print who may call which route: `allowed`, 401, 403, or `error`.

    FILE, `.chalice/authz.json` unless given, names principals with the headers that they send,
    the claims of their tokens, or the credential that they sign with. Without a file nobody is
    asked about but somebody who shows nothing. Authorizers are run, views are not.
    """
    import os  # noqa: PLC0415 - `--help` does without all of these
    from dataclasses import replace  # noqa: PLC0415

    from chalice.authz.matrix import compute  # noqa: PLC0415
    from chalice.cli.loading import load_project  # noqa: PLC0415
    from chalice.emulator import api_keys_of, functions_of, stage_of  # noqa: PLC0415
    from chalice.invoke.in_process import InProcess  # noqa: PLC0415
    from chalice.issuers import Issuers  # noqa: PLC0415
    from chalice.openapi import api_definition  # noqa: PLC0415
    from chalice.project import CONFIG_DIRECTORY  # noqa: PLC0415

    # What the application prints is talk: stdout is for the answer.
    with redirect_stdout(shell.console.err):
        project = load_project(shell, stage)
        model, settings = project.model, project.settings
        served = stage_of(model, settings, in_path=False, api_keys=api_keys_of(model, settings))
        # One that hangs must not use up what the others may run at once.
        functions = {
            name: replace(item, reserved_concurrency=None)
            for name, item in functions_of(project).items()
        }
        log = _WhileAsking(shell.console.say)
        with _environment(functions, shell.project_dir, os.environ), log:
            matrix = compute(
                api_definition(model, settings),
                served,
                _fixture(project, fixture),
                InProcess(functions, log=log),
                Issuers(shell.project_dir / CONFIG_DIRECTORY),
                timeouts={name: item.timeout_seconds for name, item in functions.items()},
            )
    warnings = [*_trap_warnings(matrix, model), *_leak_warnings(matrix, model)]
    if as_json:
        shell.console.json(_as_json(matrix, warnings))
        return
    if matrix.cells:
        shell.console.table(*_table(matrix))
    else:
        shell.console.say("The application has no routes")
    shell.console.problems([*project.warnings, *warnings])


class _WhileAsking:
    """Passes on what functions log inside of a `with`; who hangs and says more later has no reader.

    Args:
        say: gets it.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._asking = False

    def __enter__(self) -> None:
        self._asking = True

    def __exit__(self, *_: object) -> None:
        self._asking = False

    def __call__(self, text: str) -> None:
        if self._asking:
            self._say(text)


def _fixture(project: Project, name: str | None) -> Fixture:
    from chalice.authz.fixture import NOBODY, read_fixture  # noqa: PLC0415 - `--help` does without

    path = Path(name or DEFAULT_FIXTURE)
    try:
        data = (project.directory / path).read_bytes()
    except OSError as error:
        if name is None and isinstance(error, FileNotFoundError):
            return NOBODY
        raise ToolError(f"`{path}` cannot be read: {error.strerror}") from error
    return read_fixture(
        data,
        str(path),
        routes=[f"{route.method} {route.path}" for route in project.model.routes],
        credentials=[item.access_key_id for item in project.settings.credentials],
    )


@contextmanager
def _environment(
    functions: Mapping[str, LocalFunction], root: Path, environ: MutableMapping[str, str]
) -> Generator[None]:
    """Give authorizers the variables of the routes' function, then restore what was there."""
    from chalice.invoke.environ import function_environment  # noqa: PLC0415 - `--help` does without
    from chalice.model.names import API_HANDLER, logical_id  # noqa: PLC0415 - the same

    before = dict(environ)
    routes = functions.get(logical_id(API_HANDLER))
    if routes is not None:
        environ.update(function_environment(routes, str(root), before))
    try:
        yield
    finally:
        environ.clear()
        environ.update(before)


# --- warnings --------------------------------------------------------------------------------


def _trap_warnings(matrix: Matrix, model: AppModel) -> list[Problem]:
    places = {item.name: str(item.where) for item in model.authorizers}
    return [_trap_warning(trap, places.get(trap.authorizer, "")) for trap in matrix.traps]


def _trap_warning(trap: Trap, where: str) -> Problem:
    then = _listed(trap.then)
    kept = (
        f"what `{trap.authorizer}` says of `{trap.first.label}` to `{trap.principal}` is kept for"
        f" {trap.ttl_seconds} s and"
    )
    if trap.shuts_out:
        return Problem(
            "authz-policy-narrow",
            f"{kept} shuts them out of {then}, which they may call",
            where,
            "let the policy name every route of the authorizer, or set `ttl_seconds` to 0",
            "warning",
        )
    return Problem(
        "authz-policy-wide",
        f"{kept} lets them into {then}, which they may not call",
        where,
        "let the policy say the same for every route, or set `ttl_seconds` to 0",
        "warning",
    )


def _leak_warnings(matrix: Matrix, model: AppModel) -> list[Problem]:
    places = {route.path: str(route.where) for route in reversed(model.routes)}
    return [_leak_warning(leak, places.get(leak.greedy, "")) for leak in matrix.leaks]


def _leak_warning(leak: Leak, where: str) -> Problem:
    return Problem(
        "authz-greedy-open",
        f"`{leak.greedy}` is open and answers {', '.join(leak.verbs)} of `{leak.path}`, which is"
        f" guarded for {', '.join(leak.guarded)}",
        where,
        f"give `{leak.greedy}` an authorizer, or serve these verbs at `{leak.path}`",
        "warning",
    )


def _listed(targets: tuple[Target, ...]) -> str:
    more = len(targets) - 2
    first = " and ".join(f"`{target.label}`" for target in targets[:2])
    return f"{first} and {more} more" if more > 0 else first


# --- views -----------------------------------------------------------------------------------


def _table(matrix: Matrix) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    rows: dict[Target, list[str]] = {}
    for cell in matrix.cells:
        rows.setdefault(cell.target, []).append(cell.verdict)
    header = ("ROUTE", "AUTHORIZER", *matrix.principals)
    return header, [
        (target.label, target.authorizer or "-", *verdicts) for target, verdicts in rows.items()
    ]


def _as_json(matrix: Matrix, warnings: list[Problem]) -> Mapping[str, Any]:
    return {
        "principals": list(matrix.principals),
        "cells": [
            {
                "route": cell.target.label,
                "path": cell.target.asked_path,
                "authorizer": cell.target.authorizer,
                "principal": cell.principal,
                "result": cell.verdict,
                "status": cell.status,
                "reason": cell.reason or None,
            }
            for cell in matrix.cells
        ],
        "warnings": [warning.to_dict() for warning in warnings],
    }
