"""Runs cases: an AWS, a proxy before it, machines, and an account of its own for each case."""

from __future__ import annotations

import itertools
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests import faulty
from tests.chaos import cases
from tests.chaos.cases import Case, Scenario, named, numbered
from tests.chaos.machines import Ended, Launcher, Machine, Step
from tests.chaos.pictures import Observer, Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# Ids of accounts are those from here on; MiniStack's own account is that of zeros.
FIRST_ACCOUNT = 100_000_000_001
_KILLED = -9
# How often a case is run whose call was not made: how often is polled depends on the machine.
_MOST_TRIES = 3
_POLLS = 3
# What is in a picture because of the order in which two have come.
_OF_ORDER = ("releases", "objects", "stacks")


@dataclass(frozen=True)
class Reference:
    """A scenario in which nothing goes wrong: its calls, and what is there then."""

    calls: tuple[str, ...]
    picture: Picture


@dataclass(frozen=True)
class Outcome:
    """What came of a case; *problems* is empty where it converged."""

    case: str
    problems: tuple[str, ...]
    seconds: float
    reached: bool = True


class Room:
    """Where cases are run, one at a time.

    Args:
        url: an AWS on loopback.
        folder: an empty folder.
        proxy: a proxy before that AWS.
        launchers: that of this machine, and that of who is at it, too.
        accounts: gives account ids that nobody has used.
    """

    def __init__(
        self,
        url: str,
        folder: Path,
        proxy: faulty.Proxy,
        launchers: tuple[Launcher, Launcher],
        accounts: Iterator[str],
    ) -> None:
        self._url = url
        self._proxy = proxy
        self._launcher, self._others = launchers
        self._accounts = accounts
        self._machines = {
            name: Machine(folder / name.replace(" ", "-")) for name in (cases.SAME, "others")
        }
        self._machines[cases.ELSEWHERE] = Machine(folder / "another machine")
        self._observer = Observer(url)

    def reset(self) -> None:
        """Have the AWS forget everything."""
        place = urlsplit(self._url)
        connection = HTTPConnection(place.hostname or "", place.port, timeout=60)
        connection.request("POST", "/_ministack/reset")
        connection.getresponse().read()
        connection.close()

    # --- one scenario ----------------------------------------------------------------------------

    def reference(self, scenario: Scenario) -> Reference:
        """Run *scenario* with nothing that goes wrong, twice: calls that both make are its calls.

        The account is looked at between, so that what is there belongs to one run.
        """
        first, second = self._faultless(scenario), self._faultless(scenario)
        assert first.picture == second.picture, (first.picture, second.picture)
        calls = (call for call in first.calls if call in second.calls)
        return Reference(tuple(call for call in calls if not _seldom(call)), first.picture)

    def _faultless(self, scenario: Scenario) -> Reference:
        account = self._prepared(scenario)
        self._proxy.calls.clear()
        ended = self._run(scenario.step, account, proxied=True)
        assert ended.code == 0, ended.output
        return Reference(tuple(numbered(self._proxy.calls)), self._observer.picture(account))

    def _prepared(self, scenario: Scenario) -> str:
        """Return an account in which all has happened that comes before *scenario*."""
        account = next(self._accounts)
        if scenario.bucket:
            self._observer.make_bucket(account)
        for step in scenario.before:
            ended = self._run(step, account)
            assert ended.code == 0, ended.output
        return account

    def _run(
        self, step: Step, account: str, machine: str = cases.SAME, *, proxied: bool = False
    ) -> Ended:
        url = self._proxy.url if proxied else self._url
        return self._launcher.run(self._machines[machine], step, url, account)

    # --- one case --------------------------------------------------------------------------------

    def outcome(self, case: Case, references: dict[str, Reference]) -> Outcome:
        """Run *case* and return what came of it."""
        began = time.monotonic()
        for _ in range(_MOST_TRIES):
            account = self._prepared(case.scenario)
            if case.other is not None:
                problems, reached = self._contended(case, account)
            else:
                problems, reached = self._botched(case, account)
            problems += self._converged(case, account, references[case.scenario.name].picture)
            if problems or reached:
                break
        return Outcome(case.id, tuple(problems), round(time.monotonic() - began, 2), reached)

    def _botched(self, case: Case, account: str) -> tuple[list[str], bool]:
        fault = _Fault(case, self._launcher)
        with self._meddling(fault):
            ended = self._run(case.scenario.step, account, proxied=True)
        return list(_wrong(case, ended, reached=fault.reached)), fault.reached

    def _contended(self, case: Case, account: str) -> tuple[list[str], bool]:
        """Run the scenario while somebody else is at it."""
        assert case.other is not None
        found: list[Ended] = []
        held, released = threading.Event(), threading.Event()
        together = case.fault == cases.TOGETHER
        wait = int(case.call.split()[0]) / 1000 if together else 0.0

        def other() -> None:
            if together:
                time.sleep(wait)
            else:
                held.wait(90)
            machine = self._machines["others"]
            found.append(self._others.run(machine, case.other, self._url, account))
            released.set()

        def hold() -> None:
            held.set()
            released.wait(120)

        fault = _Fault(case, self._launcher, hold)
        thread = threading.Thread(target=other)
        thread.start()
        with self._meddling(fault):
            found.append(self._run(case.scenario.step, account, proxied=True))
        reached = together or held.is_set()
        held.set()
        thread.join()
        problems = [
            f"a run among others ended with {ended.code}: {_tail(ended)}"
            for ended in found
            if ended.code not in {0, 1} or "Traceback" in ended.output
        ]
        return problems, reached

    def _converged(self, case: Case, account: str, wanted: Picture) -> Iterator[str]:
        """Yield what a plain re-run leaves that is not as it has to be."""
        if case.scenario is cases.ROLLBACK and self._observer.picture(account) == wanted:
            # It was done: to run it again is another rollback, which goes forward.
            return
        machine = cases.SAME if case.rerun == cases.WIPED else case.rerun
        if case.rerun == cases.WIPED:
            self._machines[machine].wipe()
        again = self._run(case.scenario.step, account, machine)
        if again.code != 0 or "Traceback" in again.output:
            yield f"the re-run ended with {again.code}: {_tail(again)}"
            return
        there = self._observer.picture(account)
        if case.other is not None:
            yield from _orderless(there, wanted)
        for name, value in wanted.items():
            if case.other is not None and name in _OF_ORDER:
                continue
            if there[name] != value:
                yield f"{name}: {there[name]!r} instead of {value!r}"

    @contextmanager
    def _meddling(self, fault: Callable[[int, str], object]) -> Iterator[None]:
        self._proxy.calls.clear()
        self._proxy.fault = fault
        try:
            yield
        finally:
            self._proxy.fault = lambda _number, _name: None


