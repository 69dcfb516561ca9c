"""What a command on a stack is about: the account, the target, who is told, and what is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from chalice.deploy import artifacts
from chalice.deploy.states import Way, way_of
from chalice.deploy.waiting import Clock

if TYPE_CHECKING:
    from chalice.aws.account import Account, Caller
    from chalice.aws.cloudformation import Event, Stack
    from chalice.deploy.artifacts import Bucket
    from chalice.deploy.plan import Plan
    from chalice.deploy.target import Target


class Watching(Protocol):
    """Who is told how a deploy goes on."""

    def say(self, text: str) -> None:
        """Tell of a step that deserves a sentence."""
        ...

    def event(self, event: Event) -> None:
        """Tell of something that happened to a resource."""
        ...

    def agree(self, plan: Plan) -> None:
        """Show what will be done, and return if somebody agrees.

        Raises:
            ToolError: nobody does.
        """
        ...


@dataclass(frozen=True, slots=True)
class Look:
    """What is there before anything is done."""

    caller: Caller
    stack: Stack | None
    way: Way

    @property
    def is_deployed(self) -> bool:
        """Whether there is more of the stack than a name, or what is left of a failed creation."""
        gone = self.way in {Way.REMOVE_FIRST, Way.WAIT_FIRST}
        return self.stack is not None and not (self.stack.is_new or gone)


@dataclass(frozen=True, slots=True)
class Deployed:
    """What came of a deploy.

    Attributes:
        stack: the stack as it is now.
        plan: what was done; empty where nothing had to be.
    """

    stack: Stack
    plan: Plan


@dataclass(frozen=True, slots=True)
class Deployment:
    """One target in one account, and who watches what is done to it.

    Attributes:
        account: AWS.
        target: the stack that it is about.
        watching: is told how it goes on.
        clock: time.
    """

    account: Account
    target: Target
    watching: Watching
    clock: Clock = field(default_factory=Clock)

    def look(self) -> Look:
        """Return what is there; asked before a build, for the build may take longer.

        Raises:
            NoAccess: AWS cannot be called.
            Stuck: the stack has to be helped out of its state first.
            ToolError: it belongs to another application, or is in another account.
        """
        caller, stack = self.standing(adopting=True)
        return Look(caller, stack, way_of(stack))

    def standing(self, *, adopting: bool = False) -> tuple[Caller, Stack | None]:
        """Return who calls, and the stack in whatever state it is.

        Args:
            adopting: take a stack of nobody's, too: one that AWS Chalice's template made.

        Raises:
            NoAccess: AWS cannot be called.
            ToolError: it is not the application's, or is in another account.
        """
        return self.target.standing(self.account, adopting=adopting)

    def bucket(self, caller: Caller) -> Bucket:
        """Return the bucket of artifacts, made where it is missing."""
        found = artifacts.find(self.account, self.target, caller)
        return found or artifacts.make(self.account, caller, self.watching.say, self.clock)
