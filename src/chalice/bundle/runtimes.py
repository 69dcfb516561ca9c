"""When Lambda's Python runtimes end (rule 10.15), as of a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from chalice.diagnostics import Problem

if TYPE_CHECKING:
    from chalice.bundle.target import Target


@dataclass(frozen=True, slots=True)
class Ending:
    """The three days on which a runtime ends.

    Attributes:
        deprecated: no more security patches from this day on.
        create_blocked: no function can be made with it from this day on.
        update_blocked: no function that has it can be changed from this day on.
    """

    deprecated: date
    create_blocked: date
    update_blocked: date


# Source: Lambda developer guide, "Lambda runtimes", "Supported runtimes", as cfn-lint 1.58.0 of
# November 2026 carries the table.
ENDINGS = {
    "python3.8": Ending(date(2024, 10, 14), date(2027, 2, 1), date(2027, 3, 3)),
    "python3.9": Ending(date(2025, 12, 15), date(2027, 2, 1), date(2027, 3, 3)),
    "python3.10": Ending(date(2026, 10, 31), date(2027, 2, 1), date(2027, 3, 3)),
    "python3.11": Ending(date(2027, 6, 30), date(2027, 7, 31), date(2027, 8, 31)),
    "python3.12": Ending(date(2028, 10, 31), date(2028, 11, 30), date(2029, 1, 10)),
    "python3.13": Ending(date(2029, 6, 30), date(2029, 7, 31), date(2029, 8, 31)),
    "python3.14": Ending(date(2029, 6, 30), date(2029, 7, 31), date(2029, 8, 31)),
}

# Those that ended long ago: since when none is created, and none updated. Source: the same.
_ENDED = {
    "python2.7": Ending(date(2021, 7, 15), date(2021, 7, 15), date(2022, 5, 30)),
    "python3.6": Ending(date(2022, 7, 18), date(2022, 7, 18), date(2022, 8, 29)),
    "python3.7": Ending(date(2023, 12, 4), date(2024, 1, 9), date(2027, 3, 3)),
}

# Lambda writes to the owners of functions this long before.
# Source: Lambda developer guide, "Runtime deprecation notifications": "at least 180 days".
NOTICE = timedelta(days=180)


def ending(target: Target, today: date) -> Problem | None:
    """Return a warning where the runtime of *target* has ended, or ends within half a year."""
    known = ENDINGS.get(target.runtime)
    if known is None or today < known.deprecated - NOTICE:
        return None
    return Problem(
        "runtime-ends",
        f"`{target.runtime}` {_stage(known, today)}",
        "",
        f"set `lambda_python_version` to `{_newest(known)}`",
        "warning",
    )


def blocked(runtime: str, today: date, *, creates: bool) -> Problem | None:
    """Return a problem where Lambda does not take *runtime* any more for what is to be done.

    Args:
        runtime: as Lambda calls it, `python3.12`; of others than Python nothing is known.
        today: the day.
        creates: whether a function is made with it, rather than changed.
    """
    known = ENDINGS.get(runtime) or _ENDED.get(runtime)
    if known is None:
        return None
    end = known.create_blocked if creates else known.update_blocked
    if today < end:
        return None
    done = "created" if creates else "updated"
    return Problem(
        "runtime-blocked",
        f"since {end} Lambda lets no function of `{runtime}` be {done}",
        "",
        f"set `lambda_python_version` to `{_newest(known)}`",
    )


def _stage(known: Ending, today: date) -> str:
    if today >= known.update_blocked:
        return f"has ended: since {known.update_blocked} no function that has it can be updated"
    if today >= known.create_blocked:
        return (
            f"has ended: since {known.create_blocked} no function can be created with it, "
            f"and from {known.update_blocked} on none can be updated"
        )
    if today >= known.deprecated:
        return (
            f"is deprecated since {known.deprecated}: it gets no security patches, "
            f"and from {known.create_blocked} on no function can be created with it"
        )
    return (
        f"will be deprecated on {known.deprecated}; "
        f"from {known.create_blocked} on no function can be created with it"
    )


def _newest(known: Ending) -> str:
    """Return the newest Python whose runtime ends later than *known*."""
    later = [name for name, other in ENDINGS.items() if other.deprecated > known.deprecated]
    return (later or list(ENDINGS))[-1].removeprefix("python")
