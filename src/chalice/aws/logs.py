"""CloudWatch Logs, as far as log groups are found and their lines read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from chalice.aws import ministack
from chalice.aws.errors import AwsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalice.aws.session import Session


@dataclass(frozen=True, slots=True)
class Line:
    """One event of a log group.

    Attributes:
        id: unique; the same line has the same one whenever it is read.
        at: when it was written, in milliseconds since the epoch.
    """

    id: str
    at: int
    stream: str
    message: str


class Logs(Protocol):
    """The calls; every one may raise what `Session.call` raises."""

    def lines(self, group: str, since: int, pattern: str = "") -> Iterator[Line]:
        """Yield the lines of a group from *since* on, in the order of their times.

        Args:
            group: its name; one that is not there has no lines.
            since: milliseconds since the epoch.
            pattern: a filter pattern of CloudWatch Logs.
        """
        ...

    def has_group(self, group: str) -> bool:
        """Return whether there is a group of that name."""
        ...


class SdkLogs:
    """`Logs` by the SDK."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def lines(self, group: str, since: int, pattern: str = "") -> Iterator[Line]:
        """Yield lines, page by page."""
        parameters: dict[str, Any] = {"logGroupName": group, "startTime": since}
        if pattern:
            parameters["filterPattern"] = pattern
        while True:
            try:
                page = self._session.call("logs", "filter_log_events", **parameters)
            except AwsError as error:
                if error.code == "ResourceNotFoundException":
                    return
                raise
            for item in page["events"]:
                stream, at, message = item["logStreamName"], item["timestamp"], item["message"]
                yield Line(ministack.line_id(item), at, stream, message)
            if not page.get("nextToken"):
                return
            parameters["nextToken"] = page["nextToken"]

    def has_group(self, group: str) -> bool:
        """Return whether the group is there."""
        # The name itself comes first of all that begin with it.
        # Source: CloudWatch Logs API reference, DescribeLogGroups: "ASCII-sorted".
        found = self._session.call("logs", "describe_log_groups", logGroupNamePrefix=group)
        return any(item["logGroupName"] == group for item in found["logGroups"])
