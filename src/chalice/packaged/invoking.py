"""Invocations of a project's functions that no gateway makes: `chalice invoke`."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from chalice.emulator import functions_of
from chalice.gateway.ids import RandomIds
from chalice.invocation import Invocation
from chalice.invoke.environ import function_environment
from chalice.model.names import logical_id
from chalice.project import load_project

if TYPE_CHECKING:
    from collections.abc import Generator, MutableMapping
    from pathlib import Path

    from chalice.invoke.functions import LocalFunction
    from chalice.project import Project


def invocation_of(name: str, payload: bytes, function: LocalFunction) -> Invocation:
    """Return an invocation of *function*, the logical id of which is *name*, that waits for it."""
    return Invocation(
        function=name,
        payload=payload,
        within_seconds=function.timeout_seconds,
        request_id=RandomIds().request_id(),
    )


@contextmanager
def loaded_for(
    project_dir: Path, stage: str, name: str, environ: MutableMapping[str, str]
) -> Generator[tuple[Project, dict[str, LocalFunction]]]:
    """Load a project into this process, with the environment of its function *name*.

    Variables that it is imported with are those of `api_handler`, as for every command; those of
    the function are set when it is there, before it is called.

    Raises:
        InvalidApp: the project cannot be loaded.
    """
    inherited = dict(environ)
    project = load_project(project_dir, stage, inherited)
    functions = functions_of(project)
    function = functions.get(logical_id(name))
    try:
        if function is not None:
            environ.update(function_environment(function, str(project_dir), inherited))
        yield project, functions
    finally:
        environ.clear()
        environ.update(inherited)
