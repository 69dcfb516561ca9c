"""Where the sandbox answers other than AWS: the list, as data.

Each entry names the rule of API Gateway that it breaks, and what exactly is another answer. An
answer of `chalice local`, changed by the entries that are about it, has to be that of the sandbox:
an entry that does not hold any more fails, and so does a difference that has none.

`python -m tests.deploy.differences` prints the list as `docs/deploying.md` has it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tests.deploy.asking import ID, Ask, Seen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class Difference:
    """One of them.

    Attributes:
        name: its id.
        rule: that of the gateway; `-` where it is about CloudFormation or Lambda.
        aws: what AWS does.
        sandbox: what MiniStack does.
        asks: the requests that show it, as `APPLICATION/NAME`.
        where: whether it shows in an answer that is right; for those that show in many.
        changed: what is another: `status`, `body` and headers in small letters; None is none.
    """

    name: str
    rule: str
    aws: str
    sandbox: str
    asks: tuple[str, ...] = ()
    where: Callable[[Seen], bool] | None = None
    changed: Mapping[str, object] = field(default_factory=dict)

    def shows(self, asked: str, seen: Seen) -> bool:
        """Return whether it is about the request *asked*, whose right answer is *seen*."""
        return asked in self.asks or (self.where is not None and self.where(seen))


def _has(name: str) -> Callable[[Seen], bool]:
    return lambda seen: name in seen.headers


#: Those that show in answers: `where` first, for the others may change what these add.
ANSWERS = (
    Difference(
        "ids",
        "2.11",
        "Every answer has `x-amz-apigw-id`.",
        "None has; `x-amz-request-id` is there instead.",
        where=lambda _: True,
        changed={"x-amz-apigw-id": None, "x-amz-request-id": ID},
    ),
    Difference(
        "trace",
        "2.11",
        "Answers of functions have `X-Amzn-Trace-Id`.",
        "None has.",
        where=_has("x-amzn-trace-id"),
        changed={"x-amzn-trace-id": None},
    ),
    Difference(
        "gateway-responses",
        "2.24, 6.3",
        "Errors of the gateway have the CORS header that gateway responses of the API give them.",
        "Gateway responses are passed over.",
        where=lambda seen: (
            {"x-amzn-errortype", "access-control-allow-origin"} <= seen.headers.keys()
        ),
        changed={"access-control-allow-origin": None},
    ),
    Difference(
        "preflight",
        "2.20, 6.2",
        "A preflight is answered with the CORS headers of the route and no body.",
        "It is answered 200 `{}`, without them: pages of another origin cannot send.",
        asks=("hello/preflight",),
        changed={
            "body": b"{}",
            "access-control-allow-headers": None,
            "access-control-allow-methods": None,
            "access-control-allow-origin": None,
        },
    ),
    Difference(
        "decoded-path",
        "1.9",
        "Path parameters stay percent-encoded.",
        "They are decoded.",
        asks=("hello/encoded path",),
        changed={"body": b'{"greeting":"Hello, J\\u00fcrgen!"}'},
    ),
    Difference(
        "encoded-slash",
        "1.9",
        "`%2F` separates nothing.",
        "It separates: 403 where no route has a segment more.",
        asks=("hello/encoded slash",),
        changed={
            "status": 403,
            "body": b'{"message":"Missing Authentication Token"}',
            "x-amzn-errortype": "MissingAuthenticationTokenException",
        },
    ),
    Difference(
        "denial",
        "4.10",
        "Who is not allowed is told which policy does not allow it, since 2026.",
        "The text ends before that.",
        asks=("hello/wrong token",),
        changed={"body": b'{"Message":"User is not authorized to access this resource"}'},
    ),
    Difference(
        "signature",
        "3.6",
        "What no route serves is answered with a complaint about the signature where the request"
        " has an Authorization header.",
        "It is answered `Missing Authentication Token`, header or not.",
        asks=("hello/no route with a token",),
        changed={
            "body": b'{"message":"Missing Authentication Token"}',
            "x-amzn-errortype": "MissingAuthenticationTokenException",
        },
    ),
    Difference(
        "key-error-type",
        "5.1",
        "Who has no API key is answered with the type `ForbiddenException`.",
        "The answer says no type.",
        asks=("shop/stock without a key", "shop/stock with a wrong key"),
        changed={"x-amzn-errortype": None},
    ),
    Difference(
        "any",
        "3.10",
        "A route with `ANY` answers every verb.",
        "It answers none: 403. `deploy --sandbox` warns of it.",
        asks=("manners/any verb",),
        changed={
            "status": 403,
            "body": b'{"message":"Missing Authentication Token"}',
            "x-amzn-errortype": "MissingAuthenticationTokenException",
        },
    ),
    Difference(
        "validation",
        "2.21",
        "A request that `request_validation` does not let pass is 400.",
        "The function gets it. `deploy --sandbox` warns of it.",
        asks=("manners/without a header that it needs",),
        changed={"status": 200, "body": b"called", "x-amzn-errortype": None},
    ),
    Difference(
        "going-back",
        "3.1",
        "A segment that is a literal is not tried as a parameter, too.",
        "It is, where the literal leads nowhere.",
        asks=("manners/a path that goes back",),
        changed={"status": 200, "body": b"zz", "x-amzn-errortype": None},
    ),
    Difference(
        "slashes",
        "1.9",
        "Two slashes in the value of a `{name+}` stay two.",
        "They are one.",
        asks=("manners/two slashes",),
        changed={"body": b"a/b"},
    ),
    Difference(
        "identity",
        "1.20",
        "`requestContext.identity` has twelve keys.",
        "It has `sourceIp` and `userAgent`.",
        asks=("manners/keys of its identity",),
        changed={"body": b'["sourceIp","userAgent"]'},
    ),
    Difference(
        "forwarded",
        "1.13, 1.15",
        "Functions see `X-Forwarded-For`, `X-Forwarded-Proto` and `X-Amzn-Trace-Id`.",
        "They do not.",
        asks=("manners/headers of the gateway",),
        changed={"body": b"[]"},
    ),
    Difference(
        "accept",
        "2.15",
        "The first type of the Accept header says whether the client takes bytes.",
        "An Accept header with several types gets base64.",
        asks=("hello/picture for a browser",),
        changed={
            "body": b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
            b"awAAAABJRU5ErkJggg=="
        },
    ),
    Difference(
        "header-names",
        "1.14",
        "Functions see names of headers as the client spells them.",
        "They see them in small letters.",
        asks=("manners/header names",),
        changed={"body": b'["x-own-name"]'},
    ),
    Difference(
        "event-version",
        "1.1",
        "Events have twelve keys.",
        "There is a thirteenth, `version`.",
        asks=("manners/keys of the event",),
        changed={
            "body": b'["body","headers","httpMethod","isBase64Encoded","multiValueHeaders",'
            b'"multiValueQueryStringParameters","path","pathParameters","queryStringParameters",'
            b'"requestContext","resource","stageVariables","version"]'
        },
    ),
    Difference(
        "event-context",
        "1.20",
        "`requestContext` says which deployment and domain it is.",
        "`deploymentId`, `domainName` and `domainPrefix` are missing.",
        asks=("manners/keys of its context",),
        changed={
            "body": b'["accountId","apiId","extendedRequestId","httpMethod","identity","path",'
            b'"protocol","requestId","requestTime","requestTimeEpoch","resourceId",'
            b'"resourcePath","stage"]'
        },
    ),
    Difference(
        "query",
        "1.10",
        "In `queryStringParameters` the last of several values wins.",
        "The first wins.",
        asks=("manners/query twice",),
        changed={"body": b'{"a":"1"}'},
    ),
    Difference(
        "result-type",
        "2.5",
        "A result that is no object is 502.",
        "It is the body of a 200.",
        asks=("manners/list",),
        changed={
            "status": 200,
            "body": b'["not", "an", "object"]',
            "x-amzn-errortype": None,
        },
    ),
    Difference(
        "result-body",
        "2.5",
        "A body that is an object is 502.",
        "It is written as JSON.",
        asks=("manners/object as body",),
        changed={"status": 200, "body": b'{"a": 1}', "x-amzn-errortype": None},
    ),
    Difference(
        "result-keys",
        "2.1",
        "A result with another key is 502.",
        "It is 200.",
        asks=("manners/another key",),
        changed={"status": 200, "body": b"", "x-amzn-errortype": None},
    ),
    Difference(
        "result-status",
        "2.3",
        "A status that is no number is 502.",
        "It is 500, without headers.",
        asks=("manners/no status",),
        changed={
            "status": 500,
            "body": b"",
            "content-type": None,
            "x-amzn-errortype": None,
            "x-amzn-requestid": None,
            "x-amz-request-id": None,
        },
    ),
    Difference(
        "empty-result",
        "2.2",
        "A result without a status is 200: `{}` is an empty body.",
        "It is the body itself.",
        asks=("manners/empty result",),
        changed={"body": b"{}"},
    ),
    Difference(
        "both-maps",
        "2.6",
        "A header in both maps of a result is sent with the values of both.",
        "It is sent with those of `multiValueHeaders`.",
        asks=("manners/both maps",),
        changed={"x-own": "two, three"},
    ),
    Difference(
        "renamed",
        "2.13",
        "Headers that are the gateway's own are sent as `x-amzn-Remapped-NAME`.",
        "They keep their names.",
        asks=("manners/renamed header",),
        changed={"x-amzn-remapped-www-authenticate": None, "www-authenticate": "Basic"},
    ),
    Difference(
        "function-error",
        "2.7",
        "Clients are not told why a function failed.",
        "They are told the error.",
        asks=("manners/error",),
        changed={
            "body": json.dumps(
                {
                    "message": json.dumps(
                        {"errorMessage": "on purpose", "errorType": "Runtime.HandlerError"}
                    )
                }
            ).encode(),
            "x-amzn-errortype": None,
        },
    ),
    Difference(
        "compression",
        "7.3",
        "Answers are compressed as `minimum_compression_size` says.",
        "They are not.",
        asks=("manners/compressed",),
        changed={"body": json.dumps({"text": "a" * 100}, separators=(",", ":")).encode()}
        | {"content-encoding": None},
    ),
    Difference(
        "result-size",
        "7.5",
        "A result over 6 MB is 502.",
        "It is sent.",
        asks=("manners/large result",),
        changed={
            "status": 200,
            "body": b"a" * 6_500_000,
            "content-type": "text/plain",
            "x-amzn-errortype": None,
        },
    ),
    Difference(
        "event-size",
        "7.4",
        "A request that is over 6 MB as an event is 413.",
        "The function gets it.",
        asks=("manners/large request",),
        changed={"status": 200, "body": b"6500000", "x-amzn-errortype": None},
    ),
    Difference(
        "request-size",
        "7.4",
        "A request over 10 MB is 413.",
        "The function gets it.",
        asks=("manners/too large request",),
        changed={"status": 200, "body": b"10500000", "content-type": "application/json"},
    ),
)

#: Those that show elsewhere; each has a test of its own.
CLOUD = (
    Difference(
        "timeout",
        "2.8",
        "A function that takes longer than its integration waits, 29 s as a rule, is 504.",
        "There is no such limit.",
    ),
    Difference(
        "permission",
        "2.9",
        "A function that the API may not invoke is 500.",
        "It is invoked.",
    ),
    Difference(
        "new-api",
        "-",
        "An API whose definition is changed keeps its id and its URL.",
        "It gets another id and another URL, and is in no usage plan any more.",
    ),
    Difference(
        "failed-update",
        "-",
        "When an update fails half-way, functions are given back what they had.",
        "One whose own update failed keeps its new code.",
    ),
    Difference(
        "events",
        "-",
        "An update tells of what it changes.",
        "It tells of every resource.",
    ),
    Difference(
        "change-set",
        "-",
        "A change set lists all that changes.",
        "A resource that only names others than before is missing, such as the role of functions"
        " one of which is renamed. It is changed all the same.",
    ),
    Difference(
        "bad-input",
        "-",
        "A function whose role is not there is refused, as are most things that are not there.",
        "Most bad input is taken: missing roles, keys and certificates, bad values.",
    ),
    Difference(
        "reserved",
        "-",
        "A function with `reserved_concurrency` 0 is throttled.",
        "It runs.",
    ),
    Difference(
        "error-type",
        "-",
        "The error of an invocation has its type and its stack trace.",
        "It is `Runtime.HandlerError`, without a stack trace.",
    ),
    Difference(
        "killed",
        "-",
        "What is deployed stays.",
        "Killing it, other than stopping it, loses what is in it, even with `--state`.",
    ),
)


def in_the_sandbox(application: str, ask: Ask, right: Seen) -> Seen:
    """Return what the sandbox answers where *right* is what AWS does."""
    asked, seen = f"{application}/{ask.name}", right
    for difference in ANSWERS:
        if not difference.shows(asked, right):
            continue
        before, seen = seen, _changed(seen, difference.changed)
        assert seen != before, f"{difference.name} changes nothing of {asked}"
    return seen


def _changed(seen: Seen, changed: Mapping[str, object]) -> Seen:
    headers: dict[str, str] = dict(seen.headers)
    for name, value in changed.items():
        if name in {"status", "body"}:
            seen = replace(seen, **{name: value})
        elif value is None:
            headers.pop(name, None)
        else:
            headers[name] = str(value)
    return replace(seen, headers=headers)


def table() -> str:
    """Return the list as Markdown."""
    rows = [
        f"| {item.name} | {item.rule} | {item.aws} | {item.sandbox} |"
        for item in (*CLOUD, *ANSWERS)
    ]
    return "\n".join(["| Id | Rule | AWS | The sandbox |", "|---|---|---|---|", *rows])


if __name__ == "__main__":
    print(table())  # noqa: T201 - a program