def _seldom(call: str) -> bool:
    """Return whether a call is a poll that faster machines may not make."""
    name, _, number = call.partition(" #")
    return name in faulty.POLLS and int(number) > _POLLS


class _Fault:
    """What a case does to the calls of its scenario."""

    def __init__(
        self, case: Case, launcher: Launcher, hold: Callable[[], None] = lambda: None
    ) -> None:
        self._case = case
        self._launcher = launcher
        self._hold = hold
        self._passed: list[str] = []
        self.reached = False

    def __call__(self, number: int, operation: str):
        self._passed.append(operation)
        case, fault = self._case, self._case.fault
        if case.fault == cases.TOGETHER:
            return None
        if case.call.startswith(cases.EVERY_THIRD):
            here = number % 3 == int(case.call.split()[3]) % 3
        else:
            name = named(operation)
            here = case.call == f"{name} #{sum(named(item) == name for item in self._passed)}"
            here = here or (self.reached and fault == cases.DENIED_ON)
        if not here:
            return None
        self.reached = True
        return self._what(operation)

    def _what(self, operation: str):
        fault = self._case.fault
        if fault in cases.LOSSES:
            return cases.LOSSES[fault]
        if fault in cases.KILLS:
            return self._killed(cases.KILLS[fault])
        if fault in cases.HOLDS:
            return self._held(after=cases.HOLDS[fault])
        code = cases.THROTTLES.get(fault, ("AccessDenied", 403))
        return cases.refusal(operation, *code)

    def _killed(self, when: str):
        if when == "before":
            self._launcher.kill()
            return faulty.LOST_REQUEST
        return faulty.Then(self._launcher.kill, answered=when == "after")

    def _held(self, *, after: bool):
        if after:
            return faulty.Late(self._hold)
        self._hold()
        return None


def _wrong(case: Case, ended: Ended, *, reached: bool) -> Iterator[str]:
    """Yield what is wrong with how the command ended that something went wrong for."""
    if "Traceback" in ended.output:
        yield f"the first run ended in a traceback: {_tail(ended)}"
    if not reached:
        return
    if case.fault in cases.KILLS:
        # After its last answer it may be done before it is killed.
        fine = {_KILLED, 0} if cases.KILLS[case.fault] == "after" else {_KILLED}
    elif case.fault in {cases.DENIED_ONCE, cases.DENIED_ON}:
        fine = {0, 1}
    else:
        fine = {0}
    if ended.code not in fine:
        yield f"the first run ended with {ended.code}: {_tail(ended)}"
    if ended.code == 1 and "Access denied" not in ended.output:
        yield f"the first run does not say that access was denied: {_tail(ended)}"


def _tail(ended: Ended) -> str:
    return " | ".join(ended.output.strip().splitlines()[-6:])[-700:]


def _orderless(there: Picture, wanted: Picture) -> Iterator[str]:
    """Yield what does not hold, in whatever order two have come."""
    states = {name: state.partition("_")[2] for name, state in there["stacks"].items()}
    if states != {name: state.partition("_")[2] for name, state in wanted["stacks"].items()}:
        yield f"stacks: {there['stacks']!r} instead of {wanted['stacks']!r}"
    files = [files for _, files in there["releases"]]
    if files[-1:] != [item for _, item in wanted["releases"][-1:]]:
        yield f"the last release is {files[-1:]!r}"
    if any(one == two for one, two in itertools.pairwise(files)):
        yield f"one release follows itself: {there['releases']!r}"
    if lost := {key for item in files for key in item} - set(there["objects"]):
        yield f"files of releases are lost: {lost!r}"


@contextmanager
def room(url: str, folder: Path, accounts: Iterator[str], *, fresh: bool = False) -> Iterator[Room]:
    """Give a room in *folder* with the AWS at *url*."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        proxy = stack.enter_context(faulty.proxy(url))
        found: list[Launcher] = []
        for name in ("own", "others'"):
            (folder / name).mkdir()
            found.append(Launcher(folder / name, fresh=fresh))
            stack.callback(found[-1].close)
        yield Room(url, folder, proxy, (found[0], found[1]), accounts)
