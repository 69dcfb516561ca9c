"""What an application declares with: `Chalice`, `Blueprint` and their decorators.

Every public name of the runtime is reachable here, `chalice.app.X`. Those that a hello-world route
does not need are loaded on first use, and looked up here when a decorator runs: error trackers put
their own in the place of `EventSourceHandler`.
"""

from __future__ import annotations

import logging
import os
import sys

from chalice import __version__
from chalice.runtime import here, late, refuse
from chalice.runtime.http import Request, Response
from chalice.runtime.rest import APIGateway, RestAPIEventHandler, RouteEntry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping, Sequence
    from typing import Any, TypeVar

    from chalice.blueprint import Blueprint
    from chalice.runtime.auth import (
        Authorizer,
        AuthRequest,
        AuthResponse,
        AuthRoute,
        BuiltinAuthConfig,
        ChaliceAuthorizer,
        CognitoUserPoolAuthorizer,
        CustomAuthorizer,
        IAMAuthorizer,
    )
    from chalice.runtime.cors import CORSConfig
    from chalice.runtime.errors import (
        ALL_ERRORS,
        BadRequestError,
        ChaliceError,
        ChaliceUnhandledError,
        ChaliceViewError,
        ConflictError,
        ForbiddenError,
        MethodNotAllowedError,
        NotFoundError,
        RequestTimeoutError,
        TooManyRequestsError,
        UnauthorizedError,
        UnprocessableEntityError,
        WebsocketDisconnectedError,
    )
    from chalice.runtime.gateway import GatewayResponse, RequestValidation
    from chalice.runtime.handlers import (
        ConvertToMiddleware,
        EventSourceHandler,
        LambdaFunction,
        LambdaFunctionEvent,
        MiddlewareHandler,
        PureLambdaWrapper,
    )
    from chalice.runtime.mappings import CaseInsensitiveMapping, MultiDict
    from chalice.runtime.schedule import Cron, Rate, ScheduleExpression

    View = TypeVar("View", bound=Callable[..., Any])
    Scope = tuple[str, str, str | None]
    Declaration = Callable[["Chalice", Scope], None]

# What is loaded on first use, and from where; `blueprint` stands on this module.
_LATE = {
    "blueprint": ("Blueprint",),
    "runtime.auth": (
        "AuthRequest",
        "AuthResponse",
        "AuthRoute",
        "Authorizer",
        "BuiltinAuthConfig",
        "ChaliceAuthorizer",
        "CognitoUserPoolAuthorizer",
        "CustomAuthorizer",
        "IAMAuthorizer",
    ),
    "runtime.cors": ("CORSConfig",),
    "runtime.errors": (
        "ALL_ERRORS",
        "BadRequestError",
        "ChaliceError",
        "ChaliceUnhandledError",
        "ChaliceViewError",
        "ConflictError",
        "ForbiddenError",
        "MethodNotAllowedError",
        "NotFoundError",
        "RequestTimeoutError",
        "TooManyRequestsError",
        "UnauthorizedError",
        "UnprocessableEntityError",
        "WebsocketDisconnectedError",
    ),
    "runtime.gateway": (
        "GatewayResponse",
        "RequestValidation",
    ),
    "runtime.handlers": (
        "ConvertToMiddleware",
        "EventSourceHandler",
        "LambdaFunction",
        "LambdaFunctionEvent",
        "MiddlewareHandler",
        "PureLambdaWrapper",
    ),
    "runtime.mappings": (
        "CaseInsensitiveMapping",
        "MultiDict",
    ),
    "runtime.schedule": (
        "Cron",
        "Rate",
        "ScheduleExpression",
    ),
}

__all__ = [
    "ALL_ERRORS",
    "APIGateway",
    "AuthRequest",
    "AuthResponse",
    "AuthRoute",
    "Authorizer",
    "BadRequestError",
    "Blueprint",
    "BuiltinAuthConfig",
    "CORSConfig",
    "CaseInsensitiveMapping",
    "Chalice",
    "ChaliceAuthorizer",
    "ChaliceError",
    "ChaliceUnhandledError",
    "ChaliceViewError",
    "CognitoUserPoolAuthorizer",
    "ConflictError",
    "ConvertToMiddleware",
    "Cron",
    "CustomAuthorizer",
    "DecoratorAPI",
    "EventSourceHandler",
    "ForbiddenError",
    "GatewayResponse",
    "IAMAuthorizer",
    "LambdaFunction",
    "LambdaFunctionEvent",
    "MethodNotAllowedError",
    "MiddlewareHandler",
    "MultiDict",
    "NotFoundError",
    "PureLambdaWrapper",
    "Rate",
    "Request",
    "RequestTimeoutError",
    "RequestValidation",
    "Response",
    "RestAPIEventHandler",
    "RouteEntry",
    "ScheduleExpression",
    "TooManyRequestsError",
    "UnauthorizedError",
    "UnprocessableEntityError",
    "WebsocketDisconnectedError",
]


