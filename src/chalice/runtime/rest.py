"""A request in Lambda, from top to bottom: event -> Request -> middleware -> view -> result.

The way of a plain request is straight and looks at nothing that it does not need; what happens to a
few (errors, binary bodies, CORS) lives in modules that the first such request imports.
"""

from __future__ import annotations

from _contextvars import ContextVar  # `contextvars` only renames it

from chalice.runtime import late
from chalice.runtime.http import Request, Response, content_type_of, error_body, refusal_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from logging import Logger
    from typing import Any

    from chalice.runtime.cors import CORSConfig
    from chalice.runtime.gateway import GatewayResponse


class APIGateway:
    """How API Gateway treats bodies and other origins, and what it answers by itself.

    Attributes:
        binary_types: the content types whose bodies are bytes; change this list.
        cors: what a route gets that does not say `cors=` itself: True, False or a `CORSConfig`.
        gateway_responses: answers of the gateway that are changed; add `GatewayResponse`s.
    """

    def __init__(self) -> None:
        self.binary_types: list[str] = self.default_binary_types
        self.cors: bool | CORSConfig = False
        self.gateway_responses: list[GatewayResponse] = []

    @property
    def default_binary_types(self) -> list[str]:
        """The content types that are binary unless the application says otherwise; a fresh list."""
        # Source: AWS Chalice, API reference, `default_binary_types`; `image/jpeg` since 1.x.
        return [
            "application/octet-stream",
            "application/x-tar",
            "application/zip",
            "audio/basic",
            "audio/ogg",
            "audio/mp4",
            "audio/mpeg",
            "audio/wav",
            "audio/webm",
            "image/png",
            "image/jpg",
            "image/jpeg",
            "image/gif",
            "video/ogg",
            "video/mpeg",
            "video/webm",
        ]


