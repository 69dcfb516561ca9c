"""What the example applications are asked, and how they are edited: the data of their stories."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.deploy.asking import Ask

if TYPE_CHECKING:
    from collections.abc import Mapping

EXAMPLES = Path(__file__).parents[2] / "examples"
KEY = "a-key-of-the-story-of-the-shop"
# A bucket that somebody else has.
TAKEN = "taken-in-the-story"

_JSON = {"Content-Type": "application/json"}
_BYTES = {"Content-Type": "application/octet-stream", "Accept": "application/octet-stream"}
_ORIGIN = {"Origin": "https://example.com"}
_PREFLIGHT = {**_ORIGIN, "Access-Control-Request-Method": "PUT"}

# A custom resource that fails to be made.
# Source: CloudFormation user guide, "Custom resource response objects".
CHECKER = """
import json
import urllib.request


def check(event, context):
    done = event["RequestType"] == "Delete"
    answer = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    answer["Status"] = "SUCCESS" if done else "FAILED"
    answer["PhysicalResourceId"] = "check"
    answer["Reason"] = "on purpose"
    url, data = event["ResponseURL"], json.dumps(answer).encode()
    urllib.request.urlopen(
        urllib.request.Request(url, data, {"Content-Type": ""}, method="PUT"), timeout=10
    )
