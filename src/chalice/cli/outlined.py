"""What commands that package a project, or run its package, take of it: loaded apart from them."""

from __future__ import annotations

from contextlib import redirect_stdout
from functools import partial
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from chalice.cli.shell import Shell
    from chalice.packaged.outline import Outline
    from chalice.packaged.shipped import Merged


def load_checked(
    shell: Shell,
    project_dir: Path,
    stage: str,
    environ: Mapping[str, str],
    merged: Merged,
    given: Mapping[str, object] | None = None,
) -> dict[str, Any]:
    """Return the facts of a project that can be packaged.

    Args:
        shell: is told what takes long.
        project_dir: the project.
        stage: of the configuration.
        environ: the user's variables.
        merged: what templates say of variables.
        given: keys of the configuration that the command line sets.

    Raises:
        InvalidApp: with every problem of the project.
    """
    from chalice.cli.apart import apart  # noqa: PLC0415 - where nothing changed nothing is loaded
    from chalice.packaged import checked  # noqa: PLC0415 - the same

    facts = apart(
        shell.console,
        project_dir,
        lambda: checked.project_of(project_dir, stage, environ, given),
        partial(checked.known_of, checked.store_of(environ), merged),
    )
    return cast("dict[str, Any]", facts)


def outline(shell: Shell, stage: str) -> Outline:
    """Return the outline of the project of *shell*.

    Raises:
        InvalidApp: with every problem of the project.
    """
    from chalice.cli.apart import apart  # noqa: PLC0415 - as above
    from chalice.packaged.outline import Outline  # noqa: PLC0415 - the same

    def facts() -> dict[str, Any]:
        from chalice.packaged.outline import outline_of  # noqa: PLC0415 - for who imports
        from chalice.project import load_project  # noqa: PLC0415 - the same

        return outline_of(load_project(shell.project_dir, stage, shell.environ)).to_dict()

    # What the application prints is talk: stdout is for the answer.
    with redirect_stdout(shell.console.err):
        return Outline.from_dict(apart(shell.console, shell.project_dir, facts))
