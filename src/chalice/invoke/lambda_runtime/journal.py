"""What Lambda writes to a function's log: the function's lines and its own (rule 10.10)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice.regions import partition_of

if TYPE_CHECKING:
    from collections.abc import Callable

# What one invocation may show of its log on this machine; it goes on and is counted. CloudWatch
# takes all of it.
MOST_BYTES = 1024 * 1024

# The longest entry. Source: CloudWatch Logs user guide, "CloudWatch Logs quotas", "Event size" as
# it is for Lambda.
_LONGEST_LINE = 256 * 1024

# How awslambdaric keeps the lines of a traceback in one entry, and how it indents them.
_LINE_IN_ENTRY, _INDENT = "\r", "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a function's log.

    Attributes:
        function: the function's name.
        request_id: the invocation that ran; empty while the environment starts.
        text: without a line break in the end.
    """

    function: str
    request_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Measured:
    """What an invocation took.

    Attributes:
        duration_seconds: from START to the end.
        init_seconds: the init phase, where this invocation waited for one.
        peak_kb: the most memory in use so far.
        status: `timeout`, or `error` with *error_type*; empty for neither.
        error_type: as Lambda reports it.
    """

    duration_seconds: float
    init_seconds: float | None = None
    peak_kb: int = 0
    status: str = ""
    error_type: str = ""

    @property
    def billed_ms(self) -> int:
        """What is paid for: since August 2025 the init phase counts.

        Source: AWS Compute Blog, "AWS Lambda standardizes billing for INIT Phase".
        """
        return math.ceil(round((self.duration_seconds + (self.init_seconds or 0)) * 1000, 2))


def init_start_line(version: str, region: str) -> str:
    """Return the line that opens an environment.

    Lambda's runtimes have versions and ARNs of their own, which only AWS knows: here these are the
    interpreter's, and one of Lambda's form.
    Source: Lambda developer guide, "Identifying Lambda runtime version changes".
    """
    arn = f"arn:{partition_of(region)}:lambda:{region}::runtime:local"
    return f"INIT_START Runtime Version: python:{version}\tRuntime Version ARN: {arn}"


def start_line(request_id: str) -> str:
    """Return the line that opens an invocation."""
    return f"START RequestId: {request_id} Version: $LATEST"


def end_line(request_id: str) -> str:
    """Return the line that closes an invocation."""
    return f"END RequestId: {request_id}"


def report_line(request_id: str, measured: Measured, memory_mb: int) -> str:
    """Return the line that says what an invocation took."""
    fields = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {measured.duration_seconds * 1000:.2f} ms",
        f"Billed Duration: {measured.billed_ms} ms",
        f"Memory Size: {memory_mb} MB",
        f"Max Memory Used: {math.ceil(measured.peak_kb / 1024)} MB",
    ]
    if measured.init_seconds is not None:
        fields.append(f"Init Duration: {measured.init_seconds * 1000:.2f} ms")
    if measured.status:
        fields.append(f"Status: {measured.status}")
    if measured.error_type:
        fields.append(f"Error Type: {measured.error_type}")
    return "\t".join(fields) + "\t"


def init_report_line(seconds: float, phase: str, status: str, error_type: str = "") -> str:
    """Return the line that says that an init phase failed."""
    line = f"INIT_REPORT Init Duration: {seconds * 1000:.2f} ms\tPhase: {phase}\tStatus: {status}"
    return f"{line}\tError Type: {error_type}" if error_type else line


def in_lines(text: str) -> str:
    r"""Return an entry of awslambdaric, which keeps its lines in one, with lines of its own.

    >>> in_lines("[ERROR] ValueError: x\rTraceback:\r\xa0\xa0File")
    '[ERROR] ValueError: x\nTraceback:\n  File'
    """
    if _LINE_IN_ENTRY not in text:
        return text
    return text.replace(_LINE_IN_ENTRY, "\n").replace(_INDENT, " ")


class Journal:
    """The log of one execution environment.

    Args:
        function: the function's name.
        log: gets each entry.
        most_bytes: what of one invocation's output is shown.
    """

    def __init__(
        self, function: str, log: Callable[[Entry], None], *, most_bytes: int = MOST_BYTES
    ) -> None:
        self._function = function
        self._log = log
        self._most_bytes = most_bytes
        self._request_id = ""
        self._line = b""
        self._room = most_bytes
        self._left_out = 0

    def open(self) -> None:
        """Begin the log of what is to come, before it has an id."""
        self.flush()
        self._request_id = ""
        self._room, self._left_out = self._most_bytes, 0

    def attribute(self, request_id: str) -> None:
        """Say that what comes from now on belongs to an invocation."""
        self.flush()
        self._request_id = request_id

    def written(self, data: bytes) -> None:
        """Take in what the function wrote."""
        if self._room <= 0:
            self._left_out += len(data)
            return
        self._room -= len(data)
        *lines, self._line = (self._line + data).split(b"\n")
        for line in lines:
            self._entry(line)
        while len(self._line) > _LONGEST_LINE:
            self._entry(self._line[:_LONGEST_LINE])
            self._line = self._line[_LONGEST_LINE:]
        if self._room <= 0:
            self._finish_line()

    def platform(self, text: str) -> None:
        """Add an entry of Lambda's own."""
        self.flush()
        self._log(Entry(self._function, self._request_id, text))

    def flush(self) -> None:
        """Add what was written without a line break, and say what was too much."""
        self._finish_line()
        if self._left_out:
            text = f"... {self._left_out:,} further bytes of output are not shown"
            self._left_out = 0
            self._log(Entry(self._function, self._request_id, text))

    def _finish_line(self) -> None:
        if self._line:
            line, self._line = self._line, b""
            self._entry(line)

    def _entry(self, line: bytes) -> None:
        text = in_lines(line.decode("utf-8", "replace").rstrip("\r"))
        self._log(Entry(self._function, self._request_id, text))
