"""Lambda, as far as functions are invoked and given other code, and what they need is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from chalice.aws.errors import AwsError

if TYPE_CHECKING:
    from chalice.aws.session import Session

_SERVICE = "lambda"

# An invocation takes as long as the function may, 15 minutes, and some seconds on the way.
# Source: Lambda developer guide, "Lambda quotas", row "Function timeout".
_INVOKE_SECONDS = 910.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an invocation.

    Attributes:
        payload: the result, or the error as Lambda reports it.
        failed: whether it is an error.
        log: the last 4 KB of the invocation's log.
    """

    payload: bytes
    failed: bool
    log: str


@dataclass(frozen=True, slots=True)
class FunctionState:
    """A function as it is now.

    Attributes:
        state: `Active`, `Pending`, `Inactive` or `Failed`.
        update: `Successful`, `InProgress` or `Failed`.
        log_group: where it logs.
        reason: why it, or its update, failed.
        sha256: that of its archive, base64; empty where it is none.
    """

    name: str
    state: str
    update: str
    log_group: str
    reason: str = ""
    sha256: str = ""

    @property
    def failed(self) -> bool:
        """Whether it, or its last update, failed."""
        return "Failed" in {self.update, self.state}


@dataclass(frozen=True, slots=True)
class Layer:
    """A version of a layer.

    Attributes:
        size: bytes of its archive.
        architectures: those that it says it is for; none where it does not say.
    """

    size: int
    architectures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Concurrency:
    """How many invocations at once an account has in a region.

    Attributes:
        total: of all functions.
        unreserved: those that are not kept for a function.
    """

    total: int
    unreserved: int


class Functions(Protocol):
    """The calls; every one may raise what `Session.call` raises."""

    def invoke(self, name: str, payload: bytes) -> Answer:
        """Run a function to its end; a call that is not answered is not made again."""
        ...

    def describe(self, name: str) -> FunctionState | None:
        """Return a function by name or ARN, or None where there is none."""
        ...

    def update_code(self, name: str, bucket: str, key: str) -> FunctionState:
        """Give a function other code; it is not there at once."""
        ...

    def layer(self, arn: str) -> Layer | None:
        """Return a version of a layer, or None where there is none."""
        ...

    def concurrency(self) -> Concurrency:
        """Return what there is for all functions of the region."""
        ...


class SdkFunctions:
    """`Functions` by the SDK."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def invoke(self, name: str, payload: bytes) -> Answer:
        """Run a function to its end."""
        from base64 import b64decode  # noqa: PLC0415 - with the SDK

        found = self._session.call(
            _SERVICE,
            "invoke",
            repeatable=False,
            read_seconds=_INVOKE_SECONDS,
            FunctionName=name,
            Payload=payload,
            LogType="Tail",
        )
        return Answer(
            found["Payload"].read(),
            bool(found.get("FunctionError")),
            b64decode(found.get("LogResult", "")).decode("utf-8", "replace"),
        )

    def describe(self, name: str) -> FunctionState | None:
        """Return a function, or None."""
        try:
            found = self._session.call(_SERVICE, "get_function_configuration", FunctionName=name)
        except AwsError as error:
            if error.code == "ResourceNotFoundException":
                return None
            raise
        return _state(found)

    def update_code(self, name: str, bucket: str, key: str) -> FunctionState:
        """Give a function other code."""
        return _state(
            self._session.call(
                _SERVICE, "update_function_code", FunctionName=name, S3Bucket=bucket, S3Key=key
            )
        )

    def layer(self, arn: str) -> Layer | None:
        """Return a version of a layer, or None."""
        try:
            found = self._session.call(_SERVICE, "get_layer_version_by_arn", Arn=arn)
        except AwsError as error:
            if error.code == "ResourceNotFoundException":
                return None
            raise
        size = int(found.get("Content", {}).get("CodeSize", 0))
        return Layer(size, tuple(found.get("CompatibleArchitectures", ())))

    def concurrency(self) -> Concurrency:
        """Return the limits of the account."""
        found = self._session.call(_SERVICE, "get_account_settings")["AccountLimit"]
        return Concurrency(
            int(found["ConcurrentExecutions"]), int(found["UnreservedConcurrentExecutions"])
        )


def _state(found: dict[str, Any]) -> FunctionState:
    name = str(found["FunctionName"])
    return FunctionState(
        name,
        str(found.get("State", "Active")),
        str(found.get("LastUpdateStatus", "Successful")),
        # Source: Lambda developer guide, "Configuring log groups": the default.
        str(found.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{name}"),
        str(found.get("LastUpdateStatusReason") or found.get("StateReason") or ""),
        str(found.get("CodeSha256", "")),
    )
