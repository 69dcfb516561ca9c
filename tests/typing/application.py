"""What an editor infers for an application. Checked by mypy and pyright; never run."""

from __future__ import annotations

import logging
from typing import Any, assert_type

from chalice import (
    AuthResponse,
    Blueprint,
    Chalice,
    CORSConfig,
    GatewayResponse,
    RequestValidation,
    Response,
)
from chalice.app import (
    AuthRequest,
    CaseInsensitiveMapping,
    ChaliceAuthorizer,
    MultiDict,
    Request,
)

app = Chalice(app_name="typed")
extra = Blueprint(__name__)

assert_type(app.app_name, str)
assert_type(app.debug, bool)
assert_type(app.log, logging.Logger)
assert_type(app.api.binary_types, list[str])
assert_type(app({}, None), dict[str, Any])


@app.authorizer(ttl_seconds=30)
def check_token(request: AuthRequest) -> AuthResponse:
    assert_type(request.token, str)
    assert_type(request.method_arn, str)
    return AuthResponse(routes=["/"], principal_id="ada")


@app.authorizer(identity_sources=["method.request.header.X-Tenant"])
def check_request(request: AuthRequest) -> AuthResponse:
    assert_type(request.headers, CaseInsensitiveMapping)
    assert_type(request.query_params, MultiDict | None)
    assert_type(request.uri_params, dict[str, str] | None)
    assert_type(request.context, dict[str, Any])
    assert_type((request.method, request.path), tuple[str, str])
    return AuthResponse(routes=["/"], principal_id="ada")


app.api.gateway_responses = [
    GatewayResponse("UNAUTHORIZED", status_code=403, headers={"X-A": "1"}),
    GatewayResponse("NO_SUCH_TYPE"),  # type: ignore[arg-type]  # an editor knows the types
]
validation = RequestValidation(
    required_headers=["X-Tenant"], body_schemas={"application/json": {"type": "object"}}
)
assert_type(validation, RequestValidation)


@app.route("/items/{item_id}", methods=["GET"], authorizer=check_token, cors=CORSConfig())
def item(item_id: str) -> dict[str, str]:
    return {"id": item_id}


@extra.route("/extra")
def plain() -> Response:
    return Response({"a": 1}, status_code=201, headers={"X-A": "1", "Set-Cookie": ["a", "b"]})


# A decorated view stays the function that it is.
assert_type(item("1"), dict[str, str])
assert_type(plain(), Response)
assert_type(check_token, ChaliceAuthorizer)
assert_type(check_token.with_scopes(["read"]), ChaliceAuthorizer)

request = app.current_request
assert_type(request, Request)
assert_type(request.method, str)
assert_type(request.path, str)
assert_type(request.headers, CaseInsensitiveMapping)
assert_type(request.query_params, MultiDict | None)
assert_type(request.uri_params, dict[str, str] | None)
assert_type(request.raw_body, bytes)
assert_type(request.to_dict(), dict[str, Any])
assert_type(extra.current_request, Request)
assert_type(extra.current_app, Chalice)
