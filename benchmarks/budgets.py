"""The limits of what every user pays on every cold start and every request, and their check.

A limit is moved only with a reason in its commit: what the instructions buy. Warm figures are
thousands of instructions on CPython 3.11, cold ones millions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import events

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.measure import Figures

WARM_THOUSANDS = {
    "GET hello": 30,
    "2 path params + query": 52,
    "POST 1 KB JSON": 340,
    "POST 100 KB JSON": 28_100,
    "100 KB binary reply": 1_975,
    "unknown path": 8,
    "wrong verb": 12,
    "415": 16,
    "GET with CORS": 31,
}
LAST_OF_MANY = 1.02
IMPORT_MILLIONS = 5.0
FIRST_MILLIONS = 0.15
ROUTE_THOUSANDS = 20.0
MODULES = 8

# What importing an application may add to what Lambda's bootstrap has imported, beside modules of
# the package itself: each costs a file search and, for Python modules, their execution.
ALLOWED_MODULES = frozenset(("_contextvars", "binascii", "contextvars"))


def broken(figures: Figures) -> list[str]:
    """Return a sentence for each budget that *figures* do not keep."""
    found = [
        f"{name}: no answer" if cost is None else f"{name}: {cost:,.1f} K, budget {limit:,} K"
        for name, limit in WARM_THOUSANDS.items()
        if (cost := figures.warm[name]) is None or cost > limit
    ]
    cold = figures.cold
    limits = (
        (events.MANY, figures.last_of_many or float("inf"), LAST_OF_MANY, "x hello"),
        ("import", cold.import_millions, IMPORT_MILLIONS, "M"),
        ("first call", cold.first_millions, FIRST_MILLIONS, "M"),
        ("each further route", figures.route_thousands, ROUTE_THOUSANDS, "K"),
    )
    found += [
        f"{name}: {value:.3f} {unit}, budget {limit} {unit}"
        for name, value, limit, unit in limits
        if value > limit
    ]
    return found + broken_modules(cold.modules)


def broken_modules(modules: Iterable[str]) -> list[str]:
    """Return a sentence for each way in which the *modules* that an import adds are too many."""
    added = sorted(modules)
    found = []
    if len(added) > MODULES:
        found.append(f"modules added: {len(added)}, budget {MODULES}: {', '.join(added)}")
    found += [
        f"module `{name}` is imported at cold start and not on the allow-list"
        for name in added
        if name.partition(".")[0] != "chalice" and name not in ALLOWED_MODULES
    ]
    return found


def cells() -> dict[str, str]:
    """Return the budgets as the last row of the tables, by column."""
    return {
        **{name: f"<= {limit:,}" for name, limit in WARM_THOUSANDS.items()},
        events.MANY: f"<= {LAST_OF_MANY} x hello",
        "import, M instructions": f"<= {IMPORT_MILLIONS:g}",
        "without .pyc, M": "not paid",
        "modules added": f"<= {MODULES}",
        "first call, M": f"<= {FIRST_MILLIONS}",
        "each further route, K": f"<= {ROUTE_THOUSANDS:g}",
    }
