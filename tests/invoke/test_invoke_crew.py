"""Threads that do jobs: one while jobs are quick, more when they are not."""

import threading
import time
from queue import SimpleQueue

from chalice.invoke.crew import Crew


class Board:
    """Jobs, and what became of them."""

    def __init__(self, do, **options):
        self.jobs = SimpleQueue()
        self.done = SimpleQueue()
        self._do = do
        self.crew = Crew(self._take, self._carry_out, **options)
        self.crew.start()

    def _take(self):
        job = self.jobs.get()
        if job is None:
            self.jobs.put(None)
        return job

    def _carry_out(self, job):
        self.done.put((self._do(job), threading.get_ident()))

    def run(self, jobs):
        for job in jobs:
            self.jobs.put(job)
        return [self.done.get(timeout=20) for _ in jobs]

    def end(self):
        self.jobs.put(None)


def test_quick_jobs_are_done_in_order_by_one_thread():
    board = Board(lambda job: job)

    done = board.run(range(200))
    board.end()

    assert [job for job, _ in done] == list(range(200))
    assert len({thread for _, thread in done}) == 1


def test_jobs_that_take_their_time_do_not_wait_for_each_other():
    board = Board(lambda _: time.sleep(0.5))
    started = time.monotonic()

    board.run(range(40))
    seconds = time.monotonic() - started
    board.end()

    assert seconds < 2


def test_a_job_that_never_ends_does_not_hold_up_the_next():
    forever = threading.Event()
    board = Board(lambda job: forever.wait(30) if job == "stuck" else job)
    board.jobs.put("stuck")

    done = board.run(["a", "b"])
    forever.set()
    board.end()

    assert {job for job, _ in done} == {"a", "b"}


def test_a_job_after_a_long_rest_is_still_watched_over():
    forever = threading.Event()
    board = Board(lambda job: forever.wait(30) if job == "stuck" else job)
    board.run(["first"])
    time.sleep(0.6)  # the watch has gone to sleep by now
    board.jobs.put("stuck")

    done = board.run(["a"])
    forever.set()
    board.end()

    assert done[0][0] == "a"


def test_no_more_jobs_run_at_a_time_than_allowed():
    running, most = [], []

    def do(_):
        running.append(1)
        most.append(len(running))
        time.sleep(0.02)
        running.pop()

    board = Board(do, most=4)
    board.run(range(30))
    board.end()

    assert 1 < max(most) <= 4


def test_the_calling_thread_can_take_part():
    jobs, done = SimpleQueue(), []
    for job in (1, 2, None):
        jobs.put(job)

    Crew(jobs.get, lambda _: done.append(threading.get_ident())).work()

    assert done == [threading.get_ident()] * 2
