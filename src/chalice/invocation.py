"""What it is to invoke a Lambda function: an `Invocation` goes in, one of six outcomes comes out.

The gateway asks for invocations and the invokers carry them out; neither imports the other, both
import this. Payloads are JSON bytes because bytes are what Lambda carries and what it limits.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Protocol

# Largest event of a synchronous invocation and largest result, in bytes of JSON.
# Source: AWS Lambda developer guide, "Lambda quotas", row "Invocation payload"; the result's limit
# is 100 bytes wider as recorded in the message of Function.ResponseSizeTooLarge (rule 7.5).
MAX_EVENT_BYTES = 6 * 1024 * 1024
MAX_RESULT_BYTES = 6_291_556


@dataclass(frozen=True, slots=True)
class Invocation:
    """One synchronous invocation of a function.

    Attributes:
        function: the function as the integration names it: a logical id, a name or an ARN.
        payload: the event, JSON in UTF-8; at most `MAX_EVENT_BYTES`.
        within_seconds: how long the caller waits for the outcome; the function may run on.
        request_id: what the function sees as `context.aws_request_id`, a UUID.
        trace_id: the X-Ray trace header, `Root=1-...;...`.
    """

    function: str
    payload: bytes
    within_seconds: float
    request_id: str
    trace_id: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """The function returned; *payload* is its result as JSON."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class FunctionError:
    """The function raised, could not be loaded, or its process ended.

    Attributes:
        error_type: as Lambda reports it: `ValueError`, `Runtime.ImportModuleError`, ...
        message: the error's text.
        stack: the stack as Lambda reports it, a string for each frame.
        raw: the payload where the runtime made one itself, else it is made of the above; two
            errors that say the same are equal however they are written.
    """

    error_type: str
    message: str
    stack: tuple[str, ...] = ()
    raw: bytes = field(default=b"", compare=False, repr=False)

    def payload(self, request_id: str = "") -> bytes:
        """Return the payload that `Invoke` answers with (rule 10.3)."""
        if self.raw:
            return self.raw
        fields = {
            "errorMessage": self.message,
            "errorType": self.error_type,
            "requestId": request_id,
            "stackTrace": list(self.stack),
        }
        return json.dumps(fields).encode()


def platform_error(error_type: str, message: str) -> FunctionError:
    """Return an error that Lambda itself reports: its payload has these two members only.

    >>> platform_error("Runtime.ExitError", "...").payload()
    b'{"errorType":"Runtime.ExitError","errorMessage":"..."}'
    """
    fields = {"errorType": error_type, "errorMessage": message}
    raw = json.dumps(fields, separators=(",", ":")).encode()
    return FunctionError(error_type, message, raw=raw)


#: The outcome of a result that is larger than `MAX_RESULT_BYTES`. Source: rule 7.5, recorded.
TOO_LARGE = platform_error(
    "Function.ResponseSizeTooLarge",
    f"Response payload size exceeded maximum allowed payload size ({MAX_RESULT_BYTES} bytes).",
)


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The function ran past its own configured timeout of *seconds*."""

    seconds: float

    def payload(self, request_id: str) -> bytes:
        """Return the payload that `Invoke` answers with (rule 10.5)."""
        text = f"RequestId: {request_id} Error: Task timed out after {self.seconds:.2f} seconds"
        return platform_error("Sandbox.Timedout", text).raw


@dataclass(frozen=True, slots=True)
class StillRunning:
    """The caller's `within_seconds` passed; the function has not answered."""


@dataclass(frozen=True, slots=True)
class Throttled:
    """No concurrency is left for the function."""


@dataclass(frozen=True, slots=True)
class NotInvocable:
    """The function does not exist here or may not be invoked; *reason* is for the terminal."""

    reason: str


Outcome = Result | FunctionError | TimedOut | StillRunning | Throttled | NotInvocable


class Invoker(Protocol):
    """Carries out invocations; an implementation is safe to call from several threads."""

    def invoke(self, invocation: Invocation) -> Outcome:
        """Run the function to its end and return what came of it; never raise."""
        ...
