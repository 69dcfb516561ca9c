"""The figures as the two tables of `docs/performance.md`, or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import events

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.measure import Figures


def markdown(rows: Sequence[Figures], budget: dict[str, str] | None = None) -> str:
    """Return the warm and the cold table as Markdown that is also readable as text."""
    warm = [["", *events.SCENARIOS, events.MANY]]
    warm += [[row.title, *warm_cells(row)] for row in rows]
    cold = [COLD_HEAD]
    cold += [[row.title, *cold_cells(row)] for row in rows]
    if budget:
        warm.append(["**budget**", *(budget.get(name, "") for name in warm[0][1:])])
        cold.append(["**budget**", *(budget.get(name, "") for name in cold[0][1:])])
    return "\n".join(
        (
            "Thousands of instructions for one warm invocation:",
            "",
            *grid(warm),
            "",
            "Cold, on top of what Lambda's own bootstrap has imported:",
            "",
            *grid(cold),
        )
    )


# What stands around the tables in the page that shows them.
BEGIN, END = "<!-- figures: make bench -->", "<!-- end of figures -->"


def put(page: str, tables: str) -> str:
    """Return *page* with *tables* in the place of those that it shows."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables}\n\n{END}{after}"


COLD_HEAD = [
    "",
    "import, M instructions",
    "without .pyc, M",
    "modules added",
    "first call, M",
    "each further route, K",
]


def warm_cells(row: Figures) -> list[str]:
    """Return the cells of one row of the warm table."""
    cells = [warm_cell(cost, row.answers[name][0]) for name, cost in row.warm.items()]
    last = row.last_of_many
    return [*cells, "-" if last is None else f"{last:.2f} x hello"]


def warm_cell(cost: float | None, status: int | str) -> str:
    """Return the cost, or why there is none: it raised, or `-`: it has no such refusal."""
    if cost is None:
        return "-" if isinstance(status, int) else "raises"
    return thousands(cost)


def cold_cells(row: Figures) -> list[str]:
    """Return the cells of one row of the cold table."""
    cold = row.cold
    return [
        f"{cold.import_millions:,.1f}",
        "-" if cold.compile_millions is None else f"{cold.compile_millions:,.1f}",
        str(len(cold.modules)),
        f"{cold.first_millions:,.2f}",
        f"{row.route_thousands:,.1f}",
    ]


def thousands(cost: float) -> str:
    """Return three significant digits or all whole ones: 24.3, 203, 28,051."""
    return f"{cost:,.1f}" if cost < 100 else f"{cost:,.0f}"


def grid(rows: list[list[str]]) -> list[str]:
    """Return *rows* as lines of a Markdown table with aligned columns."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]

    def line(cells: list[str]) -> str:
        first, *rest = cells
        padded = [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        return "| " + " | ".join([first.ljust(widths[0]), *padded]) + " |"

    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return [line(rows[0]), line(rule), *map(line, rows[1:])]
