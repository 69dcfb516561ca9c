"""What `chalice package --check-start` prints: a table of starts, and what they import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.cli.outlined import outline
from chalice.cli.progress import ProgressLine
from chalice.cli.serving import printable_lines
from chalice.invoke.lambda_runtime.folders import OwnFolder
from chalice.invoke.lambda_runtime.journal import in_lines
from chalice.packaged.cold_start import ColdStart, DoesNotStart, measure
from chalice.packaged.import_times import most_expensive
from chalice.packaged.running import unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice.cli.console import Console
    from chalice.cli.shell import Shell
    from chalice.packaged.package import Packaged

_FAILED = 1


def check(
    shell: Shell,
    packaged: Packaged,
    facts: dict[str, Any] | None,
    *,
    budget_ms: float | None,
    budget_modules: int | None,
) -> int:
    """Measure the cold starts of a package, print them, and return the exit code.

    Args:
        shell: where it is printed.
        packaged: the package.
        facts: what `--json` prints of the package; None prints tables.
        budget_ms: the longest that a start may take in the middle.
        budget_modules: the most modules that a start may import.

    Raises:
        DoesNotStart: a function does not start.
        ToolError: the runtime cannot be had.
    """
    client, found = _measured(shell, packaged)
    over = [*_over(found, budget_ms, budget_modules)]
    if facts is not None:
        facts["cold_starts"] = {
            "client_ms": round(client.median_ms, 2),
            "functions": [_as_json(item) for item in found],
            "over_budget": over,
        }
        shell.console.json(facts)
    else:
        _print(shell.console, client, found)
    for text in over:
        shell.console.error(text)
    return _FAILED if over else 0


def _measured(shell: Shell, packaged: Packaged) -> tuple[ColdStart, tuple[ColdStart, ...]]:
    console = shell.console
    outlined = outline(shell, packaged.stage)
    owned = OwnFolder("chalice-package-")
    try:
        with ProgressLine(console) as progress:
            runnable = unpacked(
                outlined,
                packaged,
                owned.path,
                environ=shell.environ,
                progress=progress,
                notice=console.warning,
            )
            return measure(runnable, outlined.names, progress=progress)
    except DoesNotStart as error:
        if error.said:
            console.say(printable_lines(in_lines(error.said.rstrip())))
        raise
    finally:
        owned.remove()


def _over(
    found: tuple[ColdStart, ...], budget_ms: float | None, budget_modules: int | None
) -> Iterator[str]:
    for item in found:
        if budget_ms is not None and item.median_ms > budget_ms:
            yield (
                f"`{item.function}` starts in {item.median_ms:.0f} ms,"
                f" {item.median_ms - budget_ms:.0f} ms over the budget of {budget_ms:g} ms"
            )
        if budget_modules is not None and item.modules > budget_modules:
            yield (
                f"`{item.function}` imports {item.modules} modules,"
                f" {item.modules - budget_modules} over the budget of {budget_modules}"
            )


def _print(console: Console, client: ColdStart, found: tuple[ColdStart, ...]) -> None:
    console.data("")
    console.table(
        ("FUNCTION", "COLD START", "FASTEST", "SLOWEST", "CPU", "MEMORY", "MODULES"),
        [
            (
                item.function or "(the runtime client alone)",
                f"{item.median_ms:.0f} ms",
                f"{item.fastest_ms:.0f} ms",
                f"{item.slowest_ms:.0f} ms",
                f"{item.cpu_ms:.0f} ms",
                f"{item.peak_mb:.0f} MB",
                str(item.modules) if item.function else "-",
            )
            for item in (*found, client)
        ],
    )
    for functions, tree in _trees(found).items():
        console.data("")
        console.table((f"IMPORTED BY {functions}", "WITH ITS IMPORTS", "ALONE"), tree)


def _trees(found: tuple[ColdStart, ...]) -> Mapping[str, list[tuple[str, str, str]]]:
    """Return the most expensive imports, once for all functions that import the same."""
    groups: dict[tuple[str, ...], list[ColdStart]] = {}
    for item in found:
        groups.setdefault(tuple(sorted(part.name for part in item.imports)), []).append(item)
    return {
        ", ".join(item.function for item in items): [
            ("  " * depth + part.name, f"{part.total_ms:.1f} ms", f"{part.self_ms:.1f} ms")
            for depth, part in most_expensive(items[0].imports)
        ]
        for items in groups.values()
    }


def _as_json(item: ColdStart) -> dict[str, Any]:
    return {
        "function": item.function,
        "median_ms": round(item.median_ms, 2),
        "fastest_ms": round(item.fastest_ms, 2),
        "slowest_ms": round(item.slowest_ms, 2),
        "cpu_ms": round(item.cpu_ms, 2),
        "peak_mb": round(item.peak_mb, 1),
        "modules": item.modules,
        "imports": [
            {
                "module": part.name,
                "depth": depth,
                "total_ms": round(part.total_ms, 2),
                "self_ms": round(part.self_ms, 2),
            }
            for depth, part in most_expensive(item.imports)
        ],
    }
