"""`local.credentials`: who may sign requests on this machine, and with which policies.

What is secret is in no message and no `repr`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.config.reader import as_list, as_object
from chalice.rules.callers import Credential

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice.iam.review import PolicyFault

# In the place of a policy whose file nobody has read: what it would have denied is not known.
_UNREAD: dict[str, Any] = {"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}


def credentials_of(
    local: Mapping[str, object], files: Mapping[str, dict[str, Any]]
) -> tuple[Credential, ...]:
    """Return the credentials that the object `local` holds.

    Args:
        local: the value of the key, whose problems have been reported.
        files: policies by name of file; one that is missing denies everything.
    """
    return tuple(
        Credential(
            access_key_id=written["access_key_id"],
            secret_access_key=written["secret_access_key"],
            arn=written["arn"],
            session_token=written.get("session_token"),
            user_id=written.get("user_id"),
            policies=(
                *as_list(written.get("policies")),
                *(files.get(name, _UNREAD) for name in as_list(written.get("policy_files"))),
            ),
        )
        for written in map(as_object, as_list(local.get("credentials")))
    )


def policy_file_names(local: Mapping[str, object]) -> tuple[str, ...]:
    """Return the files that credentials take policies from, without repeats."""
    names = (
        name
        for written in map(as_object, as_list(local.get("credentials")))
        for name in as_list(written.get("policy_files"))
    )
    return tuple(dict.fromkeys(name for name in names if isinstance(name, str)))


def faults(
    local: Mapping[str, object],
) -> Iterator[tuple[tuple[str | int, ...], str, str, str, str]]:
    """Yield what is wrong between and in credentials of right shape.

    Each is the path below `local`, code, summary, hint and severity.
    """
    seen: set[object] = set()
    for index, written in enumerate(map(as_object, as_list(local.get("credentials")))):
        label = f"local.credentials[{index}]"
        key = written.get("access_key_id")
        if isinstance(key, str) and key in seen:
            summary = f"`{label}` has the access key of another one"
            place = ("credentials", index)
            yield place, "config-credential-duplicate", summary, "give each its own", "error"
        seen.add(key if isinstance(key, str) else None)
        for number, policy in enumerate(as_list(written.get("policies"))):
            for fault in _reviewed(policy):
                summary = of_caller(f"{label}.policies[{number}]", fault)
                below = ("credentials", index, "policies", number, *fault.path)
                yield below, "config-credential-policy", summary, fault.hint, fault.severity


def _reviewed(policy: object) -> list[PolicyFault]:
    from chalice.iam.review import review  # noqa: PLC0415 - only who writes policies needs it

    return list(review(policy, resource_based=False))


def of_caller(place: str, fault: PolicyFault) -> str:
    """Return the summary of what is wrong with the policy in *place*."""
    says = " is no policy of a caller" if fault.severity == "error" else ""
    return f"`{place}`{says}: {fault.summary}"
