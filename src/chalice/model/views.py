"""What functions take, views by name and handlers by position, and whether a call runs them."""

from __future__ import annotations

from dataclasses import dataclass
from types import FunctionType

# The flag of a code object that takes `**kwargs`, `inspect.CO_VARKEYWORDS`.
_VAR_KEYWORD = 0x08
# That of one that takes `*args`, `inspect.CO_VARARGS`.
_VAR_POSITIONAL = 0x04

# Flags of code that a call does not run: `inspect.CO_COROUTINE`, `CO_ASYNC_GENERATOR` and
# `CO_GENERATOR`.
_ASYNC = 0x80 | 0x200
_GENERATOR = 0x20


@dataclass(frozen=True, slots=True)
class Signature:
    """The parameters of a view that can be passed by name.

    Attributes:
        parameters: their names.
        required: those without a default; also positional-only ones, which no name reaches.
        accepts_any: whether there is `**kwargs`.
    """

    parameters: tuple[str, ...]
    required: tuple[str, ...]
    accepts_any: bool


# What stands for a callable that cannot be looked into: nothing is said against it.
_UNKNOWN = Signature((), (), accepts_any=True)


def signature(view: object) -> Signature:
    """Return what *view* takes, as a caller by name sees it.

    A wrapper is taken as it is written: what it passes on to the function inside is its own affair.
    """
    if type(view) is FunctionType:
        return _of_function(view)
    return _of_callable(view)


def _of_function(view: FunctionType) -> Signature:
    code = view.__code__
    positional = code.co_argcount
    named = code.co_varnames[: positional + code.co_kwonlyargcount]
    with_default = set(named[positional - len(view.__defaults__ or ()) : positional])
    with_default.update(view.__kwdefaults__ or ())
    return Signature(
        parameters=named[code.co_posonlyargcount :],
        required=tuple(name for name in named if name not in with_default),
        accepts_any=bool(code.co_flags & _VAR_KEYWORD),
    )


def _of_callable(view: object) -> Signature:
    import inspect  # noqa: PLC0415 - views are functions almost always

    try:
        found = inspect.signature(view, follow_wrapped=False)  # type: ignore[arg-type]  # any object may come
    except (TypeError, ValueError):
        return _UNKNOWN
    by_name = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    each = found.parameters.values()
    return Signature(
        parameters=tuple(item.name for item in each if item.kind in by_name),
        required=tuple(
            item.name
            for item in each
            if item.default is inspect.Parameter.empty
            and item.kind in {*by_name, inspect.Parameter.POSITIONAL_ONLY}
        ),
        accepts_any=any(item.kind is inspect.Parameter.VAR_KEYWORD for item in each),
    )


def takes(function: object, count: int) -> bool:
    """Tell whether *function* can be called with *count* arguments by position.

    A wrapper is taken as it is written; of what cannot be looked into it is assumed.

    >>> takes(lambda event, context: None, 2), takes(lambda: None, 2)
    (True, False)
    """
    if type(function) is FunctionType:
        code = function.__code__
        least = code.co_argcount - len(function.__defaults__ or ())
        fits = least <= count <= code.co_argcount
        more = bool(code.co_flags & _VAR_POSITIONAL) and count >= least
        return (fits or more) and code.co_kwonlyargcount <= len(function.__kwdefaults__ or ())
    import inspect  # noqa: PLC0415 - handlers are functions almost always

    try:
        found = inspect.signature(function, follow_wrapped=False)  # type: ignore[arg-type]  # any object may come
    except (TypeError, ValueError):
        return True
    try:
        found.bind(*[None] * count)
    except TypeError:
        return False
    return True


def not_run(function: object) -> tuple[str, str, str] | None:
    """Tell why a call of *function* does not run its body: code, what it is, what to write.

    A wrapper is taken as it is written: it may run what it wraps.

    >>> not_run(lambda: 1), not_run(lambda: (yield))[0]
    (None, 'function-generator')
    """
    code = getattr(function, "__code__", None)
    flags: int = getattr(code or getattr(type(function).__call__, "__code__", None), "co_flags", 0)
    if flags & _ASYNC:
        hint = "write `def`, and `asyncio.run(...)` around what has to be awaited"
        return "function-async", "is `async`: nothing awaits it", hint
    if flags & _GENERATOR:
        hint = "return what it is to answer, all at once, instead of `yield`"
        return (
            "function-generator",
            "has a `yield`: it makes a generator, which cannot be sent",
            hint,
        )
    return None
