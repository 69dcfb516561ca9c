"""The watch over imports: who is told, when, and what it leaves as it was."""

import signal
import threading
import time

from chalice.server.slow_imports import Watch


class Told:
    """What a watch says."""

    def __init__(self):
        self.slow = threading.Event()
        self.problems = []
        self.places = []

    def watch(self, root, seconds):
        def slow(place):
            self.places.append(place)
            self.slow.set()

        return Watch(root, "app.py", slow, self.problems.append, seconds)


def test_an_import_that_ends_after_all_is_told_of_once_and_not_given_up(tmp_path):
    told = Told()

    with told.watch(tmp_path, (0.01, 600)).over():
        assert told.slow.wait(20)
    for thread in threading.enumerate():
        if thread.name == "chalice-import":
            thread.join(20)

    assert (told.places, told.problems) == (["app.py"], [])


def test_a_signal_is_for_the_thread_that_imports_which_may_be_waiting(tmp_path):
    blocked, told = [], threading.Event()

    def slow(_place):
        blocked.extend(signal.pthread_sigmask(signal.SIG_BLOCK, ()))
        told.set()

    with Watch(tmp_path, "app.py", slow, lambda _problem: None, (0.01, 600)).over():
        assert told.wait(20)

    assert {signal.SIGINT, signal.SIGTERM} <= set(blocked)


def test_whoever_uses_the_timer_already_keeps_it(tmp_path):
    rung = []
    before = signal.signal(signal.SIGVTALRM, lambda *_: rung.append(True))
    signal.setitimer(signal.ITIMER_VIRTUAL, 0.01)

    try:
        with Told().watch(tmp_path, (600, 600)).over():
            until = time.monotonic() + 20
            while not rung and time.monotonic() < until:
                pass
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)

    assert rung == [True]
