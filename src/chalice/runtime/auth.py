"""Authorizers: those that a route names, and the built-in one that runs in the application."""

from __future__ import annotations

from chalice.runtime import here, late, refuse
from chalice.runtime.http import Request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, Self, TypeVar

    from chalice.runtime.mappings import CaseInsensitiveMapping, MultiDict

    Object = TypeVar("Object")


class Authorizer:
    """What admits a request to a route.

    Attributes:
        name: the name of the authorizer in the API.
        header: the request header that carries the credentials.
        scopes: OAuth scopes, any one of which admits; empty asks for none.
        where: where it was declared, for tools.
    """

    _authtype = ""

    def __init__(self, name: str, header: str, scopes: Sequence[str] | None) -> None:
        self.name = name
        self.header = header
        self.scopes: Sequence[str] = scopes or []
        self.where = here()

    def with_scopes(self, scopes: Sequence[str]) -> Self:
        """Return the same authorizer, asking for any one of *scopes*."""
        return _changed(self, scopes=scopes)

    def to_swagger(self) -> dict[str, Any]:
        """Return the authorizer as a security definition of a Swagger 2.0 document."""
        definition: dict[str, Any] = {
            "in": "header",
            "type": "apiKey",
            "name": self.header,
            "x-amazon-apigateway-authtype": self._authtype,
        }
        details = self._details()
        if details:
            definition["x-amazon-apigateway-authorizer"] = details
        return definition

    def _details(self) -> dict[str, Any]:
        return {}


class IAMAuthorizer(Authorizer):
    """The caller signs its requests with AWS credentials (SigV4)."""

    _authtype = "awsSigv4"

    def __init__(self) -> None:
        super().__init__("sigv4", "Authorization", None)


class CognitoUserPoolAuthorizer(Authorizer):
    """The caller sends a token of a Cognito user pool.

    Attributes:
        provider_arns: the ARNs of the user pools.

    Raises:
        TypeError: *provider_arns* is not a list.
    """

    _authtype = "cognito_user_pools"

    def __init__(
        self,
        name: str,
        provider_arns: Sequence[str],
        header: str = "Authorization",
        scopes: Sequence[str] | None = None,
    ) -> None:
        super().__init__(name, header, scopes)
        if not isinstance(provider_arns, list):
            error = TypeError(f"provider_arns should be a list of ARNs, received: {provider_arns}")
            refuse("authorizer-provider-arns-type", error, self.where)
        self.provider_arns: Sequence[str] = provider_arns

    def _details(self) -> dict[str, Any]:
        return {"type": "cognito_user_pools", "providerARNs": self.provider_arns}


class CustomAuthorizer(Authorizer):
    """A Lambda function outside the application decides.

    Attributes:
        authorizer_uri: the URI of the function's invocations,
            `arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations`.
        ttl_seconds: how long API Gateway keeps a decision, 0 to 3600.
        invoke_role_arn: the role with which API Gateway calls the function.
    """

    _authtype = "custom"

    def __init__(
        self,
        name: str,
        authorizer_uri: str,
        ttl_seconds: int = 300,
        header: str = "Authorization",
        invoke_role_arn: str | None = None,
        scopes: Sequence[str] | None = None,
    ) -> None:
        super().__init__(name, header, scopes)
        self.authorizer_uri = authorizer_uri
        self.ttl_seconds = ttl_seconds
        self.invoke_role_arn = invoke_role_arn

    def _details(self) -> dict[str, Any]:
        details: dict[str, Any] = {
            "type": "token",
            "authorizerUri": self.authorizer_uri,
            "authorizerResultTtlInSeconds": self.ttl_seconds,
        }
        if self.invoke_role_arn is not None:
            details["authorizerCredentials"] = self.invoke_role_arn
        return details


