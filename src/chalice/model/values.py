"""Values of an application as messages show them."""

from __future__ import annotations

_LITERALS = {str, bytes, int, float, bool, type(None), list, tuple, dict}

_LONGEST = 60


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
