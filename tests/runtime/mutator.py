"""Events as nobody sends them: `python -m tests.runtime.mutator [COUNT] [--seed N]`.

Real-shaped proxy events, mutated and handed to an application whose views are correct. A fault is

    raised      the handler raised
    refused     API Gateway would answer 502 in the function's place: the result is not JSON as
                Lambda's runtime writes it, or breaks a rule of the gateway's results
    our fault   a 5xx where every mutation was one that a client can make: of headers, query, path
                parameters' values and body. The gateway writes the rest of an event, and a result
                of which the event is not what it writes may well be a 500.

Half of the events are mutated as clients can, the other half anyhow, anywhere. The seed names a
run: event N of a seed is always the same.
"""

import argparse
import base64
import json
import random
import sys
import time
from dataclasses import dataclass, field

from tests.runtime.calling import sample
from tests.runtime.mutated_app import an_app

from chalice.gateway.responses import Refusal
from chalice.gateway.result import reply
from chalice.invoke.marshal import MarshalError, marshal

SAMPLES = [
    sample(name)
    for name in (
        "rest_get_edge",
        "rest_post_json",
        "rest_post_binary",
        "rest_put_authorized",
        "rest_get_greedy",
    )
]

# Routes without captures; a part of the events keeps the route of its sample.
ROUTES = [
    ("/", "GET"),
    ("/", "HEAD"),
    ("/shown", "GET"),
    ("/query", "GET"),
    ("/headers", "GET"),
    ("/orders", "POST"),
    ("/numbers", "POST"),
    ("/text", "POST"),
    ("/pictures", "POST"),
    ("/part/context", "GET"),
    ("/part/raw", "POST"),
    ("/part/raw", "GET"),
]

TEXTS = [
    "",
    " ",
    "text",
    "a\r\nSet-Cookie: evil=1",
    "\n",
    "\0",
    "\t",
    "\x1b[2J",
    "\x7f",
    "\ud800",
    "a\udfffb",
    "\ud83d\ude00",
    "😀",
    "\ufeff",
    "\u2028",
    "é",
    "%00",
    "%C3%28",
    "../../etc/passwd",
    "'; drop table orders; --",
    "{{7*7}}",
    "${jndi:ldap://x}",
    "__class__",
    "NaN",
    "null",
    "true",
    "-1",
    "1e999",
    "9" * 400,
    "x" * 5000,
    "*/*",
    "image/png",
    "application/json",
    "APPLICATION/JSON; charset=utf-8",
    "application/octet-stream",
    "text/plain",
    "text/html, image/png;q=0.5",
    ";,;,",
    "=?utf-8?b?w6k=?=",
]
HEADERS = [
    "Content-Type",
    "content-type",
    "CONTENT-TYPE",
    "cONTENT-tYPE",
    "Accept",
    "accept",
    "ACCEPT",
    "Accept-Encoding",
    "User-Agent",
    "Cookie",
    "Host",
    "Origin",
    "Content-Length",
    "X-Forwarded-For",
    "X-Amzn-Trace-Id",
    "X-Special",
    "İ",
    "",
]
JSON_BODIES = [
    "{}",
    "[]",
    "null",
    "0",
    '""',
    "",
    "{",
    "[1,",
    '{"a":1}x',
    '{"quantity": 3}',
    '{"quantity": 1e3}',
    '{"quantity": true}',
    '{"a": NaN}',
    "Infinity",
    "-Infinity",
    '{"a": 1e999}',
    '{"a": -1e999}',
    '"\\ud800"',
    '{"\\ud800": "\\u0000"}',
    '{"a": 1, "a": 2}',
    "\ufeff{}",
    "{'a': 1}",
    "\x00",
    '"\n"',
]
NUMBERS = [0, -1, 1, 2**31, 2**63, -(2**63), 10**400, 0.1, -0.0, 1e308, float("inf"), float("nan")]


