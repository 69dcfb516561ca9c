"""The context object that a handler receives (rule 10.8)."""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice.invoke.functions import LocalFunction


@cache
def log_stream_name() -> str:
    """Return the log stream of this process, of the shape that Lambda gives one environment."""
    return f"{datetime.now(UTC):%Y/%m/%d}/[$LATEST]{os.urandom(16).hex()}"


class CognitoIdentity:
    """Who called through a mobile SDK; nobody does here, so both ids are None."""

    __slots__ = ("cognito_identity_id", "cognito_identity_pool_id")

    def __init__(self) -> None:
        self.cognito_identity_id: str | None = None
        self.cognito_identity_pool_id: str | None = None


class LambdaContext:
    """What a handler can ask about its invocation; `memory_limit_in_mb` is text, as on Lambda."""

    def __init__(
        self,
        function: LocalFunction,
        request_id: str,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._deadline = clock() + function.timeout_seconds
        self.aws_request_id = request_id
        self.function_name = function.name
        self.function_version = "$LATEST"
        self.invoked_function_arn = function.arn
        self.memory_limit_in_mb = str(function.memory_mb)
        self.log_group_name = f"/aws/lambda/{function.name}"
        self.log_stream_name = log_stream_name()
        self.identity = CognitoIdentity()
        self.client_context: object | None = None
        self.tenant_id: str | None = None

    def get_remaining_time_in_millis(self) -> int:
        """Return what is left of the function's timeout, never less than 0."""
        return max(0, int((self._deadline - self._clock()) * 1000))

    def log(self, message: object) -> None:
        """Write *message* to the function's log as it is, without a line break."""
        sys.stdout.write(str(message))
