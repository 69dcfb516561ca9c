"""From when on `chalice logs` prints: times that are none are told."""

from datetime import UTC, datetime

import pytest

from chalice.cli.logs import milliseconds
from chalice.diagnostics import ToolError

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "since",
    ["yesterday", "999999999w", "9" * 30 + "d", "999999d"],
)
def test_a_time_that_no_calendar_has_is_told(since):
    with pytest.raises(ToolError, match="is no time; write `10m`"):
        milliseconds(since, NOW)


@pytest.mark.parametrize(
    ("since", "seconds"), [("30s", 30), ("5m", 300), ("2h", 7200), ("3d", 259200), ("1w", 604800)]
)
def test_a_time_ago_is_counted_back(since, seconds):
    assert milliseconds(since, NOW) == int(NOW.timestamp() - seconds) * 1000


def test_a_time_before_the_epoch_is_the_epoch():
    assert milliseconds("1900-01-01T00:00:00Z", NOW) == 0
