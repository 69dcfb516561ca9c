"""Reads the authorizers that verify tokens: COGNITO_USER_POOLS and JWT."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chalice import headers
from chalice.gateway.api import AdditionalClaim, CognitoAuthorizer, JwtAuthorizer, TrustedIssuer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalice.gateway.document import Node

# Source: the service model of API Gateway, "JwtSigningAlgorithm".
ALGORITHMS = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512")

# Source: the service model of API Gateway, "identitySource": one header, by both kinds.
_HEADER = re.compile(rf"method\.request\.header\.({headers.NAME})")

# Claims that have rules of their own.
# Source: the service model of API Gateway, "JwtAdditionalClaim", "claimName".
_OWN_CLAIMS = frozenset({"iss", "aud", "exp", "nbf", "iat", "scope", "scp"})


def read_cognito(scheme: Node, node: Node) -> CognitoAuthorizer:
    """Return the COGNITO_USER_POOLS authorizer in *node*, of the security scheme *scheme*."""
    arns = list(node["providerARNs"].elements())
    if not arns:
        node["providerARNs"].refuse(
            "authorizer-provider-arns",
            "a COGNITO_USER_POOLS authorizer has no providerARNs",
            "write the ARN of at least one user pool",
        )
    return CognitoAuthorizer(
        name=scheme.name,
        header=_header(scheme, node),
        pools=tuple(_arn(item) for item in arns),
        validation=node["identityValidationExpression"].pattern(),
    )


def read_jwt(scheme: Node, node: Node) -> JwtAuthorizer:
    """Return the JWT authorizer in *node*, of the security scheme *scheme*."""
    configuration = node["jwtConfiguration"]
    issuers = tuple(_issuer(item) for item in configuration["issuers"].elements())
    if not issuers:
        configuration.refuse(
            "authorizer-issuers",
            "a JWT authorizer of a REST API has no jwtConfiguration.issuers",
            'write `"issuers": [{"issuer": "https://...", "audiences": ["..."]}]`',
        )
    if len({issuer.url for issuer in issuers}) < len(issuers):
        configuration["issuers"].refuse(
            "authorizer-issuers", "an issuer is written twice", "write each once"
        )
    algorithms = tuple(
        item.choice(ALGORITHMS, "") for item in configuration["defaultAlgorithms"].elements()
    )
    if not algorithms:
        configuration.refuse(
            "authorizer-algorithms",
            "a JWT authorizer has no jwtConfiguration.defaultAlgorithms",
            f"write one or more of {', '.join(ALGORITHMS)}",
        )
    return JwtAuthorizer(
        name=scheme.name, header=_header(scheme, node), issuers=issuers, algorithms=algorithms
    )


def _header(scheme: Node, node: Node) -> str:
    """Return the header that holds the token: the identity source, else the one of the scheme."""
    source = node["identitySource"].text()
    if source is None:
        return scheme["name"].text() or "Authorization"
    found = _HEADER.fullmatch(source.strip())
    if found is None:
        node["identitySource"].refuse(
            "authorizer-source",
            f"identity source `{source}` is not one header",
            "write `method.request.header.NAME`",
        )
        return ""
    return found[1]


def _arn(node: Node) -> str:
    """Return an ARN as written; what only CloudFormation can resolve stays, and matches no pool."""
    value = node.reference().value
    return value if isinstance(value, str) else f"{value}"


def _issuer(node: Node) -> TrustedIssuer:
    url = node["issuer"].text() or ""
    if not _is_issuer(url):
        node["issuer"].refuse(
            "authorizer-issuer-url",
            f"issuer `{url}` is not an absolute https URL of a host alone, or with a path",
            "write the URL as the tokens have it in `iss`",
        )
    audiences = tuple(_texts(node["audiences"].elements()))
    if not audiences:
        node.refuse(
            "authorizer-audiences",
            f"issuer `{url}` has no audiences",
            "name one or more values of `aud` that are accepted",
        )
    return TrustedIssuer(url, audiences, tuple(map(_claim, node["additionalClaims"].elements())))


def _is_issuer(url: str) -> bool:
    """Tell whether *url* is what API Gateway takes as an issuer.

    Source: the service model of API Gateway, "JwtIssuerInput", "issuer".
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return bool(parts.scheme == "https" and host and not set("?#@ ") & set(url))


def _claim(node: Node) -> AdditionalClaim:
    name = node["claimName"].text() or ""
    if not name or name in _OWN_CLAIMS:
        node["claimName"].refuse(
            "authorizer-claim",
            f"additional claim `{name}` cannot be asked for",
            f"write another claim than {', '.join(sorted(_OWN_CLAIMS))}",
        )
    node["format"].choice(("SINGLE_STRING",), "SINGLE_STRING")
    return AdditionalClaim(
        name=name,
        required=node["required"].flag(),
        expected=tuple(_texts(node["expectedValues"].elements())),
    )


def _texts(nodes: Iterable[Node]) -> Iterable[str]:
    return filter(None, (node.text() for node in nodes))
