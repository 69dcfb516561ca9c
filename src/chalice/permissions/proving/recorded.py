"""What the recorder is told, and what it has written: calls, as the reader of code sees them."""

from __future__ import annotations

import ast
import itertools
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from chalice.config.reader import as_list, as_object
from chalice.permissions import lists
from chalice.permissions.granting.besides import roles
from chalice.permissions.proving.recorder import digest
from chalice.permissions.proving.recorder.starting import VARIABLE
from chalice.permissions.reading.transfers import POSTED, TOKENS, TRANSFERS
from chalice.permissions.reading.values import ANYTHING, Record, Tuple, Use, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_CHILD = Path(__file__).parent / "child"

#: Parameters whose keys are names of tables.
KEYED = frozenset({"RequestItems"})

#: Methods of clients that are no operations, and what they take by position.
#: Source: botocore reference, "generate_presigned_url" and "generate_presigned_post".
_BY_POSITION = {
    **TRANSFERS["client"],
    **{name: taken for tokens in TOKENS.values() for name, taken in tokens.items()},
    "generate_presigned_post": ("Bucket", "Key", "Fields", "Conditions"),
    "generate_presigned_url": ("ClientMethod", "Params"),
}

#: What says which resources those are about; they take the parameters of several operations.
_OF_METHODS = {
    "s3": (
        TRANSFERS["client"],
        (
            "ACL Bucket CopySource CopySource.Bucket CopySource.Key CopySource.VersionId? Key"
            " SSEKMSKeyId TaggingDirective VersionId?"
        ),
    ),
    # Hosts and users are no secrets.
    **{
        service: (tokens, " ".join(dict.fromkeys(itertools.chain(*tokens.values()))))
        for service, tokens in TOKENS.items()
    },
}


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a function of the project stood.

    Attributes:
        path: the module, as it ships.
        line: the line.
        first_line: that of the function, its decorators included.
        name: the function's; `<module>` while a module was imported.
    """

    path: str
    line: int
    first_line: int
    name: str


@dataclass(frozen=True, slots=True)
class Called:
    """One call of an operation.

    Attributes:
        use: the call, with its own region only where that is not the default one.
        region: the default region at that time.
        variables: variables of the stage that were set otherwise, and that it came from.
        chain: where the project's code stood, the innermost first; empty for others' calls.
        times: how often it was made from there.
    """

    use: Use
    region: str
    variables: tuple[tuple[str, str], ...]
    chain: tuple[Frame, ...]
    times: int = 1

    @property
    def where(self) -> str:
        """The line of the project that called."""
        return f"{self.chain[0].path}:{self.chain[0].line}" if self.chain else ""


def plan(log: Path, modules: Mapping[str, Path], variables: Mapping[str, str]) -> dict[str, Any]:
    """Return what the recorder is told, JSON.

    Args:
        log: the file that it writes; one that is there. Where it has gone, calls were lost.
        modules: the modules that ship, by their path as they ship.
        variables: the variables of the stage.
    """
    return {
        "log": str(log),
        "modules": {os.path.realpath(file): path for path, file in modules.items()},
        "keyed": sorted(KEYED),
        "roles": sorted(roles.beside_others()),
        "variables": {name: digest(value) for name, value in variables.items()},
        "by_position": _BY_POSITION,
        "by_field": POSTED,
        "places": _places(),
    }


def _places() -> dict[str, str]:
    """Return, by service, its operations with the places of what is kept, commas between.

    They stay as they are on the list: who is recorded looks at the few services that it calls.
    """
    found = dict(lists.lines("recorded"))
    for service, (methods, places) in _OF_METHODS.items():
        more = (f"{name} {places}" for name in methods)
        found[service] = ",".join([found[service], *more])
    return found


def environment(environ: Mapping[str, str], plan_file: Path) -> dict[str, str]:
    """Return the variables under which a program, and what it starts, is recorded."""
    path = [str(_CHILD), *filter(None, [environ.get("PYTHONPATH")])]
    return {
        **environ,
        "PYTHONPATH": os.pathsep.join(path),
        VARIABLE: str(plan_file),
    }


def called(lines: Iterable[bytes]) -> tuple[list[Called], list[str]]:
    """Return the calls that a recorder has noted, each once, and what it could not note."""
    times: dict[bytes, int] = {}
    for line in lines:
        times[line] = times.get(line, 0) + 1
    calls: list[Called] = []
    lost: list[str] = []
    for line, count in times.items():
        try:
            facts = as_object(json.loads(line))
        except ValueError:
            facts = {"error": "what was noted is not whole"}  # a full disk
        if "error" in facts:
            lost.append(str(facts["error"]))
        else:
            calls.append(_called(facts, count))
    return calls, lost


def _called(facts: Mapping[str, Any], times: int) -> Called:
    chain = tuple(Frame(*as_list(item)) for item in as_list(facts["chain"]))
    region = str(facts["region"] or "")
    default = str(facts["default_region"] or region)
    path, line = (chain[0].path, chain[0].line) if chain else ("", 1)
    use = Use(
        facts["service"],
        facts["operation"],
        tuple((name, value_of(item)) for name, item in as_object(facts["params"]).items()),
        path,
        ast.Constant(None, lineno=line, col_offset=0),
        region if region not in ("aws-global", default) else "",
    )
    variables = tuple(sorted(as_object(facts["variables"]).items()))
    return Called(use, default, variables, chain, times)


def value_of(item: object) -> Value:
    """Return what the reader would have for *item* where it knew it."""
    if item is None:
        return frozenset([None])
    if isinstance(item, str):
        # No text of a program has the characters that stand for what is not known.
        return frozenset([item.translate({0: "?", 1: "?", 2: "?"})])
    if isinstance(item, dict):
        pairs: Iterator[tuple[str, object]] = iter(cast("dict[str, object]", item).items())
        return frozenset([Record(tuple((name, value_of(value)) for name, value in pairs))])
    if isinstance(item, list):
        return frozenset([Tuple(tuple(map(value_of, cast("list[object]", item))))])
    return ANYTHING
