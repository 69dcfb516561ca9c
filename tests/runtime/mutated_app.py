"""An application whose views use every part of the runtime, each of them correct.

Correct means: a view refuses with an error of the framework what it cannot take from a client.
"""

from decimal import Decimal
from urllib.parse import quote

from chalice import (
    AuthResponse,
    BadRequestError,
    Blueprint,
    Chalice,
    ChaliceUnhandledError,
    CORSConfig,
    NotFoundError,
    Response,
)

BINARY = "application/octet-stream"
CORS = CORSConfig(
    allow_origin="https://shop.example.com",
    allow_headers=["X-Special"],
    expose_headers=["X-Seen"],
    max_age=600,
    allow_credentials=True,
)


def text_header(value):
    """Return any text as one that may stand in a header."""
    return quote(value, safe=" ", errors="replace")


def an_app(*, middleware):
    """Return the application, with or without middleware around its views."""
    app = Chalice("mutated", configure_logs=False)
    app.log.propagate = False
    app.log.disabled = True
    _read_routes(app)
    _write_routes(app)
    app.register_blueprint(_part(), url_prefix="/part")
    if middleware:
        _middleware(app)
    return app


def _read_routes(app):
    @app.route("/", methods=["GET", "HEAD"], cors=True)
    def index():
        return {"hello": "world"}

    @app.route("/shown", content_types=[])
    def shown():
        return app.current_request.to_dict()

    @app.route("/users/{key}/orders/{order}", methods=["GET", "PUT"], cors=CORS)
    def order(key, order):
        request = app.current_request
        if request.method == "PUT" and not isinstance(request.json_body, dict):
            raise BadRequestError("not an order")
        headers = {"X-Key": text_header(key), "Set-Cookie": ["a=1", "b=2"], "X-Number": 7}
        body = {"order": order, "sent": request.json_body, "tags": tags(request.query_params)}
        return Response(body, headers, 201)

    @app.route("/files/{rest+}", methods=["ANY"], content_types=["*/*"])
    def files(rest):
        if rest.startswith("no"):
            raise NotFoundError(f"no {rest}")
        return Response(rest, {"Content-Type": "text/plain"})

    @app.route("/query", cors=True)
    def query():
        return app.current_request.query_params

    @app.route("/headers")
    def headers():
        request = app.current_request
        accept = request.headers.get("ACCEPT", "")
        return {"accept": accept, "all": dict(request.headers), "path": request.path}


def tags(query):
    """Return a query's tags; a client may send any number of them, or none."""
    return query.getlist("tag") if query and "tag" in query else []


def _write_routes(app):
    @app.route("/orders", methods=["POST"], cors=True)
    def create():
        return {"echo": app.current_request.json_body}

    @app.route("/numbers", methods=["POST"])
    def numbers():
        body = app.current_request.json_body
        if not isinstance(body, dict) or not isinstance(body.get("quantity"), int):
            raise BadRequestError("`quantity` must be a number")
        return {"twice": body["quantity"] * 2, "price": Decimal("1.50")}

    @app.route("/text", methods=["POST"], content_types=["text/plain", "application/json"])
    def text():
        try:
            return app.current_request.raw_body.decode()
        except UnicodeDecodeError:
            raise BadRequestError("not UTF-8") from None

    @app.route("/pictures", methods=["POST"], content_types=["image/png", BINARY], cors=True)
    def pictures():
        return Response(app.current_request.raw_body, {"Content-Type": BINARY})


def _part():
    part = Blueprint("part")

    @part.route("/context")
    def context():
        request = part.current_request
        return [request.context, request.stage_vars, request.uri_params, part.lambda_context]

    @part.route("/raw", methods=["GET", "POST"], content_types=[])
    def raw():
        body = part.current_request.raw_body
        return {"size": len(body)}

    return part


def _middleware(app):
    @app.middleware("http")
    def outer(request, get_response):
        try:
            response = get_response(request)
        except ChaliceUnhandledError:
            return {"unhandled": True}
        response.headers["X-Seen"] = text_header(request.headers.get("user-agent", ""))
        return response

    @app.middleware("all")
    def inner(request, get_response):
        if (request.query_params or {}).get("stop"):
            return {"stopped": True}
        if (request.query_params or {}).get("unhandled"):
            raise ChaliceUnhandledError("unhandled")
        return get_response(request)


def an_authorizer(app):
    """Return the authorizer of the application: it lets in who sends a token."""

    @app.authorizer()
    def door(request):
        return AuthResponse(["*"] if request.token else [], "u-42")

    return door
