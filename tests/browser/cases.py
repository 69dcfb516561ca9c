"""What a page asks of applications on another origin, and what the Fetch standard lets it see.

Source of what is expected: Fetch standard (fetch.spec.whatwg.org), sections "CORS protocol" (whose
preflights are sent, which answers are shared, what `*` means with credentials) and "HTTP-network
fetch"; statuses and bodies are those of API Gateway and of the runtime.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.projects import write_project

HEAD = """
import os
from chalice import *

app = Chalice(app_name="NAME")


@app.authorizer()
def door(auth_request):
    return AuthResponse(["*"] if auth_request.token == "open" else [], "visitor")


def answer():
    cookie = app.current_request.headers.get("cookie", "none")
    return Response({"cookie": cookie}, headers={"X-Total": "7"})
"""

ROUTES = """

@app.route("/read", CORS)
def read():
    return answer()


@app.route("/text", methods=["POST"], content_types=["text/plain"], CORS)
def text():
    return answer()


@app.route("/write", methods=["POST", "PUT", "DELETE"], CORS)
def write():
    return answer()


@app.route("/guarded", methods=["GET", "PUT"], authorizer=door, CORS)
def guarded():
    return answer()


@app.route("/keyed", api_key_required=True, CORS)
def keyed():
    return answer()


@app.route("/fails/{how}", CORS)
def fails(how):
    if how == "end":
        os._exit(3)
    if how == "bug":
        raise KeyError(how)
    if how == "teapot":
        return Response({"short": "stout"}, status_code=418)
    raise {"400": BadRequestError, "404": NotFoundError, "500": ChaliceViewError}[how]("said")
"""

SILENT = """

@app.route("/silent")
def silent():
    return answer()
"""

OTHER_ORIGIN = """

@app.route("/of-another-origin", cors=CORSConfig(allow_origin="https://elsewhere.example"))
def of_another_origin():
    return answer()
"""

# `cors=` of the routes of each application, and what it has beside them.
APPLICATIONS = {
    "star": ("cors=True", SILENT),
    "named": (
        """cors=CORSConfig(
            allow_origin="ORIGIN",
            allow_headers=["X-Own"],
            expose_headers=["X-Total"],
            allow_credentials=True,
        )""",
        "",
    ),
    "other": ('cors=CORSConfig(allow_origin="https://elsewhere.example")', ""),
    "mixed": ('cors=CORSConfig(allow_origin="ORIGIN")', OTHER_ORIGIN),
    "none": ("cors=None", ""),
}


def write_applications(directory, origin):
    """Write each application into a folder of its name; return the folders by name."""
    return {
        name: write_project(
            directory / name,
            (HEAD.replace("NAME", name) + ROUTES.replace("CORS)", f"{cors})") + more).replace(
                "ORIGIN", origin
            ),
            {"local": {"api_keys": ["k" * 20]}},
        )
        for name, (cors, more) in APPLICATIONS.items()
    }


REFUSED = "TypeError"

NOBODY = '200 {"cookie":"none"}'
ANN = '200 {"cookie":"visitor=ann"}'
JSON = {"Content-Type": "application/json"}
NO_TOKEN = '401 {"message":"Unauthorized"}'
NO_ROUTE = '403 {"message":"Missing Authentication Token"}'
FORBIDDEN = '403 {"message":"Forbidden"}'
DENIED = (
    '403 {"Message":"User is not authorized to access this resource because no identity-based'
    ' policy allows the execute-api:Invoke action"}'
)
LOST = '502 {"message": "Internal server error"}'
BAD_REQUEST = '400 {"Code":"BadRequestError","Message":"said"}'
NOT_FOUND = '404 {"Code":"NotFoundError","Message":"said"}'
VIEW_ERROR = '500 {"Code":"ChaliceViewError","Message":"said"}'
BUG = '500 {"Code":"InternalServerError","Message":"An internal server error occurred."}'
UNSUPPORTED = '415 {"Code":"UnsupportedMediaType","Message":"Unsupported media type: text/csv"}'


@dataclass(frozen=True, slots=True)
class Case:
    """One call of `fetch`.

    Attributes:
        name: what is asked.
        application: of whom.
        path: for what.
        init: the second argument of `fetch`.
        seen: status and body that the page may read, or the name of the error that it gets.
        asked: method and status of every request that reached the server.
        headers: what the page sees of headers; None for one that it may not see.
    """

    name: str
    application: str
    path: str
    init: dict[str, Any]
    seen: str
    asked: str
    headers: dict[str, str | None] = field(default_factory=dict[str, "str | None"])


GET: dict[str, Any] = {}
WITH_COOKIE = {"credentials": "include"}


def put(method="PUT", body="{}", **headers):
    """Return the call of a script that sends JSON; `X_Own` stands for `X-Own`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"method": method, "body": body, "headers": {**JSON, **named}}


def get(**headers):
    """Return the call of a script that sends *headers*."""
    return {"headers": headers}


SIMPLE = (
    Case("GET", "star", "/read", GET, NOBODY, "GET 200"),
    Case("a header not exposed", "star", "/read", GET, NOBODY, "GET 200", {"x-total": None}),
    Case("a header exposed", "named", "/read", GET, NOBODY, "GET 200", {"x-total": "7"}),
    Case("POST of text", "star", "/text", {"method": "POST", "body": "x"}, NOBODY, "POST 200"),
    Case("a route without CORS", "star", "/silent", GET, REFUSED, "GET 200"),
    Case("no CORS", "none", "/read", GET, REFUSED, "GET 200"),
    Case("no CORS, `no-cors`", "none", "/read", {"mode": "no-cors"}, "0 ", "GET 200"),
    Case("another origin allowed", "other", "/read", GET, REFUSED, "GET 200"),
)

