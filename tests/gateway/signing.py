"""Requests signed by botocore, as a client sends them; and many that are made up from a seed."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import Random
from urllib.parse import parse_qsl, quote, urlsplit

from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from tests.fakes import FakeIds

from chalice.gateway import HttpRequest
from chalice.gateway.call import Arrival, arrive
from chalice.rules.callers import Credential

HOST = "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"
REGION = "us-east-1"
ANN = Credential(
    "AKIAIOSFODNN7EXAMPLE",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "arn:aws:iam::123456789012:user/ann",
)
BOB = Credential(
    "ASIAIOSFODNN7EXAMPLE",
    "another/secret+of/40=characters",
    "arn:aws:sts::123456789012:assumed-role/Admin/bob",
    session_token="a+session/token==",
)


def credentials(credential, **fields):
    credential = replace(credential, **fields)
    return Credentials(
        credential.access_key_id, credential.secret_access_key, credential.session_token
    )


def signed(
    target="/x",
    method="GET",
    headers=(),
    body=b"",
    *,
    by=ANN,
    host=HOST,
    presigned=False,
    expires=60,
    region=REGION,
    service="execute-api",
    **fields,
):
    """Return the request as it is on the wire, signed now; *fields* change the credential."""
    request = AWSRequest(method=method, url=f"https://{host}{target}", data=body)
    for name, value in headers:
        request.headers[name] = value
    keys = credentials(by, **fields)
    if presigned:
        SigV4QueryAuth(keys, service, region, expires=expires).add_auth(request)
    else:
        SigV4Auth(keys, service, region).add_auth(request)
    parts = urlsplit(request.url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    sent = (("Host", host), *((name, str(value)) for name, value in request.headers.items()))
    return HttpRequest(method, path, sent, body)


def time_of(request):
    """Return when *request* was signed, as seconds since the epoch."""
    query = dict(parse_qsl(urlsplit(request.target).query))
    text = query.get("X-Amz-Date") or request.header("X-Amz-Date")
    if text:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    return parsedate_to_datetime(request.header("Date")).replace(tzinfo=UTC).timestamp()


def arrival(request, seconds=None) -> Arrival:
    """Return *request* as the gateway gets it, at the time when it was signed."""
    return arrive(request, time_of(request) if seconds is None else seconds, FakeIds())


# --- requests from a seed --------------------------------------------------------------------

_NAMES = (
    "a",
    "A",
    "b",
    "aa",
    "ä",
    "x-y_z.~",
    "a b",
    "a+b",
    "a=b",
    "a&b",
    "日本",
    "",
    "%",
    "\U0001f600",
)
_SEGMENTS = (
    *("a", "B", "a.b", "%20", "a%2Fb", "%E3%81%82", "%zz", "100%25", ".", "..", "...", ""),
    *("@connections", "a:b", "a;b=c", "a,b", "(a)", "a+b", "a*b", "'", "!$&", "~a_b-c", "%7e"),
)
_HEADERS = (
    *(("X-One", "1"), ("x-one", "two"), ("X-Spaces", "  a   b \t c  "), ("X-Empty", "")),
    *(("Content-Type", "application/json; charset=utf-8"), ("Accept", "*/*"), ("X-Ä", "x")),
    *(("X-Unicode", "déjà 日本"), ("X-Amz-Meta", "m"), ("Cookie", "a=1; b=2"), ("X-Commas", "a,b")),
    *(("User-Agent", "test/1"), ("Referer", "https://example.com/?a=b"), ("X-Quote", '"a  b"')),
)


@dataclass(frozen=True)
class Sample:
    """A request and the credential that signed it."""

    request: HttpRequest
    credential: Credential


def samples(count, seed):
    """Yield *count* signed requests, always the same ones for *seed* but for their time."""
    random = Random(seed)
    for _ in range(count):
        yield _sample(random)


def _sample(random):
    presigned = random.random() < 0.3
    headers = [
        item for item in random.choices(_HEADERS, k=random.randrange(6)) if "Ä" not in item[0]
    ]
    if not presigned and random.random() < 0.1:
        headers.append(("Date", "to be replaced"))
    by = random.choice((ANN, BOB))
    request = signed(
        _target(random, repeated=not presigned),
        random.choice(("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")),
        headers,
        b"" if presigned else random.randbytes(random.choice((0, 1, 7, 200))),
        by=by,
        presigned=presigned,
        expires=random.choice((1, 60, 604_800)),
        host=random.choice((HOST, "127.0.0.1:8000", "localhost:8000", "api.example.com")),
    )
    return Sample(request, by)


def _target(random, *, repeated):
    segments = random.choices(_SEGMENTS, k=random.randrange(6))
    path = "/" + "/".join(segments) + random.choice(("", "/"))
    pairs = [
        (random.choice(_NAMES), random.choice((*_NAMES, "1", "v" * 50)))
        for _ in range(random.randrange(5))
    ]
    if not repeated:
        pairs = list(dict(pairs).items())
    random.shuffle(pairs)
    encoded = [
        quote(name, safe="") + random.choice(("=", "=")) + quote(value, safe="")
        for name, value in pairs
        if name
    ]
    if encoded and random.random() < 0.2:
        encoded[0] = encoded[0].partition("=")[0]
    return f"{path}?{'&'.join(encoded)}" if encoded else path


# --- one byte ----------------------------------------------------------------------------------


def meaning(request):
    """Return what a signature is about, however path and query are written."""
    path, _, query = request.target.partition("?")
    parts = []
    for part in path.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    pairs = parse_qsl(query, keep_blank_values=True, encoding="latin-1")
    return request.method, parts, path.endswith("/") and bool(parts), sorted(pairs), request.body


def flips(request, random, count=1):
    """Yield *request* with one byte changed: in each of its parts, *count* times."""
    for _ in range(count):
        yield from _flipped_text(request, "method", request.method, random)
        path, mark, query = request.target.partition("?")
        yield from _flipped_text(request, "target", path, random, after=mark + query)
        if query:
            yield from _flipped_text(request, "target", query, random, before=f"{path}?")
        for index, (name, value) in enumerate(request.headers):
            for flipped in _flipped(value, random):
                headers = list(request.headers)
                headers[index] = (name, flipped)
                yield f"header {name}", replace(request, headers=tuple(headers))
        if request.body:
            body = bytearray(request.body)
            body[random.randrange(len(body))] ^= 1 << random.randrange(8)
            yield "body", replace(request, body=bytes(body))


def _flipped_text(request, field, text, random, *, before="", after=""):
    for flipped in _flipped(text, random):
        yield field, replace(request, **{field: f"{before}{flipped}{after}"})


def _flipped(text, random):
    """Yield *text* with one bit of one of its characters changed, where that leaves a character."""
    if not text:
        return
    index = random.randrange(len(text))
    code = ord(text[index]) ^ (1 << random.randrange(7))
    # What no client can send, or what is a blank among blanks, changes nothing or breaks the frame.
    if 0x20 < code < 0x7F and text[index] > " ":
        yield text[:index] + chr(code) + text[index + 1 :]
