"""The application as declared: immutable, complete, free of any `Chalice` object."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something was declared: *file* relative to the project, *line* from 1 (0: unknown)."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Cors:
    """The CORS configuration of a route.

    Attributes:
        allow_origin: the value of Access-Control-Allow-Origin.
        allow_credentials: whether Access-Control-Allow-Credentials is `true`.
        headers: what a response carries, in the order in which `CORSConfig` gives it; the preflight
            answer adds Access-Control-Allow-Methods.
    """

    allow_origin: str
    allow_credentials: bool
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RequestValidation:
    """What API Gateway checks of a route's requests.

    Attributes:
        headers: names of headers that have to be there.
        query_params: names of query parameters that have to be there.
        bodies: content type and JSON schema, as JSON.
        where: the line that declares it.
    """

    headers: tuple[str, ...]
    query_params: tuple[str, ...]
    bodies: tuple[tuple[str, str], ...]
    where: Place


@dataclass(frozen=True, slots=True)
class GatewayResponse:
    """How one answer of the gateway is changed.

    Attributes:
        type: the gateway response type.
        status_code: None keeps its own.
        headers: name and text.
        mapped_headers: name and mapping expression.
        templates: content type and template.
        where: the line that declares it.
    """

    type: str
    status_code: int | None
    headers: tuple[tuple[str, str], ...]
    mapped_headers: tuple[tuple[str, str], ...]
    templates: tuple[tuple[str, str], ...]
    where: Place


@dataclass(frozen=True, slots=True)
class Route:
    """One verb on one path.

    Attributes:
        path: the resource path, `/objects/{key}`.
        method: the verb, upper case, or `ANY`.
        view: the view's name (`name=` of the decorator, else the function's).
        function: the Python function's name.
        parameters: names of the parameters the view takes.
        accepts_any: whether the view takes `**kwargs`.
        where: the line of the decorator.
        authorizer: name of the authorizer in `AppModel.authorizers`, or None for an open route.
        scopes: OAuth scopes, any one of which admits.
        api_key_required: whether the gateway asks for a key of a usage plan.
        content_types: media types that the view accepts; empty accepts all.
        cors: None where the route has no CORS.
        required: the parameters that have no default.
        validation: what API Gateway checks first; None for nothing.
    """

    path: str
    method: str
    view: str
    function: str
    parameters: tuple[str, ...]
    accepts_any: bool
    where: Place
    authorizer: str | None = None
    scopes: tuple[str, ...] = ()
    api_key_required: bool = False
    content_types: tuple[str, ...] = ("application/json",)
    cors: Cors | None = None
    required: tuple[str, ...] = ()
    validation: RequestValidation | None = None


@dataclass(frozen=True, slots=True)
class BuiltinAuthorizer:
    """`@app.authorizer`: an authorizer whose function is part of the application.

    It is a REQUEST authorizer where it has identity sources, even none of them, else a TOKEN
    authorizer. `ttl_seconds` None leaves API Gateway's default of 300.
    """

    name: str
    function: str
    header: str
    ttl_seconds: int | None
    execution_role: str | None
    where: Place
    identity_sources: tuple[str, ...] | None = None
    validation_expression: str | None = None


@dataclass(frozen=True, slots=True)
class CognitoAuthorizer:
    """`CognitoUserPoolAuthorizer`."""

    name: str
    header: str
    provider_arns: tuple[str, ...]
    where: Place


@dataclass(frozen=True, slots=True)
class CustomAuthorizer:
    """`CustomAuthorizer`: a TOKEN authorizer that lives elsewhere, by its invocation URI."""

    name: str
    header: str
    authorizer_uri: str
    ttl_seconds: int | None
    invoke_role_arn: str | None
    where: Place


@dataclass(frozen=True, slots=True)
class IamAuthorizer:
    """`IAMAuthorizer`: the caller signs its requests with SigV4."""

    name: str
    where: Place


Authorizer = BuiltinAuthorizer | CognitoAuthorizer | CustomAuthorizer | IamAuthorizer


@dataclass(frozen=True, slots=True)
class Function:
    """One Lambda function of the application.

    Attributes:
        name: the name in config and commands: `api_handler` for the routes, else the decorator's.
        handler: what Lambda calls: `app.app`, `app.work`, of a blueprint `chalice.functions.NAME`.
        kind: `api`, `authorizer` or `pure_lambda`.
        where: the line that declares it.
    """

    name: str
    handler: str
    kind: str
    where: Place


@dataclass(frozen=True, slots=True)
class AppModel:
    """Everything an application declared.

    Attributes:
        name: `app_name`.
        routes: in the order of declaration.
        authorizers: those that a route uses or the application defines, in order of declaration.
        functions: `api_handler` first where there are routes, then in order of declaration.
        binary_types: `app.api.binary_types`.
        debug: `app.debug` when the project was loaded.
        where: where the `Chalice` object is made.
        gateway_responses: `app.api.gateway_responses`.
    """

    name: str
    routes: tuple[Route, ...]
    authorizers: tuple[Authorizer, ...]
    functions: tuple[Function, ...]
    binary_types: tuple[str, ...]
    debug: bool
    where: Place
    gateway_responses: tuple[GatewayResponse, ...] = ()

    def authorizer(self, name: str) -> Authorizer:
        """Return the authorizer called *name*; a name from `Route.authorizer` is always known."""
        return next(item for item in self.authorizers if item.name == name)
