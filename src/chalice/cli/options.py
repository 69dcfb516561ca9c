"""Options that several commands share, each with one name, one meaning and one sentence of help."""

from __future__ import annotations

import math

import click


def milliseconds(ctx: click.Context, param: click.Parameter, value: str | None) -> float | None:
    """Return *value* as a number above 0, for the callback of an option that takes a time.

    Raises:
        UsageError: it is none, or one that nothing exceeds.
    """
    if value is None:
        return None
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    # Nothing is more than `nan`, nor than `inf`.
    if not (math.isfinite(number) and number > 0):
        raise click.UsageError(
            f"`{param.opts[0]} {value}` is not a number of milliseconds; write one above 0", ctx
        )
    return number


#: The stage whose configuration a command reads.
stage_option = click.option(
    "--stage",
    default="dev",
    show_default=True,
    metavar="NAME",
    help="The stage of the configuration to use.",
)

#: The answer as JSON for programs.
json_option = click.option(
    "--json", "as_json", is_flag=True, default=False, help="Print JSON, for programs."
)

#: Templates of the user's beside the one that is made.
merge_option = click.option(
    "--merge-template",
    "merged",
    multiple=True,
    metavar="FILE",
    help="Merge FILE, JSON or YAML, into the template: what it says wins; may be repeated.",
)

#: Where a server listens.
host_option = click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="The address to listen on.",
)
port_option = click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    metavar="NUMBER",
    help="The port to listen on; 0 takes a free one.",
)

#: The names under which a server may be called.
allow_host_option = click.option(
    "--allow-host",
    "allow_hosts",
    multiple=True,
    metavar="NAME",
    help="Answer requests whose Host header is NAME, `*.NAME` for all below it; may be repeated.",
)

#: Rule receipts, for who serves and for who calls.
explain_option = click.option(
    "--explain",
    is_flag=True,
    default=False,
    help="Write below the line of each answer which rules of API Gateway decided it, and what of"
    " them is not emulated.",
)
explain_to_clients_option = click.option(
    "--explain-to-clients",
    is_flag=True,
    default=False,
    help="Add a header `X-Chalice-Rules` with the numbers of these rules to each answer.",
)
