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
        self.failures = SimpleQueue()
        self._do = do
        self.crew = Crew(self._take, self._carry_out, failed=self.failures.put, **options)
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


def never(_):
    """Let no tick of the watch pass: no job is ever seen to take its time."""
    threading.Event().wait()


def test_quick_jobs_are_done_in_order_by_one_thread():
    board = Board(lambda job: job, sleep=never)

    done = board.run(range(200))
    board.end()

    assert [job for job, _ in done] == list(range(200))
    assert len({thread for _, thread in done}) == 1


def test_jobs_that_take_their_time_do_not_wait_for_each_other():
    together = threading.Barrier(40)
    board = Board(lambda _: together.wait(20))

    done = board.run(range(40))
    board.end()

    assert sorted(order for order, _ in done) == list(range(40))


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
    ticks = threading.Semaphore(0)

    def tick(_):
        ticks.release()
        time.sleep(0)

    board = Board(lambda job: forever.wait(30) if job == "stuck" else job, sleep=tick)
    board.run(["first"])
    # The watch ticks until it has seen so much rest that it goes to sleep.
    while ticks.acquire(timeout=0.2):
        pass
    board.jobs.put("stuck")

    done = board.run(["a"])
    forever.set()
    board.end()

    assert done[0][0] == "a"


def test_no_more_jobs_run_at_a_time_than_allowed():
    running, most = [], []
    full = threading.Barrier(4)

    def do(job):
        running.append(job)
        most.append(len(running))
        if job < 8:  # two rounds in which as many as may are at it together
            full.wait(20)
        running.remove(job)

    board = Board(do, most=4)
    board.run(range(32))
    board.end()

    assert max(most) == 4


def test_the_calling_thread_can_take_part():
    jobs, done = SimpleQueue(), []
    for job in (1, 2, None):
        jobs.put(job)

    Crew(jobs.get, lambda _: done.append(threading.get_ident())).work()

    assert done == [threading.get_ident()] * 2


def test_a_job_that_raises_is_told_of_and_the_next_is_done():
    board = Board(lambda job: 1 // job)

    board.jobs.put(0)
    done = board.run([1])
    board.end()

    assert [result for result, _ in done] == [1]
    assert isinstance(board.failures.get(timeout=20), ZeroDivisionError)


def test_where_the_next_job_cannot_be_taken_the_work_ends():
    failures = []

    def take():
        raise OSError("no more")

    Crew(take, print, failed=failures.append).work()

    assert [str(error) for error in failures] == ["no more"]
