"""What a view may return, and what API Gateway is told of it."""

import enum
import json
import logging
import re
from collections import OrderedDict, UserDict
from datetime import date
from decimal import Decimal
from http import HTTPStatus

import pytest
from tests.runtime.calling import INTERNAL, a_post, an_app, an_event, answer, code_of

from chalice import Response
from chalice.gateway.result import reply
from chalice.invoke.marshal import marshal
from chalice.runtime.http import encode_json


class Text(str):
    """A text of a library's, such as markupsafe's."""

    __slots__ = ()


class Color(str, enum.Enum):  # noqa: UP042 - applications have these, too
    BLUE = "blue"


BODIES = [
    ("text as it is", "text as it is"),
    ("", ""),
    ("café 茶", "café 茶"),
    (Text("café"), "café"),
    (Text("tea"), "tea"),
    (Color.BLUE, "blue"),
    ("half \ud800", "half ?"),
    (Text("half \udfff"), "half ?"),
    (None, "null"),
    (True, "true"),
    (7, "7"),
    (1.5, "1.5"),
    ({"a": [1, None]}, '{"a":[1,null]}'),
    ({"é": "茶"}, '{"\\u00e9":"\\u8336"}'),
    ({"half": "\ud800"}, '{"half":"\\ud800"}'),
    (({"a": 1}, 201), '[{"a":1},201]'),
    ([], "[]"),
    ({1: "a", None: "b", False: "c"}, '{"1":"a","null":"b","false":"c"}'),
    (Decimal("1.50"), "1.5"),
    ({"price": Decimal(7)}, '{"price":7.0}'),
    (OrderedDict(a=1), '{"a":1}'),
    (UserDict(a=1), '{"a":1}'),
    ({"color": Color.BLUE, "status": HTTPStatus.OK}, '{"color":"blue","status":200}'),
]


@pytest.mark.parametrize(("body", "sent"), BODIES, ids=lambda item: repr(item)[:20])
def test_a_text_is_sent_raw_and_anything_else_as_compact_ascii_json(body, sent):
    for result in (answer(lambda: body), answer(lambda: Response(body))):
        assert result == {"headers": {}, "multiValueHeaders": {}, "statusCode": 200, "body": sent}
        assert type(result["body"]) is str


def circular():
    items = []
    items.append(items)
    return items


def circular_mapping():
    mapping = UserDict()
    mapping["self"] = mapping
    return mapping


UNSENDABLE = {
    "a set": (lambda: {"a": {1}}, "Object of type set is not JSON serializable"),
    "a date": (lambda: date(2026, 7, 10), "Object of type date is not JSON serializable"),
    "bytes inside": (lambda: {"a": b"x"}, "Object of type bytes is not JSON serializable"),
    "a bytearray": (lambda: bytearray(b"x"), "Object of type bytearray is not JSON serializable"),
    "an object": (object, "Object of type object is not JSON serializable"),
    "NaN": (lambda: {"a": float("nan")}, "Out of range float values are not JSON compliant"),
    "infinity": (lambda: [float("-inf")], "Out of range float values are not JSON compliant"),
    "NaN as a key": (lambda: {float("nan"): 1}, "Out of range float values are not JSON compliant"),
    "a Decimal that is none": (lambda: Decimal("NaN"), "Out of range float values"),
    "a large Decimal": (lambda: Decimal("1e999"), "Out of range float values"),
    "a key that is none": (lambda: {(1, 2): 3}, "keys must be str, int, float, bool or None"),
    "itself": (circular, "RecursionError"),
    "a mapping of itself": (circular_mapping, "RecursionError"),
    "a number of 5000 digits": (lambda: 10**5000, "Exceeds the limit"),
    "a text as binary": (
        lambda: Response("x", {"Content-Type": "image/png"}),
        "the binary Content-Type 'image/png' must be bytes, not text",
    ),
    "bytes as text": (
        lambda: Response(b"\xff", {"Content-Type": "text/plain"}),
        "'text/plain' is not in `app.api.binary_types`",
    ),
    "bytes of no type": (lambda: b"\xff", "'application/json' is not in `app.api.binary_types`"),
    "headers that are pairs": (lambda: Response("", [("A", "1")]), "AttributeError"),
    "a header's name that is none": (lambda: Response("", {5: "1"}), "AttributeError"),
}


@pytest.mark.parametrize("name", UNSENDABLE)
def test_what_cannot_be_sent_is_a_500_with_the_reason_in_the_log(name, caplog):
    make, reason = UNSENDABLE[name]

    result = answer(make)

    assert (result["statusCode"], result["body"]) == (500, INTERNAL)
    assert "Caught exception for path /" in caplog.text
    assert reason in caplog.text


def test_a_result_that_cannot_be_sent_is_shown_where_debug_is_on():
    app = an_app(lambda: {1})
    app.debug = True

    result = app(an_event(), None)

    assert result["headers"] == {"Content-Type": "text/plain"}
    assert "Object of type set is not JSON serializable" in result["body"]