def __getattr__(name: str) -> Any:
    module = next((place for place, names in _LATE.items() if name in names), None)
    if module is None:
        error = AttributeError(f"module {__name__!r} has no attribute {name!r}")
        if not name.endswith(("Event", "Record", "WebsocketAPI")):
            raise error
        # A class of AWS Chalice's that comes with its decorator; mostly it is only annotated with.
        refuse("class-not-supported", error)
        return object
    value = globals()[name] = getattr(late(f"chalice.{module}"), name)
    return value


def _public(name: str) -> Any:
    """Return the public *name* as it stands in this module now."""
    return globals()[name] if name in globals() else __getattr__(name)


# What surrounds a declaration: the module that Lambda imports, and a blueprint's two prefixes.
# Lambda imports an application from `app.py`.
_APP_SCOPE = ("app", "", None)


def _not_supported(name: str) -> Callable[..., Any]:
    def refused(self: DecoratorAPI, *_: Any, **options: Any) -> Any:
        refusals = late("chalice.runtime.refusals")
        refusals.not_available(name, _public("ChaliceError"), __version__, self)
        return refusals.decorator(self._declare, name, options)

    return refused


class DecoratorAPI:
    """The decorators that an application and a blueprint share."""

    def _declare(self, declaration: Declaration) -> None:
        """Carry out *declaration* on the application; a blueprint keeps it until it has one."""
        raise TypeError(f"{type(self).__name__} declares nothing")

    on_cw_event = _not_supported("on_cw_event")
    on_dynamodb_record = _not_supported("on_dynamodb_record")
    on_kinesis_record = _not_supported("on_kinesis_record")
    on_s3_event = _not_supported("on_s3_event")
    on_sns_message = _not_supported("on_sns_message")
    on_sqs_message = _not_supported("on_sqs_message")
    on_ws_connect = _not_supported("on_ws_connect")
    on_ws_disconnect = _not_supported("on_ws_disconnect")
    on_ws_message = _not_supported("on_ws_message")
    schedule = _not_supported("schedule")

    def route(self, path: str, **options: Any) -> Callable[[View], View]:
        """Serve *path* with the decorated view function.

        Args:
            path: `/objects/{key}`; each part in braces is passed to the view by its name, still
                percent-encoded; `{rest+}` as the last part takes what is left of the path.
            **options: `methods` (list of verbs, default `["GET"]`), `name` (of the view),
                `authorizer`, `api_key_required`, `content_types` (list of media types a request
                may have, default `["application/json"]`; an empty list allows all), `cors` (True,
                False or a `CORSConfig`; default `app.api.cors`), `request_validation` (what API
                Gateway checks first, a `RequestValidation`).

        Raises:
            TypeError: an option is unknown, or something is of the wrong type.
            ValueError: another view serves the same verb on the path, or `content_types` is no
                list.
        """
        where = here()
        if type(path) is not str and not hasattr(path, "strip"):
            late("chalice.runtime.refusals").path_type(path, where)
            return lambda view: view

        def decorate(view: View) -> View:
            def declare(app: Chalice, scope: Scope) -> None:
                _add_route(app, view, path, options, where, scope)

            self._declare(declare)
            return view

        return decorate

    def authorizer(
        self,
        ttl_seconds: int | None = None,
        execution_role: str | None = None,
        name: str | None = None,
        header: str = "Authorization",
        *,
        identity_sources: Sequence[str] | None = None,
        identity_validation_expression: str | None = None,
        **unknown: Any,
    ) -> Callable[[Callable[..., Any]], ChaliceAuthorizer]:
        """Make the decorated function an authorizer for routes.

        The function gets an `AuthRequest` and returns an `AuthResponse`, or the answer as API
        Gateway reads it; raising `Exception("Unauthorized")` is a 401.

        It is a TOKEN authorizer, which is told the value of one header, unless `identity_sources`
        are given: then it is a REQUEST authorizer, which is told the request without its body.

        Args:
            ttl_seconds: how long API Gateway keeps an answer, 0 to 3600; None for its default, 300.
            execution_role: the ARN of a role with which API Gateway calls the function.
            name: of the authorizer, instead of the function's.
            header: the request header that carries the token; not for REQUEST.
            identity_sources: what tells callers apart: `method.request.header.NAME`,
                `method.request.querystring.NAME`, `stageVariables.NAME` and `context.NAME`. An
                answer is kept for callers that agree in all of them; who lacks one is 401. An
                empty list wants `ttl_seconds=0`: the function is asked each time.
            identity_validation_expression: a regular expression that the whole token has to match,
                else the answer is 401 and the function is not asked; only for TOKEN.
            **unknown: there are no other options.

        Raises:
            TypeError: an option is unknown.
        """
        decorator: Callable[[Callable[..., Any]], ChaliceAuthorizer] = late(
            "chalice.runtime.auth"
        ).decorator(
            self._declare,
            name,
            (ttl_seconds, execution_role, header),
            (identity_sources, identity_validation_expression),
            unknown,
        )
        return decorator

    def lambda_function(
        self, name: str | None = None, **unknown: Any
    ) -> Callable[[Callable[..., Any]], EventSourceHandler]:
        """Make the decorated function of `(event, context)` a Lambda function of its own.

        Args:
            name: of the function in commands and configuration, instead of its own.
            **unknown: there are no other options.

        Raises:
            TypeError: an option is unknown.
        """
        if unknown:
            late("chalice.runtime.refusals").unknown_options(
                "decorator-option-unknown", "lambda_function", list(unknown)
            )
        handlers = late("chalice.runtime.handlers")
        decorator: Callable[[Callable[..., Any]], EventSourceHandler] = handlers.decorator(
            self._declare, name, _public("EventSourceHandler")
        )
        return decorator

    def middleware(self, event_type: str = "all") -> Callable[[View], View]:
        """Put the decorated function of `(event, get_response)` around views and functions.

        Args:
            event_type: `all`, `http` or `pure_lambda`.
        """

        def decorate(function: View) -> View:
            self.register_middleware(function, event_type)
            return function

        return decorate

    def register_middleware(self, func: Callable[..., Any], event_type: str = "all") -> None:
        """Put *func* around views and functions, inside of what was registered before."""
        where = here()
        if where is not None:
            late("chalice.runtime.refusals").check_event_type(event_type, where)

        def declare(app: Chalice, _: Scope) -> None:
            app.middleware_handlers.append((func, event_type))
            for kind, handlers in app.middleware_of.items():
                if event_type in ("all", kind):
                    handlers.append(func)

        self._declare(declare)


