"""The cases of file 12: what AWS does where AWS Chalice's local mode does something else.

The file describes each in words; here each is a Chalice application and what has to come of it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.conformance.ways import Answer

from chalice import AuthResponse, Chalice, Response
from chalice.gateway import HttpRequest

Json = dict[str, Any]


@dataclass(frozen=True)
class Divergence:
    """One of them: *verify* gets the AWS column of the case and the answer."""

    app: Callable[[], Chalice]
    request: HttpRequest
    verify: Callable[[Json, Answer], None]


def _hello() -> Chalice:
    app = Chalice(app_name="case")

    @app.route("/hello", methods=["GET", "POST"], content_types=[])
    def hello() -> Json:
        event = app.current_request.to_original_event()
        body = app.current_request.raw_body.decode()
        return {"event": event, "body": body}

    @app.route("/created")
    def created() -> Response:
        return Response({}, status_code="201")  # type: ignore[arg-type]  # the case is about it

    @app.route("/keyed", api_key_required=True)
    def keyed() -> Json:
        return {}

    return app


def _guarded(policy: Callable[[str], Any]) -> Callable[[], Chalice]:
    def make() -> Chalice:
        app = Chalice(app_name="case")

        @app.authorizer()
        def auth(request: Any) -> Any:
            return policy(request.method_arn)

        @app.route("/", authorizer=auth)
        def index() -> Json:
            return {}

        return app

    return make


def _denies(arn: str) -> Json:
    statement = {"Action": "execute-api:Invoke", "Resource": arn}
    return {
        "principalId": "u",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [{**statement, "Effect": "Allow"}, {**statement, "Effect": "Deny"}],
        },
    }


def _header(answer: Answer, name: str) -> str | None:
    return {key.lower(): value for key, value in answer.headers}.get(name.lower())


def _unknown_path(aws: Json, answer: Answer) -> None:
    assert answer.body == aws["body"].encode()
    assert len(answer.body) == aws["length"]
    assert _header(answer, "x-amzn-ErrorType") == aws["ErrorType"]


def _status(aws: Json, answer: Answer) -> None:
    assert answer.status == aws["status"]


def _denied_body(aws: Json, answer: Answer) -> None:
    assert answer.body == aws["body"].encode()


def _nulls(aws: Json, answer: Answer) -> None:
    event = json.loads(answer.body)["event"]
    assert event["pathParameters"] == event["stageVariables"] == aws["value"]


def _received(aws: Json, answer: Answer) -> None:
    assert aws["body"] == "received"
    assert json.loads(answer.body)["body"] == "text"


def _accepted(aws: Json, answer: Answer) -> None:
    assert aws["status"] == "ok"
    assert answer.status == 201


def _all_values(aws: Json, answer: Answer) -> None:
    assert aws["multiValueHeaders"] == "all"
    event = json.loads(answer.body)["event"]
    assert event["multiValueHeaders"]["X-Twice"] == ["one", "two"]


_GET = HttpRequest("GET", "/api/hello")
_WITH_TOKEN = HttpRequest("GET", "/api/", (("Authorization", "tok"),))

DIVERGENCES = {
    "dv-03": Divergence(_hello, HttpRequest("GET", "/api/nowhere"), _unknown_path),
    "dv-05": Divergence(_hello, HttpRequest("OPTIONS", "/api/hello"), _status),
    "dv-08": Divergence(_guarded(_denies), _WITH_TOKEN, _status),
    "dv-09": Divergence(
        _guarded(lambda _: AuthResponse(routes=["/other"], principal_id="u")),
        _WITH_TOKEN,
        _denied_body,
    ),
    "dv-11": Divergence(_hello, HttpRequest("GET", "/api/keyed"), _status),
    "dv-12": Divergence(_hello, _GET, _nulls),
    "dv-13": Divergence(
        _hello,
        HttpRequest("POST", "/api/hello", (("Transfer-Encoding", "chunked"),), b"text"),
        _received,
    ),
    "dv-16": Divergence(_hello, HttpRequest("GET", "/api/created"), _accepted),
    "dv-19": Divergence(
        _hello,
        HttpRequest("GET", "/api/hello", (("X-Twice", "one"), ("X-Twice", "two"))),
        _all_values,
    ),
}
