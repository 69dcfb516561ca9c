"""What ids of EC2 say of themselves: of which type they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.permissions.granting import arns
from chalice.permissions.granting.resources import formats, shapes

if TYPE_CHECKING:
    from chalice.permissions.granting.given import Call

# How the ids of resources begin. Source: EC2 user guide, "Resource IDs"; botocore's model of EC2.
_IDS = {
    "acl": "networkacl",
    "ami": "image",
    "cagw": "carriergateway",
    "cgw": "customergateway",
    "cr": "capacityreservation",
    "cvpn-endpoint": "clientvpnendpoint",
    "dopt": "dhcpoptions",
    "eigw": "egressonlyinternetgateway",
    "eipalloc": "elasticip",
    "eni": "networkinterface",
    "fl": "vpcflowlog",
    "h": "dedicatedhost",
    "i": "instance",
    "igw": "internetgateway",
    "ipam": "ipam",
    "ipam-pool": "ipampool",
    "ipam-scope": "ipamscope",
    "key": "keypair",
    "lgw": "localgateway",
    "lt": "launchtemplate",
    "nat": "natgateway",
    "pcx": "vpcpeeringconnection",
    "pl": "prefixlist",
    "rtb": "routetable",
    "sg": "securitygroup",
    "sgr": "securitygrouprule",
    "sir": "spotinstancesrequest",
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


def tagged(call: Call) -> list[str]:
    """Return the ARNs of what tags are put on; empty where one of the ids says no type."""
    types = formats.types_of("ec2", call.use.operation)
    found: list[str] = []
    for name in call.given("Resources"):
        kind = _IDS.get(name.rpartition("-")[0], "")
        if kind not in types:
            return []
        found.append(arns.arn(call, name, shapes.PART.sub("{}", types[kind][0])))
    return found
