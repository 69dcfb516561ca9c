"""The object `local` of the configuration: what holds on this machine and is never deployed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice.config.kinds import (
    Fault,
    ListOf,
    ObjectWith,
    OneOf,
    Record,
    RecordsOf,
    Text,
    Whole,
    wrong_type,
    wrong_value,
)
from chalice.config.reader import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalice.config.reader import Node

FILE = Text("the name of a file in `.chalice`")

HOST_NAME = "[A-Za-z0-9*]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*"


@dataclass(frozen=True, slots=True)
class _Number:
    """A number, whole or not, from 0 to *maximum*."""

    maximum: float

    @property
    def says(self) -> str:
        """The values, in words."""
        return f"a number from 0 to {self.maximum:g}"

    def schema(self) -> dict[str, object]:
        """Return the kind as JSON Schema."""
        return {"type": "number", "minimum": 0, "maximum": self.maximum}

    def faults(self, node: Node, label: str) -> Iterator[Fault]:
        """Yield what is wrong with *node*."""
        value = node.value
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            yield wrong_type(node, label, self)
        elif not 0 <= value <= self.maximum:
            yield wrong_value(node, label, self)


@dataclass(frozen=True, slots=True)
class _StandIn:
    """What answers in the place of an authorizer that lives elsewhere."""

    @property
    def says(self) -> str:
        """The values, in words."""
        return (
            "the name of a function of the application, `module:attribute`, or a recorded answer:"
            ' `{"returns": {...}}` or `{"file": "NAME"}`'
        )

    def schema(self) -> dict[str, object]:
        """Return the kind as JSON Schema."""
        recorded = {
            "type": "object",
            "properties": {"returns": {"type": "object"}, "file": FILE.schema()},
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        }
        return {"anyOf": [{"type": "string", "pattern": f"^(?:{FUNCTION})$"}, recorded]}

    def faults(self, node: Node, label: str) -> Iterator[Fault]:
        """Yield what is wrong with *node*."""
        value = node.value
        if isinstance(value, str):
            if not re.fullmatch(FUNCTION, value):
                yield wrong_value(node, label, self)
        elif not isinstance(value, dict):
            yield wrong_type(node, label, self)
        elif len(value) != 1 or not value.keys() <= {"returns", "file"}:
            names = ", ".join(f"`{shown(name)}`" for name in value) or "no key"
            yield Fault("config-value", node, f"`{label}` has {names}", f"write {self.says}")
        else:
            yield from self._recorded(node, label)

    def _recorded(self, node: Node, label: str) -> Iterator[Fault]:
        for name, item in node.written():
            if name == "file":
                yield from FILE.faults(item, f"{label}.file")
            elif not isinstance(item.value, dict):
                yield wrong_type(item, f"{label}.returns", self)


@dataclass(frozen=True, slots=True)
class _StandIns:
    """An object of stand-ins, by the name of an authorizer or the function in its URI."""

    @property
    def says(self) -> str:
        """The values, in words."""
        return f"an object: each name is an authorizer or its function, each value {_STAND_IN.says}"

    def schema(self) -> dict[str, object]:
        """Return the kind as JSON Schema."""
        return {"type": "object", "additionalProperties": _STAND_IN.schema()}

    def faults(self, node: Node, label: str) -> Iterator[Fault]:
        """Yield what is wrong with *node*."""
        if not isinstance(node.value, dict):
            yield wrong_type(node, label, self)
            return
        for name, item in node.written():
            yield from _STAND_IN.faults(item, f"{label}.{shown(name)}")


_NAME = "[A-Za-z_][A-Za-z0-9_]*"
#: A function of the application, or `module:attribute`.
FUNCTION = f"[A-Za-z0-9_-]+|{_NAME}(\\.{_NAME})*:{_NAME}(\\.{_NAME})*"
_STAND_IN = _StandIn()

# Source: API Gateway developer guide, "Quotas for configuring and running a REST API": an API key
# has 20 to 128 characters (rule 3.16).
API_KEY = Text("an API key of 20 to 128 characters", "[^\\x00-\\x20]+", 20, 128, secret=True)

# Source: Amazon Cognito user pools API reference, "UserPoolId": the region, `_`, and the pool.
_ISSUER = Text(
    "the id of a user pool, `us-east-1_abc`, or the URL of an issuer",
    "[A-Za-z0-9_-]+_[0-9A-Za-z]+|https?://[^\\s?#]+",
    longest=2048,
)
_URL = Text("a URL", "https?://[^\\s]+", longest=2048)

USER_POOLS = RecordsOf(
    _ISSUER,
    Record(
        {
            "jwks_file": FILE,
            "jwks_url": _URL,
            "issuer": _URL,
            "client_ids": ListOf(Text("the id of a client", "[^\\x00-\\x20]+", longest=256)),
        }
    ),
)

_POLICY = ObjectWith('a policy, `{"Version": ..., "Statement": [...]}`', ("Statement",))

# Source: IAM API reference, "AccessKey": 16 to 128 word characters. The ARNs are those that can
# sign: IAM user guide, "IAM identifiers".
_CREDENTIAL = Record(
    {
        "access_key_id": Text(
            "an access key id of 16 to 128 letters and digits", "[A-Za-z0-9_]+", 16, 128
        ),
        "secret_access_key": Text(
            "a secret access key, without blanks", "[^\\x00-\\x20]+", secret=True
        ),
        "session_token": Text("a session token, without blanks", "[!-~]+", secret=True),
        "arn": Text(
            "the ARN of a user, `arn:aws:iam::ACCOUNT:user/NAME`, or of a session of a role,"
            " `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`",
            "arn:aws[a-z-]*:(iam::[0-9]{12}:(root|user/([!-.0-~]+/)*[A-Za-z0-9_+=,.@-]+)"
            "|sts::[0-9]{12}:(assumed-role/[A-Za-z0-9_+=,.@-]+|federated-user)/[A-Za-z0-9_+=,.@-]+)",
        ),
        "user_id": Text("a unique id, `AIDA...` or `AROA...:SESSION`", "[A-Za-z0-9_+=,.@:-]+"),
        "policies": ListOf(_POLICY),
        "policy_files": ListOf(FILE),
    },
    required=("access_key_id", "secret_access_key", "arn"),
)

# Source: API Gateway API reference, "ThrottleSettings" and "QuotaSettings": integers of 32 bits.
_MOST = 2_147_483_647

_USAGE_PLAN = Record(
    {
        "api_keys": ListOf(API_KEY),
        "rate": _Number(_MOST),
        "burst": Whole(0, _MOST, "requests"),
        "quota": Record(
            {"limit": Whole(0, _MOST, "requests"), "period": OneOf(("DAY", "WEEK", "MONTH"))},
            required=("limit", "period"),
        ),
    },
    required=("api_keys",),
)

LOCAL = Record(
    {
        "api_keys": ListOf(API_KEY),
        "usage_plans": RecordsOf(Text("the name of a plan"), _USAGE_PLAN),
        "allow_hosts": ListOf(Text("a host name without port", HOST_NAME, longest=253)),
        "user_pools": USER_POOLS,
        "credentials": ListOf(_CREDENTIAL),
        "authorizers": _StandIns(),
    }
)
