"""Functions that Lambda calls directly, and the middleware around them."""

from __future__ import annotations

from json import loads

from chalice.runtime import here, late
from chalice.runtime.http import Response, split_headers
from chalice.runtime.rest import arguments_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from chalice.runtime.http import Request
    from chalice.runtime.rest import RestAPIEventHandler, RouteEntry


class LambdaFunction:
    """A function that Lambda calls without a route, `@app.lambda_function()`.

    Attributes:
        name: the name of the function in config and commands.
        handler_string: what Lambda calls, `app.work`.
    """

    def __init__(
        self, func: Callable[..., Any], name: str, handler_string: str, where: Any = None
    ) -> None:
        self.func = func
        self.name = name
        self.handler_string = handler_string
        self.where = where


class LambdaFunctionEvent:
    """The event of a pure Lambda function, as middleware sees it.

    Attributes:
        event: what Lambda passed; middleware may replace it.
        context: the context object.
    """

    def __init__(self, event_dict: Any, context: Any) -> None:
        self.event = event_dict
        self.context = context

    def to_dict(self) -> Any:
        """Return the event."""
        return self.event


class PureLambdaWrapper:
    """Turns a function of an event and a context into one of a `LambdaFunctionEvent`."""

    def __init__(self, original_func: Callable[[Any, Any], Any]) -> None:
        self.original_func = original_func

    def __call__(self, event: LambdaFunctionEvent) -> Any:
        """Return what the function makes of the event."""
        return self.original_func(event.event, event.context)


class EventSourceHandler:
    """A Lambda handler: reads the event, passes it through the middleware to the function.

    Error trackers put a subclass in its place, as `chalice.app.EventSourceHandler`.

    Attributes:
        func: takes the event object.
        event_class: makes the event object from the event and the context.
        middleware_handlers: the live list of middleware, outermost first.
    """

    def __init__(
        self,
        func: Callable[..., Any],
        event_class: Callable[[Any, Any], Any],
        middleware_handlers: list[Callable[..., Any]] | None = None,
    ) -> None:
        self.func = func
        self.event_class = event_class
        self.middleware_handlers: list[Callable[..., Any]] = (
            [] if middleware_handlers is None else middleware_handlers
        )

    @property
    def name(self) -> str:
        """The name of the function."""
        return getattr(self.func, "__name__", type(self.func).__name__)

    def __call__(self, event: Any, context: Any) -> Any:
        """Return what the function makes of *event*; what it raises goes to Lambda."""
        get_response = self.func
        for handler in reversed(self.middleware_handlers):
            get_response = MiddlewareHandler(handler, get_response)
        return get_response(self.event_class(event, context))


class MiddlewareHandler:
    """One middleware and what it wraps."""

    def __init__(self, handler: Callable[..., Any], next_handler: Callable[..., Any]) -> None:
        self.handler = handler
        self.next_handler = next_handler

    def __call__(self, request: Any) -> Any:
        """Return what the middleware makes of *request*."""
        return self.handler(request, self.next_handler)


class ConvertToMiddleware:
    """Makes a middleware of a decorator for Lambda handlers, such as a tracer's.

    app.register_middleware(ConvertToMiddleware(logger.inject_lambda_context))
    """

    def __init__(self, lambda_wrapper: Callable[..., Any]) -> None:
        self._wrapper = lambda_wrapper

    def __call__(self, event: Any, get_response: Callable[[Any], Any]) -> Any:
        """Return what the decorated chain makes of *event*."""
        if hasattr(event, "to_original_event"):
            original, context = event.to_original_event(), event.lambda_context
        else:
            original, context = event.to_dict(), event.context

        def handler(_event: Any, _context: Any) -> Any:
            return get_response(event)

        return self._wrapper(handler)(original, context)


