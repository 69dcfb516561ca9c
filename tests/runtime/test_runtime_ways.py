"""The same requests over both ways to an application: called as Lambda calls it, and by a client.

A case is what a client sends and what it receives; over the first way the event is written by hand
and the result read by the gateway's rules.
"""

import json
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from tests.runtime.calling import an_event

from chalice import BadRequestError, Chalice, CORSConfig, Response
from chalice.gateway.result import reply
from chalice.invoke.marshal import marshal
from chalice.test import Client

PNG = b"\x89PNG\xff"


def an_application():
    app = Chalice("ways", configure_logs=False)

    @app.route("/", cors=CORSConfig(allow_origin="https://a.example"))
    def index():
        return {"hello": "world"}

    @app.route("/echo/{key}", methods=["GET", "POST", "PUT"])
    def echo(key):
        request = app.current_request
        return {
            "key": key,
            "method": request.method,
            "path": request.path,
            "query": request.to_dict()["query_params"],
            "header": request.headers.get("X-TEA"),
            "json": request.json_body,
            "size": len(request.raw_body),
        }

    @app.route("/text")
    def text():
        return "café"

    @app.route("/created")
    def created():
        return Response("", {"Location": "/1", "Set-Cookie": ["a=1", "b=2"]}, 201)

    @app.route("/price")
    def price():
        return {"price": Decimal("1.50")}

    @app.route("/picture", methods=["POST"], content_types=["image/png"])
    def picture():
        return Response(app.current_request.raw_body, {"Content-Type": "image/png"})

    @app.route("/wrong/{what}")
    def wrong(what):
        if what == "refused":
            raise BadRequestError("no")
        if what == "exit":
            raise SystemExit(3)
        return {"set": {1}, "nan": float("nan"), "crash": None}[what]

    return app


@dataclass(frozen=True)
class Case:
    """What is sent, and what is received: headers are those that have to be there."""

    method: str
    path: str
    body: object
    status: int = 200
    sent: dict = field(default_factory=dict)
    sent_body: bytes = b""
    resource: str = ""
    params: dict = field(default_factory=dict)
    query: dict = field(default_factory=dict)
    headers: dict = field(default_factory=dict)


def echoed(**changes):
    return {
        "key": "a",
        "method": "GET",
        "path": "/echo/{key}",
        "query": None,
        "header": None,
        "json": None,
        "size": 0,
        **changes,
    }


INTERNAL = {"Code": "InternalServerError", "Message": "An internal server error occurred."}
NOT_JSON = {"Code": "BadRequestError", "Message": "Error Parsing JSON"}
JSON = {"Content-Type": "application/json"}
A = {"resource": "/echo/{key}", "params": {"key": "a"}}

CASES = {
    "JSON": Case("GET", "/", {"hello": "world"}),
    "CORS": Case(
        "GET",
        "/",
        {"hello": "world"},
        headers={"Access-Control-Allow-Origin": ["https://a.example"]},
    ),
    "text": Case("GET", "/text", "café".encode()),
    "no Content-Type is JSON": Case(
        "GET", "/text", "café".encode(), headers={"Content-Type": ["application/json"]}
    ),
    "status and headers": Case(
        "GET", "/created", b"", 201, headers={"Set-Cookie": ["a=1", "b=2"], "Location": ["/1"]}
    ),
    "Decimal": Case("GET", "/price", {"price": 1.5}),
    "captures": Case("GET", "/echo/a", echoed(), **A),
    "query": Case(
        "GET",
        "/echo/a?q=1&q=%C3%A9",
        echoed(query={"q": "é"}),
        query={"q": ["1", "é"]},
        **A,
    ),
    "header": Case("GET", "/echo/a", echoed(header="green"), sent={"x-tea": "green"}, **A),
    "a JSON body": Case(
        "POST",
        "/echo/a",
        echoed(method="POST", json={"é": 1}, size=9),
        sent=JSON,
        sent_body='{"é": 1}'.encode(),
        **A,
    ),
    "JSON in capitals": Case(
        "PUT",
        "/echo/a",
        echoed(method="PUT", json=[], size=2),
        sent={"content-type": "APPLICATION/JSON"},
        sent_body=b"[]",
        **A,
    ),
    "broken JSON": Case("POST", "/echo/a", NOT_JSON, 400, sent=JSON, sent_body=b"{", **A),
    "NaN": Case("POST", "/echo/a", NOT_JSON, 400, sent=JSON, sent_body=b"NaN", **A),
    "a number without end": Case(
        "POST", "/echo/a", NOT_JSON, 400, sent=JSON, sent_body=b"1e999", **A
    ),
    "another content type": Case(
        "POST",
        "/echo/a",
        {"Code": "UnsupportedMediaType", "Message": "Unsupported media type: a/b"},
        415,
        sent={"Content-Type": "a/b"},
        sent_body=b"x",
        **A,
    ),
    "bytes": Case(
        "POST",
        "/picture",
        PNG,
        sent={"Content-Type": "image/png", "Accept": "image/png"},
        sent_body=PNG,
        headers={"Content-Type": ["image/png"]},
    ),
    "bytes for nobody": Case(
        "POST",
        "/picture",
        {
            "Code": "BadRequest",
            "Message": "Request did not specify an Accept header with image/png, The response has "
            "a Content-Type of image/png. If a response has a binary Content-Type then the request "
            "must specify an Accept header that matches.",
        },
        400,
        sent={"Content-Type": "image/png"},
        sent_body=PNG,
    ),
}
WRONG = {
    "refused": (400, {"Code": "BadRequestError", "Message": "no"}),
    "exit": (500, INTERNAL),
    "set": (500, INTERNAL),
    "nan": (500, INTERNAL),
    "crash": (200, None),
}
CASES |= {
    what: Case(
        "GET", f"/wrong/{what}", body, status, resource="/wrong/{what}", params={"what": what}
    )
    for what, (status, body) in WRONG.items()
}


def through_the_handler(case):
    app = an_application()
    body = case.sent_body
    if case.sent.get("Content-Type") != "image/png":
        body = body.decode() or None
    event = an_event(
        case.resource or case.path,
        case.method,
        headers=case.sent,
        params=case.params or None,
        query=case.query or None,
        body=body,
    )
    accepts_binary = case.sent.get("Accept") in app.api.binary_types
    received = reply(marshal(app(event, None)), accepts_binary=accepts_binary)
    headers = {}
    for name, value in received.headers:
        headers.setdefault(name, []).append(value)
    return received.status, headers, received.body


def through_a_client(case):
    with Client(an_application()) as client:
        received = client.http.request(case.method, case.path, case.sent, case.sent_body)
    headers = {
        name: [value] if isinstance(value, str) else value
        for name, value in received.headers.items()
    }
    return received.status_code, headers, received.body


@pytest.mark.parametrize("way", [through_the_handler, through_a_client])
@pytest.mark.parametrize("name", CASES)
def test_every_way_gives_the_same_answer(name, way, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    case = CASES[name]

    status, headers, body = way(case)

    assert status == case.status
    assert (body if isinstance(case.body, bytes) else json.loads(body)) == case.body
    assert {name: headers.get(name) for name in case.headers} == case.headers
