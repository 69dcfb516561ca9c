"""`chalice new-project`: a small whole project, with a test that passes."""

from __future__ import annotations

import re
import sys
import tempfile
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chalice.diagnostics import ToolError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

    from chalice.cli.shell import Shell

# What the project asks a person for, and what its files begin with.
PROJECT_TYPES = ("rest-api", "lambda-only")

# Types of AWS Chalice 1.34, and what is made in their place, or why nothing is.
# Source: AWS Chalice 1.34, `chalice new-project --help`; without one it makes `legacy`, a route.
_FORMER = {"legacy": "rest-api"}
_NOT_HERE = {
    "cdk-ddb": "`chalice.cdk` is not available; merge a template into `rest-api` instead",
    "s3-event-handler": "event sources are not available; `lambda-only` is nearest",
}


class _ProjectType(click.Choice[str]):
    """A type of project, those of AWS Chalice among them."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the type that is made; refuse, with a reason, those that are not here."""
        if value in _NOT_HERE:
            self.fail(f"'{value}' is not a type of this version: {_NOT_HERE[value]}", param, ctx)
        return super().convert(_FORMER.get(value, value), param, ctx)


# The name begins the names of functions, `APP-STAGE-FUNCTION`; Lambda allows them 64 characters.
# Source: AWS Lambda API reference, CreateFunction, `FunctionName`.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


@click.command("new-project", short_help="Create a project in a new directory.")
@click.argument("name", required=False)
@click.option(
    "-t",
    "--project-type",
    type=_ProjectType(PROJECT_TYPES),
    default="rest-api",
    show_default=True,
    help="What the project starts with: a REST API, or a function of its own.",
)
@click.option("--profile", help="The AWS profile to write into the configuration.")
@click.pass_obj
def command(shell: Shell, name: str | None, project_type: str, profile: str | None) -> None:
    """Create a project called NAME in a new directory of that name.

    Asks for the name where there is a terminal and none is given.
    """
    if name is None:
        name = _asked_name()
    directory = shell.project_dir / name
    create_project(directory, name, project_type, profile)
    shell.console.say(f"Created the project `{name}`")
    shell.console.say(f"Serve it: cd {name} && chalice local")


def create_project(
    directory: Path, name: str, project_type: str = "rest-api", profile: str | None = None
) -> None:
    """Write a project into *directory*, wholly or not at all.

    Raises:
        ToolError: the name cannot be used, the directory exists, or it cannot be written.
    """
    if not _NAME.fullmatch(name):
        raise ToolError(
            f"A project cannot be called `{name}`; use up to 40 letters, digits, `-` and `_`,"
            " beginning with a letter or a digit"
        )
    if directory.exists() or directory.is_symlink():
        raise ToolError(f"`{name}` exists already; choose another name, or remove it")
    try:
        # Built beside its place and then renamed: whatever interrupts, nothing half-written stays
        # under the project's name.
        with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=directory.parent) as scratch:
            draft = Path(scratch) / name
            _write(draft, name, project_type, profile)
            draft.rename(directory)
    except OSError as error:
        raise ToolError(f"Cannot write `{directory}`: {error.strerror or error}") from error


def _write(draft: Path, name: str, project_type: str, profile: str | None) -> None:
    template = resources.files("chalice") / "templates" / project_type
    for relative, source in _template_files(template):
        target = draft / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text(encoding="utf-8").replace("{{app_name}}", name)
        target.write_text(text, encoding="utf-8")
    if profile is not None:
        _write_profile(draft / ".chalice" / "config.json", profile)


def _write_profile(config: Path, profile: str) -> None:
    import json  # noqa: PLC0415 - only `--profile` needs it

    settings = json.loads(config.read_text(encoding="utf-8"))
    settings["profile"] = profile
    config.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


def _template_files(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    for item in sorted(folder.iterdir(), key=lambda entry: entry.name):
        name = re.sub(r"^dot-", ".", item.name).removesuffix(".tmpl")
        if item.is_dir():
            yield from _template_files(item, f"{prefix}{name}/")
        elif item.name.endswith(".tmpl"):
            yield f"{prefix}{name}", item


def _asked_name() -> str:
    if not sys.stdin.isatty():
        raise click.UsageError(
            "Nobody is there to ask for the name; write `chalice new-project NAME`",
            click.get_current_context(),
        )
    answer: str = click.prompt("Name of the project", err=True)
    return answer.strip()
