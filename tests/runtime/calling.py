"""Applications and events for tests of the runtime: called as Lambda calls them."""

import base64
import json
from pathlib import Path

from chalice import Chalice

EVENTS = Path(__file__).parent.parent / "events"


def sample(name):
    """Return an event of `tests/events`."""
    return json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))


def an_event(
    resource="/", method="GET", *, headers=None, params=None, query=None, body=None, context=None
):
    """Return a proxy event; *query* maps names to lists, a body of bytes travels as base64."""
    event = sample("rest_get_edge")
    event.update(resource=resource, path=resource, httpMethod=method, pathParameters=params)
    event["requestContext"].update(httpMethod=method, resourcePath=resource, **(context or {}))
    sent = {"Host": "api.example.com", **(headers or {})}
    event["headers"] = sent
    event["multiValueHeaders"] = {name: [value] for name, value in sent.items()}
    event["queryStringParameters"] = query and {name: items[-1] for name, items in query.items()}
    event["multiValueQueryStringParameters"] = query
    event["isBase64Encoded"] = isinstance(body, bytes)
    event["body"] = base64.b64encode(body).decode() if isinstance(body, bytes) else body
    return event


def a_post(body, content_type="application/json", **changes):
    """Return the event of a POST to `/`."""
    headers = {} if content_type is None else {"Content-Type": content_type}
    return an_event("/", "POST", headers={**headers, **changes.pop("headers", {})}, body=body)


def an_app(view=None, path="/", **options):
    """Return an application whose logs reach pytest, with *view* at *path*."""
    app = Chalice("demo", configure_logs=False)
    if view is not None:
        app.route(path, **options)(view)
    return app


def answer(view, event=None, *, context=None, binary_types=(), **options):
    """Return what an application with one view answers."""
    app = an_app(view, **{"methods": ["GET", "POST"], **options})
    app.api.binary_types.extend(binary_types)
    return app(event or an_event(), context)


def code_of(result):
    """Return status and `Code` of an error that the framework answered."""
    return result["statusCode"], json.loads(result["body"])["Code"]


INTERNAL = '{"Code":"InternalServerError","Message":"An internal server error occurred."}'
