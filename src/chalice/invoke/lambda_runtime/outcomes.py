"""What came of an invocation, in Lambda's words."""

from __future__ import annotations

import json
import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from chalice.invocation import TOO_LARGE, FunctionError, TimedOut, platform_error
from chalice.invoke.lambda_runtime.journal import Measured

if TYPE_CHECKING:
    from chalice.invocation import Outcome

_OWN_ERRORS = frozenset({"Runtime.ExitError", "Runtime.OutOfMemory", TOO_LARGE.error_type})


@dataclass(frozen=True, slots=True)
class Report:
    """What came of an invocation, and what is known about it besides.

    Attributes:
        outcome: as `Invoker.invoke` returns it.
        measured: what it took.
    """

    outcome: Outcome
    measured: Measured = field(default_factory=lambda: Measured(0))


@dataclass(frozen=True, slots=True)
class End:
    """How a process of the runtime ended.

    Attributes:
        status: its exit status, negative for a signal.
        out_of_memory: whether it was ended because it took more memory than configured.
    """

    status: int
    out_of_memory: bool = False

    @property
    def reason(self) -> str:
        """In the words of Lambda (rule 10.6)."""
        if not self.status:
            return "Runtime exited without providing a reason"
        if self.status > 0:
            return f"Runtime exited with error: exit status {self.status}"
        name = signal.strsignal(-self.status) or f"signal {-self.status}"
        return f"Runtime exited with error: signal: {name.lower()}"

    def error(self, request_id: str) -> FunctionError:
        """Return the outcome of the invocation that ran."""
        error_type = "Runtime.OutOfMemory" if self.out_of_memory else "Runtime.ExitError"
        return platform_error(error_type, f"RequestId: {request_id} Error: {self.reason}")


def reported_error(payload: bytes) -> FunctionError:
    """Return the error whose payload the runtime client sent; the payload is kept as it is."""
    try:
        told: Any = json.loads(payload)
    except (ValueError, RecursionError):
        told = None
    fields = cast("dict[str, Any]", told) if isinstance(told, dict) else {}
    stack: Any = fields.get("stackTrace")
    return FunctionError(
        str(fields.get("errorType", "")),
        str(fields.get("errorMessage", "")),
        tuple(map(str, cast("Any", stack))) if isinstance(stack, list) else (),
        raw=payload,
    )


def is_lambdas_own(outcome: Outcome) -> bool:
    """Tell whether *outcome* is an error that Lambda reports and not the function's process."""
    if isinstance(outcome, FunctionError):
        return outcome.error_type in _OWN_ERRORS
    return isinstance(outcome, TimedOut)


def status_of(failure: Outcome) -> tuple[str, str]:
    """Return status and error type as REPORT has them."""
    if isinstance(failure, FunctionError):
        return "error", failure.error_type
    return "timeout", ""
