"""The command `chalice`: its options, its table of commands, and what becomes of every failure.

Exit codes: 0 done, 1 the user can fix it, 2 wrong usage, 3 something would change (where that was
asked), 70 a bug of ours, 130 interrupted. A
reader that goes away early (`chalice routes | head -1`) ends the command quietly, with 141.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING

import click

from chalice.cli.console import Console
from chalice.cli.shell import Shell
from chalice.cli.streams import Unwritable, standard_streams
from chalice.diagnostics import ToolError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

# name -> (module that holds `command`, its sentence in `chalice --help`).
COMMANDS = {
    "authz": ("chalice.cli.authz", "Print who may call which route."),
    "check": ("chalice.cli.check", "Check the application and its configuration."),
    "delete": ("chalice.cli.delete", "Remove what was deployed."),
    "deploy": ("chalice.cli.deploy", "Deploy the application."),
    "gateway": ("chalice.cli.gateway", "Serve an API definition with Python functions."),
    "gen-policy": ("chalice.cli.gen_policy", "Print the IAM policy that the code needs."),
    "invoke": ("chalice.cli.invoke", "Invoke a function of the application."),
    "local": ("chalice.cli.local", "Serve the application on this machine."),
    "logs": ("chalice.cli.logs", "Print what the deployed functions have logged."),
    "new-project": ("chalice.cli.new_project", "Create a project in a new directory."),
    "openapi": ("chalice.cli.openapi", "Print the API definition that is deployed."),
    "package": ("chalice.cli.package", "Write the archives and the template that deploy."),
    "plan": ("chalice.cli.plan", "Print what a deploy would change."),
    "policy": ("chalice.cli.policy", "Prove the IAM policy by what the tests call."),
    "rollback": ("chalice.cli.rollback", "Deploy the release before again."),
    "routes": ("chalice.cli.routes", "List the routes of the application."),
    "sandbox": ("chalice.cli.sandbox", "Start and stop an AWS on this machine."),
    "status": ("chalice.cli.status", "Print what is deployed."),
    "sync": ("chalice.cli.sync", "Give the deployed functions the code as it is now."),
    "url": ("chalice.cli.url", "Print the URL of the deployed API."),
}

# Commands of AWS Chalice 1.34 that this version does not have.
# name -> what is there instead, if anything is.
NOT_AVAILABLE = {
    "dev": "`chalice plan` prints what a deploy would change",
    "generate-models": "`chalice openapi` prints the definition of the API",
    "generate-pipeline": "",
    "generate-sdk": (
        "`aws apigateway get-sdk --rest-api-id ID --stage-name api --sdk-type javascript sdk.zip`"
        " makes it; `chalice status --json` has the id"
    ),
}

FIXABLE, USAGE, BUG, INTERRUPTED = 1, 2, 70, 130

# What a shell reports for a program that SIGPIPE ended: 128 + 13.
PIPE_CLOSED = 141


class CommandTable(click.Group):
    """A group whose commands are imported only when they run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in alphabetical order."""
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, or None where there is none of that name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that *args* begin with, or say which one is nearest."""
        name = args[0]
        if name in NOT_AVAILABLE:
            message = f"`{name}` is not available in this version of Chalice"
            instead = NOT_AVAILABLE[name]
            raise click.UsageError(f"{message}; {instead}" if instead else message, ctx)
        if name not in COMMANDS and not name.startswith("-"):
            near = nearest(name, COMMANDS)
            raise click.UsageError(f"No command `{name}`{_nearest_is(near)}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


def _print_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
    del param
    if not value or ctx.resilient_parsing:
        return
    import platform  # noqa: PLC0415 - nothing else needs it

    from chalice import __version__  # noqa: PLC0415 - nothing else needs it

    click.echo(
        f"chalice {__version__}, python {platform.python_version()},"
        f" {platform.system().lower()} {platform.release()}"
    )
    ctx.exit()


@click.command(
    cls=CommandTable,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    no_args_is_help=True,
)
@click.option(
    "--project-dir",
    type=click.Path(exists=True, file_okay=False),
    default=".",
    metavar="DIRECTORY",
    help="The directory of the project; the current one unless given.",
)
@click.option(
    "--debug/--no-debug", default=False, help="Print debug logs and tracebacks to stderr."
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the versions of Chalice, Python and the system, and exit.",
)
@click.pass_context
def chalice(ctx: click.Context, project_dir: str, *, debug: bool) -> None:
    """Write, check, serve and deploy AWS Lambda applications.

    `chalice COMMAND --help` explains a command and its options.
    """
    from pathlib import Path  # noqa: PLC0415 - `--help` does without it

    # An application may read files beside it while it is imported: on Lambda they are in the
    # working directory.
    try:
        os.chdir(project_dir)
        directory = Path.cwd()
    except OSError as error:  # removed since, or not for this user
        raise ToolError(
            f"The directory `{project_dir}` cannot be entered: {error.strerror or error}; go to"
            " another one, or name it with `--project-dir`"
        ) from error
    if debug:
        import logging  # noqa: PLC0415 - only debugging pays for it

        logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    ctx.obj = Shell(
        console=Console.of_process(os.environ),
        project_dir=directory,
        environ=os.environ,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        arguments: without the program's name; those of the process unless given.
    """
    # AWS Chalice sets it; applications read it to tell a tool from Lambda.
    os.environ["AWS_CHALICE_CLI_MODE"] = "true"
    arguments = sys.argv[1:] if arguments is None else arguments
    with standard_streams() as streams:
        console = Console.of_process(os.environ)
        try:
            code = _run(arguments, console)
            console.flush()
            if not code and streams.unwritable is not None:
                raise streams.unwritable
        except BrokenPipeError:
            return PIPE_CLOSED
        except Unwritable as error:
            _report_fixable(error, console, debug="--debug" in arguments)
            return FIXABLE
        return FIXABLE if streams.silenced and not code else code


def _run(arguments: Sequence[str], console: Console) -> int:
    try:
        return _invoke(arguments)
    except click.ClickException as error:
        _report_usage(error, console)
        return USAGE
    except (click.Abort, EOFError, KeyboardInterrupt):
        console.say("Interrupted")
        return INTERRUPTED
    except (BrokenPipeError, Unwritable):
        raise
    except ToolError as error:
        _report_fixable(error, console, debug="--debug" in arguments)
        return FIXABLE
    except Exception as error:  # noqa: BLE001 - the last resort: everything else is a bug of ours
        _report_bug(error, console)
        return BUG


def _invoke(arguments: Sequence[str]) -> int:
    if "_CHALICE_COMPLETE" in os.environ:
        chalice.main(list(arguments), prog_name="chalice")  # a shell asks for completions
    try:
        # Not `chalice.main`: it ends the process by itself when a pipe is closed.
        with chalice.make_context("chalice", list(arguments)) as context:
            code: object = chalice.invoke(context)
    except click.exceptions.Exit as request:
        return request.exit_code
    return code if isinstance(code, int) else 0


def _report_usage(error: click.ClickException, console: Console) -> None:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        console.say(error.format_message())
        return
    if isinstance(error, click.NoSuchOption):
        near = next(iter(error.possibilities or ()), None)
        message = f"No option `{error.option_name}`{_nearest_is(near)}"
    else:
        message = error.format_message()
    console.error(message)
    if isinstance(error, click.UsageError) and error.ctx is not None:
        console.say(f"`{error.ctx.command_path} --help` lists what there is")


def _nearest_is(word: str | None) -> str:
    return f"; the nearest is `{word}`" if word else ""


def _report_fixable(error: ToolError, console: Console, *, debug: bool) -> None:
    if debug:
        console.say(_traceback(error))
    console.failure(error)


def _report_bug(error: Exception, console: Console) -> None:
    console.say(_traceback(error))
    console.error(
        f"This is a bug in Chalice; report it{_issue_tracker()} with the traceback above and what"
        " `chalice --version` prints"
    )


def _traceback(error: BaseException) -> str:
    import traceback  # noqa: PLC0415 - only a failure pays for it

    return "".join(traceback.format_exception(error)).rstrip()


def _issue_tracker() -> str:
    from importlib import metadata  # noqa: PLC0415 - only a failure pays for it

    try:
        links = metadata.metadata("chalice").get_all("Project-URL", [])
    except metadata.PackageNotFoundError:
        return ""
    found = (link.partition(", ")[2] for link in links if link.startswith("Issues, "))
    return next((f" at {url}" for url in found), "")


if __name__ == "__main__":
    sys.exit(main())
