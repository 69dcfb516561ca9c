"""Tags that something is made with, and those of sessions: what is asked for them besides.

Which operations take tags where, and which action is asked for them on which type of resource, is a
data file that `scripts/authorization/tags.py` writes. Where an action tags several types and the
list does not say which one is made, it is granted on everything, which is told as ever.
"""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING

from chalice.permissions.granting import arns, places, s3
from chalice.permissions.granting.resources import by_list, by_service
from chalice.permissions.lists import lines
from chalice.permissions.reading.values import HOLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice.permissions.granting.given import Call, Granted

#: What is made under a name that its ARN does not have as it is, with the action that the rules of
#: `arns` know it for.
_BY_RULES = {
    ("events", "PutRule"): "PutRule",
    ("kinesis", "RegisterStreamConsumer"): "TagResource",
    ("secretsmanager", "CreateSecret"): "TagResource",
}

#: Operations whose parameters name what something is made from as if it were that itself; so do all
#: that copy, and ids of EC2 are never the caller's. Source: botocore's models.
_FROM = frozenset(
    {
        ("directconnect", "AllocateHostedConnection"),
        ("directconnect", "CreateLag"),
        ("iotwireless", "StartBulkAssociateWirelessDeviceWithMulticastGroup"),
        ("iotwireless", "StartBulkDisassociateWirelessDeviceFromMulticastGroup"),
        ("medialive", "CreatePartnerInput"),
        ("omics", "CreateAnnotationStoreVersion"),
        ("omics", "StartRun"),
        ("partnercentral-selling", "StartOpportunityFromEngagementTask"),
        ("route53-recovery-readiness", "CreateCell"),
    }
)

#: What a session is given besides credentials. Sources: IAM user guide, "Pass session tags in AWS
#: STS" and "Monitor and control actions taken with assumed roles"; AWS's service reference,
#: "SetContext"; STS API reference, "GetWebIdentityToken".
_OF_SESSIONS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("AssumeRole", "SetContext"): ("ProvidedContexts",),
    ("AssumeRole", "SetSourceIdentity"): ("SourceIdentity",),
    ("AssumeRole", "TagSession"): ("Tags", "TransitiveTagKeys"),
    ("GetFederationToken", "TagSession"): ("Tags",),
    ("GetWebIdentityToken", "TagGetWebIdentityToken"): ("Tags",),
}


def tagged(call: Call) -> Iterator[Granted]:
    """Yield what tags need that something is made with, or a session is given."""
    service, operation = call.use.service, call.use.operation
    if service == "sts":
        for (made, action), names in _OF_SESSIONS.items():
            if made == operation and any(places.is_given(call, name) for name in names):
                yield "sts", action, by_service.resources(call, "sts", operation)
        return
    for action, path, kinds in _asked(service).get(operation, ()):
        if not places.is_given(call, path):
            continue
        prefix, _, name = action.partition(":")
        if prefix == "apigateway":
            yield from _on_gateway(call)
        elif service == "s3":
            yield from s3.granted(call, [(prefix, name)])
        else:
            yield prefix, name, _resources(call, action, _said(call, path) or kinds)


def _resources(call: Call, action: str, kinds: tuple[str, ...]) -> list[str]:
    """Return what *action* tags, which is one of *kinds*; none where that is not known."""
    prefix, _, name = action.partition(":")
    service, operation = call.use.service, call.use.operation
    if (service, operation) in _BY_RULES or service == "iam":
        found = by_service.resources(call, prefix, _BY_RULES.get((service, operation), name))
        if found and "*" not in found:
            return found
    is_copy = service == "ec2" or operation.startswith("Copy") or (service, operation) in _FROM
    of_kinds = [by_list.of_type(call, prefix, kind, is_named=not is_copy) for kind in kinds]
    return [arn for one in of_kinds for arn in one] if all(of_kinds) else []


def _on_gateway(call: Call) -> Iterator[Granted]:
    """Yield what tags of API Gateway need, whose actions are verbs and whose tags are a path.

    Sources: what it answers where it is not granted: "not authorized to perform: apigateway:PUT on
    resource: arn:aws:apigateway:us-east-1::/tags/..." (mattclay/aws-terminator, pull request 284),
    "... apigateway:TagResource on resource: ...::/apis/ID/stages" (aws-amplify/amplify-cli, issue
    12316), which is not on AWS's list.
    """
    yield "apigateway", "PUT", [arns.arn(call, "*", "apigateway:R::/tags/{}")]
    yield "apigateway", "TagResource", by_service.resources(call, "apigateway", "POST")


@functools.cache
def _asked(service: str) -> Mapping[str, list[tuple[str, str, tuple[str, ...]]]]:
    """Return, by operation, each action that tags need, where they are, and what they are on."""
    found: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {}
    for action, paths in json.loads(lines("tags").get(service, "{}")).items():
        for path, by_kinds in paths.items():
            for kinds, operations in by_kinds.items():
                types = tuple(kinds.split(",")) if kinds else ()
                for operation in operations.split():
                    found.setdefault(operation, []).append((action, path, types))
    return found


def places_of(service: str) -> Iterator[tuple[str, str]]:
    """Yield each operation of a service with the places of tags, and of what they say they are on.

    What is in tags stands at no place: of a recorded call is noted that it has any.
    """
    for operation, asked in _asked(service).items():
        for _, place, _ in asked:
            yield operation, place
            if place.lower().endswith(_SAYING):
                yield operation, f"{place}.{_TYPE}"


# Tags of one of these say what they are on. Source: EC2 API reference, "TagSpecification".
_SAYING = "tagspecifications"
_TYPE = "ResourceType"


def _said(call: Call, path: str) -> tuple[str, ...]:
    """Return the types of resource that a list of tags says itself; none where any is not known."""
    if not path.lower().endswith(_SAYING):
        return ()
    found = places.at(call, f"{path}.{_TYPE}").any_text
    return () if any(HOLE in text for text in found) else tuple(found)