@dataclass
class Tally:
    """What a run came to."""

    events: int = 0
    faults: list = field(default_factory=list)
    statuses: dict = field(default_factory=dict)


class Mutator:
    """Makes event number *n* of a seed."""

    def __init__(self, seed):
        self.seed = seed
        self._random = random.Random()
        self._texts = [json.dumps(event) for event in SAMPLES]

    def event(self, number):
        """Return an event, and whether each mutation of it is one that a client can make."""
        self._random.seed(f"{self.seed}/{number}")
        event = json.loads(self._random.choice(self._texts))
        self._route(event)
        by_client = self._random.random() < 0.5
        mutate = self._as_client if by_client else self._anywhere
        for _ in range(self._random.choice((1, 1, 2, 3, 5))):
            mutate(event)
        return event, by_client

    def _route(self, event):
        if self._random.random() < 0.4:
            return
        resource, method = self._random.choice(ROUTES)
        event.update(resource=resource, path=resource, httpMethod=method, pathParameters=None)
        event["requestContext"].update(resourcePath=resource, httpMethod=method)

    # What a client can do.

    def _as_client(self, event):
        self._random.choice((self._header, self._query, self._path, self._body))(event)

    def _header(self, event):
        name = self._random.choice((*HEADERS, *event["headers"]))
        if self._random.random() < 0.2:
            event["headers"].pop(name, None)
            event["multiValueHeaders"].pop(name, None)
            return
        values = self._some_texts()
        event["headers"][name] = values[-1]
        event["multiValueHeaders"][name] = values

    def _query(self, event):
        query = dict(event["multiValueQueryStringParameters"] or {})
        name = self._random.choice(("tag", "stop", "unhandled", "q", self._text()))
        query[name] = self._some_texts()
        if self._random.random() < 0.1:
            query = {}
        event["multiValueQueryStringParameters"] = query or None
        last = {name: values[-1] for name, values in query.items()}
        event["queryStringParameters"] = last or None

    def _path(self, event):
        parameters = event["pathParameters"]
        if parameters:
            value = self._random.choice((self._text(), self._text(), "no such file"))
            parameters[self._random.choice(list(parameters))] = value

    def _body(self, event):
        kind = self._random.random()
        if kind < 0.2:
            event["body"] = base64.b64encode(self._bytes()).decode()
            event["isBase64Encoded"] = True
            return
        event["isBase64Encoded"] = False
        if kind < 0.3:
            event["body"] = None
        elif kind < 0.7:
            event["body"] = self._random.choice(JSON_BODIES)
        elif kind < 0.8:
            event["body"] = self._nested()
        elif kind < 0.9:
            event["body"] = self._damaged(event["body"] or '{"quantity": 12, "tags": ["a"]}')
        else:
            event["body"] = self._text()

    def _nested(self):
        depth = self._random.choice((3, 100, 900, 985, 1000, 5000))
        opened, closed = self._random.choice((("[", "]"), ('{"a":', "}")))
        return opened * depth + "1" + closed * self._random.choice((depth, depth, depth - 1))

    def _damaged(self, text):
        at = self._random.randrange(len(text) + 1)
        edits = (
            text[:at] + text[at + 1 :],
            text[:at] + self._text() + text[at:],
            text[:at],
            text[at:],
            text * 2,
        )
        return self._random.choice(edits)

    def _text(self):
        return self._random.choice(TEXTS)

    def _some_texts(self):
        return [self._text() for _ in range(self._random.choice((1, 1, 1, 2, 3)))]

    def _bytes(self):
        return self._random.randbytes(self._random.choice((0, 1, 3, 64)))

    # What nobody can do.

    def _anywhere(self, event):
        holder, key = self._somewhere(event)
        edits = (
            self._drop,
            self._replace,
            self._replace,
            self._rename,
            self._damage_base64,
            self._misroute,
        )
        self._random.choice(edits)(event, holder, key)

    def _somewhere(self, event):
        holder, key = event, self._key(event)
        while self._random.random() < 0.7 and isinstance(holder[key], (dict, list)) and holder[key]:
            holder = holder[key]
            key = self._key(holder)
        return holder, key

    def _key(self, holder):
        if isinstance(holder, list):
            return self._random.randrange(len(holder))
        # What routes an event most often stays, or little else would be tried.
        keys = [
            key
            for key in holder
            if key not in ("requestContext", "httpMethod", "resourcePath")
            or self._random.random() < 0.6
        ]
        return self._random.choice(keys or list(holder))

    def _drop(self, event, holder, key):
        if holder is event and len(event) == 1:
            return
        if len(holder) > 1:
            del holder[key]

    def _replace(self, _, holder, key):
        holder[key] = self._value()

    def _rename(self, _, holder, key):
        if isinstance(holder, dict):
            holder[self._text()] = holder.pop(key)

    def _damage_base64(self, event, *_):
        if isinstance(event.get("body"), str):
            event["body"] = self._damaged(event["body"])
        event["isBase64Encoded"] = self._random.choice((True, "true", 1, None, {}))

    def _misroute(self, event, *_):
        context = event.get("requestContext")
        if isinstance(context, dict):
            verbs = ("GET", "POST", "DELETE", "ANY", self._value())
            context["httpMethod"] = self._random.choice(verbs)
            if self._random.random() < 0.3:
                context["resourcePath"] = self._value()

    def _value(self, depth=0):
        makers = (self._text, self._text, self._number, self._constant, self._deep)
        if depth < 4:
            makers += (self._list, self._object)
        maker = self._random.choice(makers)
        return maker(depth) if maker in (self._list, self._object) else maker()

    def _number(self):
        return self._random.choice(NUMBERS)

    def _constant(self):
        return self._random.choice((None, True, False))

    def _list(self, depth):
        return [self._value(depth + 1) for _ in range(self._random.randrange(3))]

    def _object(self, depth):
        return {self._text(): self._value(depth + 1) for _ in range(self._random.randrange(3))}

    def _deep(self):
        value = 1
        for _ in range(self._random.choice((5, 50, 900, 2000))):
            value = [value] if self._random.random() < 0.5 else {"a": value}
        return value


