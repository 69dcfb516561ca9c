"""`chalice sandbox`: an AWS on this machine, to deploy to without an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chalice.cli.options import json_option

if TYPE_CHECKING:
    from pathlib import Path

    from chalice.cli.shell import Shell
    from chalice.sandbox import Sandbox

STOPPED = 1

_ENFORCES = "Functions do there only what their roles allow"


@click.group("sandbox", short_help="Start and stop an AWS on this machine.")
def command() -> None:
    """Start and stop an AWS on this machine, to deploy to without an account.

    It is MiniStack, from the package index, in an environment of its own; it listens on loopback
    only. `chalice deploy --sandbox` deploys to it. CHALICE_SANDBOX_DIR names its folder.
    """


def _folder(shell: Shell) -> Path:
    from chalice.sandbox.installing import default_folder  # noqa: PLC0415 - `--help` does without it

    return default_folder(shell.environ)


@command.command("start")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    metavar="NUMBER",
    help="The port to listen on; 4566, or a free one where that is in use, unless given.",
)
@click.option(
    "--state",
    metavar="DIR",
    type=click.Path(file_okay=False),
    help="Keep what is in it in DIR when it is stopped; it is forgotten unless given.",
)
@click.option(
    "--enforce-iam",
    is_flag=True,
    default=False,
    help="Have functions do only what their roles allow, as on AWS.",
)
@click.pass_obj
def start(shell: Shell, port: int | None, state: str | None, *, enforce_iam: bool) -> int:
    """Start the sandbox; one that runs goes on running."""
    from chalice import sandbox  # noqa: PLC0415 - `--help` does without these
    from chalice.cli.ending import unwinding  # noqa: PLC0415

    with unwinding():
        running, started = sandbox.start(
            _folder(shell),
            port=port,
            state=shell.project_dir / state if state else None,
            environ=shell.environ,
            progress=shell.console.say,
            enforce_iam=enforce_iam,
        )
    console = shell.console
    if not started:
        console.say(f"The sandbox runs already, process {running.pid}")
        if (
            port not in {None, running.port}
            or (state and str(shell.project_dir / state) != running.state)
            or enforce_iam > running.enforces_iam
        ):
            console.warning("It runs as it was started; stop it to start it in another way")
    else:
        console.say(f"Started the sandbox, process {running.pid}")
    console.data(running.endpoint_url)
    if running.enforces_iam:
        console.say(_ENFORCES)
    if not running.state:
        console.say("What is in it is forgotten when it stops; `--state DIR` keeps it")
    console.say("Deploy to it: `chalice deploy --sandbox`. Stop it: `chalice sandbox stop`")
    return 0


@command.command("stop")
@click.pass_obj
def stop(shell: Shell) -> int:
    """Stop the sandbox."""
    from chalice import sandbox  # noqa: PLC0415 - `--help` does without it

    stopped = sandbox.stop(_folder(shell))
    if stopped is None:
        shell.console.say("No sandbox runs")
    elif not stopped.alive:
        shell.console.say(
            f"The sandbox had been killed (process {stopped.pid}); tidied up after it"
        )
    elif stopped.state:
        shell.console.say(f"Stopped the sandbox; what was in it is in `{stopped.state}`")
    else:
        shell.console.say("Stopped the sandbox; what was in it is gone")
    return 0


@command.command("status")
@json_option
@click.pass_obj
def status(shell: Shell, *, as_json: bool) -> int:
    """Say whether the sandbox runs; the exit code is 1 where it does not."""
    from chalice import sandbox  # noqa: PLC0415 - `--help` does without it

    found = sandbox.find(_folder(shell))
    running = found is not None and found.alive
    if as_json:
        shell.console.json(_facts(found))
    elif found is None:
        shell.console.say("No sandbox runs; start one: `chalice sandbox start`")
    elif not found.alive:
        shell.console.say(killed(found))
    else:
        shell.console.say(f"The sandbox runs, process {found.pid}, MiniStack {found.version}")
        shell.console.data(found.endpoint_url)
        if found.enforces_iam:
            shell.console.say(_ENFORCES)
    return 0 if running else STOPPED


def killed(found: Sandbox) -> str:
    """Return what is said of a sandbox that ended without being asked to."""
    from shlex import quote  # noqa: PLC0415 - seldom

    lost, again = "what was in it is lost", "chalice sandbox start"
    if found.state:
        lost = f"what was done in it since it was started is lost; `{found.state}` has the rest"
        again += f" --state {quote(found.state)}"
    if found.enforces_iam:
        again += " --enforce-iam"
    return f"The sandbox was killed (process {found.pid}), and {lost}. Start it again: `{again}`"


def _facts(found: Sandbox | None) -> dict[str, object]:
    if found is None:
        return {"status": "stopped"}
    return {
        "status": "running" if found.alive else "killed",
        "pid": found.pid,
        "endpoint_url": found.endpoint_url,
        "version": found.version,
        "state": found.state,
        "log": found.log,
        "enforces_iam": found.enforces_iam,
    }
