"""`current_request` and `lambda_context`: whose they are, and for how long."""

import asyncio
import contextvars
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.runtime.calling import an_app, an_event

from chalice.app import Request

AMBIGUOUS = "several requests run at once and this thread belongs to none of them"


def keyed(key):
    return an_event("/{key}", params={"key": key})


def key_of(app):
    """Return the current request's key, or the error that asking for it raises."""
    try:
        return app.current_request.uri_params["key"]
    except (AttributeError, RuntimeError) as error:
        return error


class Meeting:
    """An application whose view waits, so that requests overlap as a test wants it."""

    def __init__(self):
        self.app = an_app(self.view, "/{key}")
        self.entered = {key: threading.Event() for key in "ab"}
        self.leave = {key: threading.Event() for key in "ab"}

    def view(self, key):
        self.entered[key].set()
        assert self.leave[key].wait(5)
        return [key, key_of(self.app), self.app.lambda_context]

    def start(self, pool, key):
        future = pool.submit(self.app, keyed(key), f"context {key}")
        assert self.entered[key].wait(5)
        return future


@pytest.fixture
def meeting():
    return Meeting()


@pytest.fixture
def pool():
    with ThreadPoolExecutor(4) as pool:
        yield pool


def test_outside_of_a_request_there_is_none():
    app = an_app(lambda: 1)
    app(an_event(), None)

    for attribute in ("current_request", "lambda_context"):
        with pytest.raises(AttributeError, match="only set while a request is answered") as raised:
            getattr(app, attribute)
        assert f"`{attribute}`" in str(raised.value)
        assert not hasattr(app, attribute)


def test_a_request_is_current_until_the_last_middleware_has_returned():
    app = an_app(lambda: 1)
    seen = []

    @app.middleware("http")
    def middleware(request, get_response):
        response = get_response(request)
        seen.append(app.current_request is request)
        return response

    app(an_event(), None)

    assert seen == [True]


def test_a_failed_request_is_gone_too():
    app = an_app(lambda: 1 / 0)

    app(an_event(), None)

    assert not hasattr(app, "current_request")
    assert app._rest._running == []


def test_requests_in_threads_see_their_own(meeting, pool):
    first = meeting.start(pool, "a")
    second = meeting.start(pool, "b")

    meeting.leave["a"].set()
    meeting.leave["b"].set()

    assert first.result()["body"] == '["a","a","context a"]'
    assert second.result()["body"] == '["b","b","context b"]'


def test_a_plain_thread_sees_the_one_request_that_runs(meeting, pool):
    future = meeting.start(pool, "a")
    seen = []

    thread = threading.Thread(target=lambda: seen.append(key_of(meeting.app)))
    thread.start()
    thread.join()
    meeting.leave["a"].set()
    future.result()

    assert seen == ["a"]


def test_a_plain_thread_among_two_requests_sees_neither(meeting, pool):
    futures = [meeting.start(pool, key) for key in "ab"]

    with pytest.raises(RuntimeError, match=AMBIGUOUS):
        _ = meeting.app.current_request
    with pytest.raises(RuntimeError, match=r"contextvars\.copy_context"):
        _ = meeting.app.lambda_context
    for key in "ab":
        meeting.leave[key].set()
    for future in futures:
        future.result()


def test_a_pool_of_a_view_sees_its_request():
    app = an_app()

    @app.route("/{key}")
    def view(key):
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(lambda _: key_of(app), range(3)))

    assert app(keyed("a"), None)["body"] == '["a","a","a"]'


def test_a_pool_that_lives_longer_sees_each_request_in_turn(pool):
    app = an_app()

    @app.route("/{key}")
    def view(key):
        return pool.submit(key_of, app).result()

    assert [app(keyed(key), None)["body"] for key in "abc"] == ["a", "b", "c"]


def test_a_thread_with_copied_context_keeps_to_its_request(meeting, pool):
    app = an_app()

    @app.route("/{key}")
    def view(key):
        other = meeting.start(pool, "b")
        context = contextvars.copy_context()
        seen = pool.submit(context.run, key_of, app).result()
        meeting.leave["b"].set()
        other.result()
        return seen

    assert app(keyed("a"), None)["body"] == "a"


def test_tasks_of_a_view_see_its_request():
    app = an_app()

    async def ask():
        await asyncio.sleep(0)
        return [key_of(app), await asyncio.to_thread(key_of, app)]

    async def ask_all():
        return await asyncio.gather(ask(), ask())

    @app.route("/{key}")
    def view(key):
        return asyncio.run(ask_all())

    assert app(keyed("a"), None)["body"] == '[["a","a"],["a","a"]]'


def test_requests_in_tasks_of_one_thread_see_their_own():
    app = an_app()

    @app.route("/{key}")
    def view(key):
        return [key, key_of(app)]

    async def request(key):
        await asyncio.sleep(0)
        body = app(keyed(key), None)["body"]
        await asyncio.sleep(0)
        return body, hasattr(app, "current_request")

    async def both():
        return await asyncio.gather(request("a"), request("b"))

    assert asyncio.run(both()) == [('["a","a"]', False), ('["b","b"]', False)]


def test_what_outlives_its_request_sees_none(pool):
    app = an_app(lambda key: "b", "/other/{key}")
    kept = []

    @app.route("/{key}")
    def view(key):
        kept.append(contextvars.copy_context())
        return key

    app(keyed("a"), None)
    seen = []

    @app.route("/later/{key}")
    def later(key):
        seen.append(pool.submit(kept[0].run, key_of, app).result())
        return key

    app(an_event("/later/{key}", params={"key": "b"}), None)

    assert isinstance(seen[0], AttributeError)
    assert isinstance(kept[0].run(key_of, app), AttributeError)


def test_a_nested_call_has_a_request_of_its_own():
    app = an_app()

    @app.route("/{key}")
    def view(key):
        before = key_of(app)
        inner = app(keyed("inner"), None)["body"] if key == "outer" else ""
        return f"{before} {inner} {key_of(app)}"

    assert app(keyed("outer"), None)["body"] == "outer inner  inner outer"


def test_two_applications_have_requests_of_their_own():
    first, second = an_app(), an_app()
    second.route("/{key}")(lambda key: [str(key_of(first)), key_of(second)])
    first.route("/{key}")(lambda key: second(keyed("b"), None)["body"])

    assert first(keyed("a"), None)["body"] == '["a","b"]'


def test_a_request_may_be_set_for_a_view_that_is_tested_alone():
    app = an_app()
    request = Request(keyed("a"), "context")

    def inside():
        app.current_request = request
        return app.current_request is request, app.lambda_context

    assert contextvars.copy_context().run(inside) == (True, "context")


def test_a_request_that_replaces_the_current_one_is_gone_with_it(pool):
    app = an_app()
    other = Request(keyed("other"))
    kept = []

    @app.route("/{key}")
    def view(key):
        app.current_request = other
        kept.append(contextvars.copy_context())
        return [key_of(app), pool.submit(key_of, app).result()]

    assert app(keyed("a"), None)["body"] == '["other","other"]'
    assert isinstance(kept[0].run(key_of, app), AttributeError)
    assert not hasattr(app, "current_request")
