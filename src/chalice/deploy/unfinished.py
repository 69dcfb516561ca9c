"""What is said where a command ends before what it has begun: how things are, and what goes on."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from chalice.aws.errors import NOT_BY_THIS_CALL
from chalice.deploy.failures import StackFailed
from chalice.diagnostics import ToolError

if TYPE_CHECKING:
    from collections.abc import Generator

GOES_ON = (
    "What was begun goes on in the cloud without this command. `chalice status` says how far it is;"
    " the same command takes it up again"
)


class Unfinished(ToolError):
    """Something was begun, and this command has not seen its end."""


@contextmanager
def asked_for(left: str = GOES_ON) -> Generator[None]:
    """Have who interrupts the block be told what goes on: the request may have arrived.

    What AWS refuses has not begun, and is told as it is.

    Args:
        left: how things are then, and what to do.
    """
    try:
        yield
    except (KeyboardInterrupt, SystemExit) as end:
        end.add_note(left)  # who writes to the terminal reads it there
        raise


@contextmanager
def begun(left: str = GOES_ON) -> Generator[None]:
    """Have every early end of the block tell what goes on: it has begun for certain.

    Args:
        left: how things are then, and what to do.

    Raises:
        Unfinished: in place of errors that do not say how things are.
    """
    try:
        with asked_for(left):
            yield
    except (StackFailed, Unfinished):
        raise
    except ToolError as error:
        said = str(error).replace(NOT_BY_THIS_CALL, "")
        raise Unfinished(f"{said}. {left}") from error
