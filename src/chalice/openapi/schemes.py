"""Who guards methods: the security schemes of a definition, and what each operation asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from chalice.model.declared import (
    BuiltinAuthorizer,
    CognitoAuthorizer,
    CustomAuthorizer,
    IamAuthorizer,
)
from chalice.model.names import logical_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalice.model.declared import AppModel, Authorizer, Route

#: The security scheme that stands for "a key of a usage plan" (rule 5.2).
API_KEY = "api_key"


def security(route: Route) -> list[dict[str, list[str]]]:
    """Return what a caller must show: API Gateway asks for every item of the list, not for one."""
    shown: list[dict[str, list[str]]] = []
    if route.api_key_required:
        shown.append({API_KEY: []})
    if route.authorizer is not None:
        shown.append({route.authorizer: list(route.scopes)})
    return shown


def security_schemes(model: AppModel) -> dict[str, Any]:
    """Return the authorizers of the application, and the scheme of API keys if a route has one."""
    schemes = {item.name: _security_scheme(item) for item in model.authorizers}
    if any(route.api_key_required for route in model.routes):
        schemes[API_KEY] = {"type": "apiKey", "name": "x-api-key", "in": "header"}
    return schemes


def _security_scheme(authorizer: Authorizer) -> dict[str, Any]:
    match authorizer:
        case BuiltinAuthorizer() if authorizer.identity_sources is not None:
            return _request_scheme(authorizer, authorizer.identity_sources)
        case BuiltinAuthorizer():
            return _token_scheme(
                authorizer.header,
                invocation_uri(authorizer.function),
                authorizer.execution_role,
                authorizer.ttl_seconds,
                authorizer.validation_expression,
            )
        case CustomAuthorizer():
            return _token_scheme(
                authorizer.header,
                authorizer.authorizer_uri,
                authorizer.invoke_role_arn,
                authorizer.ttl_seconds,
            )
        case CognitoAuthorizer():
            return _scheme(
                authorizer.header,
                "cognito_user_pools",
                {"type": "cognito_user_pools", "providerARNs": list(authorizer.provider_arns)},
            )
        case IamAuthorizer():
            return _scheme("Authorization", "awsSigv4")
        case _:
            assert_never(authorizer)


def _token_scheme(
    header: str,
    uri: str | Mapping[str, str],
    credentials: str | None,
    ttl_seconds: int | None,
    expression: str | None = None,
) -> dict[str, Any]:
    # A TOKEN authorizer's identity source is the header that the scheme names; `identitySource` is
    # for REQUEST authorizers.
    # Source: "x-amazon-apigateway-authorizer object".
    authorizer = _lambda_authorizer("token", uri, credentials, ttl_seconds)
    if expression is not None:
        authorizer["identityValidationExpression"] = expression
    return _scheme(header, "custom", authorizer)


def _request_scheme(authorizer: BuiltinAuthorizer, sources: Sequence[str]) -> dict[str, Any]:
    # The scheme has to name a header, which API Gateway does not look at here: its own examples
    # call it `Unused`. Source: "x-amazon-apigateway-authorizer object", examples.
    uri = invocation_uri(authorizer.function)
    details = _lambda_authorizer("request", uri, authorizer.execution_role, authorizer.ttl_seconds)
    if sources:
        details["identitySource"] = ", ".join(sources)
    return _scheme("Unused", "custom", details)


def _lambda_authorizer(
    kind: str, uri: str | Mapping[str, str], credentials: str | None, ttl_seconds: int | None
) -> dict[str, Any]:
    """Return what both kinds have; an absent lifetime leaves API Gateway's 300 seconds."""
    authorizer: dict[str, Any] = {"type": kind, "authorizerUri": uri}
    if credentials is not None:
        authorizer["authorizerCredentials"] = credentials
    if ttl_seconds is not None:
        authorizer["authorizerResultTtlInSeconds"] = ttl_seconds
    return authorizer


def _scheme(header: str, kind: str, authorizer: Mapping[str, Any] | None = None) -> dict[str, Any]:
    scheme: dict[str, Any] = {
        "type": "apiKey",
        "name": header,
        "in": "header",
        "x-amazon-apigateway-authtype": kind,
    }
    if authorizer is not None:
        scheme["x-amazon-apigateway-authorizer"] = dict(authorizer)
    return scheme


def invocation_uri(function_name: str) -> dict[str, str]:
    """Return what names a function of the application wherever one is invoked."""
    # 2015-03-31 is the version of Lambda's Invoke API that every integration names.
    # Source: API Gateway developer guide, "x-amazon-apigateway-integration object", `uri`.
    return {
        "Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31"
        f"/functions/${{{logical_id(function_name)}.Arn}}/invocations"
    }