class BuiltinAuthConfig:
    """How a built-in authorizer is declared to API Gateway.

    Attributes:
        handler_string: what Lambda calls, `app.my_auth`.
        ttl_seconds: how long API Gateway keeps a decision, 0 to 3600; None for its default, 300.
        execution_role: the role with which API Gateway calls the function.
        header: the request header that carries the token, for TOKEN.
        identity_sources: what tells callers apart, for REQUEST; None for TOKEN.
        identity_validation_expression: what the whole token has to match, for TOKEN.
    """

    def __init__(
        self,
        name: str,
        handler_string: str,
        ttl_seconds: int | None = None,
        execution_role: str | None = None,
        header: str = "Authorization",
        where: Any = None,
        *,
        identity_sources: Sequence[str] | None = None,
        identity_validation_expression: str | None = None,
    ) -> None:
        self.name = name
        self.handler_string = handler_string
        self.ttl_seconds = ttl_seconds
        self.execution_role = execution_role
        self.header = header
        self.identity_sources = identity_sources
        self.identity_validation_expression = identity_validation_expression
        self.where = where


class ChaliceAuthorizer:
    """A function decorated with `@app.authorizer()`: a Lambda handler, and a route's authorizer.

    Attributes:
        func: the decorated function.
        scopes: OAuth scopes for the route that names it.
        config: its declaration, shared by all copies that `with_scopes` makes. A blueprint that is
            registered again declares it again: `registered` is the authorizer of the last time.
    """

    def __init__(
        self,
        name: str,
        func: Callable[..., Any],
        scopes: Sequence[str] | None = None,
        config: BuiltinAuthConfig | None = None,
    ) -> None:
        self.func = func
        self.scopes: Sequence[str] = scopes or []
        self.config = config or BuiltinAuthConfig(name, "", where=here())
        # The declarations of all registrations by their prefixes, that of the last one under None;
        # shared like the first one.
        self._registrations: dict[str | None, BuiltinAuthConfig] = {}

    @property
    def name(self) -> str:
        """The name of the authorizer in the API."""
        return self.config.name

    @property
    def where(self) -> Any:
        """Where it was declared, for tools."""
        return self.config.where

    def __call__(self, event: dict[str, Any], context: Any) -> Any:
        """Return the policy for the request that *event* tells of, as API Gateway wants it."""
        if event["type"] == "TOKEN":
            request = AuthRequest("TOKEN", event["authorizationToken"], event["methodArn"])
        else:
            request = AuthRequest(event["type"], "", event["methodArn"], event)
        response = self.func(request)
        if isinstance(response, AuthResponse):
            return response.to_dict(request)
        return response

    def with_scopes(self, scopes: Sequence[str]) -> Self:
        """Return the same authorizer, asking for any one of *scopes*."""
        return _changed(self, scopes=scopes)

    def register(self, name: str, handler_string: str, name_prefix: str = "") -> Self:
        """Return the authorizer as *name*: itself, or a copy if it has been registered before."""
        config = _changed(self.config) if self._registrations else self.config
        config.name, config.handler_string = name, handler_string
        self._registrations[name_prefix] = self._registrations[None] = config
        return self.registered(name_prefix)

    def registered(self, name_prefix: str = "") -> Self:
        """Return what a route under *name_prefix* means that names the authorizer.

        That is the authorizer as it was registered under the prefix, else as it was last.
        """
        known = self._registrations
        config = known.get(name_prefix) or known.get(None) or self.config
        return self if config is self.config else _changed(self, config=config)


def _changed(original: Object, **attributes: Any) -> Object:
    """Return a copy of *original* with other *attributes*."""
    other = object.__new__(type(original))
    other.__dict__.update(original.__dict__, **attributes)
    return other


