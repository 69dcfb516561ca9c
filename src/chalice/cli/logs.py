"""`chalice logs`: what the deployed functions have logged."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from chalice.cli.cloud import cloud_options
from chalice.diagnostics import ToolError, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalice.aws.account import Account
    from chalice.aws.cloudformation import Stack
    from chalice.cli.cloud import Cloud
    from chalice.cli.shell import Shell
    from chalice.deploy.logs import Entry

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_AGO = re.compile(r"(\d+)([smhdw])")

# What Lambda itself writes around each invocation.
# Source: Lambda developer guide, "Viewing CloudWatch logs for Python functions".
_PLATFORM = re.compile(r"^(START|END|REPORT|INIT_START|EXTENSION|XRAY) ")

# Colours that are read on light and dark, one for each function. Source: ECMA-48, "SGR".
_COLOURS = ("36", "33", "35", "32", "34", "31")


@click.command("logs", short_help="Print what the deployed functions have logged.")
@cloud_options
@click.option("-n", "--name", metavar="NAME", help="The function; all of the stack unless given.")
@click.option(
    "-s",
    "--since",
    default="10m",
    show_default=True,
    metavar="TIME",
    help="From when on: `30s`, `5m`, `2h`, `3d`, `1w` ago, or a time in ISO 8601.",
)
@click.option(
    "-f", "--follow/--no-follow", "follow", default=False, help="Go on as lines are written."
)
@click.option(
    "--filter", "pattern", default="", metavar="PATTERN", help="A filter pattern of CloudWatch."
)
@click.option(
    "--num-entries", type=click.IntRange(min=1), metavar="NUMBER", help="Print the last so many."
)
@click.option(
    "--include-lambda-messages/--no-include-lambda-messages",
    "platform",
    default=False,
    help="Print what Lambda itself writes around each invocation, too.",
)
@click.option("--json", "as_json", is_flag=True, default=False, help="Print a JSON object a line.")
@click.pass_obj
def command(
    shell: Shell,
    cloud: Cloud,
    name: str | None,
    since: str,
    pattern: str,
    num_entries: int | None,
    *,
    follow: bool,
    platform: bool,
    as_json: bool,
) -> int:
    """Print what the deployed functions have logged, several functions merged by time."""
    begin = milliseconds(since, datetime.now(UTC))
    if follow and num_entries is not None:
        raise click.UsageError(
            "`--follow` has no last lines; leave `--num-entries` out", click.get_current_context()
        )
    account, stack = cloud.deployed(shell)
    found = _entries(account, stack, name, begin, pattern, follow=follow)
    lines: Iterator[Entry] = (
        one for one in found if platform or not _PLATFORM.match(one.line.message)
    )
    if num_entries is not None:
        lines = iter(list(lines)[-num_entries:])
    colours: dict[str, str] = {}
    any_lines = False
    with suppress(KeyboardInterrupt):
        for entry in lines:
            any_lines = True
            _print(shell, entry, colours, as_json=as_json)
        if not any_lines:
            shell.console.say(_none(begin, pattern))
    return 0


def _none(begin: int, pattern: str) -> str:
    """Return what is said where nothing was logged; lines take some seconds to arrive."""
    since = datetime.fromtimestamp(begin / 1000, UTC).isoformat(timespec="seconds")
    what = "Nothing that matches was logged" if pattern else "Nothing was logged"
    return f"{what} since {since}; `--since 1d` looks further back"


def milliseconds(since: str, now: datetime) -> int:
    """Return *since* as milliseconds since the epoch.

    Raises:
        ToolError: it is no time.

    >>> milliseconds("1970-01-01T00:00:02Z", datetime.now(UTC))
    2000
    """
    ago = _AGO.fullmatch(since)
    try:
        if ago:
            time = now - timedelta(**{_UNITS[ago.group(2)]: int(ago.group(1))})
        else:
            time = datetime.fromisoformat(since)
            time = time.astimezone() if time.tzinfo is None else time
        return max(0, int(time.timestamp() * 1000))
    except (ValueError, OverflowError) as error:
        # Numbers that no calendar has are among them.
        raise ToolError(
            f"`--since {visible(since)}` is no time; write `10m`, `2h`, `3d`, or"
            " `2026-01-31T12:00:00Z`"
        ) from error


def _entries(
    account: Account,
    stack: Stack,
    name: str | None,
    since: int,
    pattern: str,
    *,
    follow: bool,
) -> Iterator[Entry]:
    from chalice.deploy import logs  # noqa: PLC0415 - as above
    from chalice.deploy.waiting import Clock  # noqa: PLC0415

    groups = logs.groups_of(account, stack, name)
    if follow:
        return logs.following(account.logs, groups, since, pattern, Clock())
    return logs.entries(account.logs, groups, since, pattern)


def _print(shell: Shell, entry: Entry, colours: dict[str, str], *, as_json: bool) -> None:
    time = datetime.fromtimestamp(entry.line.at / 1000, UTC).isoformat(timespec="milliseconds")
    text = entry.line.message.rstrip("\n")
    if as_json:
        import json  # noqa: PLC0415 - as above

        facts = {"time": time, "function": entry.function, "message": text}
        shell.console.data(json.dumps({**facts, "stream": entry.line.stream}, ensure_ascii=False))
        shell.console.out.flush()
        return
    colour = colours.setdefault(entry.function, _COLOURS[len(colours) % len(_COLOURS)])
    name = shell.console.coloured(entry.function, colour)
    # A line of a function may forge another one, or move the cursor.
    for line in text.split("\n"):
        shell.console.data(f"{time} {name} {visible(line.replace(chr(9), '    '))}")
    shell.console.out.flush()
