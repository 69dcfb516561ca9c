"""Do to deploys all that can go wrong, and write the page: `python -m tests.chaos [OPTIONS]`.

A run that is interrupted goes on where it was; `--again` begins anew. With words only the cases
whose names have all of them are run, and the page is left alone.
"""

from __future__ import annotations

import argparse
import itertools
import os
import queue
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tests import sandboxes
from tests.chaos import report
from tests.chaos.cases import SCENARIOS, enumerate_cases
from tests.chaos.room import FIRST_ACCOUNT, Outcome, room

from chalice import sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.chaos.cases import Case
    from tests.chaos.room import Reference, Room

RESULTS = report.ROOT / "build" / "chaos" / "results.jsonl"
# An AWS on loopback gets slower by what is in it.
_CASES_BETWEEN_RESETS = 60
_EVERY = 20


def main(arguments: Sequence[str]) -> int:
    """Run what is asked for; 1 where something does not converge."""
    options = _options(arguments)
    if options.again:
        RESULTS.unlink(missing_ok=True)
    results = report.Results(RESULTS)
    with tempfile.TemporaryDirectory() as name:
        run = _Run(Path(name), results, fresh=options.fresh)
        every = run.enumerated()
        chosen = [case for case in every if all(word in case.id for word in options.words)]
        if options.list:
            _say(*(case.id for case in chosen))
            return 0
        left = [case for case in chosen if case.id not in results.outcomes]
        left.sort(key=lambda case: list(report.KINDS).index(report.kind_of(case)))
        _say(f"{len(every)} cases, {len(chosen)} chosen, {len(left)} left")
        if not options.page:
            run.all(left, options.workers)
        found = [results.outcomes[case.id] for case in chosen if case.id in results.outcomes]
        wrong = [item for item in found if item.problems]
        if not options.words:
            _write(every, run, results)
        _say(f"{len(found) - len(wrong)} of {len(found)} converged")
    return 1 if wrong or len(found) < len(chosen) else 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("words", nargs="*", help="words that the names of cases have")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--again", action="store_true", help="forget what was run before")
    parser.add_argument("--list", action="store_true", help="show the cases and run none")
    parser.add_argument("--page", action="store_true", help="write the page and run none")
    parser.add_argument("--fresh", action="store_true", help="an interpreter for each command")
    return parser.parse_args(arguments)


def _write(every: Sequence[Case], run: _Run, results: report.Results) -> None:
    calls = {name: item.calls for name, item in run.references.items()}
    made = report.page(every, calls, results.outcomes, datetime.now(UTC).date())
    text = report.PAGE.read_text(encoding="utf-8")
    report.PAGE.write_text(report.with_report(text, made), encoding="utf-8")


class _Run:
    """Workers that take cases from a queue, each with an AWS of its own."""

    def __init__(self, folder: Path, results: report.Results, *, fresh: bool) -> None:
        self._folder = folder
        self._results = results
        self._fresh = fresh
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self.references: dict[str, Reference] = {}

    def enumerated(self) -> list[Case]:
        """Return all cases; the calls are those that are made today."""
        with self._room("reference") as here:
            self.references = {item.name: here.reference(item) for item in SCENARIOS}
        return list(enumerate_cases({name: item.calls for name, item in self.references.items()}))

    def all(self, left: Sequence[Case], workers: int) -> None:
        """Run *left*, and print what does not converge."""
        waiting: queue.SimpleQueue[Case] = queue.SimpleQueue()
        for case in left:
            waiting.put(case)
        self._left = len(left)
        threads = [
            threading.Thread(target=self._work, args=(f"worker-{number}", waiting), daemon=True)
            for number in range(max(1, min(workers, len(left))))
        ]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                thread.join()
        except KeyboardInterrupt:
            while not waiting.empty():
                waiting.get()
            for thread in threads:
                thread.join()
            raise

    def _work(self, name: str, waiting: queue.SimpleQueue[Case]) -> None:
        with self._room(name) as here:
            for number in itertools.count(1):
                try:
                    case = waiting.get_nowait()
                except queue.Empty:
                    return
                self._done(here.outcome(case, self.references))
                if number % _CASES_BETWEEN_RESETS == 0:
                    here.reset()

    def _done(self, outcome: Outcome) -> None:
        with self._lock:
            self._results.add(outcome)
            self._left -= 1
            if outcome.problems or not outcome.reached:
                what = "FAILED" if outcome.problems else "NOT REACHED"
                _say(f"{what} {outcome.case}", *(f"    {item}" for item in outcome.problems))
            if self._left % _EVERY == 0:
                minutes = (time.monotonic() - self._began) / 60
                _say(f"{self._left} left after {minutes:.1f} minutes")

    @contextmanager
    def _room(self, name: str) -> Iterator[Room]:
        """Give a room with an AWS of its own."""
        folder = self._folder / name
        folder.mkdir()
        started = sandboxes.started(folder / "sandbox")
        try:
            accounts = map(str, itertools.count(FIRST_ACCOUNT))
            with room(started.endpoint_url, folder / "room", accounts, fresh=self._fresh) as here:
                yield here
        finally:
            sandbox.stop(folder / "sandbox")


def _say(*lines: str) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