PREFLIGHTED = (
    Case("PUT of JSON", "star", "/write", put(), NOBODY, "OPTIONS 200, PUT 200"),
    Case("POST of JSON", "star", "/write", put("POST"), NOBODY, "OPTIONS 200, POST 200"),
    Case("DELETE", "star", "/write", put("DELETE", None), NOBODY, "OPTIONS 200, DELETE 200"),
    Case(
        "headers of AWS",
        "star",
        "/write",
        put(X_Api_Key="k", X_Amz_Date="d"),
        NOBODY,
        "OPTIONS 200, PUT 200",
    ),
    Case("a header allowed", "named", "/write", put(X_Own="1"), NOBODY, "OPTIONS 200, PUT 200"),
    Case("a header not allowed", "star", "/write", put(X_Own="1"), REFUSED, "OPTIONS 200"),
    Case("a method not allowed", "star", "/write", put("PATCH"), REFUSED, "OPTIONS 200"),
    Case("no such route", "star", "/nothing", put(), REFUSED, "OPTIONS 403"),
    Case("another origin allowed", "other", "/write", put(), REFUSED, "OPTIONS 200"),
    Case("no CORS", "none", "/write", put(), REFUSED, "OPTIONS 403"),
)

CREDENTIALED = (
    Case("GET", "named", "/read", WITH_COOKIE, ANN, "GET 200"),
    Case("PUT", "named", "/write", {**put(), **WITH_COOKIE}, ANN, "OPTIONS 200, PUT 200"),
    Case("no cookie where none is to be sent", "named", "/read", GET, NOBODY, "GET 200"),
    Case("GET, `*`", "star", "/read", WITH_COOKIE, REFUSED, "GET 200"),
    Case("PUT, `*`", "star", "/write", {**put(), **WITH_COOKIE}, REFUSED, "OPTIONS 200"),
    Case("GET, credentials not allowed", "mixed", "/read", WITH_COOKIE, REFUSED, "GET 200"),
    Case("GET, another origin allowed", "other", "/read", WITH_COOKIE, REFUSED, "GET 200"),
    Case("error of the gateway", "named", "/nothing", WITH_COOKIE, NO_ROUTE, "GET 403"),
    Case("error of the gateway, `*`", "star", "/nothing", WITH_COOKIE, REFUSED, "GET 403"),
    Case("401 of the gateway", "named", "/guarded", WITH_COOKIE, NO_TOKEN, "GET 401"),
    Case("error of the view", "named", "/fails/404", WITH_COOKIE, NOT_FOUND, "GET 404"),
    Case("unhandled exception", "named", "/fails/bug", WITH_COOKIE, BUG, "GET 500"),
)

OF_THE_GATEWAY = (
    Case("no such route", "star", "/nothing", GET, NO_ROUTE, "GET 403"),
    Case("no such verb", "star", "/write", GET, NO_ROUTE, "GET 403"),
    Case("no API key", "star", "/keyed", GET, FORBIDDEN, "GET 403"),
    Case("no token", "star", "/guarded", GET, NO_TOKEN, "GET 401"),
    Case(
        "a token that is good",
        "star",
        "/guarded",
        get(Authorization="open"),
        NOBODY,
        "OPTIONS 200, GET 200",
    ),
    Case(
        "a token that is refused",
        "star",
        "/guarded",
        get(Authorization="shut"),
        DENIED,
        "OPTIONS 200, GET 403",
    ),
    Case("no token, PUT", "star", "/guarded", put(), NO_TOKEN, "OPTIONS 200, PUT 401"),
    Case("the function ends", "star", "/fails/end", GET, LOST, "GET 502"),
    Case("no such route, no CORS", "none", "/nothing", GET, REFUSED, "GET 403"),
    Case("no token, no CORS", "none", "/guarded", GET, REFUSED, "GET 401"),
    Case(
        "a good token, no CORS",
        "none",
        "/guarded",
        get(Authorization="open"),
        REFUSED,
        "OPTIONS 403",
    ),
    Case("no token, origins that differ", "mixed", "/guarded", GET, REFUSED, "GET 401"),
    Case("no such route, another origin allowed", "other", "/nothing", GET, REFUSED, "GET 403"),
)

OF_THE_VIEW = (
    Case("BadRequestError", "star", "/fails/400", GET, BAD_REQUEST, "GET 400"),
    Case("NotFoundError", "star", "/fails/404", GET, NOT_FOUND, "GET 404"),
    Case("a Response of 418", "star", "/fails/teapot", GET, '418 {"short":"stout"}', "GET 418"),
    Case("ChaliceViewError", "star", "/fails/500", GET, VIEW_ERROR, "GET 500"),
    Case("unhandled exception", "star", "/fails/bug", GET, BUG, "GET 500"),
    Case(
        "a type not accepted",
        "star",
        "/write",
        put("POST", Content_Type="text/csv"),
        UNSUPPORTED,
        "OPTIONS 200, POST 415",
    ),
    Case("BadRequestError, no CORS", "none", "/fails/400", GET, REFUSED, "GET 400"),
    Case("unhandled exception, no CORS", "none", "/fails/bug", GET, REFUSED, "GET 500"),
)

# Every case, by the number that its URL carries.
SECTIONS = {
    "simple": SIMPLE,
    "preflighted": PREFLIGHTED,
    "credentialed": CREDENTIALED,
    "error of the gateway": OF_THE_GATEWAY,
    "error of the view": OF_THE_VIEW,
}
