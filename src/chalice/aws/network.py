"""EC2, as far as it is asked for subnets, security groups and VPC endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalice.aws.session import Session


class Network(Protocol):
    """The calls; every one may raise what `Session.call` raises."""

    def subnets(self, ids: Sequence[str]) -> dict[str, str]:
        """Return the VPC of each subnet that is there."""
        ...

    def security_groups(self, ids: Sequence[str]) -> dict[str, str]:
        """Return the VPC of each security group that is there."""
        ...

    def endpoints(self, ids: Sequence[str]) -> dict[str, str]:
        """Return the service of each VPC endpoint that is there: `com.amazonaws.REGION.NAME`."""
        ...


class SdkNetwork:
    """`Network` by the SDK.

    What is asked for travels as a filter: an id that is missing is left out of the answer then, and
    is refused, alone of all, where it is asked for by name.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def subnets(self, ids: Sequence[str]) -> dict[str, str]:
        """Return subnets and their VPCs."""
        return self._found("describe_subnets", "subnet-id", ids, "Subnets", ("SubnetId", "VpcId"))

    def security_groups(self, ids: Sequence[str]) -> dict[str, str]:
        """Return security groups and their VPCs."""
        names = ("GroupId", "VpcId")
        return self._found("describe_security_groups", "group-id", ids, "SecurityGroups", names)

    def endpoints(self, ids: Sequence[str]) -> dict[str, str]:
        """Return VPC endpoints and their services."""
        names = ("VpcEndpointId", "ServiceName")
        return self._found("describe_vpc_endpoints", "vpc-endpoint-id", ids, "VpcEndpoints", names)

    def _found(
        self, operation: str, key: str, ids: Sequence[str], items: str, names: tuple[str, str]
    ) -> dict[str, str]:
        name, fact = names
        found: dict[str, str] = {}
        place: dict[str, Any] = {}
        chosen = [{"Name": key, "Values": list(ids)}]
        while True:
            page = self._session.call("ec2", operation, Filters=chosen, **place)
            # Whoever answers may not know the filter, as MiniStack that of security groups.
            found.update({item[name]: item[fact] for item in page[items] if item[name] in ids})
            if not page.get("NextToken"):
                return found
            place = {"NextToken": page["NextToken"]}