def decorator(
    declare: Callable[[Callable[[Any, Any], None]], None],
    name: str | None,
    handler_class: type[EventSourceHandler],
) -> Callable[[Callable[..., Any]], EventSourceHandler]:
    """Return the decorator that makes a function of event and context a Lambda function."""
    where = here()

    def decorate(function: Callable[..., Any]) -> EventSourceHandler:
        handler = handler_class(PureLambdaWrapper(function), LambdaFunctionEvent)

        def declaration(app: Any, scope: Any) -> None:
            module, name_prefix, _ = scope
            own_name = name_prefix + (name or function.__name__)
            handler_string = f"{module}.{function.__name__}"
            handler.middleware_handlers = app.middleware_of["pure_lambda"]
            app.pure_lambda_functions.append(
                LambdaFunction(function, own_name, handler_string, where)
            )
            app.handler_map[own_name] = handler

        declare(declaration)
        return handler

    return decorate


# --- around views ---------------------------------------------------------------------------------


def answered(
    rest: RestAPIEventHandler,
    request: Request,
    entry: RouteEntry | None,
    refusal: dict[str, Any],
    home: RouteEntry | None,
) -> tuple[Response, RouteEntry | None]:
    """Return what the middleware makes of a request, and whose CORS headers are still to be added.

    Middleware sees the view's answer as it would be sent, CORS headers included, and what it makes
    of those is sent. An answer of its own gets them, unless it has some.

    Args:
        rest: the application's routes.
        request: what is answered.
        entry: the route; None where there is none.
        refusal: the result that stands in for the view's, if it does.
        home: the route whose CORS headers the answer has.
    """
    given: list[Response] = []

    def innermost(event: Request) -> Response:
        if refusal or entry is None:
            headers = {**refusal["headers"], **refusal["multiValueHeaders"]}
            response = Response(loads(refusal["body"]), headers, refusal["statusCode"])
        else:
            arguments = arguments_of(event.to_original_event(), entry)
            answer = rest._get_view_function_response  # noqa: SLF001 - error trackers replace it
            response = _checked(rest, request, answer(entry.view_function, arguments))
            if entry.cors is not None:
                response = _with_headers(response, entry.cors.get_access_control_headers())
        given.append(response)
        return response

    response = _through(request, rest.middleware_handlers, innermost)
    is_given = any(response is one for one in given)
    return response, None if is_given or _has_cors(response) else home


def _through(
    request: Any, handlers: list[Callable[..., Any]], innermost: Callable[[Any], Response]
) -> Response:
    """Return the response that *handlers*, the outermost first, make of a request."""

    def linked(handler: Callable[..., Any], inner: Callable[..., Any]) -> Callable[..., Any]:
        def get_response(event: Any) -> Response:
            response = handler(event, inner)
            return response if isinstance(response, Response) else Response(response)

        return get_response

    get_response = innermost
    for handler in reversed(handlers):
        get_response = linked(handler, get_response)
    return get_response(request)


def _checked(rest: RestAPIEventHandler, request: Request, response: Response) -> Response:
    """Return *response*, or the error that would be sent in its place.

    What JSON has no form for is found when it is written, after the middleware.
    """
    try:
        if not isinstance(response.body, (str, bytes)):
            split_headers(response.headers or {})
            return response
        binary_types = rest.api.binary_types
        result = response.to_dict(binary_types)
        if "isBase64Encoded" not in result:
            return response
        event = request.to_original_event()
        reason = late("chalice.runtime.media").refuses(event, result, binary_types)
    except Exception as error:  # noqa: BLE001 - whatever a view has put into its answer
        from chalice.runtime.answers import unsendable  # noqa: PLC0415 - only errors

        return unsendable(error, rest.log, request, debug=rest.debug)
    if reason is None:
        return response
    return Response({"Code": "BadRequest", "Message": reason}, None, 400)


def _with_headers(response: Response, more: dict[str, str]) -> Response:
    """Return a copy of *response* with the headers of *more* that it has not set itself."""
    own = response.headers or {}
    present = {name.lower() for name in own}
    added = {name: value for name, value in more.items() if name.lower() not in present}
    other = object.__new__(type(response))
    other.__dict__.update(response.__dict__, headers={**own, **added})
    return other


def _has_cors(response: Response) -> bool:
    return any(str(name).lower().startswith("access-control-") for name in response.headers or ())
