"""What the ids of EC2 say: each begins with the type of what it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.permissions.granting import arns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalice.permissions.granting.given import Call

# By how ids begin, the account and the type. Sources: EC2 API reference, of what makes each;
# service authorization reference, Amazon EC2, "Resource types": images and snapshots have no
# account.
_TYPES = {
    "acl": "A:network-acl",
    "ami": ":image",
    "eipalloc": "A:elastic-ip",
    "eni": "A:network-interface",
    "i": "A:instance",
    "igw": "A:internet-gateway",
    "key": "A:key-pair",
    "lt": "A:launch-template",
    "nat": "A:natgateway",
    "rtb": "A:route-table",
    "sg": "A:security-group",
    "snap": ":snapshot",
    "subnet": "A:subnet",
    "tgw": "A:transit-gateway",
    "vol": "A:volume",
    "vpc": "A:vpc",
    "vpce": "A:vpc-endpoint",
}


def named(call: Call, names: Iterable[str]) -> list[str]:
    """Return the ARNs of what has the ids *names*; `*` alone where one of them is not known."""
    found: list[str] = []
    for name in names:
        kind = _TYPES.get(name.partition("-")[0])
        found.append(arns.arn(call, name, f"ec2:R:{kind}/{{}}") if kind else "*")
    return ["*"] if "*" in found else found
