"""`chalice invoke`: one function of the project, called once."""

from __future__ import annotations

import sys
from contextlib import nullcontext, redirect_stdout, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from chalice.cli.cloud import cloud_options
from chalice.cli.ending import unwinding
from chalice.diagnostics import ToolError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager

    from chalice.cli.cloud import Cloud
    from chalice.cli.shell import Shell
    from chalice.invocation import Invocation, Outcome

FAILED = 1


@click.command("invoke", short_help="Invoke a function of the application.")
@click.argument("name", required=False, metavar="NAME")
@click.option("-n", "--name", "named", metavar="NAME", help="The same as the argument NAME.")
@click.option(
    "--local",
    is_flag=True,
    default=False,
    help="Invoke it on this machine: its package, run by Lambda's own runtime client.",
)
@click.option(
    "--in-process",
    is_flag=True,
    default=False,
    help="With `--local`: call it in this process instead, where a debugger sees it.",
)
@click.option(
    "--payload",
    metavar="FILE",
    help="The event, a JSON file; `-` for stdin. An empty object unless given.",
)
@cloud_options
@click.pass_obj
def command(
    shell: Shell,
    name: str | None,
    named: str | None,
    payload: str | None,
    cloud: Cloud,
    *,
    local: bool,
    in_process: bool,
) -> int:
    """Invoke the function NAME of the application.

    NAME is that of the configuration: `api_handler` for the routes, else the name of an authorizer
    or a Lambda function. Its result goes to stdout as it is, its log to stderr: all of it with
    `--local`, the last 4 KB where the function is deployed. Where it fails, the result is the error
    as Lambda reports it, and the exit code is 1.
    """
    function = _function_name(name, named)
    event = _event(shell, payload)
    if not local:
        if in_process:
            raise click.UsageError(
                "`--in-process` goes with `--local`", click.get_current_context()
            )
        from chalice.cli import invoke_deployed  # noqa: PLC0415 - `--help` does without it

        return invoke_deployed.invoke(shell, cloud, function, event)
    if in_process and payload == "-":
        _ask_the_terminal()
    invoke = _in_process if in_process else _packaged
    invocation, outcome = invoke(shell, function, cloud.stage, event)
    return _show(shell, function, invocation, outcome)


def _function_name(name: str | None, named: str | None) -> str:
    if name is not None and named is not None and name != named:
        raise click.UsageError(
            f"Two functions are named, `{name}` and `{named}`", click.get_current_context()
        )
    function = name or named
    if not function:
        raise click.UsageError(
            "No function is named; write `chalice invoke NAME`", click.get_current_context()
        )
    return function


def _event(shell: Shell, payload: str | None) -> bytes:
    """Return the event as it is sent.

    Raises:
        ToolError: it cannot be read, or Lambda would not take it.
    """
    import codecs  # noqa: PLC0415 - `--help` does without these
    import json  # noqa: PLC0415

    from chalice.invocation import MAX_EVENT_BYTES  # noqa: PLC0415

    if payload is None:
        return b"{}"
    place = "stdin" if payload == "-" else f"`{payload}`"
    try:
        if payload == "-":
            data = sys.stdin.buffer.read()
        else:
            data = Path(shell.project_dir, payload).read_bytes()
    except OSError as error:
        raise ToolError(f"{place} cannot be read: {error.strerror or error}") from error
    if data.startswith(codecs.BOM_UTF8):
        raise ToolError(
            f"The payload in {place} begins with a byte order mark; save it as UTF-8 without one"
        )
    try:
        # As Lambda reads it: UTF-8, and nothing that only Python takes for JSON.
        json.loads(data.decode("utf-8"), parse_constant=_refuse_constant, parse_int=_refuse_endless)
    except _NotReadable as error:
        raise ToolError(f"The payload in {place} {error}") from error
    except RecursionError as error:
        raise ToolError(
            f"The payload in {place} is nested too deeply: Python does not read it, here or on"
            " Lambda"
        ) from error
    except ValueError as error:
        raise ToolError(f"The payload in {place} is not JSON: {error}") from error
    if len(data) > MAX_EVENT_BYTES:
        raise ToolError(
            f"The payload in {place} has {len(data)} bytes; Lambda takes {MAX_EVENT_BYTES}"
        )
    return data


class _NotReadable(ValueError):
    """Raised inside the decoder for JSON that Python does not read."""


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"it has `{name}`")


def _refuse_endless(number: str) -> None:
    # Source: Python, "Integer string conversion length limitation"; 0 is no limit.
    most, digits = sys.get_int_max_str_digits(), len(number.lstrip("-"))
    if most and digits > most:
        raise _NotReadable(
            f"has a whole number of {digits} digits: Python reads up to {most}, here and on Lambda"
        )


