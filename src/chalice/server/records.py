"""What the server reports: data, which the command line draws and tests compare."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalice.diagnostics import Problem


@dataclass(frozen=True, slots=True)
class Answered:
    """A request was answered.

    Attributes:
        method: the verb; empty where the request could not be read.
        target: path and query as sent.
        status: the status of the answer.
        seconds: from the last byte of the request's head to the answer.
        resource: the resource template that was matched, or None.
        size: bytes of the answer's body.
        reason: one line saying why, where the gateway or the server answered on its own.
        client: the address it came from.
        rules: numbers of the rules that decided.
        not_emulated: what AWS does with such a request and the gateway does not.
    """

    method: str
    target: str
    status: int
    seconds: float
    resource: str | None
    size: int
    reason: str | None
    client: str
    rules: tuple[str, ...] = ()
    not_emulated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Serving:
    """The server answers.

    Attributes:
        url: where.
        api_key: a key made for this run because routes ask for one and none is configured.
        warnings: what does not stop the application.
    """

    url: str
    api_key: str | None = None
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Reloaded:
    """New code is being served since an edit of *files*."""

    files: tuple[str, ...]
    seconds: float
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """The project cannot be loaded; requests are answered 502.

    Attributes:
        problems: what the user can mend.
        trace: the traceback where something else went wrong.
        edited: whether an edit caused it, so that only another one can mend it. Otherwise the same
            code was to take over for a process that ended, and is tried again.
    """

    problems: tuple[Problem, ...]
    trace: str = ""
    edited: bool = True


@dataclass(frozen=True, slots=True)
class Replaced:
    """The process that runs the application ended or got stuck, and another one takes over."""

    reason: str


@dataclass(frozen=True, slots=True)
class FunctionLog:
    """What Lambda would write to the function's log."""

    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the person at the terminal should know."""

    text: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A bug of ours was met; the request was answered 500."""

    summary: str
    trace: str


Record = Answered | Serving | Reloaded | Broken | Replaced | FunctionLog | Notice | Fault

#: Takes records as they happen, on the server's event loop: it must not block.
Log = Callable[[Record], None]
