"""The framework that ships to Lambda: standard library only, nothing that a request does not use.

Knows events and contexts as Lambda hands them over. Must not know of tools, configuration or
sockets, and imports at start neither `typing`, `inspect`, `dataclasses` nor `urllib.parse`.
"""

# Every cold start runs this file: `from __future__ import annotations` would be an import more.
from sys import modules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    class Observer(Protocol):
        """Watches a project being imported, for a tool."""

        def here(self) -> Any:
            """Return the place in the user's code that calls into the framework."""

        def refused(self, code: str, error: Exception, where: Any, *names: str) -> None:
            """Take note of a declaration that plain Python would have refused with *error*.

            *names* are those that are unknown, where that is why.
            """


# The tool that loads the project; None on Lambda.
observer: "Observer | None" = None


def here() -> "Any":
    """Return the place of the user's declaration, or None where no tool watches."""
    return None if observer is None else observer.here()


def refuse(code: str, error: Exception, where: "Any" = None, *names: str) -> None:
    """Raise *error*, or report it to the tool that loads the project and go on.

    Args:
        code: of the problem that a tool makes of it.
        error: what an application gets that imports itself.
        where: the place of the declaration; the caller's unless given.
        *names: those that are unknown, where that is why.
    """
    if observer is None:
        raise error
    observer.refused(code, error, observer.here() if where is None else where, *names)


def late(name: str) -> "Any":
    """Return the module *name*, imported when it is first asked for.

    For what a plain request does not use. An import statement that finds its module loaded costs
    8,000 instructions each time, a third of a small request.
    """
    module = modules.get(name)
    if module is None:
        __import__(name)
        module = modules[name]
    return module