def _add_route(
    app: Chalice,
    view: Callable[..., Any],
    path: str,
    options: dict[str, Any],
    where: Any,
    scope: Scope,
) -> None:
    unknown = [name for name in options if name not in _ROUTE_OPTIONS]
    if unknown:
        late("chalice.runtime.refusals").unknown_options(
            "route-option-unknown", "route", unknown, where
        )
    _, name_prefix, url_prefix = scope
    view_name = name_prefix + (options.get("name") or view.__name__)
    content_types: Any = options.get("content_types", _JSON_ONLY)
    if type(content_types) not in _LISTS:
        late("chalice.runtime.refusals").content_types_type(view, content_types, where)
        content_types = _JSON_ONLY
    cors = options.get("cors")
    if cors is None:
        cors = app.api.cors
    if url_prefix is not None:
        path = f"{url_prefix.rstrip('/')}/{path.strip('/')}".rstrip("/") or "/"
    authorizer = options.get("authorizer")
    if authorizer is not None and hasattr(authorizer, "registered"):
        authorizer = authorizer.registered(name_prefix)
    request_validation = options.get("request_validation")
    methods = app.routes.setdefault(path, {})
    for method in options.get("methods", _GET_ONLY):
        if method in methods:
            late("chalice.runtime.refusals").duplicate(
                method, path, methods[method].view_name, view_name, where
            )
            continue
        entry = methods[method] = RouteEntry(
            view,
            view_name,
            path,
            method,
            options.get("api_key_required"),
            content_types,
            cors,
            authorizer,
            where,
        )
        if request_validation is not None:
            entry.request_validation = request_validation
    app.handler_map[view_name] = view


_GET_ONLY = ["GET"]
_LISTS = {list}
_JSON_ONLY = ["application/json"]

# What a route may say, besides its path.
_ROUTE_OPTIONS = (
    "methods",
    "name",
    "authorizer",
    "api_key_required",
    "content_types",
    "cors",
    "request_validation",
)


