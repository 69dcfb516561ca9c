"""Who calls, and whom a statement of a resource policy is about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from chalice.iam.errors import PolicyError, UndecidedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalice.iam.question import Context

Kind = Literal["root", "user", "assumed-role", "federated-user"]

# Source: IAM user guide, "IAM identifiers" and "AWS JSON policy elements: Principal".
_CALLER = re.compile(
    r"arn:(?P<partition>aws[a-z-]*):(?:"
    r"iam::(?P<root>[0-9]{12}):root"
    r"|iam::(?P<user>[0-9]{12}):user/(?:[!-~]+/)?(?P<user_name>[\w+=,.@-]+)"
    r"|sts::(?P<role>[0-9]{12}):assumed-role/(?P<role_name>[\w+=,.@-]+)/[\w+=,.@-]+"
    r"|sts::(?P<federated>[0-9]{12}):federated-user/(?P<federated_name>[\w+=,.@-]+))",
    re.ASCII,
)
_KINDS: dict[str, Kind] = {
    "root": "root",
    "user": "user",
    "role": "assumed-role",
    "federated": "federated-user",
}

# Source: IAM user guide, "AWS global condition context keys", aws:PrincipalType.
_TYPES: dict[Kind, str] = {
    "root": "Account",
    "user": "User",
    "assumed-role": "AssumedRole",
    "federated-user": "FederatedUser",
}

# Keys that API Gateway knows of signed requests only. Source: API Gateway developer guide, "AWS
# condition keys that can be used in API Gateway resource policies", column "Needs AuthN?".
ANONYMOUS_CONTEXT: Context = dict.fromkeys(
    (
        "aws:principalarn",
        "aws:principalaccount",
        "aws:principaltype",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:userid",
        "aws:username",
        "aws:tokenissuetime",
        "aws:multifactorauthpresent",
        "aws:multifactorauthage",
        "aws:federatedprovider",
        "aws:sourceidentity",
        "aws:principalservicename",
        "aws:principalservicenameslist",
    ),
    (),
) | {"aws:principalisawsservice": ("false",)}

# Keys that only temporary credentials have. Source: the same guide, the "Availability" of each.
_OF_TEMPORARY_CREDENTIALS = (
    "aws:tokenissuetime",
    "aws:multifactorauthpresent",
    "aws:multifactorauthage",
    "aws:federatedprovider",
    "aws:sourceidentity",
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who signed a request; see `caller_of`.

    Attributes:
        arn: of the user, the session of a role, the federated user or the account's root.
        kind: which of them it is.
        partition: of the ARN.
        account_id: the account it belongs to.
        name: of the user, the role or the federated user; empty for the root.
        user_id: `aws:userid`, None where nobody said it.
        temporary: whether the credentials came from STS.
    """

    arn: str
    kind: Kind
    partition: str
    account_id: str
    name: str
    user_id: str | None
    temporary: bool

    @property
    def principal_arn(self) -> str:
        """`aws:PrincipalArn`: for the session of a role it is the role, taken to have no path."""
        if self.kind != "assumed-role":
            return self.arn
        return f"arn:{self.partition}:iam::{self.account_id}:role/{self.name}"

    def context(self) -> dict[str, tuple[str, ...]]:
        """Return the condition keys that the caller has; those that nobody here knows are missing.

        Source: IAM user guide, "AWS global condition context keys", and "IAM policy elements:
        Variables and tags", table "Principal key values".
        """
        found: dict[str, tuple[str, ...]] = {
            "aws:principalarn": (self.principal_arn,),
            "aws:principalaccount": (self.account_id,),
            "aws:principaltype": (_TYPES[self.kind],),
            "aws:username": (self.name,) if self.kind == "user" else (),
            "aws:principalisawsservice": ("false",),
            "aws:principalservicename": (),
            "aws:principalservicenameslist": (),
        }
        if self.user_id is not None:
            found["aws:userid"] = (self.user_id,)
        if not self.temporary:
            found |= dict.fromkeys(_OF_TEMPORARY_CREDENTIALS, ())
        return found


def caller_of(arn: str, *, user_id: str | None = None, temporary: bool = False) -> Caller:
    """Return who has the ARN *arn*.

    Args:
        arn: of a user, the session of a role, a federated user, or the root of an account.
        user_id: `aws:userid`; that of roots and federated users follows from the ARN.
        temporary: whether the credentials came from STS; those of sessions and federated users do.

    Raises:
        ValueError: it is no such ARN.

    >>> caller_of("arn:aws:sts::123456789012:assumed-role/Admin/me").principal_arn
    'arn:aws:iam::123456789012:role/Admin'
    """
    found = _CALLER.fullmatch(arn)
    if found is None:
        raise ValueError(f"`{arn}` is the ARN of no user, session of a role or root")
    group, account_id = next(
        (name, found.group(name)) for name in _KINDS if found.group(name) is not None
    )
    name = found.group(f"{group}_name") if group != "root" else ""
    kind = _KINDS[group]
    if kind == "root":
        user_id = account_id
    elif kind == "federated-user":
        user_id = f"{account_id}:{name}"
    return Caller(
        arn,
        kind,
        found.group("partition"),
        account_id,
        name,
        user_id,
        temporary or kind in ("assumed-role", "federated-user"),
    )


