"""A request in Lambda, from top to bottom: event -> Request -> middleware -> view -> result.

The way of a plain request is straight and looks at nothing that it does not need; everything that
happens to a few (errors, binary bodies, CORS, other media types) lives in modules of its own that
are imported when the first such request comes.
"""

from __future__ import annotations

from _contextvars import ContextVar  # `contextvars` only renames it

from chalice.runtime.request import Request, content_type_of
from chalice.runtime.response import Response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from logging import Logger
    from typing import Any

    from chalice.app import APIGateway
    from chalice.runtime.auth import Authorizer
    from chalice.runtime.cors import CORSConfig

_JSON = "application/json"


class RouteEntry:
    """One verb on one path, as `app.routes[path][method]`."""

    def __init__(
        self,
        view_function: Callable[..., Any],
        view_name: str,
        path: str,
        method: str,
        api_key_required: bool | None = None,  # noqa: FBT001 - AWS Chalice's signature
        content_types: list[str] | None = None,
        cors: CORSConfig | bool | None = None,  # noqa: FBT001 - AWS Chalice's signature
        authorizer: Authorizer | None = None,
        where: Any = None,
    ) -> None:
        self.view_function = view_function
        self.view_name = view_name
        self.uri_pattern = path
        self.method = method
        self.api_key_required = api_key_required
        self.content_types: Any = [_JSON] if content_types is None else content_types
        self.view_args = _captures(path) if "{" in path else []
        if cors is True:
            from chalice.runtime.cors import CORSConfig  # noqa: PLC0415 - paid by routes with CORS

            cors = CORSConfig()
        self.cors: Any = cors or None
        self.authorizer = authorizer
        self.where = where
        self._cors_headers: tuple[dict[str, str], dict[str, list[str]]] | None = None

    @property
    def cors_headers(self) -> tuple[dict[str, str], dict[str, list[str]]]:
        """What the route's CORS configuration adds to each answer, checked and split once."""
        if self._cors_headers is None:
            from chalice.runtime.cors import response_headers  # noqa: PLC0415 - as above

            self._cors_headers = response_headers(self.cors)
        return self._cors_headers


def _captures(path: str) -> list[str]:
    """Return the names between braces; `{proxy+}` captures `proxy`."""
    return [part.partition("}")[0].rstrip("+") for part in path.split("{")[1:]]


class _Call:
    """One request while it is being answered; empty once it has been."""

    __slots__ = ("request",)

    def __init__(self, request: Request | None) -> None:
        self.request = request


