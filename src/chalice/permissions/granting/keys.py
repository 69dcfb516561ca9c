"""Keys of KMS that calls name: what their caller needs of a key, on that key.

A key that is not known, or that is called by an alias, is granted nothing: rights to it are rights
to everything that is encrypted. That is told.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.permissions.granting import arns
from chalice.permissions.reading.values import HOLE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalice.permissions.granting.given import Call

# What stands where a key may, and is none: `AWS_OWNED_KMS_KEY`, and keys of AWS, to which who calls
# a service in the account has rights already. Source: KMS developer guide, "AWS KMS keys", "AWS
# managed keys".
_NO_KEY = re.compile(r"|[A-Z][A-Z0-9_]*|(arn:[^/]*:)?alias/aws/.*", re.DOTALL)


def keys(call: Call, names: Iterable[str]) -> tuple[list[str], bool]:
    """Return the ARNs of keys that are called *names*, and whether there are others."""
    real = [name for name in names if not _NO_KEY.fullmatch(name)]
    found = {name: arns.key_arn(call, name) for name in real}
    known = [arn for name, arn in found.items() if _is_known(name, arn)]
    return known, len(known) < len(found)


def _is_known(name: str, arn: str) -> bool:
    of_alias = name.startswith("alias/") or ":alias/" in name
    return not of_alias and name != HOLE and not arn.endswith("*")
