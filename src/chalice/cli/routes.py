"""`chalice routes`: what the application serves, and which line serves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from chalice.cli.options import json_option, stage_option

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalice.cli.shell import Shell
    from chalice.model.declared import Cors, Route

_HEADER = ("PATH", "METHODS", "AUTHORIZER", "API KEY", "CORS", "CONTENT TYPES", "VIEW", "WHERE")


@click.command("routes", short_help="List the routes of the application.")
@stage_option
@json_option
@click.pass_obj
def command(shell: Shell, stage: str, *, as_json: bool) -> None:
    """List the routes of the application.

    A line for each view of a path: its methods, what a caller must show, the origin that CORS
    admits, the content types that the view accepts, and where it is declared.
    """
    from chalice.cli.apart import apart  # noqa: PLC0415 - `--help` does without it

    def entries_of_project() -> list[dict[str, Any]]:
        from chalice.project import load_project  # noqa: PLC0415 - for who imports

        return listed(load_project(shell.project_dir, stage, shell.environ).model.routes)

    entries = apart(shell.console, shell.project_dir, entries_of_project)
    if as_json:
        shell.console.json(entries)
    elif entries:
        shell.console.table(_HEADER, [_cells(entry) for entry in entries])
    else:
        shell.console.say("The application has no routes")


def listed(routes: Iterable[Route]) -> list[dict[str, Any]]:
    """Return what `--json` prints: an entry for each view of a path, in order of declaration."""
    entries: dict[tuple[Any, ...], dict[str, Any]] = {}
    for route in routes:
        entry = {
            "path": route.path,
            "methods": [],
            "authorizer": route.authorizer,
            "scopes": list(route.scopes),
            "api_key_required": route.api_key_required,
            "cors": _cors(route.cors),
            "content_types": list(route.content_types),
            "view": route.view,
            "where": str(route.where),
        }
        same = (route.path, route.view, route.where)
        entries.setdefault(same, entry)["methods"].append(route.method)
    return list(entries.values())


def _cors(cors: Cors | None) -> dict[str, Any] | None:
    if cors is None:
        return None
    return {"allow_origin": cors.allow_origin, "allow_credentials": cors.allow_credentials}


def _cells(entry: dict[str, Any]) -> tuple[str, ...]:
    authorizer = entry["authorizer"] or "-"
    if entry["scopes"]:
        authorizer += f" ({' '.join(entry['scopes'])})"
    return (
        entry["path"],
        ",".join(entry["methods"]),
        authorizer,
        "required" if entry["api_key_required"] else "-",
        entry["cors"]["allow_origin"] if entry["cors"] else "-",
        ",".join(entry["content_types"]) or "any",
        entry["view"],
        entry["where"],
    )
