"""What `chalice gen-policy` prints: statements with their reasons, of code and of Lambda itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalice.config.check import places
from chalice.expressions import as_text
from chalice.model.names import logical_id
from chalice.permissions import Reason
from chalice.template.foreseen import acting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chalice.config import Settings
    from chalice.diagnostics import Problem
    from chalice.project import Configuration
    from chalice.template.merging import Theirs


@dataclass(frozen=True, slots=True)
class Granted:
    """A statement, and why it is there.

    Attributes:
        statement: as a document has it.
        resources: what it is about, as people read it.
        reasons: for each action what needs it.
    """

    statement: Mapping[str, Any]
    resources: Sequence[str]
    reasons: Mapping[str, Sequence[Reason]]


@dataclass(slots=True)
class OfLambda:
    """What Lambda itself does as the roles of functions.

    Attributes:
        granted: what it has to be allowed.
        problems: what nobody knows of that, all of them warnings.
    """

    granted: list[Granted] = field(default_factory=list[Granted])
    problems: list[Problem] = field(default_factory=list["Problem"])


def of_lambda(
    names: Iterable[str],
    every: Iterable[str],
    settings: Settings,
    configuration: Configuration,
    merged: Sequence[Theirs],
) -> OfLambda:
    """Return what Lambda does as the roles of functions, but for writing their own logs.

    Args:
        names: of the functions that are asked about.
        every: the names of all functions: what one sends may go to another.
        settings: the stage.
        configuration: the project's.
        merged: templates that are merged into that of the application.
    """
    written = places(configuration.document, configuration.of_stage)
    found = OfLambda()
    whole = acting(every, settings, written, merged)
    ids = set(map(logical_id, names))
    why: dict[str, list[Reason]] = {}
    statements: dict[str, Mapping[str, Any]] = {}
    for asked in whole.asked:
        if asked.function not in ids:
            continue
        if asked.statement is None:
            found.problems.append(whole.told(asked))
            continue
        resource = as_text(asked.statement["Resource"], {})
        key = f"{asked.statement}"
        statements[key] = asked.statement
        why.setdefault(key, []).append(Reason(asked.where, asked.what, resource, ""))
    for key, statement in statements.items():
        reasons = dict.fromkeys(statement["Action"], why[key])
        found.granted.append(Granted(statement, [why[key][0].resource], reasons))
    return found
