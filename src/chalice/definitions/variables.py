"""Stage variables that a definition is served with: given by hand, or written in its template."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from chalice.diagnostics import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice.definitions.reading import Source

# Within `Fn::Sub`, `${!NAME}` stands for `${NAME}`.
_VARIABLE = re.compile(r"\$\{!?stageVariables\.([A-Za-z0-9_]+)\}")

# The members that name a function. Source: API Gateway developer guide, "Using API Gateway stage
# variables": a variable may be the name of a function, or its alias or version.
_URIS = ("uri", "authorizerUri")


def known(source: Source, given: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of the stage; those that are *given* replace those of the template."""
    written = {name: value for name, value in source.variables.items() if isinstance(value, str)}
    return {**written, **given}


def unknown(source: Source, given: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each variable that the template leaves to CloudFormation."""
    for name, value in source.variables.items():
        if not isinstance(value, str) and name not in given:
            yield Problem(
                "template-variable",
                f"the value of stage variable `{name}` is not written in the template",
                f"{source.place.rpartition('/')[0]}/Variables/{name}",
                f"write `--stage-variable {name}=VALUE`",
            )


def resolved(document: dict[str, object], variables: Mapping[str, str]) -> dict[str, object]:
    """Return *document* with the values of *variables* where it names functions by them.

    >>> resolved({"uri": "orders:${stageVariables.alias}"}, {"alias": "live"})
    {'uri': 'orders:live'}
    """

    def put_in(found: re.Match[str]) -> str:
        return variables.get(found[1], found[0])

    def copied(value: object, *, in_uri: bool) -> object:
        match value:
            case str():
                return _VARIABLE.sub(put_in, value) if in_uri else value
            case list():
                return [copied(item, in_uri=in_uri) for item in cast("list[object]", value)]
            case dict():
                members = cast("dict[str, object]", value).items()
                return {
                    name: copied(item, in_uri=in_uri or name in _URIS) for name, item in members
                }
            case _:
                return value

    return cast("dict[str, object]", copied(document, in_uri=False)) if variables else document
