"""APIs: the roles that they call others with, and the VPC endpoints that lead to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.deploy.preflight import roles
from chalice.deploy.preflight.looking import Unseen
from chalice.diagnostics import Problem, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalice.deploy.preflight.coming import Coming
    from chalice.deploy.preflight.looking import Looking

# What the service of an endpoint that leads to APIs ends with.
# Source: API Gateway developer guide, "Private REST APIs", `com.amazonaws.REGION.execute-api`.
_SERVICE = ".execute-api"


def in_account(item: Coming, looking: Looking) -> Iterator[Problem]:
    """Yield what an API names that is not there, or not as it has to be."""
    if item.differs("Body"):
        yield from roles.of_api(item, looking)
    if item.differs("EndpointConfiguration"):
        yield from _endpoints(item, looking)


def _endpoints(item: Coming, looking: Looking) -> Iterator[Problem]:
    """Yield the VPC endpoints that lead to no API, as far as this account can tell.

    They may be in another account, whose are not seen from here: that stops nothing.
    Source: derekpfister.com/private-aws-api-gateways: "those VPC endpoints can be from VPCs in
    different accounts".
    """
    ids = item.texts("EndpointConfiguration", "VpcEndpointIds")
    if not ids:
        return
    where = item.where("EndpointConfiguration", "VpcEndpointIds")
    listed = ", ".join(f"`{name}`" for name in ids)
    found = looking.ask(f"the VPC endpoint {listed}", looking.account.network.endpoints, ids)
    if isinstance(found, Unseen):
        yield found.problem(where)
        return
    for name in ids:
        if name not in found:
            summary = (
                f"account {looking.caller.account} has no VPC endpoint `{visible(name)}` in"
                f" `{looking.account.region}`"
            )
            hint = "name one that is there; where it is another account's, all is well"
            yield Problem("vpc-endpoint-missing", summary, where, hint, "warning")
        elif not found[name].endswith(_SERVICE):
            summary = f"the VPC endpoint `{name}` is one of `{visible(found[name])}`"
            hint = f"name one of `com.amazonaws.{looking.account.region}{_SERVICE}`"
            yield Problem("vpc-endpoint-service", summary, where, hint, "warning")
