"""Wheels are fetched by threads; whoever interrupts them is not held up by what they do."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest
from tests.bundle.wheels import make_wheel, sha256_of

from chalice.bundle.store import Store
from chalice.bundle.wheels.fetch import LEFT_SECONDS, Wheels
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


def test_what_is_no_file_counts_as_missing(tmp_path):
    wheel = make_wheel(tmp_path / "made", "demo", "1.0", {})
    wheels = Wheels(Store(tmp_path))
    kept = wheels.add(wheel, wheel.name)
    kept.path.unlink()
    os.mkfifo(kept.path)

    found = wheels.find(sha256_of(wheel), wheel.name)
    again = wheels.add(wheel, wheel.name)

    assert found is None
    assert again.path.read_bytes() == wheel.read_bytes()


@pytest.mark.parametrize(("age", "stays"), [(LEFT_SECONDS - 60, True), (LEFT_SECONDS + 60, False)])
def test_what_a_build_that_was_killed_left_behind_goes_after_a_day(tmp_path, age, stays):
    left = tmp_path / "wheels" / ".part-left"
    left.mkdir(parents=True)
    (left / "half.whl").write_text("half")
    os.utime(left, (time.time() - age,) * 2)

    with Wheels(Store(tmp_path)).aside() as folder:
        there = sorted(folder.parent.iterdir())

    assert there == sorted([folder, *([left] if stays else [])])
