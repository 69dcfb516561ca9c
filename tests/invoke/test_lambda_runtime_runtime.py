"""What the runtime says between its start and its end, and in which order it may."""

import asyncio
import time

from chalice.invocation import Result
from chalice.invoke.lambda_runtime.outcomes import End
from chalice.invoke.lambda_runtime.runtime import Runtime


def delivered(headers, payload):
    """Take an event, as a connection does."""


def test_an_event_is_answered_once_and_by_its_id():
    async def scenario():
        runtime = Runtime()
        told = [
            runtime.deliver("1", {}, b"too early"),
            runtime.wants_next(delivered),
            runtime.deliver("1", {}, b"{}"),
            runtime.deliver("2", {}, b"still busy"),
            runtime.answered("2", b"another's"),
            runtime.answered("1", b"4"),
            runtime.answered("1", b"again"),
        ]
        return told, runtime.reply.result()

    told, outcome = asyncio.run(scenario())

    assert told == [False, True, True, False, False, True, False]
    assert outcome == Result(b"4")


def test_it_is_not_ready_for_the_next_event_before_it_asks():
    async def scenario():
        runtime = Runtime()
        runtime.wants_next(delivered)
        runtime.deliver("1", {}, b"{}")
        while_busy = runtime.wants_next(delivered)
        runtime.answered("1", b"4")
        return while_busy, runtime.ready.done(), runtime.wants_next(delivered)

    assert asyncio.run(scenario()) == (False, False, True)


def test_what_it_says_after_its_end_does_not_count():
    async def scenario():
        runtime = Runtime()
        runtime.wants_next(delivered)
        runtime.end(End(1))
        runtime.end(End(2))
        said = [
            runtime.wants_next(delivered),
            runtime.deliver("1", {}, b"{}"),
            runtime.failed_init(b"{}"),
            runtime.failed("", b"{}"),
        ]
        return said, runtime.ended.result()

    assert asyncio.run(scenario()) == ([False] * 4, End(1))


def test_whoever_waits_hears_of_the_end():
    async def scenario():
        runtime = Runtime()
        asyncio.get_running_loop().call_soon(runtime.end, End(1))
        started = time.monotonic()
        await runtime.wait(runtime.ready, deadline=started + 60)
        return runtime.ended.done(), time.monotonic() - started < 30

    assert asyncio.run(scenario()) == (True, True)


def test_the_wait_ends_with_the_deadline():
    async def scenario():
        runtime = Runtime()
        await runtime.wait(runtime.ready, deadline=time.monotonic() + 0.01)
        return runtime.ready.done(), runtime.ended.done()

    assert asyncio.run(scenario()) == (False, False)
