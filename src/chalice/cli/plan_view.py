"""What would be done to a stack, as people read it: what hurts first, a line for each resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.cli.counting import counted
from chalice.diagnostics import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from chalice.deploy.grants import Compared, Granted
    from chalice.deploy.plan import Action, Item, Plan

_SIGNS: dict[Action, str] = {
    "add": "+",
    "change": "~",
    "replace": "±",
    "delete": "-",
    "retain": "o",
}
_COLOURS = {"+": "32", "~": "33", "±": "31;1", "-": "31;1", "o": "36"}
_COUNTED: tuple[Action, ...] = ("add", "change", "replace", "delete")

_BETWEEN = "  "
_BEFORE_DETAILS = "    "

# What nearly all types of CloudFormation begin with: left out where lines would wrap.
_OF_AWS = "AWS::"


def lines_of(plan: Plan, width: int | None, painted: Callable[[str, str], str]) -> Iterator[str]:
    """Yield *plan* in lines.

    Args:
        plan: what would be done.
        width: the columns that there are; None where lines may be of any length.
        painted: returns a text in a colour of ECMA-48.
    """
    if not plan.changes:
        yield "Nothing would change"
        return
    if plan.adopts:
        yield f"The stack `{plan.stack}`, made by something else, would be this application's"
    if plan.files:
        sign = _SIGNS["delete"]
        yield f"{painted(sign, _COLOURS[sign])} {files_of(plan)}"
    if not plan.items:
        return
    rows = [_cells(item) for item in plan.items]
    if width is not None and max(map(len, _aligned(rows))) > width:
        rows = [(*row[:-1], row[-1].removeprefix(_OF_AWS)) for row in rows]
    for item, text in zip(plan.items, _aligned(rows), strict=True):
        sign = _SIGNS[item.action]
        yield f"{painted(sign, _COLOURS[sign])} {text}"
        for detail in item.details:
            yield _BEFORE_DETAILS + _coloured(detail, painted)
    yield ", ".join(f"{plan.count(action)} to {action}" for action in _COUNTED)
    permissions = list(permission_lines(plan.permissions, painted))
    if permissions:
        yield ""
        yield from permissions


def permission_lines(found: Compared, painted: Callable[[str, str], str]) -> Iterator[str]:
    """Yield what roles gain and lose in lines: a section each, none for nothing."""
    if found.gained:
        yield from _granted("Permissions gained", "+", found.gained, painted)
    if found.gained and found.lost:
        yield ""
    if found.lost:
        yield from _granted("Permissions lost", "-", found.lost, painted)


def _granted(
    title: str, sign: str, granted: Iterable[Granted], painted: Callable[[str, str], str]
) -> Iterator[str]:
    yield title
    rows: dict[tuple[str, ...], list[str]] = {}
    for item in granted:
        rows.setdefault(_row(item, sign), []).append(visible(item.action))
    for (role, resource, where), actions in rows.items():
        text = _BETWEEN.join(filter(None, (f"{role}: {', '.join(actions)} {resource}", where)))
        yield f"{painted(sign, _COLOURS[sign])} {text}"


def _row(item: Granted, sign: str) -> tuple[str, str, str]:
    """Return what several actions may have in common: role, resource and place."""
    resource = f"on {visible(item.resource)}"
    if item.condition:
        resource += f" if {visible(item.condition)}"
    if not item.allows:
        resource += ", which is denied" + (" no more" if sign == "+" else "")
    return visible(item.role), resource, item.where


def files_of(plan: Plan) -> str:
    """Return what is told of the files that would be deleted."""
    files = counted(plan.files, "file")
    return f"{files} of the bucket `{visible(plan.bucket)}`, packages and templates"


def _cells(item: Item) -> tuple[str, ...]:
    return (f"{item.kind} {visible(item.logical_id)}", item.where, item.type)


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return each row as a line; the last column ends where it ends, empty ones are left out."""
    columns = [column for column in zip(*rows, strict=True) if any(column)]
    widths = [max(map(len, column)) for column in columns]
    return [
        _BETWEEN.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in zip(*columns, strict=True)
    ]


def _coloured(detail: str, painted: Callable[[str, str], str]) -> str:
    sign, space, rest = detail.partition(" ")
    colour = _COLOURS.get(sign)
    return f"{painted(sign, colour)}{space}{rest}" if colour and space else detail
