"""Who may call an API on this machine: what the configuration says, and the gateway goes by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class UsagePlan:
    """What each of some keys of the stage may use: each has all of it to itself (rule 5.3).

    Attributes:
        api_keys: values of the keys.
        rate: requests a second, in the long run; None for no limit.
        burst: requests at once; None for no limit.
        quota: requests in one period; None for no limit.
        period: how long a period is, by the calendar in UTC; weeks begin on Sunday.
    """

    api_keys: tuple[str, ...]
    rate: float | None = None
    burst: int | None = None
    quota: int | None = None
    period: Literal["DAY", "WEEK", "MONTH"] = "DAY"


@dataclass(frozen=True, slots=True)
class UserPool:
    """What is configured on this machine about a user pool, or about another issuer of tokens.

    Attributes:
        id: the pool's, `us-east-1_abc`, or the URL of an issuer that is no user pool.
        jwks_file: the name of a file with its keys, in `.chalice`; None asks *jwks_url*.
        jwks_url: where its keys are; None asks where AWS asks.
        issuer: what its tokens say in `iss`, where that is not what AWS would say.
        client_ids: the clients whose tokens are let in; none of them lets in those of every client,
            as AWS does.
    """

    id: str
    jwks_file: str | None = None
    jwks_url: str | None = None
    issuer: str | None = None
    client_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Credential:
    """Keys that sign requests on this machine, and who has them.

    What is secret is in no `repr`.

    Attributes:
        access_key_id: as signatures name it.
        secret_access_key: what they are signed with; it is shown nowhere.
        arn: of the user, the session of a role, the federated user or the root of an account.
        session_token: of temporary credentials; None for others.
        user_id: `aws:userid`; None where nobody said it.
        policies: identity-based policy documents.
    """

    access_key_id: str
    secret_access_key: str = field(repr=False)
    arn: str
    session_token: str | None = field(default=None, repr=False)
    user_id: str | None = None
    policies: tuple[Mapping[str, Any], ...] = ()
