"""Options that several commands share, each with one name, one meaning and one sentence of help."""

from __future__ import annotations

import click

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
