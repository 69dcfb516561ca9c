"""Versions of a project that come and go, with workers that do what a test says."""

import asyncio
import socket

from chalice.diagnostics import Problem
from chalice.gateway.http import HttpRequest
from chalice.gateway.stage import Stage
from chalice.server.facts import Facts, NotLoaded
from chalice.server.frames import Kind, encode
from chalice.server.order import Order
from chalice.server.processes import Process
from chalice.server.records import Broken, Notice
from chalice.server.reloading import Patience, Reloading

DEFINITION = {"openapi": "3.0.1", "info": {"title": "demo", "version": "1"}, "paths": {}}
STAGE = Stage("api", False, "us-east-1", "123456789012", "a" * 10, "d" * 6)
# What the gateway of DEFINITION answers: so the request came through.
SERVED = 403


def loads(channel):
    channel.sendall(encode(Kind.READY, body=Facts(DEFINITION, STAGE, {}).to_json()))


def fails(channel):
    error = NotLoaded([Problem("import", "the table is not there", "app.py:3", "")])
    channel.sendall(encode(Kind.REFUSED, body=error.to_json()))


def hangs(channel):
    pass


class Workers:
    """Starts workers that do, one after the other, what they are told here."""

    def __init__(self, *deeds):
        self._deeds = list(deeds)
        self._running = []
        self.started = 0

    def start(self, order):
        ours, theirs = socket.socketpair()
        process = Process(lambda: self._end(theirs, process))
        self._running.append((theirs, process))
        self._deeds[self.started](theirs)
        self.started += 1
        return process, ours

    def attach(self):
        pass

    def crash(self):
        self._end(*self._running[-1])

    def _end(self, channel, process):
        channel.close()
        process.ended(1)

    async def close(self):
        for channel, process in self._running:
            self._end(channel, process)


def served(scenario, directory, *deeds, **patience):
    """Run *scenario* with a project that is open, and return what it and the log say."""
    records = []

    async def run():
        workers = Workers(*deeds)
        order = Order(str(directory), "dev", "key")
        reloading = Reloading(order, workers, (), records.append, Patience(**patience))
        await reloading.open(workers.start(order), directory, 0)
        try:
            return await scenario(reloading, workers)
        finally:
            await reloading.close()

    return asyncio.run(run()), records


async def ask(reloading):
    return await reloading.answer(HttpRequest("GET", "/", (("Host", "localhost"),), b"", "::1"))


async def crash(reloading, workers):
    workers.crash()
    while reloading._live.environment.usable:
        await asyncio.sleep(0)


def test_a_load_that_fails_without_an_edit_is_tried_again(tmp_path):
    async def scenario(reloading, workers):
        await crash(reloading, workers)
        answers = [await ask(reloading)]
        while answers[-1].status != SERVED:
            await asyncio.sleep(0.01)
            answers.append(await ask(reloading))
        return answers

    answers, records = served(scenario, tmp_path, loads, fails, fails, loads, retry_seconds=0.02)

    assert [answers[0].status, answers[-1].status] == [502, SERVED]
    assert "the table is not there" in answers[0].reason
    broken = [record for record in records if isinstance(record, Broken)]
    assert [record.edited for record in broken] == [False]  # the same problem is told once


def test_requests_do_not_make_a_failing_load_run_again_and_again(tmp_path):
    async def scenario(reloading, workers):
        await crash(reloading, workers)
        return [(await ask(reloading)).status for _ in range(5)], workers.started

    (statuses, started), _ = served(scenario, tmp_path, loads, fails, retry_seconds=60)

    assert statuses == [502] * 5
    assert started == 2


def test_a_load_that_hangs_is_answered_as_a_function_that_hangs_and_told_once(tmp_path):
    async def scenario(reloading, workers):
        await crash(reloading, workers)
        return await asyncio.gather(ask(reloading), ask(reloading))

    answers, records = served(
        scenario, tmp_path, loads, hangs, request_seconds=0.3, slow_seconds=0.05
    )

    assert [(answer.status, answer.body) for answer in answers] == [
        (504, b'{"message": "Endpoint request timed out"}')
    ] * 2
    assert "0.3 s" in answers[0].reason
    notices = [record.text for record in records if isinstance(record, Notice)]
    assert len([text for text in notices if "0.05 s" in text]) == 1


def test_a_load_that_is_quick_is_not_told_of(tmp_path):
    async def scenario(reloading, workers):
        await asyncio.sleep(0.1)
        return (await ask(reloading)).status

    status, records = served(scenario, tmp_path, loads, slow_seconds=0.05)

    assert (status, records) == (SERVED, [])


def says_that_it_is_slow(channel):
    channel.sendall(encode(Kind.SLOW, body=b"app.py:7"))


def test_a_load_that_hangs_is_told_of_with_the_line_that_the_worker_knows(tmp_path):
    async def scenario(reloading, workers):
        await crash(reloading, workers)
        return await ask(reloading)

    answer, records = served(
        scenario, tmp_path, loads, says_that_it_is_slow, request_seconds=0.3, slow_seconds=0.1
    )

    notices = [record.text for record in records if isinstance(record, Notice)]
    assert answer.status == 504
    assert notices == ["Loading the application takes long; its import stands at app.py:7"]


def test_an_edit_ends_a_first_load_that_hangs(tmp_path):
    (tmp_path / "app.py").write_text("mended\n")  # later than what the worker is said to load

    async def scenario(reloading, workers):
        return (await ask(reloading)).status, workers.started

    found, records = served(scenario, tmp_path, hangs, loads)

    assert found == (SERVED, 2)
    assert records == []
