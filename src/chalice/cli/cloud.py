"""What all commands share that call AWS: their options, whom they call, and how they tell of it."""

from __future__ import annotations

import functools
import sys
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from chalice.cli.options import stage_option
from chalice.diagnostics import ToolError, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from chalice.aws.account import Account
    from chalice.aws.cloudformation import Event, Stack
    from chalice.cli.console import Console
    from chalice.cli.shell import Shell
    from chalice.deploy.plan import Item, Plan
    from chalice.deploy.target import Target

_DONE = {"CREATE": "Made", "UPDATE": "Changed", "DELETE": "Removed", "IMPORT": "Imported"}
_DOING = {"CREATE": "Making", "UPDATE": "Changing", "DELETE": "Removing", "IMPORT": "Importing"}

# So many are named in a question; the plan above it has all.
_MOST_LISTED = 5


@dataclass(frozen=True, slots=True)
class Cloud:
    """Where a command was told to go."""

    stage: str
    profile: str | None
    region: str | None
    sandbox: bool
    connect_seconds: int | None = None

    def connect(self, shell: Shell) -> tuple[Target, Account]:
        """Return the stack that is meant and the account that it is in; nothing is called yet.

        What of the project is not about the sandbox is told.

        Raises:
            InvalidApp: the configuration cannot be read.
            ToolError: the sandbox is meant and does not run.
        """
        from chalice.aws.account import connect  # noqa: PLC0415 - `--help` does without these
        from chalice.cli.loading import watched  # noqa: PLC0415
        from chalice.deploy.target import target_of  # noqa: PLC0415

        endpoint = endpoint_of_sandbox(shell) if self.sandbox else None
        # Where the configuration lacks its name, the application is imported for it. What it prints
        # is talk: stdout is for the answer.
        with watched(shell.console, shell.project_dir), redirect_stdout(shell.console.err):
            target = target_of(
                shell.project_dir,
                self.stage,
                shell.environ,
                profile=self.profile,
                region=self.region,
                sandbox=endpoint,
            )
        self._passing_over(shell, target)
        access = target.access
        if self.connect_seconds is not None:
            access = replace(access, connect_seconds=self.connect_seconds)
        return target, connect(access, {} if self.sandbox else shell.environ)

    def deployed(self, shell: Shell) -> tuple[Account, Stack]:
        """Return the account and the stack of what is deployed.

        Raises:
            InvalidApp: the configuration cannot be read.
            ToolError: nothing is deployed, it is another application's, or the sandbox is meant
                and does not run.
        """
        target, account = self.connect(shell)
        _, stack = target.standing(account, adopting=True)
        if stack is None or stack.is_new:
            raise ToolError(
                f"Nothing is deployed for the stage `{target.stage}`: there is no stack"
                f" `{target.stack_name}` in {account.region}. `chalice deploy` makes it"
                f"{self.earlier(shell)}"
            )
        return account, stack

    def _passing_over(self, shell: Shell, target: Target) -> None:
        """Say what of the project is not about the sandbox, which is an account of its own."""
        from chalice.deploy import earlier  # noqa: PLC0415 - as above

        if not self.sandbox:
            return
        if target.passed_over:
            shell.console.say(
                f"`deploy.artifact_bucket`, `{visible(target.passed_over)}`, is in another account"
                " than the sandbox, so it is passed over here"
            )
        if note := earlier.not_here(shell.project_dir, self.stage):
            shell.console.say(note)

    def earlier(self, shell: Shell) -> str:
        """Return what is said of a deployment by AWS Chalice, after a sentence; often nothing."""
        from chalice.deploy import earlier  # noqa: PLC0415 - as above

        noted = "" if self.sandbox else earlier.noted(shell.project_dir, self.stage)
        return f". {noted}" if noted else ""


def endpoint_of_sandbox(shell: Shell) -> str:
    """Return where the sandbox answers that runs; raise `ToolError` where none does."""
    from chalice import sandbox  # noqa: PLC0415 - most commands do without it
    from chalice.sandbox.installing import default_folder  # noqa: PLC0415 - the same

    found = sandbox.find(default_folder(shell.environ))
    if found is None:
        raise ToolError("No sandbox runs; start one: `chalice sandbox start`")
    if not found.alive:
        from chalice.cli.sandbox import killed  # noqa: PLC0415 - seldom

        raise ToolError(killed(found))
    return found.endpoint_url