STATUSES = [
    (100, 100),
    (200, 200),
    (599, 599),
    ("204", 204),
    (HTTPStatus.CREATED, 201),
    (99, None),
    (600, None),
    (-200, None),
    (0, None),
    (True, None),
    (200.0, None),
    (None, None),
    ("", None),
    ("20", None),
    ("2000", None),
    (" 200", None),
    ("+20", None),
    ("٢٠٠", None),
    ("2e2", None),
    ("OK", None),
    ([200], None),
    (Decimal(200), None),
]


@pytest.mark.parametrize(("status", "sent"), STATUSES, ids=repr)
def test_a_status_is_a_number_from_100_to_599_or_its_text(status, sent, caplog):
    result = answer(lambda: Response("", status_code=status))

    assert result["statusCode"] == (sent or 500)
    assert type(result["statusCode"]) is int
    if sent is None:
        assert f"status_code must be a number from 100 to 599, not {status!r}" in caplog.text


VALUES = [
    ("text", "text"),
    ("", ""),
    ("a\tb", "a\tb"),
    ("café", "café"),
    ("half \ud800", "half ?"),
    (Text("a"), "a"),
    (Color.BLUE, "blue"),
    (7, "7"),
    (HTTPStatus.OK, str(HTTPStatus.OK)),
    (-1.5, "-1.5"),
    (Decimal("1.50"), "1.50"),
    (10**20, "100000000000000000000"),
]


@pytest.mark.parametrize(("value", "sent"), VALUES, ids=repr)
def test_a_header_value_is_text_or_a_number(value, sent):
    result = answer(lambda: Response("", {"X-Value": value, "X-List": [value, "a"]}))

    assert result["headers"] == {"X-Value": sent}
    assert result["multiValueHeaders"] == {"X-List": [sent, "a"]}


@pytest.mark.parametrize("several", [["a", "b"], ("a", "b"), type("Values", (list,), {})("ab")])
def test_a_list_sends_a_header_several_times(several):
    result = answer(lambda: Response("", {"Set-Cookie": several, "X-None": []}))

    assert result["headers"] == {}
    assert result["multiValueHeaders"] == {"Set-Cookie": ["a", "b"], "X-None": []}


BAD_VALUES = [
    None,
    True,
    False,
    {},
    {"a"},
    ["a"],
    b"bytes",
    object,
    float("nan"),
    float("inf"),
    Decimal("Infinity"),
    Decimal("NaN"),
    "a\rb",
    "a\nb",
    "a\r\nSet-Cookie: evil=1",
    "a\n b",
    "a\0b",
    "a\x01b",
    "a\x7fb",
    "\x1b[31m",
    "\n",
    Text("a\nb"),
]


@pytest.mark.parametrize("value", BAD_VALUES, ids=lambda value: repr(value)[:24])
@pytest.mark.parametrize("several", [False, True], ids=["single", "in a list"])
def test_any_other_header_value_is_a_500(value, several, caplog):
    headers = {"X-Value": ["fine", value] if several else value}
    if value == ["a"] and not several:
        headers = {"X-Value": [value]}

    result = answer(lambda: Response("", headers))

    assert (result["statusCode"], result["headers"]) == (500, {})
    assert "header 'X-Value'" in caplog.text


@pytest.mark.parametrize("name", ["", "a b", "a:b", "a\nb", "a\r", "é", "a\0", "(a)", "a/b", "a=b"])
def test_a_header_name_is_a_token_of_http(name, caplog):
    result = answer(lambda: Response("", {name: "1"}))

    assert result["statusCode"] == 500
    assert f"header name {name!r} has a character that HTTP does not allow" in caplog.text


def test_all_characters_of_a_token_may_be_in_a_header_name():
    name = "!#$%&'*+-.^_`|~aZ09"

    assert answer(lambda: Response("", {name: "1"}))["headers"] == {name: "1"}


def test_a_response_has_the_attributes_that_it_was_made_with():
    response = Response({"a": 1}, {"X-A": "1"}, 201)

    assert (response.body, response.headers, response.status_code) == ({"a": 1}, {"X-A": "1"}, 201)
    assert vars(Response("")) == {"body": "", "headers": {}, "status_code": 200}


def test_a_response_may_be_changed_and_sent_again():
    response = Response({"a": 1}, headers={"X-A": ["1"]})
    app = an_app(lambda: response, cors=True)

    first = app(an_event(), None)
    response.headers["X-B"] = "2"
    second = app(an_event(), None)

    assert response.headers == {"X-A": ["1"], "X-B": "2"}
    assert "X-B" not in first["headers"]
    assert second["headers"]["X-B"] == "2"


def test_a_result_shares_nothing_with_the_response_of_the_view():
    response = Response("", headers={"X-A": ["1"]})
    app = an_app(lambda: response)

    app(an_event(), None)["multiValueHeaders"]["X-A"].append("2")

    assert response.headers == {"X-A": ["1"]}


