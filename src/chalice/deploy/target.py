"""Which stack a command is about: of which application and stage, and by whom it is reached."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice.aws.session import Access
from chalice.config.deploy_settings import deploy_of
from chalice.diagnostics import ToolError, visible
from chalice.project import name_of, valid_configuration

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from chalice.aws.account import Account, Caller
    from chalice.aws.cloudformation import Stack
    from chalice.config import Config

# Source: CloudFormation API reference, CreateChangeSet, "StackName": letters, digits and hyphens,
# a letter first, at most 128.
_NOT_IN_STACK_NAMES = re.compile(r"[^A-Za-z0-9-]")
_MAX_STACK_NAME = 128

#: The tag by which a stack says whose it is.
TAG = "chalice:application"


@dataclass(frozen=True, slots=True)
class Target:
    """One stage of one application, in one account and region.

    Attributes:
        app_name: the application's name.
        stage: the stage of Chalice.
        stack_name: the name of its stack.
        bucket: the bucket for artifacts that the configuration names; None for that of Chalice.
        account_id: the account that the configuration says it is in; None where it does not.
        access: how AWS is reached.
        sandbox: whether it is an AWS on this machine that is reached.
        passed_over: the bucket that the configuration names, where it is that of another account.
    """

    app_name: str
    stage: str
    stack_name: str
    bucket: str | None
    account_id: str | None
    access: Access
    sandbox: bool = False
    passed_over: str = ""

    @property
    def tags(self) -> dict[str, str]:
        """The tags of the stack, which all of its resources get."""
        return {TAG: f"{self.app_name}/{self.stage}"}

    def standing(self, account: Account, *, adopting: bool = False) -> tuple[Caller, Stack | None]:
        """Return who calls, and the stack in whatever state it is.

        Args:
            account: AWS.
            adopting: take a stack of nobody's, too: one that AWS Chalice's template made.

        Raises:
            NoAccess: AWS cannot be called.
            ToolError: it is not the application's, or is in another account.
        """
        caller = account.caller()
        self.accept(caller)
        stack = account.stacks.stack(self.stack_name)
        if stack is None or stack.tags.get(TAG) == self.tags[TAG]:
            return caller, stack
        own = self.tags[TAG]
        if not is_nobodys(stack):
            raise ToolError(
                f"The stack `{self.stack_name}` belongs to another application,"
                f" `{visible(stack.tags[TAG])}`, and this is `{own}`. Name another one as"
                " `deploy.stack_name` in `.chalice/config.json`"
            )
        if not (adopting or stack.is_new):
            raise ToolError(
                f"The stack `{self.stack_name}` was not made by this version of Chalice: it has no"
                f" tag `{TAG}`. Nothing was changed. If it is to be that of `{own}`, `chalice"
                " deploy` makes it so; else name another one as `deploy.stack_name` in"
                " `.chalice/config.json`"
            )
        return caller, stack

    def accept(self, caller: Caller) -> None:
        """Do nothing where *caller* is in the account that the configuration names.

        Raises:
            ToolError: it is in another one.
        """
        if self.account_id not in {None, caller.account} and not self.sandbox:
            raise ToolError(
                f"The stage `{self.stage}` is in account {self.account_id}, as"
                f" `.chalice/config.json` says, and the credentials in use are of account"
                f" {caller.account} (`{caller.arn}`). Use others: `--profile NAME`"
            )


def is_nobodys(stack: Stack) -> bool:
    """Return whether a stack does not say whose it is: Chalice has not made it."""
    return TAG not in stack.tags


def adopts(stack: Stack | None) -> bool:
    """Return whether a deploy makes a stack the application's that something else has made."""
    return stack is not None and not stack.is_new and is_nobodys(stack)


def target_of(
    directory: Path,
    stage: str,
    environ: Mapping[str, str],
    *,
    profile: str | None = None,
    region: str | None = None,
    sandbox: str | None = None,
) -> Target:
    """Return what a command on the project in *directory* is about.

    The application is loaded only where the configuration does not name it.

    Args:
        directory: the project.
        stage: the stage; one that the configuration does not know (any more) has its defaults.
        environ: the user's variables.
        profile: the profile, where the command names one.
        region: the region, where the command names one.
        sandbox: the URL of an AWS on this machine that is meant instead of any account.

    Raises:
        InvalidApp: the configuration cannot be read, or the application not be loaded.
    """
    read = valid_configuration(directory, stage)
    config = read.of_stage
    configured = deploy_of(config)
    name = name_of(directory, read, environ)
    return Target(
        app_name=name,
        stage=stage,
        stack_name=configured.stack_name or stack_name(name, stage),
        bucket=configured.artifact_bucket if sandbox is None else None,
        account_id=config.value("account_id"),
        access=_access(config, profile, region, sandbox),
        sandbox=sandbox is not None,
        passed_over=configured.artifact_bucket or "" if sandbox is not None else "",
    )


def _access(config: Config, profile: str | None, region: str | None, sandbox: str | None) -> Access:
    chosen: str | None = region or config.value("region")
    if sandbox is not None:
        return Access.to_sandbox(sandbox, chosen)
    return Access(profile=profile or config.profile, region=chosen)


def stack_name(app_name: str, stage: str) -> str:
    """Return the name of the stack of a stage.

    >>> stack_name("my_shop", "dev")
    'my-shop-dev'
    """
    name = _NOT_IN_STACK_NAMES.sub("-", f"{app_name}-{stage}")
    return (name if name[0].isalpha() else f"chalice-{name}")[:_MAX_STACK_NAME]