def cloud_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give *command* the options of all that call AWS, and their values as its argument `cloud`."""

    @stage_option
    @click.option(
        "--profile", metavar="NAME", help="The profile of the AWS configuration to call AWS with."
    )
    @click.option("--region", metavar="NAME", help="The region of AWS.")
    @click.option(
        "--sandbox",
        is_flag=True,
        default=False,
        help="Call the AWS on this machine that `chalice sandbox start` starts.",
    )
    @functools.wraps(command)
    def with_cloud(
        *args: Any,
        stage: str,
        profile: str | None,
        region: str | None,
        sandbox: bool,
        **kwargs: Any,
    ) -> Any:
        return command(*args, cloud=Cloud(stage, profile, region, sandbox), **kwargs)

    return with_cloud


yes_option = click.option(
    "--yes", "-y", is_flag=True, default=False, help="Agree to what would be asked."
)


class Talk:
    """Tells a person how an operation goes on, and asks where somebody has to agree.

    Args:
        console: where.
        yes: whether somebody has agreed already.
        quiet: whether plans are shown only where somebody has to agree.
    """

    def __init__(self, console: Console, *, yes: bool, quiet: bool = False) -> None:
        self._console = console
        self._yes = yes
        self._quiet = quiet

    def say(self, text: str) -> None:
        """Tell of a step."""
        self._console.say(visible(text))

    def event(self, event: Event) -> None:
        """Tell of a resource: what is done with it passes, what was done stays."""
        from chalice.deploy import words  # noqa: PLC0415 - `--help` does without it

        if event.type == "AWS::CloudFormation::Stack":
            return
        verb, _, state = event.status.partition("_")
        named = f"{words.kind(event.type)} `{visible(event.logical_id)}`"
        if state == "COMPLETE" and verb in _DONE:
            self.say(f"{_DONE[verb]} {named}")
        elif state == "FAILED":
            self.say(f"Failed: {named}")
        elif verb in _DOING:
            self._console.passing(f"{_DOING[verb]} {named}")

    def agree(self, plan: Plan) -> None:
        """Show the plan, and ask where users depend on what goes, or others made what is there.

        Raises:
            ToolError: nobody agrees.
        """
        self._console.problems(plan.warnings)
        if not self._quiet or plan.asks:
            self._console.plan(plan, as_data=False)
        if plan.asks and not self._yes:
            self._ask(plan)

    def _ask(self, plan: Plan) -> None:
        what = ". ".join(_doubts(plan))
        if not (sys.stdin.isatty() and self._console.err.isatty()):
            raise ToolError(f"{what}. Nothing was changed; `--yes` agrees")
        if not click.confirm(f"{what}. Go on?", err=True):
            raise ToolError("Nothing was changed")

    @contextmanager
    def telling(self) -> Generator[None]:
        """Say what goes on in the cloud where the block is interrupted, and how to come back."""
        try:
            yield
        except (KeyboardInterrupt, SystemExit) as end:
            for note in getattr(end, "__notes__", ()):
                self.say(note)
            raise


def _doubts(plan: Plan) -> Iterator[str]:
    """Yield what somebody should think of before agreeing to *plan*."""
    if plan.adopts:
        yield f"The stack `{plan.stack}`, made by something else, would be this application's"
    if plan.questions:
        named = [name for item in plan.questions for name in _named(item)]
        listed = ", ".join(named[:_MOST_LISTED])
        more = len(named) - _MOST_LISTED
        listed += f", and {more} more" if more > 0 else ""
        yield f"Users may depend on what would be deleted or replaced: {listed}"
    if plan.files:
        from chalice.cli.plan_view import files_of  # noqa: PLC0415 - `--help` does without it

        yield f"Would be deleted for good: {files_of(plan)}"


def _named(item: Item) -> list[str]:
    if item.gone:
        return [f"route `{route}`" for route in item.gone]
    return [f"{item.kind} `{visible(item.logical_id)}`"]
