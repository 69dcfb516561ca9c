"""What the process that loads the application tells the one that serves it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, cast

from chalice.diagnostics import Problem, ToolError
from chalice.gateway.stage import Stage
from chalice.rules.callers import Credential, UsagePlan, UserPool

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Facts:
    """A loaded application, as data.

    Attributes:
        definition: the API definition.
        stage: where it is served.
        timeouts: seconds, by the name that invocations use for a function.
        hosts: further names under which the server may be called.
        api_key: the key that was made up because routes ask for one and none is configured.
        warnings: what is worth a look and does not stop the application.
        outline: an `Outline` as JSON has it, where it was ordered.
    """

    definition: dict[str, Any]
    stage: Stage
    timeouts: dict[str, float]
    hosts: tuple[str, ...] = ()
    api_key: str | None = None
    warnings: tuple[Problem, ...] = ()
    outline: dict[str, Any] | None = None

    def to_json(self) -> bytes:
        """Return the facts as a frame carries them."""
        return _dumps({item.name: _plain(getattr(self, item.name)) for item in fields(self)})

    @classmethod
    def from_json(cls, text: bytes) -> Facts:
        """Read what `to_json` wrote."""
        values: dict[str, Any] = json.loads(text)
        values["stage"] = _stage(values["stage"])
        values["hosts"] = tuple(values["hosts"])
        values["warnings"] = _problems(values["warnings"])
        return cls(**values)


class NotLoaded(Exception):
    """The application cannot be loaded.

    Attributes:
        problems: what the user can mend.
        trace: the traceback where something else went wrong.
    """

    def __init__(self, problems: Sequence[Problem], trace: str = "") -> None:
        super().__init__("\n".join([*map(str, problems), *filter(None, [trace])]))
        self.problems = tuple(problems)
        self.trace = trace

    @property
    def summary(self) -> str:
        """One line: the first problem, and how many more there are."""
        first = f"{self.problems[0]}" if self.problems else "the application cannot be loaded"
        more = len(self.problems) - 1
        return f"{first} (and {more} more)" if more > 0 else first

    @classmethod
    def ended(cls, reason: str) -> NotLoaded:
        """Return what to say when the process ended while it loaded the application."""
        hint = "look for code that exits when `app.py` is imported"
        return cls([Problem("app-exits", f"loading the application: {reason}", "app.py", hint)])

    @classmethod
    def refused(cls, error: ToolError) -> NotLoaded:
        """Return what to say when the gateway cannot serve the definition."""
        return cls([Problem("definition", str(error), "", "")])

    @classmethod
    def bug(cls, error: BaseException, trace: str) -> NotLoaded:
        """Return what to say of a bug of ours."""
        return cls([Problem("bug", f"{type(error).__name__}: {error}", "", "")], trace)

    def to_json(self) -> bytes:
        """Return the error as a frame carries it."""
        return _dumps({"problems": _plain(self.problems), "trace": self.trace})

    @classmethod
    def from_json(cls, text: bytes) -> NotLoaded:
        """Read what `to_json` wrote."""
        values: dict[str, Any] = json.loads(text)
        return cls(_problems(values["problems"]), values["trace"])


def _problems(items: list[dict[str, str]]) -> tuple[Problem, ...]:
    return tuple(Problem(**item) for item in items)


def _stage(values: dict[str, Any]) -> Stage:
    values["api_keys"] = tuple(values["api_keys"])
    values["usage_plans"] = tuple(_usage_plan(plan) for plan in values["usage_plans"])
    values["user_pools"] = tuple(_user_pool(pool) for pool in values["user_pools"])
    values["credentials"] = tuple(_credential(item) for item in values["credentials"])
    return Stage(**values)


def _credential(values: dict[str, Any]) -> Credential:
    values["policies"] = tuple(values["policies"])
    return Credential(**values)


def _usage_plan(values: dict[str, Any]) -> UsagePlan:
    values["api_keys"] = tuple(values["api_keys"])
    return UsagePlan(**values)


def _user_pool(values: dict[str, Any]) -> UserPool:
    values["client_ids"] = tuple(values["client_ids"])
    return UserPool(**values)


def _plain(value: Any) -> Any:
    if isinstance(value, Stage):
        return asdict(value)
    if isinstance(value, tuple):
        items = cast("tuple[object, ...]", value)
        return [item.to_dict() if isinstance(item, Problem) else item for item in items]
    return value


def _dumps(value: object) -> bytes:
    return json.dumps(value).encode()
