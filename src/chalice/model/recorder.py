"""The observer of a load: where each declaration stands, and what was refused."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import chalice
from chalice.app import _ROUTE_OPTIONS
from chalice.diagnostics import Problem, nearest
from chalice.model.declared import Place
from chalice.model.places import own_file
from chalice.runtime.refusals import EVENT_TYPES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

# Frames of the framework itself; a declaration is made by the first frame outside.
_FRAMEWORK = str(Path(chalice.__file__).parent) + os.sep

_HINTS = {
    "route-duplicate": "give one of the views another path or other `methods`",
    "route-content-types-type": 'write a list: `content_types=["application/json"]`',
    "authorizer-provider-arns-type": 'write a list: `provider_arns=["arn:aws:cognito-idp:..."]`',
    "decorator-option-type": "write names and paths as text, `methods` as a list",
    "decorator-option-unknown": "remove it, or see `chalice.app` for what the decorator takes",
    "route-path-type": 'write `@app.route("/path")`, with the parentheses',
    "class-not-supported": "remove it, also from annotations: it comes with its decorator, later",
    "decorator-not-supported": "remove it: this version serves routes, authorizers and functions",
}

# What the names that a refusal is about may be instead.
_KNOWN = {"route-option-unknown": _ROUTE_OPTIONS, "middleware-event-type": EVENT_TYPES}


class Recorder:
    """Takes note of declarations; `chalice.runtime.observer` while a project is loaded.

    Attributes:
        problems: what was refused, in order.
    """

    def __init__(self, root: Path) -> None:
        self.problems: list[Problem] = []
        self._root = root
        self._known: dict[str, str | None] = {}

    def here(self) -> Place:
        """Return the line of the project that calls into the framework.

        A declaration made by a library on behalf of the project is the line that calls the library.
        """
        outside: Place | None = None
        frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - the way to a caller's line
        while frame is not None:
            file = frame.f_code.co_filename
            if not file.startswith(_FRAMEWORK):
                relative = self.relative(file)
                if relative is not None:
                    return Place(relative, frame.f_lineno)
                if outside is None and not file.startswith("<frozen"):
                    outside = Place(file, frame.f_lineno)
            frame = frame.f_back
        return outside or Place("app.py", 0)

    def refused(self, code: str, error: Exception, where: object, *names: str) -> None:
        """Take note of what plain Python would have refused with *error*."""
        place = where if isinstance(where, Place) else self.here()
        summary = " ".join(str(error).split())
        found = Problem(code, summary, str(place), _hint(code, names))
        self.problems.append(found.visible())

    def relative(self, file: str) -> str | None:
        """Return *file* relative to the project, or None for one that is not the project's."""
        if file not in self._known:
            self._known[file] = own_file(file, self._root)
        return self._known[file]


def _hint(code: str, names: Sequence[str]) -> str:
    if code not in _KNOWN:
        return _HINTS.get(code, "")
    known = _KNOWN[code]
    near = [nearest(name, known) for name in names]
    written = ", ".join(f"`{name}`" for name in near if name)
    return f"write {written}" if written else f"known are {', '.join(known)}"