class RestAPIEventHandler:
    """Answers the proxy events of a REST API; one object serves an application's whole life."""

    def __init__(
        self,
        route_table: dict[str, dict[str, RouteEntry]],
        api: APIGateway,
        log: Logger,
        debug: bool,  # noqa: FBT001 - AWS Chalice's signature
        middleware_handlers: list[Callable[..., Any]] | None = None,
    ) -> None:
        self.routes = route_table
        self.api = api
        self.log = log
        self.debug = debug
        self.middleware_handlers: list[Callable[..., Any]] = (
            [] if middleware_handlers is None else middleware_handlers
        )
        # The call that the running thread or task answers; a view's tasks inherit it.
        self._call: ContextVar[_Call] = ContextVar("chalice_call")
        # Every call that runs now: a plain thread inherits no context, but while one request runs
        # there is no doubt whose thread it is.
        self._running: set[_Call] = set()

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:
        """Return the proxy result for *event*; never raise, whatever the event is."""
        try:
            where = event["requestContext"]
            methods = self.routes.get(where["resourcePath"], _NO_METHODS)
            entry = methods.get(where["httpMethod"]) or methods.get("ANY")
        except (AttributeError, KeyError, TypeError):
            return _unknown_request()
        request = Request(event, context)
        call = _Call(request)
        running = self._running
        token = self._call.set(call)
        running.add(call)
        response = None
        try:
            if self.middleware_handlers:
                response = self._through_middleware(request, entry, methods)
            elif entry is None:
                response = _not_allowed(request, methods)
            else:
                response = self._main_rest_api_handler(request, entry)
            return self._result(response, event, entry, methods)
        except BaseException as error:  # noqa: BLE001 - whatever a view raises is an answer
            return self._failed(error, response, request, entry, methods)
        finally:
            self._call.reset(token)
            running.discard(call)
            call.request = None

    def _through_middleware(
        self, request: Request, entry: RouteEntry | None, methods: dict[str, RouteEntry]
    ) -> Response:
        def innermost(event: Request) -> Response:
            if entry is None:
                return _not_allowed(event, methods)
            return self._main_rest_api_handler(event, entry)

        get_response: Callable[[Request], Response] = innermost
        for handler in reversed(self.middleware_handlers):
            get_response = _linked(handler, get_response)
        return get_response(request)

    def _main_rest_api_handler(self, request: Request, entry: RouteEntry) -> Response:
        """Return the view's answer, or 415 where the view does not take the request's type."""
        event = request.to_original_event()
        content_types = entry.content_types
        if content_types:
            sent = content_type_of(event.get("headers")) or _JSON
            if sent not in content_types:
                from chalice.runtime.media import accepts  # noqa: PLC0415 - rare

                if not accepts(sent, content_types):
                    return _unsupported_media_type(sent)
        names = entry.view_args
        if names:
            values = event["pathParameters"]
            arguments = {name: values[name] for name in names}
        else:
            arguments = {}
        return self._get_view_function_response(entry.view_function, arguments)

    def _get_view_function_response(
        self, view_function: Callable[..., Any], function_args: dict[str, Any]
    ) -> Response:
        """Return the answer of the view; error trackers replace this method on the class."""
        try:
            response = view_function(**function_args)
        except BaseException as error:  # noqa: BLE001 - SystemExit from a view is an answer, too
            from chalice.runtime.errors import ChaliceUnhandledError, answer  # noqa: PLC0415

            if isinstance(error, ChaliceUnhandledError):
                raise
            return answer(error, self.log, self.current_request.path, debug=self.debug)
        if isinstance(response, Response):
            return response
        return Response(response)

    def _result(
        self,
        response: Response,
        event: dict[str, Any],
        entry: RouteEntry | None,
        methods: dict[str, RouteEntry],
    ) -> dict[str, Any]:
        binary_types = self.api.binary_types
        result = response.to_dict(binary_types)
        if "isBase64Encoded" in result:
            from chalice.runtime.media import refuses  # noqa: PLC0415 - only binary answers

            reason = refuses(event, result, binary_types)
            if reason is not None:
                from chalice.runtime.errors import error_response  # noqa: PLC0415 - rare

                result = error_response(400, "BadRequest", reason).to_dict()
        if entry is None:
            entry = next((other for other in methods.values() if other.cors is not None), None)
        if entry is not None and entry.cors is not None:
            _add_cors(result, entry)
        return result

    def _failed(
        self,
        error: BaseException,
        response: Response | None,
        request: Request,
        entry: RouteEntry | None,
        methods: dict[str, RouteEntry],
    ) -> dict[str, Any]:
        from chalice.runtime.errors import answer, last_resort, unsendable  # noqa: PLC0415

        event = request.to_original_event()
        try:
            if response is None:
                response = answer(error, self.log, request.path, debug=self.debug)
            else:
                response = unsendable(error, request, self.log, debug=self.debug)
            return self._result(response, event, entry, methods)
        except Exception as second:  # noqa: BLE001 - an answer that cannot be sent either
            return last_resort(second, self.log, request.path)

    @property
    def current_request(self) -> Request:
        """The request that the calling thread or task answers.

        Raises:
            AttributeError: no request is being answered, or it has been.
            RuntimeError: the thread was started without its request's context while several
                requests run.
        """
        call = self._call.get(None)
        if call is None:
            running = tuple(self._running)
            if len(running) > 1:
                raise RuntimeError(
                    "several requests run at once and this thread belongs to none of them: start "
                    "it with `contextvars.copy_context().run`"
                )
            call = running[0] if running else _NO_CALL
        if call.request is None:
            raise AttributeError("`current_request` is only set while a request is answered")
        return call.request

    @current_request.setter
    def current_request(self, request: Request) -> None:
        self._call.set(_Call(request))

    @property
    def lambda_context(self) -> Any:
        """The context object of `current_request`."""
        return self.current_request.lambda_context


_NO_METHODS: dict[str, RouteEntry] = {}
_NO_CALL = _Call(None)


def _linked(
    handler: Callable[..., Any], get_response: Callable[[Request], Response]
) -> Callable[[Request], Response]:
    def linked(event: Request) -> Response:
        response = handler(event, get_response)
        return response if isinstance(response, Response) else Response(response)

    return linked


def _add_cors(result: dict[str, Any], entry: RouteEntry) -> None:
    """Add the route's CORS headers that the view has not set itself."""
    headers, lists = result["headers"], result["multiValueHeaders"]
    single, several = entry.cors_headers
    if headers or lists:
        present = {name.lower() for name in (*headers, *lists)}
        single = {name: value for name, value in single.items() if name.lower() not in present}
        several = {name: value for name, value in several.items() if name.lower() not in present}
    headers.update(single)
    if several:
        lists.update(several)


def _not_allowed(request: Request, methods: dict[str, RouteEntry]) -> Response:
    from chalice.runtime.errors import error_response  # noqa: PLC0415 - only errors pay for it

    message = f"Unsupported method: {request.method}"
    allow = {"Allow": ", ".join(methods)}
    return error_response(405, "MethodNotAllowedError", message, allow)


def _unsupported_media_type(content_type: str) -> Response:
    from chalice.runtime.errors import error_response  # noqa: PLC0415 - only errors pay for it

    return error_response(
        415, "UnsupportedMediaType", f"Unsupported media type: {content_type}"
    )


def _unknown_request() -> dict[str, Any]:
    from chalice.runtime.errors import error_response  # noqa: PLC0415 - only errors pay for it

    return error_response(500, "InternalServerError", "Unknown request.").to_dict()
