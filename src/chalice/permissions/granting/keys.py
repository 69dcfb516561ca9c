"""Keys of KMS that calls name: what their caller needs of a key, on that key.

A policy cannot name a key by an alias: such a one is not known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.permissions.granting import arns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalice.permissions.granting.given import Call

# What stands where a key may, and is none: `AWS_OWNED_KMS_KEY`, and keys of AWS, to which who calls
# a service in the account has rights already. Source: KMS developer guide, "AWS KMS keys", "AWS
# managed keys".
_NO_KEY = re.compile(r"|[A-Z][A-Z0-9_]*|(arn:[^/]*:)?alias/aws/.*", re.DOTALL)


def keys(call: Call, names: Iterable[str]) -> list[str]:
    """Return the ARNs of keys that are called *names*."""
    return [arns.key_arn(call, name) for name in names if not _NO_KEY.fullmatch(name)]
