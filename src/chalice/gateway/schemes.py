"""Reads who guards methods: the security schemes of a document, and what each method asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.gateway import integrations
from chalice.gateway.api import Authorizer, ClosedAuthorizer, IamAuthorizer, LambdaAuthorizer
from chalice.rules.facts import (
    DEFAULT_TTL_SECONDS,
    FORMS,
    MAX_TTL_SECONDS,
    IdentitySource,
    identity_source,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice.gateway.document import Node

_X = "x-amazon-apigateway-"

#: Security scheme -> its authorizer, or None for an API key (rule 5.2).
Schemes = dict[str, Authorizer | None]


def read_schemes(root: Node) -> Schemes:
    """Return what the security schemes of a document stand for."""
    return {node.name: _authorizer(node) for node in security_schemes(root).items()}


def security_schemes(root: Node) -> Node:
    """Return the security schemes of a document, where its version has them."""
    if "swagger" in root:
        return root["securityDefinitions"]
    return root["components"]["securitySchemes"]


def read_security(node: Node, schemes: Schemes) -> tuple[Authorizer | None, bool, tuple[str, ...]]:
    """Return who guards a method, whether it wants an API key, and the scopes it asks for.

    OpenAPI reads the list as alternatives; API Gateway asks for everything that it names.
    """
    authorizers: dict[str, Authorizer] = {}
    scopes: list[str] = []
    api_key_required = False
    for requirement in node["security"].elements():
        for item in requirement.items():
            if item.name not in schemes:
                item.refuse(
                    "security-unknown",
                    f"security scheme `{item.name}` is not defined",
                    "define it in components.securitySchemes, or securityDefinitions in 2.0",
                )
                continue
            authorizer = schemes[item.name]
            if authorizer is None:
                api_key_required = True
            else:
                authorizers[item.name] = authorizer
                scopes += filter(None, (scope.text() for scope in item.elements()))
    auth_type = node[f"{_X}auth"]["type"].text()
    if auth_type is not None and auth_type.upper() != "NONE" and not authorizers:
        iam_asked = auth_type.upper() == "AWS_IAM"
        authorizers[auth_type] = (
            IamAuthorizer(auth_type) if iam_asked else ClosedAuthorizer(auth_type, auth_type)
        )
    if len(authorizers) > 1:
        node["security"].refuse(
            "security-several",
            f"the method has several authorizers: {', '.join(authorizers)}",
            "leave one of them",
        )
    return next(iter(authorizers.values()), None), api_key_required, tuple(scopes)


def _authorizer(scheme: Node) -> Authorizer | None:
    node = scheme[f"{_X}authorizer"]
    if node.value is None:
        auth_type = scheme[f"{_X}authtype"].text() or ""
        if auth_type.lower() == "awssigv4":
            return IamAuthorizer(scheme.name)
        if (scheme["in"].text(), (scheme["name"].text() or "").lower()) == ("header", "x-api-key"):
            return None
        return ClosedAuthorizer(scheme.name, auth_type or f"{scheme['type'].text()} scheme")
    kind = node["type"].text() or ""
    reader = _AUTHORIZER_READERS.get(kind.lower())
    return reader(scheme, node) if reader else ClosedAuthorizer(scheme.name, kind.upper())


def _token_authorizer(scheme: Node, node: Node) -> Authorizer:
    header = scheme["name"].text() or "Authorization"
    sources = _identity_sources(node["identitySource"]) or (IdentitySource("header", header),)
    if len(sources) != 1 or sources[0].kind != "header":
        node["identitySource"].refuse(
            "authorizer-source",
            "a TOKEN authorizer reads one header",
            "write `method.request.header.NAME`",
        )
    return LambdaAuthorizer(
        name=scheme.name,
        type="TOKEN",
        function=integrations.function_of(node["authorizerUri"]) or "",
        sources=sources,
        validation=node["identityValidationExpression"].pattern(),
        ttl_seconds=_ttl_seconds(node),
    )


def _request_authorizer(scheme: Node, node: Node) -> Authorizer:
    sources = _identity_sources(node["identitySource"])
    ttl_seconds = _ttl_seconds(node)
    if ttl_seconds and not sources:
        node.refuse(
            "authorizer-source",
            "a REQUEST authorizer whose results are kept has no identitySource",
            "name one, or set authorizerResultTtlInSeconds to 0",
        )
    return LambdaAuthorizer(
        name=scheme.name,
        type="REQUEST",
        function=integrations.function_of(node["authorizerUri"]) or "",
        sources=sources,
        ttl_seconds=ttl_seconds,
    )


def _cognito_authorizer(scheme: Node, node: Node) -> Authorizer:
    from chalice.gateway import token_schemes  # noqa: PLC0415 - most APIs have no tokens

    return token_schemes.read_cognito(scheme, node)


def _jwt_authorizer(scheme: Node, node: Node) -> Authorizer:
    from chalice.gateway import token_schemes  # noqa: PLC0415 - as above

    return token_schemes.read_jwt(scheme, node)


# A further kind of authorizer is one row here, one class in `api.py` and one in `authorize.py`.
_AUTHORIZER_READERS: dict[str, Callable[[Node, Node], Authorizer]] = {
    "token": _token_authorizer,
    "request": _request_authorizer,
    "cognito_user_pools": _cognito_authorizer,
    "jwt": _jwt_authorizer,
}


def _ttl_seconds(node: Node) -> int:
    ttl_seconds = node["authorizerResultTtlInSeconds"].integer(0, MAX_TTL_SECONDS)
    return DEFAULT_TTL_SECONDS if ttl_seconds is None else ttl_seconds


def _identity_sources(node: Node) -> tuple[IdentitySource, ...]:
    sources: list[IdentitySource] = []
    for text in filter(None, map(str.strip, (node.text() or "").split(","))):
        source = identity_source(text)
        if source is None:
            summary = f"identity source `{text}` is not read here"
            node.refuse("authorizer-source", summary, f"write {FORMS}")
            continue
        if source.kind == "context":
            node.doubt_context([source.name])
        sources.append(source)
    return tuple(sources)