class RouteEntry:
    """One verb on one path, as `app.routes[path][method]`."""

    request_validation: Any = None  # few routes have one: nothing is paid for the others

    def __init__(
        self,
        view_function: Callable[..., Any],
        view_name: str,
        path: str,
        method: str,
        api_key_required: bool | None = None,  # noqa: FBT001 - AWS Chalice's signature
        content_types: list[str] | None = None,
        cors: CORSConfig | bool | None = None,  # noqa: FBT001 - AWS Chalice's signature
        authorizer: Any = None,
        where: Any = None,
    ) -> None:
        self.view_function = view_function
        self.view_name = view_name
        self.uri_pattern = path
        self.method = method
        self.api_key_required = api_key_required
        self.content_types = ["application/json"] if content_types is None else content_types
        # The names between braces; `{rest+}` captures `rest`.
        self.view_args: list[str] = (
            [part.partition("}")[0].rstrip("+") for part in path.split("{")[1:]]
            if "{" in path
            else []
        )
        if cors is True:
            from chalice.runtime.cors import CORSConfig  # noqa: PLC0415 - paid by routes with CORS

            cors = CORSConfig()
        self.cors: Any = cors or None
        self.authorizer = authorizer
        self.where = where


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
        # What the running thread or task answers, a list of one request that is emptied when it
        # has been answered; a view's tasks inherit it with the context.
        self._call: ContextVar[list[Request]] = ContextVar("chalice_call")
        # All that is answered now: a plain thread inherits no context, but while one request runs
        # there is no doubt whose thread it is.
        self._running: list[list[Request]] = []

    def __call__(self, event: Any, context: Any) -> dict[str, Any]:
        """Return the proxy result for *event*; never raise, whatever the event is."""
        try:
            where = event["requestContext"]
            method = where["httpMethod"]
            methods = self.routes.get(where["resourcePath"]) or _NO_METHODS
            entry = methods.get(method) or methods.get("ANY")
        except (AttributeError, KeyError, TypeError):
            return refusal_of(500, "InternalServerError", "Unknown request.")
        refusal: dict[str, Any] = {}
        try:
            if entry is None:
                refusal = _method_not_allowed(method, methods)
            elif entry.content_types:
                sent = content_type_of(event) or "application/json"
                if sent not in entry.content_types:
                    refusal = late("chalice.runtime.media").unsupported(sent, entry)
        except Exception as error:  # noqa: BLE001 - content types or CORS that nothing can read
            return self._failed(error, None, Request(event, context), None)
        if refusal and not self.middleware_handlers:
            return refusal
        request = Request(event, context)
        call = [request]
        token = self._call.set(call)
        self._running.append(call)
        home = entry or _with_cors(methods)
        response = None
        try:
            if self.middleware_handlers or entry is None:
                response, home = late("chalice.runtime.handlers").answered(
                    self, request, entry, refusal, home
                )
            else:
                arguments = arguments_of(event, entry) if entry.view_args else {}
                response = self._get_view_function_response(entry.view_function, arguments)
            result = response.to_dict(self.api.binary_types)
            if "isBase64Encoded" in result or (home is not None and home.cors is not None):
                self._finish(result, event, home)
            return result  # noqa: TRY300 - an else clause would be one more way out to follow
        except BaseException as error:  # noqa: BLE001 - whatever happens is an answer
            return self._failed(error, response, request, entry or _with_cors(methods))
        finally:
            self._call.reset(token)
            self._running.remove(call)
            call.clear()

    def _get_view_function_response(
        self, view_function: Callable[..., Any], function_args: dict[str, Any]
    ) -> Response:
        """Return the answer of the view; error trackers replace this method on the class."""
        try:
            response = view_function(**function_args)
        except BaseException as error:
            from chalice.runtime.answers import ChaliceUnhandledError, answer  # noqa: PLC0415

            if isinstance(error, ChaliceUnhandledError):
                raise
            return answer(error, self.log, self.current_request, debug=self.debug)
        return response if isinstance(response, Response) else Response(response)

    def _finish(
        self, result: dict[str, Any], event: dict[str, Any], entry: RouteEntry | None
    ) -> None:
        """Make *result* a 400 where its bytes cannot be sent, and add the route's CORS headers."""
        if "isBase64Encoded" in result:
            reason = late("chalice.runtime.media").refuses(event, result, self.api.binary_types)
            if reason is not None:
                del result["isBase64Encoded"]
                result.update(refusal_of(400, "BadRequest", reason))
        if entry is not None and entry.cors is not None:
            entry.cors.add_to(result)

    def _failed(
        self,
        error: BaseException,
        response: Response | None,
        request: Request,
        entry: RouteEntry | None,
    ) -> dict[str, Any]:
        """Return the answer where *response* cannot be sent, or there is none."""
        from chalice.runtime.answers import answer, unsendable  # noqa: PLC0415 - only errors

        why = answer if response is None else unsendable
        try:
            response = why(error, self.log, request, debug=self.debug)
            result = response.to_dict(self.api.binary_types)
            self._finish(result, request.to_original_event(), entry)
        except Exception as second:  # noqa: BLE001 - an answer that cannot be sent either
            answer(second, self.log, request, debug=False)
            return refusal_of(500, "InternalServerError", "An internal server error occurred.")
        return result

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
            call = running[0] if running else []
        for request in call:
            return request
        raise AttributeError(
            "`current_request` and `lambda_context` are only set while a request is answered"
        )

    @current_request.setter
    def current_request(self, request: Request) -> None:
        call = self._call.get(None)
        if call:  # in the place of the request that is answered, and gone with it
            call[0] = request
        else:
            self._call.set([request])

    @property
    def lambda_context(self) -> Any:
        """The context object of `current_request`."""
        return self.current_request.lambda_context


_NO_METHODS: dict[str, RouteEntry] = {}


def arguments_of(event: dict[str, Any], entry: RouteEntry) -> dict[str, Any]:
    """Return the captured parts of the path, under the names of the view's parameters."""
    values = event["pathParameters"]
    return {name: values[name] for name in entry.view_args}


def _method_not_allowed(method: Any, methods: dict[str, RouteEntry]) -> dict[str, Any]:
    """Return the 405 of a path that serves other verbs, or none."""
    result: dict[str, Any] = {
        "headers": {"Allow": ", ".join(methods) if methods else ""},
        "multiValueHeaders": {},
        "statusCode": 405,
        "body": f'{{"Code":"MethodNotAllowedError","Message":"Unsupported method: {method}"}}',
    }
    # The verbs of API Gateway (rule 3.10); any other comes from somewhere else.
    if method not in {"GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD"}:
        result["body"] = error_body("MethodNotAllowedError", f"Unsupported method: {method}")
    if methods:
        entry = _with_cors(methods)
        if entry is not None:
            entry.cors.add_to(result)
    return result


def _with_cors(methods: dict[str, RouteEntry]) -> RouteEntry | None:
    """Return the first of the path's routes that has CORS."""
    for entry in methods.values():
        if entry.cors is not None:
            return entry
    return None
