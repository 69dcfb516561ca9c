"""Expressions for schedules."""

from __future__ import annotations


class ScheduleExpression:
    """When a schedule runs."""

    def to_string(self) -> str:
        """Return the expression as EventBridge reads it."""
        return ""


class Rate(ScheduleExpression):
    """Every *value* units.

    >>> Rate(5, unit=Rate.MINUTES).to_string(), Rate(1, unit=Rate.HOURS).to_string()
    ('rate(5 minutes)', 'rate(1 hour)')
    """

    MINUTES = "MINUTES"
    HOURS = "HOURS"
    DAYS = "DAYS"

    def __init__(self, value: int, unit: str) -> None:
        self.value = value
        self.unit = unit

    def to_string(self) -> str:
        """Return `rate(5 minutes)`; the unit of 1 is singular, as EventBridge asks."""
        unit = self.unit.lower()
        if self.value == 1:
            unit = unit.removesuffix("s")
        return f"rate({self.value} {unit})"


class Cron(ScheduleExpression):
    """At the times that six cron fields name, in UTC.

    >>> Cron(0, 18, "?", "*", "MON-FRI", "*").to_string()
    'cron(0 18 ? * MON-FRI *)'
    """

    def __init__(
        self,
        minutes: int | str,
        hours: int | str,
        day_of_month: int | str,
        month: int | str,
        day_of_week: int | str,
        year: int | str,
    ) -> None:
        self.fields = (minutes, hours, day_of_month, month, day_of_week, year)

    def to_string(self) -> str:
        """Return `cron(...)` with the six fields."""
        return f"cron({' '.join(map(str, self.fields))})"
