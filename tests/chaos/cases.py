"""What is done to deploys: in every scenario, with every call, all that can go wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from tests import faulty
from tests.chaos.machines import STACK, Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(frozen=True)
class Scenario:
    """A command on an account in which others were run before.

    Attributes:
        name: of the scenario, as the page has it.
        step: the command.
        before: those before it.
        bucket: whether the bucket of artifacts is there.
    """

    name: str
    step: Step
    before: tuple[Step, ...] = ()
    bucket: bool = True


_FIRST, _CODE = Step("deploy"), Step("deploy", "code")
_DEFINITION = Step("deploy", "definition")

FIRST = Scenario("First deploy", _FIRST)
WITH_BUCKET = Scenario("First deploy, bucket made too", _FIRST, bucket=False)
CODE = Scenario("Update of code", _CODE, (_FIRST,))
DEFINITION = Scenario("Update of the definition", _DEFINITION, (_FIRST,))
DELETE = Scenario("Delete", Step("delete"), (_FIRST,))
ROLLBACK = Scenario("Rollback", Step("rollback"), (_FIRST, _DEFINITION))
SCENARIOS = (FIRST, WITH_BUCKET, CODE, DEFINITION, DELETE, ROLLBACK)

# Who else is at it while a scenario runs.
PAIRS = (
    (FIRST, _FIRST),
    (WITH_BUCKET, _FIRST),
    (CODE, _CODE),
    (CODE, _DEFINITION),
    (CODE, Step("delete")),
    (DELETE, _CODE),
    (DELETE, Step("delete")),
)

# --- what goes wrong -----------------------------------------------------------------------------

KILLS = {
    "killed before the call": "before",
    "killed during the call": "during",
    "killed after the call": "after",
}
# Botched in passing: the command goes on by itself.
LOSSES = {
    "request lost": faulty.LOST_REQUEST,
    "answer lost": faulty.LOST_ANSWER,
    "answer cut off": faulty.HALF_ANSWER,
}
THROTTLES = {
    "429": ("TooManyRequestsException", 429),
    "400 Throttling": ("Throttling", 400),
    "503": ("ServiceUnavailable", 503),
}
DENIED_ONCE, DENIED_ON = "access denied once", "access denied from then on"
HOLDS = {"held before the call": False, "held after the call": True}
TOGETHER = "started together"
EVERY_THIRD = "every third"

SAME, WIPED, ELSEWHERE = "same folder", "folder wiped", "another machine"
PLACES = (SAME, WIPED, ELSEWHERE)
STAGGERS = (0, 50, 100, 200, 400)


@dataclass(frozen=True)
class Case:
    """One thing that goes wrong at one call of one scenario.

    Attributes:
        scenario: what is run.
        fault: what goes wrong.
        call: with which call, and which of its name; or when.
        rerun: where the command is run again.
        other: what somebody else runs meanwhile.
    """

    scenario: Scenario
    fault: str
    call: str
    rerun: str = SAME
    other: Step | None = None

    @property
    def id(self) -> str:
        meanwhile = f"{self.other.command} of {self.other.version}" if self.other else ""
        parts = (self.scenario.name, meanwhile, self.fault, self.call, self.rerun)
        return " / ".join(filter(None, parts))


def enumerate_cases(calls: Mapping[str, Sequence[str]]) -> Iterator[Case]:
    """Yield all cases; *calls* are those of each scenario where nothing goes wrong."""
    for scenario in SCENARIOS:
        for number, call in enumerate(calls[scenario.name]):
            yield from _alone(scenario, call, number)
        for fault, first in product(("answer lost", *THROTTLES), (1, 2, 3)):
            yield Case(scenario, fault, f"{EVERY_THIRD} from {first} on")
    for scenario, other in PAIRS:
        for call, fault in product(calls[scenario.name], HOLDS):
            yield Case(scenario, fault, call, other=other)
        for stagger in STAGGERS:
            yield Case(scenario, TOGETHER, f"{stagger} ms apart", other=other)


def _alone(scenario: Scenario, call: str, number: int) -> Iterator[Case]:
    """Yield what can go wrong with one call while nobody else is at it.

    Each call is killed three times, and run again in each of the three places; which goes with
    which changes from call to call.
    """
    for turn, fault in enumerate(KILLS):
        yield Case(scenario, fault, call, PLACES[(number + turn) % len(PLACES)])
    for fault in (*LOSSES, *THROTTLES, DENIED_ONCE, DENIED_ON):
        yield Case(scenario, fault, call)


# --- calls ---------------------------------------------------------------------------------------

# Keys and ids in the paths of calls.
_KEY = re.compile(rf"^(\w+) /[^/]+/{STACK}/(?:(\w+)/)?(.*)$")
_BUCKET = re.compile(r"^(\w+) /[^/]+/?$")


def named(operation: str) -> str:
    """Return the name of a call without what AWS and hashes have made up."""
    if found := _KEY.match(operation):
        method, folder, file = found.groups()
        return f"{method} {folder or file}"
    if found := _BUCKET.match(operation):
        return f"{found[1]} of the bucket"
    return operation


def numbered(operations: Sequence[str]) -> list[str]:
    """Return the names of calls, with which of its name each is."""
    found: list[str] = []
    for name in map(named, operations):
        number = sum(item.partition(" #")[0] == name for item in found) + 1
        found.append(f"{name} #{number}")
    return found


def refusal(operation: str, code: str, status: int) -> faulty.Answer:
    """Return how the service of an operation refuses it."""
    if operation.startswith("HEAD"):
        # There is no body that could hold a code: S3 refuses such a call by the status alone.
        return faulty.Answer(503 if status == 400 else status)
    if " " in operation:
        text = f"<Error><Code>{code}</Code><Message>Refused</Message></Error>"
        return faulty.Answer(status, text, "application/xml")
    return faulty.error(code, "Refused", status)
