"""What ARNs of some services have that AWS's lists do not say: ids, names in names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.permissions.granting import arns, places
from chalice.permissions.granting.resources import catalogs, formats, shapes
from chalice.permissions.reading.values import HOLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice.permissions.granting.given import Call


def corrected(call: Call, found: list[str]) -> list[str]:
    """Return *found* as the service of *call* names it."""
    own = _OWN.get(call.use.service)
    return own(call, found) if own is not None else found


def _in_glue(call: Call, found: list[str]) -> list[str]:
    return catalogs.inside(call, _schemas(call, found))


def _schemas(call: Call, found: list[str]) -> list[str]:
    """Return *found* with the registries of schemas, which are before their names.

    Source: Glue developer guide, "AWS Glue Schema Registry", "IAM examples":
    `schema/registryname-1/schemaname-1`; API reference, "SchemaId": without one it is the default.
    """
    registries = [
        name.replace(HOLE, "*")
        for place in ("SchemaId.RegistryName", "RegistryId.RegistryName")
        for name in places.at(call, place).any_text
    ] or ["default-registry"]
    every: list[str] = []
    for text in found:
        start, is_schema, name = text.rpartition(":schema/")
        is_plain = is_schema and "/" not in name and name != "*"
        every += [f"{start}{is_schema}{one}/{name}" for one in registries] if is_plain else [text]
        if is_schema and "/" in name:
            every.append(f"{start}:registry/{name.partition('/')[0]}")
    is_known = any(":registry/" in text and not text.endswith(_ANY) for text in every)
    return [text for text in dict.fromkeys(every) if not (is_known and text.endswith(_ANY))]


_ANY = ":registry/*"


def _shadows(call: Call, found: list[str]) -> list[str]:
    """Return *found* with the names of shadows.

    Source: IoT developer guide, "Action resources": `thing/thingOne/shadowOne`.
    """
    names = call.given("shadowName") if call.has("shadowName") else []
    if not names or not call.use.operation.endswith("ThingShadow"):
        return found
    things = call.given("thingName")
    return [
        *([] if call.always("shadowName") else found),
        *(
            arns.arn(call, f"{'*' if thing == HOLE else thing}/{name}", "iot:R:A:thing/{}")
            for thing in things
            for name in names
        ),
    ]


# How the ids of resources begin. Source: EC2 user guide, "Resource IDs"; botocore's model of EC2.
_IDS = {
    "acl": "networkacl",
    "ami": "image",
    "cgw": "customergateway",
    "cr": "capacityreservation",
    "dopt": "dhcpoptions",
    "eipalloc": "elasticip",
    "eni": "networkinterface",
    "fl": "vpcflowlog",
    "h": "dedicatedhost",
    "i": "instance",
    "igw": "internetgateway",
    "key": "keypair",
    "lt": "launchtemplate",
    "nat": "natgateway",
    "pcx": "vpcpeeringconnection",
    "rtb": "routetable",
    "sg": "securitygroup",
    "snap": "snapshot",
    "subnet": "subnet",
    "tgw": "transitgateway",
    "tgw-attach": "transitgatewayattachment",
    "tgw-rtb": "transitgatewayroutetable",
    "vgw": "vpngateway",
    "vol": "volume",
    "vpc": "vpc",
    "vpce": "vpcendpoint",
    "vpce-svc": "vpcendpointservice",
    "vpn": "vpnconnection",
}


def _tagged(call: Call, found: list[str]) -> list[str]:
    """Return what tags are put on, which its ids say."""
    if call.use.operation not in ("CreateTags", "DeleteTags"):
        return found
    types = formats.types_of("ec2", call.use.operation)
    every: list[str] = []
    for name in call.given("Resources"):
        kind = _IDS.get(name.rpartition("-")[0], "")
        if kind not in types:
            return found
        every.append(arns.arn(call, name, shapes.PART.sub("{}", types[kind][0])))
    return every or found


_OWN: dict[str, Callable[[Call, list[str]], list[str]]] = {
    "ec2": _tagged,
    "glue": _in_glue,
    "iot-data": _shadows,
}
