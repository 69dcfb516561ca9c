"""The duties of a REST API done by hand, once, with nothing to spare.

What a careful author writes who needs no framework: a table of routes, the 403/405/415 answers,
CORS, headers whatever their case, JSON in and out with one encoder, binary in and out, errors
logged and answered, and a request that is known to the code below it while the view runs.
"""

from binascii import a2b_base64, b2a_base64
from contextvars import ContextVar
from json import JSONDecodeError, loads
from json.encoder import c_make_encoder, encode_basestring_ascii
from logging import getLogger

log = getLogger("service")
current = ContextVar("current")


def refuse(value):
    raise TypeError(type(value).__name__)


# One C encoder for all calls: no table of circular references, compact, NaN refused.
chunks = c_make_encoder(None, refuse, encode_basestring_ascii, None, ":", ",", False, False, False)
BINARY = frozenset(("application/octet-stream", "application/zip", "image/jpeg", "image/png"))

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": (
        "Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key"
    ),
}

JSON = {"Content-Type": "application/json"}
FORBIDDEN = '{"Code":"Forbidden","Message":"No such path"}'
UNSUPPORTED = '{"Code":"UnsupportedMediaType","Message":"Unsupported media type"}'
NOT_ALLOWED = '{"Code":"MethodNotAllowedError","Message":"Unsupported method: %s"}'


class Refused(Exception):
    def __init__(self, status, code, message):
        self.status = status
        self.answer = {"Code": code, "Message": message}


class Request:
    __slots__ = ("context", "event", "lambda_context", "method", "path")

    def __init__(self, event, context, method, path):
        self.event = event
        self.context = event["requestContext"]
        self.lambda_context = context
        self.method = method
        self.path = path

    def header(self, wanted, usual):
        headers = self.event["headers"] or {}
        value = headers.get(usual) or headers.get(wanted)
        if value is None and self.event["body"]:
            for name in headers:
                if name.lower() == wanted:
                    value = headers[name]
        return value

    def query(self, name):
        return (self.event["multiValueQueryStringParameters"] or {}).get(name, ())

    def body(self):
        body = self.event["body"] or ""
        return a2b_base64(body) if self.event["isBase64Encoded"] else body.encode()

    def json(self):
        body = self.event["body"]
        try:
            return loads(a2b_base64(body) if self.event["isBase64Encoded"] else body)
        except (JSONDecodeError, UnicodeDecodeError, TypeError):
            raise Refused(400, "BadRequestError", "Error Parsing JSON") from None


class Service:
    def __init__(self):
        self.routes = {}

    def route(self, path, method, accepts=("application/json",), cors=None):
        def register(view):
            self.routes.setdefault(path, {})[method] = (view, accepts, cors)
            return view

        return register

    def __call__(self, event, context):
        try:
            around = event["requestContext"]
            method = around["httpMethod"]
            path = around["resourcePath"]
            methods = self.routes.get(path)
            if methods is None:
                return answer(403, FORBIDDEN, JSON)
            found = methods.get(method)
            if found is None:
                allow = {"Allow": ", ".join(sorted(methods)), **JSON}
                return answer(405, NOT_ALLOWED % method, allow)
        except (KeyError, TypeError, AttributeError):
            return answer(500, {"Code": "InternalServerError", "Message": "Unknown request."})
        view, accepts, cors = found
        request = Request(event, context, method, path)
        token = current.set(request)
        try:
            media = request.header("content-type", "Content-Type") or "application/json"
            if media not in accepts:
                media = media.partition(";")[0].strip().lower()
                if media not in accepts:
                    return answer(415, UNSUPPORTED, cors or JSON)
            params = event["pathParameters"]
            body = view(request, **params) if params else view(request)
            return answer(200, body, cors, request)
        except Refused as refused:
            return answer(refused.status, refused.answer, cors)
        except Exception:
            log.exception("Caught exception for path %s", path)
            failure = {
                "Code": "InternalServerError",
                "Message": "An internal server error occurred.",
            }
            return answer(500, failure, cors)
        finally:
            current.reset(token)


def answer(status, body, headers=None, request=None):
    binary = False
    if isinstance(body, tuple):
        body, media = body
        headers = {**(headers or {}), "Content-Type": media}
    if isinstance(body, bytes):
        accept = (request.header("accept", "Accept") or "").split(",")[0].strip()
        if accept not in BINARY and accept != "*/*":
            return answer(400, {"Code": "BadRequest", "Message": "Not acceptable"})
        body, binary = b2a_base64(body, newline=False).decode("ascii"), True
    elif not isinstance(body, str):
        body = "".join(chunks(body, 0))
    if headers:
        for value in headers.values():
            if "\n" in value or "\r" in value:
                raise ValueError(headers)
    return {
        "statusCode": status,
        "headers": headers or JSON,
        "body": body,
        "isBase64Encoded": binary,
    }