# --- whom a statement is about ---------------------------------------------------------------

_ACCOUNT = re.compile(r"(?:arn:aws[a-z-]*:iam::)?([0-9]{12})(?::root)?", re.ASCII)
_ARN = re.compile(r"arn:aws[a-z-]*:(?:iam|sts)::[0-9]{12}:[^\s*?]+", re.ASCII)
# Source: IAM user guide, "IAM identifiers", "Unique identifiers".
_UNIQUE_ID = re.compile(r"A[A-Z0-9]{15,127}", re.ASCII)
_ROLE = re.compile(r"(arn:aws[a-z-]*:iam::[0-9]{12}:role/)(?:[^*?]+/)([^/*?]+)")


@dataclass(frozen=True, slots=True)
class Principals:
    """The element Principal, or NotPrincipal where *negated*, of one statement.

    Attributes:
        everybody: `*` is among them.
        accounts: by id; an account stands for all that is in it.
        names: ARNs and unique ids.
        others: kinds of principals that are not of IAM: `Service`, `Federated`, `CanonicalUser`.
        negated: the statement is about everybody else.
    """

    everybody: bool
    accounts: frozenset[str]
    names: frozenset[str]
    others: frozenset[str]
    negated: bool

    def cover(self, caller: Caller | None, *, allow: bool, resource_account: str) -> bool:
        """Return whether the statement is about *caller*.

        Args:
            caller: None for one who has not signed.
            allow: whether the statement allows. An account that is allowed something in its own
                resource is thereby left to its own policies: its users need theirs.
            resource_account: the account that the resource belongs to.

        Raises:
            UndecidedError: nobody here can say.
        """
        if self.negated:
            return self._excludes_not(caller, allow=allow)
        if self.everybody:
            return True
        if caller is None:
            return False
        if self._names(caller):
            return True
        if caller.account_id in self.accounts:
            own = caller.account_id == resource_account and caller.kind != "root"
            return not (allow and own)
        if "CanonicalUser" in self.others or ("Federated" in self.others and caller.temporary):
            raise UndecidedError(f"a Principal of kind {min(self.others - {'Service'})}")
        return False

    def _names(self, caller: Caller) -> bool:
        if self.names & {caller.arn, caller.principal_arn, caller.user_id}:
            return True
        for name in self.names:
            if caller.user_id is None and _UNIQUE_ID.fullmatch(name):
                raise UndecidedError(f"the unique id `{name}`")
            role = _ROLE.fullmatch(name)
            if role and "".join(role.groups()) == caller.principal_arn:
                raise UndecidedError(f"the path of the role `{name}`")
        return False

    def _excludes_not(self, caller: Caller | None, *, allow: bool) -> bool:
        """Return whether *caller* is not among the principals that NotPrincipal leaves out.

        A caller is left out only where every principal that it is stands there: itself, its role,
        its account. Source: IAM user guide, "AWS JSON policy elements: NotPrincipal".
        """
        if allow:
            raise UndecidedError("a NotPrincipal that allows")
        if self.everybody:
            return False
        if caller is None:
            return True
        own = {caller.arn, caller.principal_arn} if caller.kind != "root" else set[str]()
        return not (own <= self.names and caller.account_id in self.accounts)


def read(value: object, place: str, *, negated: bool) -> Principals:
    """Return what the element stands for.

    Raises:
        PolicyError: it is none.
    """
    if value == "*":
        return Principals(True, frozenset(), frozenset(), frozenset(), negated)  # noqa: FBT003 - fields
    if not isinstance(value, Mapping):
        raise PolicyError(f"{place} is neither `*` nor an object")
    kinds = cast("Mapping[str, object]", value)
    names = set[str]()
    accounts = set[str]()
    for kind, item in kinds.items():
        if kind not in ("AWS", "Service", "Federated", "CanonicalUser"):
            raise PolicyError(f"{place} has an unknown kind `{kind}`")
        for text in _texts(item, place):
            if kind == "AWS":
                _sort(text, place, names, accounts)
    everybody = "*" in names
    others = frozenset(kinds) - {"AWS"}
    return Principals(everybody, frozenset(accounts), frozenset(names), others, negated)


def _texts(value: object, place: str) -> Iterable[str]:
    for item in cast("list[object]", value) if isinstance(value, list) else [value]:
        if not isinstance(item, str):
            raise PolicyError(f"{place} holds something that is not a text")
        yield item


def _sort(text: str, place: str, names: set[str], accounts: set[str]) -> None:
    account = _ACCOUNT.fullmatch(text)
    if account is not None:
        accounts.add(account.group(1))
    elif text == "*" or _ARN.fullmatch(text) or _UNIQUE_ID.fullmatch(text):
        names.add(text)
    else:
        raise PolicyError(f"{place} names `{text}`, which is no principal")
