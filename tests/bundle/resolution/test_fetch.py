"""Wheels are fetched by threads; whoever interrupts them is not held up by what they do."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from chalice.bundle.store import Store
from chalice.bundle.wheels.fetch import Wheels
from chalice.bundle.wheels.fits import Offer


def test_an_interrupt_is_one_though_a_thread_still_writes(tmp_path):
    ended = threading.Event()

    def transfer(url, into, told):
        del url
        folder = Path(into.name).parent
        for number in range(100_000):
            if number == 500:
                told(0, 1)
            if ended.is_set():
                break
            try:
                (folder / str(number)).touch()
            except OSError:
                folder.mkdir(parents=True, exist_ok=True)

    def progress(doing, done=0, total=0):
        raise SystemExit(143)

    wheels = Wheels(Store(tmp_path))
    try:
        with pytest.raises(SystemExit):
            wheels.fetch([Offer("six-1-py3-none-any.whl", "", {})], lambda: transfer, progress)
    finally:
        ended.set()
