"""What the client is told when a view raised, or returned what cannot be sent.

Imported when the first error happens: a request that succeeds does not pay for it.
"""

from __future__ import annotations

from chalice.runtime.errors import ChaliceUnhandledError, ChaliceViewError
from chalice.runtime.http import UNREAD, Request, Response, encode_json
from chalice.runtime.logs import log_error, parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from logging import Logger

__all__ = ["ChaliceUnhandledError", "answer", "unsendable"]

# How many levels a view may wrap around a client's JSON before its depth is the view's doing.
_MARGIN = 50


def error_response(status_code: int, code: str, message: str) -> Response:
    """Return an answer with the framework's error body, `{"Code": ..., "Message": ...}`."""
    return Response({"Code": code, "Message": message}, None, status_code)


def answer(error: BaseException, log: Logger, request: Request, *, debug: bool) -> Response:
    """Return the answer to whatever a view or middleware raised; it never raises itself.

    A `ChaliceViewError` is told to the client. Everything else, SystemExit and KeyboardInterrupt
    included, is logged and becomes a 500 that says nothing, or the traceback where *debug* is on.
    """
    if isinstance(error, ChaliceViewError):
        return error_response(error.STATUS_CODE, type(error).__name__, _text(error))
    log_error(log, error, request)
    if not debug:
        return error_response(500, "InternalServerError", "An internal server error occurred.")
    return Response("".join(parts(error)), {"Content-Type": "text/plain"}, 500)


def unsendable(error: BaseException, log: Logger, request: Request, *, debug: bool) -> Response:
    """Return the answer where a view's result cannot be sent.

    That is the application's fault, a 500, unless the result echoes what only the client can have
    put into its JSON: a number that overflows to infinity, or deeper nesting than can be written.
    """
    if isinstance(error, (ValueError, RecursionError)) and not _is_writable(request):
        return error_response(400, "BadRequestError", "Error Parsing JSON")
    return answer(error, log, request, debug=debug)


def _is_writable(request: Request) -> bool:
    """Return whether the JSON that the view has read, as the client sent it, can be written."""
    if request.parsed is UNREAD:
        return True
    try:
        sent = Request(request.to_original_event()).json_body
        for _ in range(_MARGIN):
            sent = [sent]
        encode_json(sent)
    except (ChaliceViewError, ValueError, RecursionError):
        return False
    return True


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - an error whose own text raises
        return ""