def fault(app, event, *, by_client):
    """Return the status that *app* answers, and what is wrong with the answer, or None."""
    try:
        result = app(event, None)
    except BaseException as error:  # noqa: BLE001 - this is what is looked for
        return None, f"raised {type(error).__name__}: {error}"
    try:
        accepted = reply(marshal(result), accepts_binary=True)
    except (MarshalError, Refusal) as error:
        return None, f"refused: {error!r}: {result!r}"
    if by_client and accepted.status >= 500:
        return accepted.status, f"our fault: {accepted.status} {result['body']}"
    return accepted.status, None


def run(seed, numbers):
    """Return the tally of the events *numbers* of *seed*, over both applications."""
    apps = (an_app(middleware=False), an_app(middleware=True))
    mutator = Mutator(seed)
    tally = Tally()
    for number in numbers:
        event, by_client = mutator.event(number)
        status, wrong = fault(apps[number % 2], event, by_client=by_client)
        tally.events += 1
        key = ("client" if by_client else "anyone", status)
        tally.statuses[key] = tally.statuses.get(key, 0) + 1
        if wrong is not None:
            tally.faults.append(f"seed {seed}, event {number}: {wrong}")
    return tally


def main(arguments=None):
    """Run and print the tally; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.runtime.mutator")
    parser.add_argument("count", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    started = time.monotonic()
    tally = run(options.seed, range(options.count))
    seconds = time.monotonic() - started
    lines = [line[:2000] for line in tally.faults[:20]]
    lines.append(f"{tally.events} events in {seconds:.0f} s, {len(tally.faults)} faults")
    for (who, status), count in sorted(tally.statuses.items(), key=str):
        lines.append(f"  {who:6} {status}: {count}")
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