class AuthRequest:
    """What an authorizer function is asked.

    A REQUEST authorizer, one with `identity_sources`, is told the request, too, by the attributes
    that `app.current_request` has: `headers`, `query_params`, `uri_params`, `stage_vars`, `method`,
    `path` (the pattern of the route) and `context`. A TOKEN authorizer has none of them.

    Attributes:
        auth_type: `TOKEN` or `REQUEST`.
        token: the value of the authorizer's header; a REQUEST authorizer has none.
        method_arn: the ARN of the method, `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/VERB/path`.
    """

    def __init__(
        self, auth_type: str, token: str, method_arn: str, event: dict[str, Any] | None = None
    ) -> None:
        self.auth_type = auth_type
        if event is None:
            self.token = token
        self.method_arn = method_arn
        self._request = None if event is None else Request(event)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            raise late("chalice.runtime.refusals").not_told(self, name)

    def _told(self, name: str) -> Any:
        if self._request is None:
            raise late("chalice.runtime.refusals").not_told(self, name)
        return getattr(self._request, name)

    @property
    def headers(self) -> CaseInsensitiveMapping:
        """The headers, found in any case; of a repeated header the last value."""
        headers: CaseInsensitiveMapping = self._told("headers")
        return headers

    @property
    def query_params(self) -> MultiDict | None:
        """The decoded query, or None where there is none."""
        return self._told("query_params") or None

    @property
    def uri_params(self) -> dict[str, str] | None:
        """The captured parts of the path as sent, still percent-encoded, or None."""
        return self._told("uri_params") or None

    @property
    def stage_vars(self) -> dict[str, str] | None:
        """The variables of the stage, or None."""
        return self._told("stage_vars") or None

    @property
    def method(self) -> str:
        """The verb, upper case."""
        method: str = self._told("method")
        return method

    @property
    def path(self) -> str:
        """The resource path, the *pattern*: `/objects/{key}`."""
        path: str = self._told("path")
        return path

    @property
    def context(self) -> dict[str, Any]:
        """The event's `requestContext`."""
        context: dict[str, Any] = self._told("context")
        return context


class AuthRoute:
    """A path and the verbs that are allowed on it.

    Attributes:
        path: a path; `*` stands for any characters, also slashes.
        methods: the verbs.
    """

    def __init__(self, path: str, methods: list[str]) -> None:
        self.path = path
        self.methods = methods


class AuthResponse:
    """What an authorizer function answers.

    Attributes:
        routes: paths, allowed with every verb, or `AuthRoute`s; an empty list allows nothing.
        principal_id: who the caller is.
        context: what views read in `app.current_request.context["authorizer"]`; API Gateway turns
            the values (text, numbers and booleans) into text.
    """

    ALL_HTTP_METHODS = ["DELETE", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "GET"]

    def __init__(
        self,
        routes: list[str | AuthRoute],
        principal_id: str,
        context: dict[str, Any] | None = None,
    ) -> None:
        self.routes = routes
        self.principal_id = principal_id
        self.context: dict[str, Any] = {} if context is None else context

    def to_dict(self, request: AuthRequest) -> dict[str, Any]:
        """Return the answer for API Gateway: principal, context and policy."""
        # arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/VERB/path; a path may hold colons itself.
        prefix = "/".join(request.method_arn.split("/")[:2])
        resources: list[str] = []
        for route in self.routes:
            methods = ["*"] if isinstance(route, str) else route.methods
            path = (route if isinstance(route, str) else route.path).removeprefix("/")
            resources += [f"{prefix}/{method}/{path}" for method in methods]
        return {
            "context": self.context,
            "principalId": self.principal_id,
            "policyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Action": "execute-api:Invoke",
                        "Effect": "Allow",
                        "Resource": resources,
                    }
                ],
            },
        }


def decorator(
    declare: Callable[[Callable[[Any, Any], None]], None],
    name: str | None,
    options: tuple[int | None, str | None, str],
    identity: tuple[Sequence[str] | None, str | None],
    unknown: dict[str, Any],
) -> Callable[[Callable[..., Any]], ChaliceAuthorizer]:
    """Return the decorator that makes a function an authorizer of the application.

    Args:
        declare: carries out the declaration.
        name: of the authorizer, instead of the function's.
        options: `ttl_seconds`, `execution_role` and `header`.
        identity: `identity_sources` and `identity_validation_expression`.
        unknown: options that there are not.
    """
    if unknown:
        late("chalice.runtime.refusals").unknown_options(
            "decorator-option-unknown", "authorizer", list(unknown)
        )
    where = here()
    sources, expression = identity

    def decorate(function: Callable[..., Any]) -> ChaliceAuthorizer:
        own_name = name or function.__name__
        config = BuiltinAuthConfig(
            own_name,
            "",
            *options,
            where,
            identity_sources=sources,
            identity_validation_expression=expression,
        )
        authorizer = ChaliceAuthorizer(own_name, function, None, config)

        def declaration(app: Any, scope: Any) -> None:
            module, name_prefix, _ = scope
            registered = authorizer.register(
                name_prefix + own_name, f"{module}.{function.__name__}", name_prefix
            )
            app.builtin_auth_handlers.append(registered.config)
            app.handler_map[registered.name] = registered

        declare(declaration)
        return authorizer

    return decorate
