"""What policies are asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalice.iam.principals import Caller

#: Condition keys, lower case, with the values that a request has. `()` stands for a key that the
#: request is known not to have; a key that is missing is one that cannot be known here.
Context = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Question:
    """May *caller* do *action* on *resource*?

    Attributes:
        action: `execute-api:Invoke`.
        resource: the ARN of the request.
        context: condition keys and their values.
        caller: None for one who has not signed the request.
    """

    action: str
    resource: str
    context: Context = field(default_factory=dict[str, tuple[str, ...]])
    caller: Caller | None = None

    @property
    def resource_account(self) -> str:
        """The account that the resource belongs to; empty where its ARN names none."""
        parts = self.resource.split(":", 5)
        return parts[4] if len(parts) == 6 else ""
