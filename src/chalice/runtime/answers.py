"""What the client is told when a view raised, or returned what cannot be sent.

Imported when the first error happens: a request that succeeds does not pay for it.
"""

from __future__ import annotations

from chalice.runtime.errors import ChaliceUnhandledError, ChaliceViewError
from chalice.runtime.http import Response, encode_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from logging import Logger
    from typing import Any

    from chalice.runtime.http import Request

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
    _log(log, error, request)
    if not debug:
        return error_response(500, "InternalServerError", "An internal server error occurred.")
    from traceback import format_exception  # noqa: PLC0415 - free on Lambda, but rarely needed

    try:
        trace = "".join(format_exception(error))
    except Exception:  # noqa: BLE001 - an error whose own text raises
        trace = type(error).__name__
    return Response(trace, {"Content-Type": "text/plain"}, 500)


def unsendable(error: BaseException, log: Logger, request: Request, *, debug: bool) -> Response:
    """Return the answer where a view's result cannot be sent.

    That is the application's fault, a 500, unless the result echoes what only the client can have
    put into its JSON: a number that overflows to infinity, or deeper nesting than can be written.
    """
    if isinstance(error, (ValueError, RecursionError)) and not _is_writable(request.parsed):
        return error_response(400, "BadRequestError", "Error Parsing JSON")
    return answer(error, log, request, debug=debug)


def _is_writable(parsed: Any) -> bool:
    for _ in range(_MARGIN):
        parsed = [parsed]
    try:
        encode_json(parsed)
    except (ValueError, RecursionError):
        return False
    except TypeError:  # nothing was parsed
        return True
    return True


def _log(log: Logger, error: BaseException, request: Request) -> None:
    try:
        log.error("Caught exception for path %s", request.path, exc_info=error)
    except Exception:  # noqa: BLE001 - an error that cannot be logged is answered all the same
        return


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - an error whose own text raises
        return ""
