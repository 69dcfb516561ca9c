"""Functions that Lambda calls directly, and the middleware around them."""

from __future__ import annotations

from chalice.runtime import here
from chalice.runtime.http import Response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


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


def through_middleware(
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
