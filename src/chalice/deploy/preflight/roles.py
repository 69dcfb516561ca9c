"""Roles that a template names and does not make: those of functions and of authorizers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalice import iam
from chalice.config.reader import as_object
from chalice.config.values import ROLE_ARN
from chalice.deploy.preflight.looking import Unseen
from chalice.diagnostics import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice.deploy.preflight.coming import Coming
    from chalice.deploy.preflight.looking import Looking

_ASSUME = frozenset({"sts:assumerole", "sts:*", "*"})
# Where definitions name authorizers. Source: Swagger 2.0, "securityDefinitions"; OpenAPI 3.0,
# "components", "securitySchemes".
_SCHEMES = (("securityDefinitions",), ("components", "securitySchemes"))


@dataclass(frozen=True, slots=True)
class _Taker:
    """Who takes a role.

    Attributes:
        name: in words.
        service: as trust policies name it.
        holders: what must be in the account of the role.
        otherwise: what to do where there is no such role.
        after: what comes of a role that cannot be taken, where that shows after the deploy only.
    """

    name: str
    service: str
    holders: str
    otherwise: str
    after: str = ""

    @property
    def severity(self) -> str:
        """What a role is that cannot be taken."""
        return "warning" if self.after else "error"


_LAMBDA = _Taker(
    "Lambda",
    "lambda.amazonaws.com",
    "the functions",
    "name one that is there, or set `manage_iam_role` to true, and Chalice makes it",
)
# API Gateway looks at the account of a role when it is given one, and takes it at requests.
# Source: API Gateway developer guide, "Gateway response types": AUTHORIZER_CONFIGURATION_ERROR,
# "failed to connect to a custom or Amazon Cognito authorizer", status code 500.
_GATEWAY = _Taker(
    "API Gateway",
    "apigateway.amazonaws.com",
    "the API",
    "name one that is there, or leave it out, and the API may call the function without a role",
    "; requests that need it would be answered 500",
)


def of_function(item: Coming, looking: Looking) -> Iterator[Problem]:
    """Yield what is wrong with the role that a function runs as."""
    arn = item.properties.get("Role")
    if not isinstance(arn, str):
        return
    if ROLE_ARN.accepts(arn):
        yield from _role(arn, item.where("Role"), _LAMBDA, looking)
    else:
        yield item.refused("Role", arn, ROLE_ARN)


def of_api(item: Coming, looking: Looking) -> Iterator[Problem]:
    """Yield what is wrong with the roles that an API calls its authorizers and backends with."""
    body = as_object(item.properties.get("Body"))
    yield from _of_authorizers(item, body, looking)
    for path, operations in as_object(body.get("paths")).items():
        for method, operation in as_object(operations).items():
            details = as_object(as_object(operation).get("x-amazon-apigateway-integration"))
            arn = details.get("credentials")
            # `arn:aws:iam::*:user/*` is whoever asks, and no role.
            if isinstance(arn, str) and ROLE_ARN.accepts(arn):
                place = ("paths", path, method, "x-amazon-apigateway-integration", "credentials")
                yield from _role(arn, item.where("Body", *place), _GATEWAY, looking)


def _of_authorizers(item: Coming, body: Mapping[str, Any], looking: Looking) -> Iterator[Problem]:
    for keys in _SCHEMES:
        schemes = body
        for key in keys:
            schemes = as_object(schemes.get(key))
        for name, scheme in schemes.items():
            details = as_object(as_object(scheme).get("x-amazon-apigateway-authorizer"))
            arn = details.get("authorizerCredentials")
            # What is no ARN of a role is told where the application is checked.
            if isinstance(arn, str) and ROLE_ARN.accepts(arn):
                yield from _role(arn, item.where("Body", *keys, name), _GATEWAY, looking)


def _role(arn: str, where: str, taker: _Taker, looking: Looking) -> Iterator[Problem]:
    _, _, _, _, account, name = arn.split(":", 5)
    if account != looking.caller.account:
        # Source: fabric8io/kubernetes-alexa#6, which quotes Lambda: "Cross-account pass role is not
        # allowed"; amazon-archives/aws-apigateway-importer#25 quotes the same of API Gateway.
        summary = f"the role `{arn}` is in another account than {taker.holders}"
        hint = f"name a role of account {looking.caller.account}, or use credentials of {account}"
        yield Problem("role-account", summary, where, hint)
        return
    role = looking.ask(f"the role `{arn}`", looking.account.identity.role, name.rpartition("/")[2])
    if isinstance(role, Unseen):
        yield role.problem(where)
    elif role is None:
        summary = f"there is no role `{arn}`{taker.after}"
        yield Problem("role-missing", summary, where, taker.otherwise, taker.severity)
    elif role.arn != arn:
        summary = f"there is no role `{arn}`; there is `{role.arn}`{taker.after}"
        yield Problem("role-missing", summary, where, f"write `{role.arn}`", taker.severity)
    elif not _lets(role.trust, taker.service):
        # Source: pdomala/LambdaCDDemo#1, which quotes Lambda: "The role defined for the function
        # cannot be assumed by Lambda".
        summary = f"the role `{arn}` cannot be assumed by {taker.name}{taker.after}"
        hint = f"allow `sts:AssumeRole` to the service `{taker.service}` in its trust policy"
        yield Problem("role-trust", summary, where, hint, taker.severity)


def _lets(trust: Mapping[str, Any], service: str) -> bool:
    """Return whether some statement lets a service take a role; conditions are taken to hold."""
    return any(
        statement.get("Effect") == "Allow"
        and any(str(action).lower() in _ASSUME for action in iam.listed(statement.get("Action")))
        and _names(statement.get("Principal"), service)
        for statement in iam.statements(trust)
    )


def _names(principal: object, service: str) -> bool:
    services = iam.listed(as_object(principal).get("Service"))
    return principal == "*" or service in services or "*" in services