"""


@dataclass(frozen=True)
class Edit:
    """An edit of a project.

    Attributes:
        file: the file that is edited.
        old: a text in it.
        new: what stands in its place afterwards.
        answers: the bodies that are other ones then, by the names of their requests.
        told: what a plan says of it: action, logical id, details.
    """

    file: str
    old: str
    new: str
    answers: Mapping[str, bytes]
    told: tuple[tuple[str, str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Failing:
    """An edit that CloudFormation fails to carry out.

    Attributes:
        old: a text in the file that was edited before.
        new: what stands in its place.
        merged: a template that is merged.
        cause: what is told of it.
    """

    old: str
    new: str
    merged: Mapping[str, Any]
    cause: str


@dataclass(frozen=True)
class Story:
    """The life of one example."""

    name: str
    asks: tuple[Ask, ...]
    edit: Edit
    failing: Failing


HELLO = Story(
    "hello",
    (
        Ask("index", "GET", "/"),
        Ask("greeting", "GET", "/hello/Ada"),
        Ask("query", "GET", "/hello/Ada?greeting=Bonjour"),
        Ask("query twice", "GET", "/hello/Ada?greeting=one&greeting=two"),
        Ask("encoded query", "GET", "/hello/Ada?greeting=a%20b+c%2Bd"),
        Ask("encoded path", "GET", "/hello/J%C3%BCrgen"),
        Ask("encoded slash", "GET", "/hello/a%2Fb"),
        Ask("slash at the end", "GET", "/hello/Ada/"),
        Ask("two slashes", "GET", "//hello/Ada"),
        Ask("no note", "GET", "/notes/none", _ORIGIN),
        Ask("write a note", "PUT", "/notes/list", {**_JSON, **_ORIGIN}, b'{"text": "milk"}'),
        Ask("read a note", "GET", "/notes/list", _ORIGIN, fresh=True),
        Ask("a note that is no JSON", "PUT", "/notes/list", _JSON, b"{text"),
        Ask("a note in plain text", "PUT", "/notes/list", {"Content-Type": "text/plain"}, b"milk"),
        Ask("preflight", "OPTIONS", "/notes/list", _PREFLIGHT),
        Ask("preflight without CORS", "OPTIONS", "/", _ORIGIN),
        Ask("picture", "GET", "/pixel.png", {"Accept": "image/png"}),
        Ask("picture for a browser", "GET", "/pixel.png", {"Accept": "image/png,*/*;q=0.8"}),
        Ask("picture as text", "GET", "/pixel.png", {"Accept": "text/html"}),
        Ask("picture without Accept", "GET", "/pixel.png"),
        Ask("bytes", "POST", "/reverse", _BYTES, b"\x00\x01\xff"),
        Ask("bytes as text", "POST", "/reverse", {"Content-Type": "text/plain"}, b"abc"),
        Ask("no token", "GET", "/private"),
        Ask("wrong token", "GET", "/private", {"Authorization": "Bearer something"}),
        Ask("right token", "GET", "/private", {"Authorization": "Bearer let-me-in"}),
        Ask("no route", "GET", "/nowhere"),
        Ask("no route with a token", "GET", "/nowhere", {"Authorization": "Bearer let-me-in"}),
        Ask("no such verb", "DELETE", "/"),
        Ask("HEAD", "HEAD", "/"),
        Ask("another case", "GET", "/Hello/Ada"),
    ),
    # Nothing but code.
    Edit(
        "app.py",
        '{"hello": "world"}',
        '{"hello": "there"}',
        {"index": b'{"hello":"there"}'},
        (("change", "APIHandler", ("code",)), ("change", "Door", ("code",))),
    ),
    Failing(
        "there",
        "broken",
        {
            "Resources": {
                "Checker": {
                    "Type": "AWS::Lambda::Function",
                    "Properties": {
                        "Handler": "index.check",
                        "Runtime": "python3.11",
                        "Role": {"Fn::GetAtt": ["DefaultRole", "Arn"]},
                        "Code": {"ZipFile": CHECKER},
                        # One of its own would outlive the stack.
                        "LoggingConfig": {"LogGroup": {"Ref": "APIHandlerLogGroup"}},
                    },
                },
                # Once the functions have their new code.
                "Check": {
                    "Type": "Custom::Check",
                    "DependsOn": ["APIHandler", "Door"],
                    "Properties": {"ServiceToken": {"Fn::GetAtt": ["Checker", "Arn"]}},
                },
            }
        },
        "check `Check` (Custom::Check) could not be",
    ),
)

SHOP = Story(
    "shop",
    (
        Ask("index", "GET", "/"),
        Ask("order", "POST", "/orders", _JSON, b'{"item": "tea"}', fresh=True),
        Ask("show", "GET", "/orders/1", fresh=True),
        Ask("no order", "GET", "/orders/none"),
        Ask("order of nothing", "POST", "/orders", _JSON, b"{}"),
        Ask("order without a body", "POST", "/orders", _JSON),
        Ask("stock without a key", "GET", "/stock"),
        Ask("stock with a wrong key", "GET", "/stock", {"x-api-key": "wrong"}),
        Ask("stock", "GET", "/stock", {"x-api-key": KEY}),
        Ask("count", "PUT", "/stock/tea", {**_JSON, "x-api-key": KEY}, b'{"count": 3}'),
        Ask("count of nothing", "PUT", "/stock/tea", {**_JSON, "x-api-key": KEY}, b"{}"),
        Ask("no such verb", "DELETE", "/orders"),
        Ask("hours", "GET", "/hours"),
        Ask("another case", "GET", "/Orders/none"),
    ),
    # A route more: the definition of the API, too.
    Edit(
        "app.py",
        '@app.route("/")\n',
        '@app.route("/hours")\ndef hours():\n    return ["8 to 6"]\n\n\n@app.route("/")\n',
        {"hours": b'["8 to 6"]'},
        (
            ("change", "RestAPI", ("+ GET /hours",)),
            ("change", "APIHandler", ("code",)),
            ("change", "NightlyReport", ("code",)),
        ),
    ),
    Failing(
        "8 to 6",
        "broken",
        {
            "Resources": {
                "Taken": {
                    "Type": "AWS::S3::Bucket",
                    "Properties": {"BucketName": TAKEN},
                    "DependsOn": "APIHandler",
                }
            }
        },
        "bucket `Taken` (AWS::S3::Bucket) could not be",
    ),
)

STORIES = (HELLO, SHOP)
