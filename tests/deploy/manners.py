"""An application that shows manners of a gateway which the examples have no use for."""

from __future__ import annotations

from tests.deploy.asking import Ask

# Bytes of a result and of a request that are over the 6 MB of Lambda, and of a request that is over
# the 10 MB of API Gateway.
_OVER_LAMBDA = 6_500_000
_OVER_GATEWAY = 10_500_000

APP = '''
import time

from chalice import Chalice, RequestValidation, Response

RESULTS = {
    "/list": ["not", "an", "object"],
    "/object": {"statusCode": 200, "body": {"a": 1}},
    "/extra": {"statusCode": 200, "body": "", "extra": 1},
    "/status": {"statusCode": "test", "body": ""},
    "/empty": {},
    "/twice": {
        "statusCode": 200,
        "headers": {"X-Own": "one"},
        "multiValueHeaders": {"X-Own": ["two", "three"]},
    },
    "/renamed": {"statusCode": 200, "headers": {"WWW-Authenticate": "Basic"}},
}


class Raw(Chalice):
    """An application that answers some paths by itself."""

    def __call__(self, event, context):
        if event["resource"] == "/raises":
            raise RuntimeError("on purpose")
        if event["resource"] in RESULTS:
            return RESULTS[event["resource"]]
        return super().__call__(event, context)


app = Raw(app_name="manners")


def raw():
    return {}


for path in ("/raises", *RESULTS):
    app.route(path, name=path[1:])(raw)


@app.route("/names")
def names():
    headers = app.current_request.to_original_event()["headers"]
    return sorted(name for name in headers if name.lower().startswith("x-own"))


@app.route("/keys")
def keys():
    return sorted(app.current_request.to_original_event())


@app.route("/context")
def context():
    return sorted(app.current_request.to_original_event()["requestContext"])


@app.route("/query")
def query():
    return app.current_request.to_original_event()["queryStringParameters"]


@app.route("/zipped")
def zipped():
    return {"text": "a" * 100}


@app.route("/large")
def large():
    return Response("a" * 6_500_000, headers={"Content-Type": "text/plain"})


@app.route("/upload", methods=["POST"], content_types=["text/plain"])
def upload():
    return len(app.current_request.raw_body)


@app.route("/any", methods=["ANY"])
def any_verb():
    return app.current_request.method


@app.route("/checked", request_validation=RequestValidation(required_headers=["X-Own"]))
def checked():
    return "called"


@app.route("/tok")
@app.route("/{one}/{two}", name="two")
def segments(one="", two=""):
    return two


@app.route("/files/{rest+}")
def files(rest):
    return rest


@app.route("/identity")
def identity():
    return sorted(app.current_request.context["identity"])


@app.route("/forwarded")
def forwarded():
    names = {name.lower() for name in app.current_request.headers}
    return sorted(names & {"x-amzn-trace-id", "x-forwarded-for", "x-forwarded-proto"})


@app.route("/slow")
def slow():
    time.sleep(0.2)
    return {}
'''

CONFIG = {"version": "2.0", "app_name": "manners", "minimum_compression_size": 0}

# What AWS would answer 504 and 500 then: no time for the integration, and no permission.
IMPATIENT = {
    "Resources": {
        "RestAPI": {
            "Properties": {
                "Body": {
                    "paths": {
                        "/slow": {
                            "get": {"x-amazon-apigateway-integration": {"timeoutInMillis": 50}}
                        }
                    }
                }
            }
        },
        "APIHandlerInvokePermission": None,
    }
}

_TEXT = {"Content-Type": "text/plain"}

ASKS = (
    Ask("list", "GET", "/list"),
    Ask("object as body", "GET", "/object"),
    Ask("another key", "GET", "/extra"),
    Ask("no status", "GET", "/status"),
    Ask("empty result", "GET", "/empty"),
    Ask("both maps", "GET", "/twice"),
    Ask("renamed header", "GET", "/renamed"),
    Ask("error", "GET", "/raises"),
    Ask("header names", "GET", "/names", {"X-Own-Name": "1"}),
    Ask("keys of the event", "GET", "/keys"),
    Ask("keys of its context", "GET", "/context"),
    Ask("query twice", "GET", "/query?a=1&a=2"),
    Ask("compressed", "GET", "/zipped", {"Accept-Encoding": "gzip"}),
    Ask("large result", "GET", "/large"),
    Ask("large request", "POST", "/upload", _TEXT, b"a" * _OVER_LAMBDA),
    Ask("too large request", "POST", "/upload", _TEXT, b"a" * _OVER_GATEWAY),
    Ask("any verb", "PATCH", "/any"),
    Ask("without a header that it needs", "GET", "/checked"),
    Ask("a path that goes back", "GET", "/tok/zz"),
    Ask("two slashes", "GET", "/files/a//b"),
    Ask("keys of its identity", "GET", "/identity"),
    Ask("headers of the gateway", "GET", "/forwarded"),
    Ask("slow", "GET", "/slow"),
)
