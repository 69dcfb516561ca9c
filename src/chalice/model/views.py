"""What a view function takes."""

from __future__ import annotations

from dataclasses import dataclass
from types import FunctionType

# The flag of a code object that takes `**kwargs`, `inspect.CO_VARKEYWORDS`.
_VAR_KEYWORD = 0x08


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
