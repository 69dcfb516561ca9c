"""What to do about calls that are denied: it hangs on where the policy comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.iam import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalice.permissions.proving.outcome import Denial, Grants


def advice(denied: Iterable[Denial], roles: Mapping[str, Grants]) -> tuple[str, ...]:
    """Return what can be done about *denied*, each thing once.

    Args:
        denied: the calls.
        roles: the policies, by the role that they are of.
    """
    return tuple(dict.fromkeys(_about(item, roles[item.role]) for item in denied))


def _about(denial: Denial, grants: Grants) -> str:
    file = f"`{grants.file}`" if grants.file else "the policy"
    if denial.because == Verdict.EXPLICIT_DENY.value:
        return f"What {file} denies no other statement allows: change it, or what the code calls"
    if denial.because:
        return (
            f"Whether {file} allows it hangs on what is known on AWS alone; a statement without"
            " that can be proved"
        )
    if not grants.generated:
        return f"Write the statement into {file}, or have the policy written from the code"
    if grants.file:
        return f"Call it by names that can be read, or write the statement into {file}"
    return (
        "Call it by names that can be read, or write the statement into a policy file, with"
        ' `autogen_policy` set to `"merge"`'
    )
