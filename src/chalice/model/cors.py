"""The CORS configuration of a view read as data; what is not one is a problem."""

from __future__ import annotations

import re
from copy import copy
from typing import TYPE_CHECKING, cast

from chalice.diagnostics import Problem
from chalice.model.declared import Cors
from chalice.model.values import is_whole, literal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from chalice.app import CORSConfig as CORSObject
    from chalice.model.declared import Place

_COLLECTIONS = (list, tuple, set, frozenset)

_DIGITS = re.compile("[0-9]{1,9}")


def read(config: object, view: str, where: Place) -> tuple[Cors | None, list[Problem]]:
    """Return the CORS configuration *config* of *view* as data, and what is wrong with it.

    An option of a wrong type is left out of the data, so that what is wrong with the others can be
    told, too; without an origin there is none.
    """
    from chalice.app import CORSConfig  # noqa: PLC0415 - loaded already where there is CORS

    if not isinstance(config, CORSConfig):
        summary = f"{view} has `cors={literal(config)}`"
        hint = "write `True`, `False` or a `CORSConfig(...)`"
        return None, [Problem("cors-type", summary, str(where), hint)]
    wrong = {option: (found, hint) for option, found, hint in _wrong_options(config)}
    problems = [
        Problem("cors-type", f"`{option}` of the CORSConfig of {view} is {found}", str(where), hint)
        for option, (found, hint) in wrong.items()
    ]
    if "allow_origin" in wrong:
        return None, problems
    if wrong:
        config = _with_defaults(wrong.keys(), config, CORSConfig())
    headers = tuple(config.get_access_control_headers().items())
    return Cors(config.allow_origin, config.allow_credentials is True, headers), problems


def _with_defaults(options: Collection[str], config: CORSObject, plain: CORSObject) -> CORSObject:
    """Return *config* with the values of *plain* for *options*."""
    other = copy(config)
    for name, value in vars(plain).items():
        if name.removeprefix("_") in options:
            setattr(other, name, value)
    return other


def _wrong_options(config: object) -> Iterator[tuple[str, str, str]]:
    """Yield each option of a wrong type: its name, what it is, what to write."""
    values = vars(config)
    origin = values.get("allow_origin")
    if not isinstance(origin, str) or not origin:
        yield "allow_origin", f"`{literal(origin)}`", _one_origin(origin)
    allowed = values.get("_allow_headers", set())
    if not all(isinstance(name, str) for name in allowed):
        yield "allow_headers", f"`{literal(allowed)}`", "write a list of names"
    elif any(len(name) == 1 for name in allowed):
        yield "allow_headers", "a string", 'write a list: `["X-Name"]`'
    exposed = values.get("expose_headers")
    if not _names(exposed):
        hint = (
            f"write a list: `[{literal(exposed)}]`"
            if isinstance(exposed, str)
            else "write a list of names"
        )
        yield "expose_headers", f"`{literal(exposed)}`", hint
    age = values.get("max_age")
    if age is not None and not (is_whole(age) and age >= 0):
        number = f"`{age}`, " if isinstance(age, str) and _DIGITS.fullmatch(age) else ""
        yield "max_age", f"`{literal(age)}`", f"write {number}a whole number of seconds, 0 or more"
    credentials = values.get("allow_credentials")
    if credentials is not None and not isinstance(credentials, bool):
        yield "allow_credentials", f"`{literal(credentials)}`", "write `True` or `False`"


def _one_origin(value: object) -> str:
    """Return what to write in the place of *value*, which may be several origins."""
    items = list(cast("Iterable[object]", value)) if isinstance(value, _COLLECTIONS) else []
    origins = [item for item in items if isinstance(item, str)]
    if len(origins) == 1:
        return f'write `"{origins[0]}"`'
    if origins:
        each = " or ".join(f'`"{origin}"`' for origin in sorted(origins))
        return f'write one origin, {each}, or `"*"`: browsers take one'
    return 'write one origin, `"https://app.example.com"`, or `"*"`'


def _names(value: object) -> bool:
    if not isinstance(value, _COLLECTIONS):
        return False
    return all(isinstance(name, str) for name in cast("Iterable[object]", value))
