"""EC2, as far as it is asked for subnets and security groups."""

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


class SdkNetwork:
    """`Network` by the SDK.

    What is asked for travels as a filter: an id that is missing is left out of the answer then, and
    is refused, alone of all, where it is asked for by name.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def subnets(self, ids: Sequence[str]) -> dict[str, str]:
        """Return subnets and their VPCs."""
        return self._vpcs("describe_subnets", "subnet-id", ids, "Subnets", "SubnetId")

    def security_groups(self, ids: Sequence[str]) -> dict[str, str]:
        """Return security groups and their VPCs."""
        return self._vpcs("describe_security_groups", "group-id", ids, "SecurityGroups", "GroupId")

    def _vpcs(
        self, operation: str, key: str, ids: Sequence[str], items: str, name: str
    ) -> dict[str, str]:
        found: dict[str, str] = {}
        place: dict[str, Any] = {}
        chosen = [{"Name": key, "Values": list(ids)}]
        while True:
            page = self._session.call("ec2", operation, Filters=chosen, **place)
            # Whoever answers may not know the filter, as MiniStack that of security groups.
            found.update({item[name]: item["VpcId"] for item in page[items] if item[name] in ids})
            if not page.get("NextToken"):
                return found
            place = {"NextToken": page["NextToken"]}