def test_a_response_makes_its_result_without_binary_types():
    assert Response("a", {"Content-Type": "image/png"}).to_dict()["body"] == "a"


@pytest.mark.parametrize("body", ['{"a": 1e999}', "[-1e999]"])
def test_what_only_the_clients_json_makes_unsendable_is_the_clients_fault(body):
    app = an_app()
    app.route("/", methods=["POST"])(lambda: {"echo": app.current_request.json_body})

    result = app(a_post(body), None)

    assert (result["statusCode"], result["body"]) == (
        400,
        '{"Code":"BadRequestError","Message":"Error Parsing JSON"}',
    )


@pytest.mark.parametrize("depth", [900, 940, 960, 980, 990, 1000, 5000, 100_000])
def test_json_of_any_depth_is_echoed_or_the_clients_fault(depth):
    app = an_app()
    app.route("/", methods=["POST"])(lambda: {"echo": app.current_request.json_body})
    body = "[" * depth + "]" * depth

    result = app(a_post(body), None)

    # How deep is too deep is the interpreter's business.
    assert result["statusCode"] in (200, 400)
    if result["statusCode"] == 200:
        assert result["body"] == f'{{"echo":{body}}}'


def test_what_the_view_makes_unsendable_is_not_the_clients_fault():
    app = an_app()

    @app.route("/", methods=["POST"])
    def view():
        body = app.current_request.json_body
        body["a"] = float("nan")
        return body

    assert code_of(app(a_post('{"a": 1}'), None)) == (500, "InternalServerError")


def test_a_body_that_can_no_longer_be_read_is_the_clients_fault():
    app = an_app()

    @app.route("/", methods=["POST"])
    def view():
        request = app.current_request
        echo = request.json_body
        request.to_original_event()["body"] = "{"
        return {"echo": echo, "a": float("nan")}

    assert code_of(app(a_post("{}"), None)) == (400, "BadRequestError")


def test_a_response_in_nested_json_does_not_turn_into_one(caplog):
    result = answer(lambda: {"a": Response("")})

    assert result["statusCode"] == 500
    assert "Object of type Response is not JSON serializable" in caplog.text


def test_without_the_c_accelerator_json_is_the_same(monkeypatch):
    from json import encoder

    from chalice.runtime import http

    monkeypatch.delattr(encoder, "c_make_encoder")
    encode = http._encoder()

    assert "".join(encode({"é": [1, Decimal("1.5")]}, 0)) == '{"\\u00e9":[1,1.5]}'
    with pytest.raises(ValueError, match="JSON compliant"):
        "".join(encode(float("nan"), 0))
    assert encode_json([1]) == "[1]"


@pytest.mark.parametrize("body", [item for item, _ in BODIES], ids=lambda item: repr(item)[:20])
def test_api_gateway_accepts_every_result(body):
    result = answer(lambda: Response(body, {"X-A": "é", "X-B": ["half \ud800", 5]}))

    accepted = reply(marshal(result), accepts_binary=True)

    assert accepted.status == 200


def test_an_application_that_refuses_its_log_is_answered_all_the_same():
    app = an_app(lambda: 1 / 0)
    app.log = logging.getLogger("broken")
    app._rest.log = app.log

    class Broken(logging.Filter):
        def filter(self, record):
            raise OSError("no space left")

    broken = Broken()
    app.log.addFilter(broken)
    try:
        result = app(an_event(), None)
    finally:
        app.log.removeFilter(broken)

    assert result["body"] == INTERNAL


def test_a_silent_log_says_nothing(caplog):
    app = an_app(lambda: 1 / 0)
    app.log.setLevel(logging.CRITICAL)
    try:
        result = app(an_event(), None)
    finally:
        app.log.setLevel(logging.NOTSET)

    assert result["statusCode"] == 500
    assert caplog.text == ""


def test_no_text_of_an_error_can_pose_as_a_line_of_the_log(capsys):
    from chalice import Chalice

    app = Chalice("demo-forgery")
    forged = "bad\ndemo-forgery - ERROR - all is well\r\x1b[2J\u2028"

    @app.route("/")
    def view():
        try:
            int(forged)
        except ValueError as error:
            raise LookupError(forged) from error

    app(an_event(), None)
    app.log.handlers.clear()

    lines = capsys.readouterr().out.split("\n")
    assert lines[0] == "demo-forgery - ERROR - Caught exception for path /"
    assert [line for line in lines if re.match("demo-forgery", line)] == lines[:1]
    assert "    demo-forgery - ERROR - all is well\\r\\x1b[2J\\u2028" in lines
    assert any("direct cause" in line for line in lines)


def test_a_json_result_is_what_json_says_it_is():
    value = {"a": [1, 2.5, "x", None, {"b": True}]}

    assert json.loads(answer(lambda: value)["body"]) == value
