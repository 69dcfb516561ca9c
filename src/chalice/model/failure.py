"""Why `app.py` could not be imported, told with the user's lines only."""

from __future__ import annotations

import os
import re
import traceback
from typing import TYPE_CHECKING

from chalice.diagnostics import Problem, visible
from chalice.model.places import own_file

if TYPE_CHECKING:
    from pathlib import Path
    from traceback import FrameSummary

# Lambda gives them to every function. Source: Lambda developer guide, "Runtime-included SDK
# versions".
_OF_THE_RUNTIME = ("boto3", "botocore")

_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")

# How many frames are shown of each end of a long way.
_SHOWN_FRAMES = 4


def problem(error: BaseException, root: Path) -> Problem:
    """Return the problem of a project in *root* whose import ended with *error*.

    The lines of the project through which the import went are listed; those of libraries, of
    Python and of Chalice are not.
    """
    if isinstance(error, SyntaxError) and own_file(error.filename, root):
        return _syntax(error, root)
    stack = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in stack if own_file(frame.filename, root)]
    where = _place(own[-1], root) if own else "app.py"
    summary = f"`app.py` cannot be imported: {_described(error)}"
    if len(own) > 1:
        summary += _path_of(own, root)
    return Problem("app-import", summary, where, _hint(error, stack, root))


def _syntax(error: SyntaxError, root: Path) -> Problem:
    file = own_file(error.filename, root) or "app.py"
    where = f"{file}:{error.lineno}" if error.lineno else file
    column = f", column {error.offset}" if error.offset else ""
    summary = f"`{file}` has a syntax error{column}: {visible(error.msg)}"
    source = (error.text or "").strip()
    hint = f"mend `{visible(source)}`" if source else "mend the line"
    return Problem("app-syntax", summary, where, hint)


def _described(error: BaseException) -> str:
    kind = type(error).__name__
    if isinstance(error, SystemExit):
        return f"it calls `sys.exit({visible(repr(error.code))})`"
    if isinstance(error, KeyboardInterrupt):
        return "it was interrupted (KeyboardInterrupt)"
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - the exception is the user's, and so may be its text
        text = ""
    # A long text may well have lines of its own; they stand below the first one.
    lines = "\n    ".join(visible(line) for line in text.split("\n"))
    return f"{kind}: {lines}" if text else kind


def _hint(error: BaseException, stack: traceback.StackSummary, root: Path) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name:
        if error.name.startswith("chalice."):
            return "import from `chalice`, `chalice.app`, `chalice.test` or `chalice.local`"
        return _import_hint(error.name.partition(".")[0], root)
    missing = _missing_variable(error, stack)
    if missing:
        return f"set `{visible(missing)}` under `environment_variables` in `.chalice/config.json`"
    if type(error).__name__ == "NoRegionError":
        # botocore's. Source: Lambda developer guide, "Defined runtime environment variables".
        return "set `AWS_DEFAULT_REGION` in your shell; Lambda sets it for each function"
    if isinstance(error, (SystemExit, KeyboardInterrupt)):
        return "remove it: Lambda imports `app.py` to find `app`"
    return "mend the line; Lambda imports `app.py` in the same way"


def _import_hint(top: str, root: Path) -> str:
    """Return where the module *top* is to come from."""
    if (root / "chalicelib" / f"{top}.py").is_file() or (root / "chalicelib" / top).is_dir():
        return f"write `from chalicelib import {top}`"
    if top == "chalicelib":
        return "put the modules of the application into the folder `chalicelib` beside `app.py`"
    if top in _OF_THE_RUNTIME:
        return f"install `{top}` beside Chalice; Lambda's runtime has it"
    if _is_required(top, root):
        return "install what the project requires: `pip install -r requirements.txt`"
    top = visible(top)
    return f"install `{top}` and add it to `requirements.txt`, or put it into `vendor/`"


def _is_required(name: str, root: Path) -> bool:
    """Return whether `requirements.txt` asks for *name*."""
    try:
        text = (root / "requirements.txt").read_text("utf-8", "replace")
    except OSError:
        return False
    asked = (_REQUIREMENT.match(line) for line in text.splitlines())
    return _as_module(name) in {_as_module(found[1]) for found in asked if found}


def _as_module(name: str) -> str:
    return re.sub("[-_.]+", "_", name).lower()


def _missing_variable(error: BaseException, stack: traceback.StackSummary) -> str | None:
    """Return the environment variable whose absence is the error, if it is that."""
    last = stack[-1] if stack else None
    if not isinstance(error, KeyError) or last is None or not error.args:
        return None
    in_environ = last.filename in {os.__file__, "<frozen os>"} and last.name == "__getitem__"
    return str(error.args[0]) if in_environ else None


def _path_of(frames: list[FrameSummary], root: Path) -> str:
    """Return a line for each frame; of a recursion, those at its ends."""
    lines = [_line(frame, root) for frame in frames]
    if len(lines) > 2 * _SHOWN_FRAMES:
        left_out = f"\n    ... {len(lines) - 2 * _SHOWN_FRAMES} more"
        lines = [*lines[:_SHOWN_FRAMES], left_out, *lines[-_SHOWN_FRAMES:]]
    return "".join(lines)


def _line(frame: FrameSummary, root: Path) -> str:
    source = f": {frame.line}" if frame.line else ""
    return "\n    " + visible(f"{_place(frame, root)} in {frame.name}{source}")


def _place(frame: FrameSummary, root: Path) -> str:
    return f"{own_file(frame.filename, root)}:{frame.lineno}"
