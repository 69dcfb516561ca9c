"""Roles that calls hand on to services: who does so needs `iam:PassRole` on each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.permissions import table
from chalice.permissions.granting import arns
from chalice.permissions.reading.values import HOLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalice.permissions.granting.given import Call, Granted


def passed(call: Call) -> Iterator[Granted]:
    """Yield the roles that are handed on to the service."""
    use = call.use
    roles = call.inside(table.PASSED.get(use.service, ()))
    if not roles and (use.service, use.operation) in table.ALWAYS_PASSED:
        roles = [HOLE]
    if (use.service, use.operation) == ("iam", "AddRoleToInstanceProfile"):
        # Source: botocore's model of IAM, "AddRoleToInstanceProfile": "The caller of this operation
        # must be granted the PassRole permission".
        roles = call.given("RoleName")
    if roles:
        yield "iam", "PassRole", [arns.arn(call, role, "iam::A:role/{}") for role in roles]
