"""Log lines about errors: no text of a client's can pose as a line of the log.

Imported when the first error happens.
"""

from __future__ import annotations

from logging import ERROR
from traceback import format_exception

TYPE_CHECKING = False
if TYPE_CHECKING:
    from logging import Logger

    from chalice.runtime.http import Request


def log_error(log: Logger, error: BaseException, request: Request) -> None:
    """Log *error*, which happened while *request* was answered, with its traceback; never raise."""
    try:
        if not log.isEnabledFor(ERROR):
            return
        path = (_escaped(request.path),)
        info = (type(error), error, error.__traceback__)
        record = log.makeRecord(
            log.name, ERROR, __file__, 0, "Caught exception for path %s", path, info, "log_error"
        )
        # Formatters print this text where it is there, and format `exc_info` themselves where not.
        record.exc_text = traceback(error)
        log.handle(record)
    except Exception:  # noqa: BLE001 - an error that cannot be logged is answered all the same
        return


def traceback(error: BaseException) -> str:
    """Return the traceback for a log.

    The texts of errors often hold what the client sent: their lines after the first are indented,
    so that none looks like another line of the log, and other control characters are escaped.
    """
    return "".join(map(_indented, parts(error))).removesuffix("\n")


def parts(error: BaseException) -> list[str]:
    """Return the traceback in parts, or the name of an error that cannot be formatted."""
    try:
        return format_exception(error)
    except Exception:  # noqa: BLE001 - an error of the user's that raises when it is looked at
        return [f"{type(error).__name__}\n"]


def _indented(part: str) -> str:
    # A part is a sentence, a frame with its source, or an error: its class, a colon and its text.
    first, *rest = part.removesuffix("\n").split("\n")
    margin = "    " if first and not first.startswith(" ") else ""
    return "".join(_escaped(line) + "\n" for line in (first, *(margin + line for line in rest)))


def _escaped(text: str) -> str:
    """Return *text* with escapes in the place of what does not print."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
