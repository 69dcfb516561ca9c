"""IAM, as far as it is asked what is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from chalice.aws.errors import AwsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice.aws.session import Session

_SERVICE = "iam"
# Source: IAM API reference, GetRole and GetPolicy, "Errors".
_MISSING = "NoSuchEntity"


@dataclass(frozen=True, slots=True)
class Role:
    """A role.

    Attributes:
        arn: with the path that is part of it.
        trust: the policy that says who may take the role.
    """

    arn: str
    trust: Mapping[str, Any]


class Identity(Protocol):
    """The calls; every one may raise what `Session.call` raises."""

    def role(self, name: str) -> Role | None:
        """Return a role by its name, without path; None where there is none."""
        ...

    def has_policy(self, arn: str) -> bool:
        """Return whether there is a managed policy."""
        ...


class SdkIdentity:
    """`Identity` by the SDK."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def role(self, name: str) -> Role | None:
        """Return a role, or None."""
        found = self._found("get_role", RoleName=name)
        if found is None:
            return None
        role = found["Role"]
        # The SDK reads the document; what it cannot read stays text.
        trust: dict[str, Any] | str = role.get("AssumeRolePolicyDocument", "")
        return Role(str(role["Arn"]), {} if isinstance(trust, str) else trust)

    def has_policy(self, arn: str) -> bool:
        """Return whether the policy is there."""
        return self._found("get_policy", PolicyArn=arn) is not None

    def _found(self, operation: str, **parameters: Any) -> dict[str, Any] | None:
        try:
            return self._session.call(_SERVICE, operation, **parameters)
        except AwsError as error:
            if error.code == _MISSING:
                return None
            raise
