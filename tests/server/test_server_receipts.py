"""The rules that decided an answer: in the record and on the terminal, for clients where asked."""

import pytest
from tests.fakes import FakeClock, FakeFunction, FakeInvoker
from tests.gateway.apis import STAGE, document, proxy
from tests.server.raw_client import RawClient
from tests.server.serving import GatewaySource, InBackground, Program, Records

from chalice.gateway import Gateway
from chalice.server.listening import listen, url_of
from chalice.server.local import Server
from chalice.server.records import Answered

APP = """
from chalice import Chalice

app = Chalice(app_name="shop")


@app.route("/")
def index():
    return {}
"""


def ask(target="/x", headers=(), **options):
    """Return the answer to one request and the record of it."""
    definition = document({"/x": {"get": proxy()}}, endpoint="EDGE")
    invoker = FakeInvoker({"Fn": FakeFunction(lambda _: {})}, FakeClock())
    records = Records()
    listener = listen("127.0.0.1", 0)
    source = GatewaySource(Gateway(definition, STAGE, invoker), invoker)
    server = Server(source, listener, url_of(listener), records, **options)
    with InBackground(server) as running, RawClient(running.url) as client:
        answer = client.get(target, headers)
    return answer, records.wait_for(Answered)[0]


@pytest.mark.parametrize(("target", "rules"), [("/x", ("3.1", "2.1")), ("/y", ("3.5",))])
def test_a_record_has_the_rules_and_the_client_does_not(target, rules):
    answer, record = ask(target)

    assert record.rules == rules
    assert "x-chalice-rules" not in {name.lower() for name, _ in answer.headers}


def test_a_record_says_what_is_not_emulated():
    _, record = ask()

    assert record.not_emulated == (
        "1.16: the headers that CloudFront adds to requests to EDGE APIs",
    )


def test_clients_are_told_the_rules_where_that_is_asked_for():
    answer, _ = ask(show_rules=True)

    assert dict(answer.headers)["X-Chalice-Rules"] == "3.1, 2.1"


def test_what_the_server_refuses_itself_names_no_rule():
    answer, record = ask(headers=[("Host", "evil.test")], show_rules=True)

    assert answer.status == 421
    assert record.rules == ()
    assert dict(answer.headers)["X-Chalice-Rules"] == "none"


def test_local_explains_below_each_answer(tmp_path):
    directory = tmp_path / "shop"
    directory.mkdir()
    (directory / "app.py").write_text(APP)

    with Program(directory, "--explain", "--explain-to-clients") as program:
        with program.client() as client:
            answer = client.get("/")
        program.interrupt()
        program.wait()

    assert dict(answer.headers)["X-Chalice-Rules"] == "3.1, 2.1"
    said = program.said()
    assert "\n    rule 3.1: the most specific path answers\n    rule 2.1: " in said
    assert "\n    not emulated: 1.16: " in said
