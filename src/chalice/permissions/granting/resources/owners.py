"""In which account something is that a call names, where a parameter says whose it is.

Which parameters do is on the list of `naming`. Must not know services.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.permissions.granting.resources import naming
from chalice.permissions.reading.values import ACCOUNT, HOLE

if TYPE_CHECKING:
    from chalice.permissions.granting.given import Call

# An account, and behind a colon what is in it: a catalog of Glue.
_OWNED = re.compile(r"([0-9]{12})(?::.*)?", re.DOTALL)


def heads(call: Call, kind: str, head: str) -> list[str]:
    """Return how the ARNs of a type begin, as `arns.arn` takes them: one for each owner.

    Args:
        call: the call.
        kind: the type.
        head: how they begin in the account of the caller: `ecr:R:A:{}`.
    """
    service, region, account, rest = head.split(":", 3)
    paths = naming.owners(call.use.service, call.use.operation, kind)
    given = [path for path in paths if call.has(path)]
    if account != "A" or not given:
        return [head]
    found = {_account(text) for path in given for text in call.given(path)}
    if not any(call.always(path) and None not in call.params[path] for path in given):
        found.add("A")
    return [f"{service}:{region}:{owner}:{rest}" for owner in sorted(found)]


def _account(text: str) -> str:
    """Return the account that *text* says: the own one where it says another thing, as `-` does."""
    match = _OWNED.fullmatch(text)
    if match is not None:
        return match.group(1)
    start = text.replace(ACCOUNT, "").partition(":")[0]
    return "*" if HOLE in start and "/" not in start else "A"
