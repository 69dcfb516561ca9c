"""Asks an account what is there; what it does not say is noted and stops nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple

from chalice.aws.errors import AwsError, Denied, Unreachable
from chalice.diagnostics import Problem, visible

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from chalice.aws.account import Account, Caller

Found = TypeVar("Found")
Given = TypeVarTuple("Given")


@dataclass(frozen=True, slots=True)
class Unseen:
    """Something that AWS did not tell of.

    Attributes:
        what: what was asked for, in words.
        why: why there was no answer.
        said: what AWS said, word for word.
    """

    what: str
    why: str
    said: str = ""

    def problem(self, where: str) -> Problem:
        """Return what is said of it: nothing is known to be wrong."""
        return Problem(
            "not-looked-up",
            f"{self.what} could not be looked up: {self.why}",
            where,
            "if it is not as it has to be, AWS says so during the deploy, and undoes it",
            "warning",
        )


@dataclass(frozen=True, slots=True)
class Looking:
    """One account, asked for each thing once.

    Attributes:
        account: AWS.
        caller: who asks.
        today: the day.
    """

    account: Account
    caller: Caller
    today: date
    _known: dict[Any, Any] = field(default_factory=dict[Any, Any])

    def ask(self, what: str, call: Callable[[*Given], Found], *given: *Given) -> Found | Unseen:
        """Return the answer of *call*, or why there is none.

        Args:
            what: what it is about, in words.
            call: a method of a service.
            given: its arguments; the same call with the same ones is made once.

        Raises:
            NoAccess: there is nobody to ask as.
        """
        key = (call, given)
        if key not in self._known:
            try:
                self._known[key] = call(*given)
            except Denied as error:
                self._known[key] = Unseen(
                    what, f"the credentials in use may not `{error.action}`", error.reason
                )
            except (AwsError, Unreachable) as error:
                self._known[key] = Unseen(what, visible(str(error)))
        found: Found | Unseen = self._known[key]
        return found
