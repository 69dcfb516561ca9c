"""The CORS configuration of a view read as data; what is not one is a problem."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from chalice.diagnostics import Problem
from chalice.model.declared import Cors
from chalice.model.values import literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chalice.model.declared import Place


def read(config: object, view: str, where: Place) -> tuple[Cors | None, list[Problem]]:
    """Return the CORS configuration *config* of *view* as data, and what is wrong with it."""
    from chalice.app import CORSConfig  # noqa: PLC0415 - loaded already where there is CORS

    if not isinstance(config, CORSConfig):
        summary = f"{view} has `cors={literal(config)}`"
        hint = "write `True`, `False` or a `CORSConfig(...)`"
        return None, [Problem("cors-type", summary, str(where), hint)]
    problems = [
        Problem("cors-type", f"`{option}` of the CORSConfig of {view} is {found}", str(where), hint)
        for option, found, hint in _wrong_options(config)
    ]
    if problems:
        return None, problems
    headers = tuple(config.get_access_control_headers().items())
    credentials = config.allow_credentials is True
    return Cors(config.allow_origin, credentials, headers), []


def _wrong_options(config: object) -> Iterator[tuple[str, str, str]]:
    """Yield each option of a wrong type: its name, what it is, what to write."""
    values = vars(config)
    origin = values.get("allow_origin")
    if not isinstance(origin, str) or not origin:
        hint = 'write one origin, `"https://app.example.com"`, or `"*"`'
        yield "allow_origin", f"`{literal(origin)}`", hint
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
    if age is not None and (isinstance(age, bool) or not isinstance(age, int) or age < 0):
        yield "max_age", f"`{literal(age)}`", "write a whole number of seconds, 0 or more"
    credentials = values.get("allow_credentials")
    if credentials is not None and not isinstance(credentials, bool):
        yield "allow_credentials", f"`{literal(credentials)}`", "write `True` or `False`"


def _names(value: object) -> bool:
    if not isinstance(value, (list, tuple, set, frozenset)):
        return False
    return all(isinstance(name, str) for name in cast("Iterable[object]", value))