class Chalice(DecoratorAPI):
    """An application: its routes, authorizers, functions and middleware.

    The object is the Lambda handler of the routes, `app.app`.

    Attributes:
        app_name: the name of the application; with the stage, that of what is deployed.
        api: how API Gateway treats bodies and other origins.
        routes: path -> verb -> `RouteEntry`.
        handler_map: name -> what Lambda or a route calls.
        log: the application's logger, writing to stdout.
        debug: whether clients are shown the tracebacks of errors; also lowers the log level to
            DEBUG.
    """

    FORMAT_STRING = "%(name)s - %(levelname)s - %(message)s"

    def __init__(
        self,
        app_name: str,
        debug: bool = False,  # noqa: FBT001, FBT002 - AWS Chalice's signature
        configure_logs: bool = True,  # noqa: FBT001, FBT002 - AWS Chalice's signature
        env: MutableMapping[str, str] | None = None,
    ) -> None:
        self.where = here()
        self.app_name = app_name
        self.api = APIGateway()
        self.configure_logs = configure_logs
        self.experimental_feature_flags: set[str] = set()
        self.routes: dict[str, dict[str, RouteEntry]] = {}
        self.handler_map: dict[str, Callable[..., Any]] = {}
        self.builtin_auth_handlers: list[BuiltinAuthConfig] = []
        self.pure_lambda_functions: list[LambdaFunction] = []
        self.middleware_handlers: list[tuple[Callable[..., Any], str]] = []
        # For each kind of event the middleware around it; shared with the handlers.
        self.middleware_of: dict[str, list[Callable[..., Any]]] = {"http": [], "pure_lambda": []}
        self.log = logging.getLogger(app_name)
        self._rest = RestAPIEventHandler(
            self.routes, self.api, self.log, debug, self.middleware_of["http"]
        )
        if configure_logs:
            _configure_logs(self.log, self.FORMAT_STRING)
            self._set_log_level()
        _name_in_user_agent(os.environ if env is None else env)

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:
        """Return the proxy result for an event of the REST API; never raise."""
        return self._rest.__call__(event, context)  # cheaper than calling the object

    @property
    def debug(self) -> bool:
        """Whether clients are shown the tracebacks of errors."""
        return self._rest.debug

    @debug.setter
    def debug(self, value: bool) -> None:
        self._rest.debug = value
        self._set_log_level()

    def _set_log_level(self) -> None:
        if self.configure_logs:
            self.log.setLevel(logging.DEBUG if self.debug else logging.ERROR)

    @property
    def current_request(self) -> Request:
        """The request that the calling thread or task answers.

        Raises:
            AttributeError: no request is being answered, or it has been.
            RuntimeError: the thread was started without its request's context while several
                requests run.
        """
        return self._rest.current_request

    @current_request.setter
    def current_request(self, request: Request) -> None:
        self._rest.current_request = request

    @property
    def lambda_context(self) -> Any:
        """The context object of `current_request`, as Lambda passed it."""
        return self._rest.lambda_context

    @property
    def websocket_api(self) -> Any:
        """Refused: websockets come with a later version."""
        refusals = late("chalice.runtime.refusals")
        refusals.not_available("websocket_api", AttributeError, __version__)
        return APIGateway()  # takes the attributes that a module sets on it while it is loaded

    def register_blueprint(
        self, blueprint: Blueprint, name_prefix: str | None = None, url_prefix: str | None = None
    ) -> None:
        """Declare everything that *blueprint* holds on this application.

        Args:
            blueprint: the blueprint.
            name_prefix: put before the names of its functions and views.
            url_prefix: put before its paths.
        """
        blueprint.register(self, {"name_prefix": name_prefix, "url_prefix": url_prefix})

    def _declare(self, declaration: Declaration) -> None:
        try:
            declaration(self, _APP_SCOPE)
        except TypeError as error:  # an option that cannot be what it is
            refuse("decorator-option-type", error)


def _configure_logs(log: logging.Logger, form: str) -> None:
    if any(getattr(handler, "stream", None) is sys.stdout for handler in log.handlers):
        return
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter(form))
    log.propagate = False
    log.addHandler(handler)


def _name_in_user_agent(env: MutableMapping[str, str]) -> None:
    # The AWS SDK sends this variable in its User-Agent header.
    runtime = env.get("AWS_EXECUTION_ENV")
    mark = f" aws-chalice/{__version__}"
    if runtime and mark not in runtime:
        env["AWS_EXECUTION_ENV"] = runtime + mark
