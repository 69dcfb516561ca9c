"""`chalice gateway`: any API definition behind an API Gateway on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chalice.cli.options import (
    allow_host_option,
    explain_option,
    explain_to_clients_option,
    host_option,
    port_option,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalice.cli.shell import Shell
    from chalice.definitions.binding import Binding
    from chalice.server.sources import BoundDefinition


@click.command("gateway", short_help="Serve an API definition with Python functions.")
@click.argument("definition", metavar="DEFINITION")
@click.option(
    "--function",
    "functions",
    multiple=True,
    metavar="NAME=MODULE:ATTRIBUTE",
    help="What answers for the function NAME, a logical id, name or ARN; may be repeated.",
)
@click.option(
    "--stage",
    metavar="NAME",
    help="Serve below `/NAME`, as AWS serves the stage NAME; without it at the root.",
)
@click.option(
    "--stage-variable",
    "variables",
    multiple=True,
    metavar="NAME=VALUE",
    help="A variable of the stage; may be repeated.",
)
@click.option(
    "--config",
    "config",
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    help="Read `local`, `region` and `account_id` from FILE, written as `.chalice/config.json` is:"
    " credentials, user pools, API keys, usage plans, hosts.",
)
@click.option(
    "--api-key",
    "api_keys",
    multiple=True,
    metavar="KEY",
    help="Let in callers with this API key; may be repeated. Without it one is made up if needed.",
)
@host_option
@port_option
@allow_host_option
@explain_option
@explain_to_clients_option
@click.pass_obj
def command(
    shell: Shell,
    definition: str,
    functions: tuple[str, ...],
    stage: str | None,
    variables: tuple[str, ...],
    config: str | None,
    api_keys: tuple[str, ...],
    host: str,
    port: int,
    allow_hosts: tuple[str, ...],
    *,
    explain: bool,
    explain_to_clients: bool,
) -> int:
    """Serve the API of DEFINITION on this machine, as API Gateway would.

    DEFINITION is a file: OpenAPI 3.0 or Swagger 2.0 with the extensions of API Gateway, or a
    CloudFormation or SAM template that has one in it; JSON or YAML. What cannot be served is told
    with its place, and nothing is served then.
    """
    # Imported here: `--help` does without them.
    from chalice.cli.serving import Reporter  # noqa: PLC0415
    from chalice.server.listening import is_loopback, listen, url_of  # noqa: PLC0415
    from chalice.server.local import Server, serve  # noqa: PLC0415

    bound = _bound(
        shell, definition, functions, stage, variables, config, api_keys, (host, *allow_hosts)
    )
    listener = listen(host, port)
    if not is_loopback(listener):
        shell.console.warning(f"Every machine that reaches {host} can call the functions")
    url = url_of(listener) + (f"{stage}/" if stage else "")
    with Reporter(shell.console.apart(), explain=explain) as reporter:
        interrupted = serve(
            Server(bound, listener, url, reporter.report, show_rules=explain_to_clients)
        )
    return 130 if interrupted else 0


def _bound(
    shell: Shell,
    definition: str,
    functions: tuple[str, ...],
    stage: str | None,
    variables: tuple[str, ...],
    config: str | None,
    api_keys: tuple[str, ...],
    hosts: tuple[str, ...],
) -> BoundDefinition:
    """Return the definition with the functions that answer for it, all of it checked."""
    import secrets  # noqa: PLC0415 - `--help` does without these
    import sys  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    from chalice.cli.loading import watched  # noqa: PLC0415
    from chalice.definitions import binding, local, reading  # noqa: PLC0415
    from chalice.server.sources import BoundDefinition  # noqa: PLC0415

    try:
        bindings = [binding.Binding.parse(text) for text in functions]
        stage_variables = local.variables(variables)
        keys = local.api_keys(api_keys)
        binding.check_stage(stage)
    except ValueError as error:
        raise click.UsageError(str(error), click.get_current_context()) from None
    known = local.nothing(shell.environ)
    # Without a configuration no file is named.
    beside = shell.project_dir
    if config is not None:
        known = local.read(Path(config), config, stage, shell.environ)
        beside = Path(config).absolute().parent
    # As for `python -m`: modules are looked for where the command is run.
    sys.path.insert(0, str(shell.project_dir))
    source = reading.read(Path(definition))
    with watched(shell.console, shell.project_dir, name=_modules(bindings)):
        served = binding.serve(
            source,
            bindings,
            stage=stage,
            local=known,
            variables=stage_variables,
            api_keys=keys,
            spare_api_key=secrets.token_hex(20),
        )
    known_as = (*hosts, *known.settings.allow_hosts)
    return BoundDefinition(served, known_as, beside, (*known.warnings, *served.warnings))


def _modules(bindings: Sequence[Binding]) -> str:
    names = dict.fromkeys(binding.target.partition(":")[0] for binding in bindings)
    return ", ".join(names) or "nothing"
