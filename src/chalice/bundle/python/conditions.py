"""Which conditions a target decides: `sys.version_info >= (3, 12)`, `TYPE_CHECKING`, `os.name`."""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING, Any, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalice.bundle.target import Target

_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}


class _Unknown:
    """Stands for a value that the target alone does not decide."""


_UNKNOWN = _Unknown()


# Names that applications and libraries use for what is the same on every target.
_NAMES: Mapping[str, object] = {
    "TYPE_CHECKING": False,
    "PY2": False,
    "PY3": True,
    "PYPY": False,
    "IS_PYPY": False,
    "WINDOWS": False,
    "IS_WINDOWS": False,
    # Set while numpy and scipy are being built.
    "__NUMPY_SETUP__": False,
    "__SCIPY_SETUP__": False,
    # A module of a package is never the program that runs.
    "__name__": "imported",
}


def truth(test: ast.expr, target: Target) -> bool | None:
    """Return whether *test* holds on *target*, or None where that is not known beforehand."""
    match test:
        case ast.BoolOp(op=op, values=values):
            found = [truth(value, target) for value in values]
            decides = isinstance(op, ast.Or)
            if decides in found:
                return decides
            return None if None in found else not decides
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = truth(operand, target)
            return None if inner is None else not inner
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _compared(_value(left, target), op, _value(right, target))
        case ast.Call(func=ast.Attribute(value=owner, attr="startswith"), args=[argument]):
            return _starts(_value(owner, target), _value(argument, target))
        case _:
            value = _value(test, target)
            return None if value is _UNKNOWN else bool(value)


def _starts(value: object, prefix: object) -> bool | None:
    if not isinstance(value, str):
        return None
    prefixes = prefix if _is_tuple(prefix) else (prefix,)
    known = tuple(part for part in prefixes if isinstance(part, str))
    return value.startswith(known) if len(known) == len(prefixes) else None


def _compared(left: object, op: ast.cmpop, right: object) -> bool | None:
    compare = _COMPARE.get(type(op))
    if left is _UNKNOWN or right is _UNKNOWN or compare is None:
        return None
    try:
        return bool(compare(left, right))
    except TypeError:
        return None


def _value(node: ast.expr, target: Target) -> object:  # noqa: PLR0911 - one answer a form
    """Return what *node* is on *target*, or `_UNKNOWN`."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            values = tuple(_value(part, target) for part in parts)
            return _UNKNOWN if _UNKNOWN in values else values
        case ast.Name(id=name):
            return _NAMES.get(name, _UNKNOWN)
        case ast.Attribute():
            return _facts(target).get(ast.unparse(node), _NAMES.get(node.attr, _UNKNOWN))
        case ast.Call(func=ast.Attribute() as function, args=[]):
            return _facts(target).get(f"{ast.unparse(function)}()", _UNKNOWN)
        case ast.Subscript(value=value, slice=part):
            return _part(_value(value, target), part)
        case _:
            return _UNKNOWN


def _facts(target: Target) -> dict[str, object]:
    """Return what expressions are on *target*, as they are written."""
    major, minor = target.python
    return {
        # The patch version is not known: large, so that `>= (3, 13, 1)` holds.
        "sys.version_info": (major, minor, 99, "final", 0),
        "sys.version_info.major": major,
        "sys.version_info.minor": minor,
        "sys.hexversion": (major << 24) | (minor << 16) | 0x63F0,
        "sys.platform": "linux",
        "sys.byteorder": "little",
        "sys.implementation.name": "cpython",
        "os.name": "posix",
        "platform.system()": "Linux",
        "platform.machine()": target.machine,
        "platform.python_implementation()": "CPython",
    }


def _part(value: object, part: ast.expr) -> object:
    if not _is_tuple(value):
        return _UNKNOWN
    match part:
        case ast.Constant(value=int(index)) if -len(value) <= index < len(value):
            return value[index]
        case ast.Slice(lower=None, upper=ast.Constant(value=int(end)), step=None):
            return value[:end]
        case _:
            return _UNKNOWN


def _is_tuple(value: object) -> TypeGuard[tuple[object, ...]]:
    return isinstance(value, tuple)
