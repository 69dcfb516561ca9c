"""`chalice local`: the application behind an API Gateway on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chalice.cli.options import (
    allow_host_option,
    explain_option,
    explain_to_clients_option,
    host_option,
    port_option,
    stage_option,
)

if TYPE_CHECKING:
    from chalice.cli.console import Console
    from chalice.cli.shell import Shell
    from chalice.server.sources import Source


@click.command("local", short_help="Serve the application on this machine.")
@host_option
@port_option
@stage_option
@click.option(
    "--autoreload/--no-autoreload",
    default=True,
    show_default=True,
    help="Serve edits as they are saved. Without it one process does everything, which is what a"
    " debugger wants, and a view that ends its process ends the server.",
)
@click.option(
    "--package",
    is_flag=True,
    default=False,
    help="Serve the package: what `chalice package` writes, run by Lambda's own runtime client.",
)
@allow_host_option
@click.option(
    "--auth",
    type=click.Choice(["open"]),
    default=None,
    help="Open every authorizer: nobody is asked who they are. Every answer says so.",
)
@explain_option
@explain_to_clients_option
@click.pass_obj
def command(
    shell: Shell,
    host: str,
    port: int,
    stage: str,
    allow_hosts: tuple[str, ...],
    *,
    autoreload: bool,
    package: bool,
    explain: bool,
    explain_to_clients: bool,
    auth: str | None,
) -> int:
    """Serve the application on this machine, as API Gateway and Lambda would.

    The URL is printed on a line of its own when the server answers. Ctrl-C lets requests that are
    under way end, a second one does not wait.
    """
    # Imported here: `--help` does without them.
    from chalice.cli.loading import watched  # noqa: PLC0415
    from chalice.cli.serving import Reporter  # noqa: PLC0415
    from chalice.server.listening import is_loopback, listen, url_of  # noqa: PLC0415
    from chalice.server.local import Server, serve  # noqa: PLC0415
    from chalice.server.sources import (  # noqa: PLC0415
        EditedProject,
        ImportedProject,
        PackagedProject,
        Project,
    )

    if package and not autoreload:
        raise click.UsageError(
            "`--no-autoreload` calls functions in this process, `--package` in others; choose one",
            click.get_current_context(),
        )
    listener = listen(host, port)
    if not is_loopback(listener):
        shell.console.warning(f"Every machine that reaches {host} can call the application")
    project = Project(
        shell.project_dir, stage, (host, *allow_hosts), open_authorizers=auth == "open"
    )
    if project.open_authorizers:
        _show_banner(shell.console)
    source: Source
    if package:
        from chalice.cli.progress import ProgressLine  # noqa: PLC0415 - only packages need it

        source = PackagedProject(project, ProgressLine(shell.console))
    elif autoreload:
        source = EditedProject(project)
    else:
        # The loop that hears of Ctrl-C stands still while the application is imported into it.
        source = ImportedProject(project, lambda: watched(shell.console, shell.project_dir))
    with Reporter(shell.console.apart(), explain=explain) as reporter:
        interrupted = serve(
            Server(
                source,
                listener,
                url_of(listener),
                reporter.report,
                show_rules=explain_to_clients,
            )
        )
    return 130 if interrupted else 0


def _show_banner(console: Console) -> None:
    console.warning("AUTHORIZERS ARE OPEN (--auth=open)")
    console.say("    No authorizer is asked: whoever calls gets past all of them.")
    console.say("    API keys and resource policies hold. Answers carry `x-chalice-auth: open`.")
