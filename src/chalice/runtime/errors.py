"""What a view can raise, and how what it raised is answered.

    Exception
    └── ChaliceError                     the application is not as it should be
        ├── ChaliceViewError         500 an answer: its class name and text reach the client
        │   ├── BadRequestError      400
        │   ├── UnauthorizedError    401
        │   ├── ForbiddenError       403
        │   ├── NotFoundError        404
        │   ├── MethodNotAllowedError 405
        │   ├── RequestTimeoutError  408
        │   ├── ConflictError        409
        │   ├── UnprocessableEntityError 422
        │   └── TooManyRequestsError 429
        ├── ChaliceUnhandledError        passes through the middleware, then 500
        └── WebsocketDisconnectedError   the client of a websocket has gone

Imported when the first error happens: a request that succeeds does not pay for it.
"""

from __future__ import annotations

from chalice.runtime.response import Response, encode_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from logging import Logger
    from typing import Any

    from chalice.runtime.request import Request


# How many levels a view may wrap around a client's JSON before its depth is the view's doing.
_MARGIN = 50


class ChaliceError(Exception):
    """The root of the framework's own exceptions."""


class WebsocketDisconnectedError(ChaliceError):
    """A message was sent to a websocket connection that has gone.

    Attributes:
        connection_id: the connection.
    """

    def __init__(self, connection_id: str) -> None:
        super().__init__(connection_id)
        self.connection_id = connection_id


class ChaliceUnhandledError(ChaliceError):
    """An error for the application's own middleware: the framework does not answer it.

    Middleware sees it as an exception; where none answers it, the client gets a 500.
    """


class ChaliceViewError(ChaliceError):
    """An answer that is not a success; subclass it and set `STATUS_CODE` for one of your own."""

    STATUS_CODE: int = 500


class BadRequestError(ChaliceViewError):
    """400: the request cannot be understood."""

    STATUS_CODE = 400


class UnauthorizedError(ChaliceViewError):
    """401: the caller is not known."""

    STATUS_CODE = 401


class ForbiddenError(ChaliceViewError):
    """403: the caller may not do this."""

    STATUS_CODE = 403


class NotFoundError(ChaliceViewError):
    """404: there is no such thing."""

    STATUS_CODE = 404


class MethodNotAllowedError(ChaliceViewError):
    """405: not with this verb."""

    STATUS_CODE = 405


class RequestTimeoutError(ChaliceViewError):
    """408: it took too long."""

    STATUS_CODE = 408


class ConflictError(ChaliceViewError):
    """409: the present state does not allow it."""

    STATUS_CODE = 409


class UnprocessableEntityError(ChaliceViewError):
    """422: understood, but the content makes no sense."""

    STATUS_CODE = 422


class TooManyRequestsError(ChaliceViewError):
    """429: too often."""

    STATUS_CODE = 429


ALL_ERRORS = [
    ChaliceViewError,
    BadRequestError,
    NotFoundError,
    UnauthorizedError,
    ForbiddenError,
    MethodNotAllowedError,
    RequestTimeoutError,
    ConflictError,
    UnprocessableEntityError,
    TooManyRequestsError,
]


def error_response(
    status_code: int, code: str, message: str, headers: dict[str, Any] | None = None
) -> Response:
    """Return an answer with the framework's error body, `{"Code": ..., "Message": ...}`."""
    return Response({"Code": code, "Message": message}, headers, status_code)


def answer(error: BaseException, log: Logger, path: Any, *, debug: bool) -> Response:
    """Return the answer to whatever a view or middleware raised; it never raises itself.

    A `ChaliceViewError` is told to the client. Everything else, SystemExit and KeyboardInterrupt
    included, is logged and becomes a 500 that says nothing, or the traceback where *debug* is on.
    """
    if isinstance(error, ChaliceViewError):
        return error_response(error.STATUS_CODE, type(error).__name__, _text(error))
    _log(log, error, path)
    if not debug:
        return error_response(500, "InternalServerError", "An internal server error occurred.")
    from traceback import format_exception  # noqa: PLC0415 - free on Lambda, but rarely needed

    try:
        trace = "".join(format_exception(error))
    except Exception:  # noqa: BLE001 - an error whose own text raises
        trace = type(error).__name__
    return Response(trace, {"Content-Type": "text/plain"}, 500)


def unsendable(error: BaseException, request: Request, log: Logger, *, debug: bool) -> Response:
    """Return the answer where a view's result cannot be sent.

    That is the application's fault, a 500, unless the result echoes what only the client can have
    put into its JSON: a number that overflows to infinity, or deeper nesting than can be written.
    """
    body = request.__dict__.get("_json_body")
    if isinstance(error, (ValueError, RecursionError)) and body is not None and not _writable(body):
        return error_response(400, "BadRequestError", "Error Parsing JSON")
    return answer(error, log, request.path, debug=debug)


def last_resort(error: BaseException, log: Logger, path: Any) -> dict[str, Any]:
    """Return the answer where the answer to an error could not be sent either."""
    _log(log, error, path)
    return error_response(
        500, "InternalServerError", "An internal server error occurred."
    ).to_dict()


def _writable(body: Any) -> bool:
    for _ in range(_MARGIN):
        body = [body]
    try:
        encode_json(body)
    except (ValueError, RecursionError):
        return False
    return True


def _log(log: Logger, error: BaseException, path: Any) -> None:
    try:
        log.error("Caught exception for path %s", path, exc_info=error)
    except Exception:  # noqa: BLE001, S110 - an error that cannot be logged is answered all the same
        pass


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - an error whose own text raises
        return ""
