"""Threads that carry out jobs: one as long as jobs are quick, more as soon as one takes its time.

One thread at a time has the turn: it waits for the next job and does it itself. While jobs are
quick that is the cheapest way to do them in Python, with no hop between threads and nobody
waiting for the interpreter lock. A watch looks every few milliseconds whether the thread that has
the turn is still at the job it was at; then the turn goes to another thread, and for a while every
thread passes the turn on before it begins.
"""

from __future__ import annotations

import time
import traceback
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Job = TypeVar("Job")

# Most jobs at a time; further ones wait. Threads that wait for the interpreter lock cost each
# other time, so this is well below the 1,000 of an account's default concurrency.
MOST_AT_ONCE = 256

_TICK_SECONDS = 0.002
_EAGER_SECONDS = 1.0
_TICKS_UNTIL_ASLEEP = 100


def _print(error: BaseException) -> None:
    traceback.print_exception(error)


class Crew(Generic[Job]):
    """Does jobs in as many threads as it takes.

    Args:
        take: waits for the next job; None ends the thread that asks, and must be returned again
            to every later one. Called by one thread at a time.
        do: carries a job out.
        most: most threads.
        failed: is told what *do* raised, after which the next job is done, or *take*, which ends
            the thread that asked.
        clock: the time, in seconds.
        sleep: lets so many seconds pass between two looks of the watch.
    """

    def __init__(
        self,
        take: Callable[[], Job | None],
        do: Callable[[Job], None],
        *,
        most: int = MOST_AT_ONCE,
        failed: Callable[[BaseException], object] = _print,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._take = take
        self._do = do
        self._most = most
        self._failed = failed
        self._clock = clock
        self._sleep = sleep
        self._turn = Lock()
        self._state = Lock()  # guards the counts below
        self._threads = 0
        self._waiting = 0
        self._jobs = 0
        self._busy = 0  # the number of the job that the thread with the turn is doing, or 0
        self._eager_until = 0.0
        self._wake = Event()
        self._asleep = True

    def start(self) -> None:
        """Begin, in threads of the crew's own."""
        Thread(target=self._keep_watch, name="chalice-watch", daemon=True).start()
        self._hire()

    def work(self) -> None:
        """Begin with the calling thread as the first; return when there are no more jobs."""
        Thread(target=self._keep_watch, name="chalice-watch", daemon=True).start()
        self._threads = self._waiting = 1
        self._work()

    def _hire(self) -> None:
        """Add a thread, which counts as waiting for its turn from now on."""
        with self._state:
            if self._waiting or self._threads >= self._most:
                return
            self._threads += 1
            self._waiting += 1
        try:
            Thread(target=self._work, name="chalice-crew", daemon=True).start()
        except RuntimeError:  # the machine has no thread left: those that exist do the work
            with self._state:
                self._threads -= 1
                self._waiting -= 1

    def _work(self) -> None:
        while True:
            self._turn.acquire()
            with self._state:
                self._waiting -= 1
            if not self._work_while_it_is_ours():
                return
            with self._state:
                self._waiting += 1

    def _work_while_it_is_ours(self) -> bool:
        """Do jobs until the turn was passed on; False when there are no more."""
        while True:
            job = self._next()
            if job is None:
                self._turn.release()
                return False
            if self._clock() < self._eager_until:
                self._pass_the_turn_on()
                self._carry_out(job)
                return True
            with self._state:
                self._jobs += 1
                number = self._busy = self._jobs
            if self._asleep:
                self._wake.set()
            self._carry_out(job)
            with self._state:
                if self._busy != number:
                    return True
                self._busy = 0

    # Whatever is raised, the thread must not die of it with the turn in its hands.

    def _next(self) -> Job | None:
        try:
            return self._take()
        except BaseException as error:  # noqa: BLE001 - see above
            self._failed(error)
            return None

    def _carry_out(self, job: Job) -> None:
        try:
            self._do(job)
        except BaseException as error:  # noqa: BLE001 - see above
            self._failed(error)

    def _pass_the_turn_on(self) -> None:
        self._hire()
        self._turn.release()

    def _keep_watch(self) -> None:
        seen = quiet = 0
        while True:
            if quiet > _TICKS_UNTIL_ASLEEP:
                quiet = 0
                self._wake.clear()
                self._asleep = True
                if not self._busy:  # a job that began just now did not see us asleep
                    self._wake.wait()
                self._asleep = False
            self._sleep(_TICK_SECONDS)
            busy = self._busy
            quiet = 0 if busy else quiet + 1
            if busy and busy == seen:
                self._relieve(busy)
            seen = busy

    def _relieve(self, busy: int) -> None:
        """Take the turn from the thread that is still at job *busy* and pass it on."""
        with self._state:
            if self._busy != busy:
                return
            self._busy = 0
        self._eager_until = self._clock() + _EAGER_SECONDS
        self._pass_the_turn_on()
