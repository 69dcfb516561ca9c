"""Values of an application: what they are, how messages show them, who notes the wrong ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chalice.model.declared import Place

_LITERALS = {str, bytes, int, float, bool, type(None), list, tuple, dict}

_LONGEST = 60


def is_whole(value: object) -> TypeGuard[int]:
    """Return whether *value* is a whole number, which `True` is not.

    >>> is_whole(1), is_whole(True), is_whole(1.0)
    (True, False, False)
    """
    return isinstance(value, int) and not isinstance(value, bool)


def literal(value: object) -> str:
    """Return *value* as it would be written, or its type where it cannot be.

    >>> literal("x"), literal(object()), literal(print)
    ("'x'", 'an object of type object', 'print')
    """
    name = getattr(value, "__name__", None)
    if isinstance(name, str):
        return name
    if type(value) not in _LITERALS:
        return f"an object of type {type(value).__name__}"
    text = repr(value)
    text = text if " at 0x" not in text else f"a {type(value).__name__}"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def repeated(names: Iterable[str], *, any_case: bool = False) -> Iterator[str]:
    """Yield each of *names* that has been named before.

    >>> list(repeated(["a", "B", "b"], any_case=True)), list(repeated(["a", "A"]))
    (['b'], [])
    """
    seen: set[str] = set()
    for name in names:
        key = name.lower() if any_case else name
        if key in seen:
            yield name
        seen.add(key)


class Notes(Protocol):
    """Who reads an application: knows its places, takes note of values of wrong types."""

    @property
    def where(self) -> Place:
        """Where the application is made."""
        ...

    def place(self, where: object, function: object, /) -> Place:
        """Return the place of a declaration."""
        ...

    def problem(
        self, code: str, summary: str, where: Place, hint: str, severity: str = "error"
    ) -> None:
        """Take note of a problem."""

    def strings(self, value: object, label: str, code: str, where: Place) -> tuple[str, ...]:
        """Return the strings of a list, and take note of what is none."""
        ...