def _refuse_unknown(name: str, functions: Iterable[str]) -> None:
    """Stop where *name* is none of *functions*.

    Raises:
        ToolError: it is none; with the nearest name.
    """
    names = list(functions)
    if name in names:
        return
    near = nearest(name, names)
    what = f"The application has no function `{name}`"
    if near:
        raise ToolError(f"{what}; the nearest is `{near}`")
    listed = ", ".join(f"`{item}`" for item in names)
    raise ToolError(f"{what}; it has {listed}" if names else f"{what}, nor any other")


def _in_process(shell: Shell, name: str, stage: str, event: bytes) -> tuple[Invocation, Outcome]:
    """Call the function in this process: breakpoints work, and nothing is isolated."""
    import os  # noqa: PLC0415 - `--help` does without all of these

    from chalice.invoke.in_process import InProcess  # noqa: PLC0415
    from chalice.model.names import logical_id  # noqa: PLC0415
    from chalice.packaged.invoking import invocation_of, loaded_for  # noqa: PLC0415

    with (
        _talk(shell),
        loaded_for(shell.project_dir, stage, name, os.environ) as (project, functions),
    ):
        _refuse_unknown(name, [function.name for function in project.model.functions])
        shell.console.problems(project.warnings)
        invocation = invocation_of(logical_id(name), event, functions[logical_id(name)])
        outcome = InProcess(functions, log=shell.console.say).invoke(invocation)
    return invocation, outcome


def _ask_the_terminal() -> None:
    """Have stdin be the terminal, if there is one: what a debugger asks is answered there."""
    import os  # noqa: PLC0415 - `--help` does without it

    with suppress(OSError, ValueError, AttributeError):
        number = sys.stdin.fileno()
        terminal = os.open("/dev/tty", os.O_RDONLY)
        os.dup2(terminal, number)
        os.close(terminal)
        sys.stdin = open(number, encoding=sys.stdin.encoding, closefd=False)  # noqa: SIM115


def _talk(shell: Shell) -> AbstractContextManager[object]:
    """Send what the function prints to stderr; on a terminal leave both alone, for debuggers."""
    return nullcontext() if sys.stdout.isatty() else redirect_stdout(shell.console.err)


def _packaged(shell: Shell, name: str, stage: str, event: bytes) -> tuple[Invocation, Outcome]:
    """Run the function's package under Lambda's runtime client."""
    from chalice.cli.outlined import outline  # noqa: PLC0415 - `--help` does without these
    from chalice.cli.progress import ProgressLine  # noqa: PLC0415
    from chalice.cli.serving import printable_lines  # noqa: PLC0415
    from chalice.model.names import logical_id  # noqa: PLC0415
    from chalice.packaged.invoking import invocation_of  # noqa: PLC0415
    from chalice.packaged.running import running  # noqa: PLC0415

    console = shell.console
    outlined = outline(shell, stage)
    _refuse_unknown(name, outlined.names.values())
    with (
        unwinding(),
        ProgressLine(console) as progress,
        running(
            outlined,
            environ=shell.environ,
            progress=progress,
            notice=console.warning,
            log=lambda text: console.say(printable_lines(text)),
        ) as run,
    ):
        progress.done()
        console.problems([*run.runnable.packaged.warnings, *run.runnable.packaged.bundle.notes])
        function = run.runnable.functions[logical_id(name)]
        invocation = invocation_of(logical_id(name), event, function)
        return invocation, run.invoke(invocation)


def _show(shell: Shell, name: str, invocation: Invocation, outcome: Outcome) -> int:
    from chalice.invocation import (  # noqa: PLC0415 - `--help` does without it
        FunctionError,
        NotInvocable,
        Result,
        Throttled,
        TimedOut,
    )
    from chalice.invoke.in_process import DEBUGGER_QUIT  # noqa: PLC0415 - the same

    match outcome:
        case _ if outcome == DEBUGGER_QUIT:
            pass
        case Result(payload):
            shell.console.payload(payload)
            return 0
        case FunctionError() | TimedOut():
            shell.console.payload(outcome.payload(invocation.request_id))
            shell.console.error(f"`{name}` failed; what it returned is the error")
        case Throttled():
            shell.console.error(f"`{name}` may not run: its `reserved_concurrency` is 0")
        case NotInvocable(reason):
            shell.console.error(reason)
        case _:
            shell.console.error(f"`{name}` did not answer")
    return FAILED
