"""What calls need besides their own action, by operation, and the parameters that it hangs on.

From the dependent actions of AWS's service authorization reference; see `keys` and `locations` for
keys of KMS and what is in S3. Roles that are handed on, service-linked roles and tags are lists of
their own. What is asked only where a parameter is given is written with the path of that parameter.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from scripts.authorization.keys import keys
from scripts.authorization.locations import locations
from scripts.authorization.models import MAKING_NOTHING, letters, operations
from scripts.authorization.reference import reference
from scripts.authorization.said import SAID
from scripts.authorization.schemas import needed, schemas
from scripts.authorization.written import DOCUMENTED, OF_ACCOUNTS, OWN, SECRETS, WHEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from scripts.authorization.models import Member, Operation
    from scripts.authorization.reference import Reference
    from scripts.authorization.schemas import Made
    from scripts.authorization.written import Row


# Members that are called as if they named a resource of another service.
_OTHERS = frozenset(
    {"CacheSecurityGroupNames", "ClusterSecurityGroups", "DBSecurityGroups"}
    | {"HsmClientCertificateIdentifier", "IncidentClusterId"}
)

# What others list.
_ROLES = frozenset({"iam:PassRole", "iam:CreateServiceLinkedRole"})
_TAGGING = "Tagging"
_TAGS = "ec2:CreateTags"

# Where a network is set up: the actions, and the members of calls that say which.
_NETWORK = re.compile(
    "ec2:(Describe.*|GetSecurityGroupsForVpc|GetManagedPrefixListEntries|"
    "(Create|Delete|Detach|Modify)(NetworkInterface|VpcEndpoint).*)"
)
_IN_NETWORK = re.compile(
    "(subnet|(?<!cache)(?<!cluster)(?<!db)securitygroup)(group)?(id|name)?s?$|"
    "vpc(id|endpointid|identifier|securitygroupids)?$",
    re.IGNORECASE,
)
_MADE_IN_NETWORK = frozenset({"networkinterface", "securitygroup", "subnet", "vpcendpoint"})
# Services that CloudFormation looks up networks for, and that ask the caller for none: what they
# do there, they do by roles of their own.
_LOOKED_UP = frozenset(
    {
        *("apprunner", "batch", "datasync", "docdb", "ec2", "eks", "elb", "elbv2"),
        *("gameliftstreams", "neptune", "rds", "redshift", "redshift-serverless", "synthetics"),
    }
)
# How logs are delivered; each of these takes no resource.
_DELIVERY = re.compile("logs:(Create|Delete|Get|List|Update)LogDeliver(y|ies)")
# Parameters that say where logs go.
_LOGGED = re.compile("(^l|L)og(s|ging)?(?![a-z])")
_OF_RIGHTS = "Permissions management"
_ROTATE = "secretsmanager:RotateSecret"
_READ_LEVELS = frozenset({"List", "Read"})
_MAKING = ("Create", "Run")
# What holds names of other makers' things, or of services that the path says: the parts of paths,
# and the prefixes whose resources may stand there none the less.
_HOLDERS = {
    "databricks": "",
    "fsx": "fsx",
    "kafka": "kafka",
    "kafkaconfiguration": "kafka",
    "snowflake": "",
}


def dependents(packages: Path) -> list[str]:
    """Return a line for each service: its name, a tab, its rows.

    A row is paths, actions, kind, and the operations that it is for.
    """
    found = tuple(operations(packages))
    made = {prefix: schemas(packages, prefix) for prefix in ("ec2", "logs", "secretsmanager")}
    rows = [
        *keys(packages, found),
        *locations(packages, found),
        *_others(reference(packages), made, found),
    ]
    by_service: dict[str, dict[tuple[str, str, str], list[str]]] = {}
    for service, operation, *row in rows:
        same = by_service.setdefault(service, {}).setdefault((row[0], row[1], row[2]), [])
        same.append(operation)
    return [f"{service}\t{_compact(of)}" for service, of in sorted(by_service.items())]


def _compact(of: Mapping[tuple[str, str, str], list[str]]) -> str:
    rows = [[*row, " ".join(names)] for row, names in sorted(of.items())]
    return json.dumps(rows, separators=(",", ":"))


def _others(
    listed: Reference, made: Mapping[str, Made], found: Iterable[Operation]
) -> Iterator[Row]:
    for operation in found:
        own = [row for row in (*OWN, *SAID) if row[:2] == (operation.service, operation.name)]
        yield from own
        written = {action for row in own for action in row[3].split()}
        rows: dict[tuple[str, str], list[str]] = {}
        documented = DOCUMENTED.get((operation.service, operation.name), "").split()
        others = [
            *_of_network(operation, listed, made["ec2"]),
            *_of_schemas(operation, listed, made["logs"]),
            *_of_schemas(operation, listed, made["secretsmanager"]),
        ]
        for action in [*listed.dependent(operation), *documented, *others]:
            if action == _TAGS and "ec2" not in operation.prefixes:
                places = _tagged(operation, listed)
            elif action not in written and not _is_elsewhere(action, listed, operation):
                places = _placed(operation, action, listed)
            else:
                continue
            for place in places:
                rows.setdefault(place, []).append(action)
        for (paths, kind), actions in rows.items():
            yield operation.service, operation.name, paths, " ".join(sorted(set(actions))), kind


def _tagged(operation: Operation, listed: Reference) -> Iterator[tuple[str, str]]:
    """Yield where and on what a service tags what it makes in a network for who calls it."""
    inside = [item.path for item in operation.members if _IN_NETWORK.search(item.name)]
    condition = f"?{' '.join(inside)}" if inside else ""
    made = {
        action.removeprefix("ec2:Create").lower()
        for action in listed.dependent(operation)
        if action.startswith("ec2:Create")
    }
    kinds = [
        kind
        for kind in listed.actions("ec2")["CreateTags"]["resource_types"]
        if re.sub("[^a-z0-9]", "", kind.lower()) in made
    ]
    for kind in kinds:
        yield condition, listed.arn("ec2", kind)[0].replace("{}", "*")
    own = (
        listed.arn(prefix, kind)[0]
        for prefix, name in listed.of(operation)
        for kind in filter(None, listed.actions(prefix)[name]["resource_types"])
    )
    # What the operation itself makes there, it is given the tags of: see `tags`.
    if not kinds and not any(arn.startswith("ec2:") for arn in own):
        yield condition, "*"


def _of_schemas(operation: Operation, listed: Reference, made: Made) -> list[str]:
    """Return what CloudFormation needs to make the same, of what the call names or has logs for."""
    own = {prefix for prefix, _ in listed.of(operation)}
    if MAKING_NOTHING.match(operation.name) or any(
        action.startswith(("logs:", "secretsmanager:")) for action in listed.dependent(operation)
    ):
        return []
    found = needed(operation, made)
    has_logs = any(_LOGGED.search(name) for name in operation.inputs)
    secrets = [item for item in operation.members if _is_of(item, "secret", [])]
    return sorted(
        action
        for action in found
        if action.partition(":")[0] not in own
        if (_DELIVERY.fullmatch(action) and has_logs)
        or (action == "secretsmanager:GetSecretValue" and secrets)
    )


def _of_network(operation: Operation, listed: Reference, made: Made) -> list[str]:
    """Return what CloudFormation needs of a network to make the same, where AWS's list has none.

    Source for functions: Lambda developer guide, "Giving Lambda functions access to resources in an
    Amazon VPC", "Required IAM permissions", whose actions are those of the schema.
    """
    if any(action.startswith("ec2:") for action in listed.dependent(operation)):
        return []
    if MAKING_NOTHING.match(operation.name) or operation.service in _LOOKED_UP:
        return []
    known = {action for action in needed(operation, made) if _NETWORK.fullmatch(action)}
    named = any(_IN_NETWORK.search(item.name) for item in operation.members)
    return sorted(known) if named and "ec2" not in operation.prefixes else []


def _is_elsewhere(action: str, listed: Reference, operation: Operation) -> bool:
    prefix, _, name = action.partition(":")
    known = listed.actions(prefix).get(name)
    own = listed.of(operation)
    of_objects = action in listed.about("s3", "object") | listed.about("s3", "bucket")
    is_tag = known is not None and known["access_level"] == _TAGGING and prefix != "secretsmanager"
    return (
        known is None
        or (prefix, name) in own
        or action in _ROLES
        or prefix == "kms"
        or of_objects
        or is_tag
    )


def _placed(operation: Operation, action: str, listed: Reference) -> Iterator[tuple[str, str]]:
    """Yield where a call names what *action* is about, and the kind; nothing where others know."""
    prefix, _, name = action.partition(":")
    found = listed.actions(prefix)[name]
    when = _when(operation, prefix, action)
    condition = f"?{when}" if when else ""
    rows = list(_named(operation, prefix, found, listed))
    if operation.service in SECRETS and prefix == "secretsmanager":
        when, called = SECRETS[operation.service]
        # Source: RDS user guide, as for `SECRETS`: to rotate is asked for by itself.
        when = "RotateMasterUserPassword" if (action, called) == (_ROTATE, "rds!*") else when
        if when in operation.inputs:
            yield f"?{when}", f"secretsmanager:R:A:secret:{called}"
    elif operation.service == "wafv2" and prefix != "wafv2" and "ResourceArn" in operation.inputs:
        # Which service it is, the ARN says.
        yield "ResourceArn", ":"
    elif when and when not in operation.inputs:
        return
    elif prefix not in {other for other, _ in listed.of(operation)}:
        yield from _of_others(operation, action, found, rows, condition)
    elif rows and name.startswith(("Associate", "Pass")) and all("." in path for path, _ in rows):
        # What stands among the parameters themselves, the operation's own action is about, too.
        yield from ((f"{paths}{condition}", kind) for paths, kind in rows)
    else:
        yield condition, "="


def _of_others(
    operation: Operation,
    action: str,
    found: Mapping[str, Any],
    rows: list[tuple[str, str]],
    condition: str,
) -> Iterator[tuple[str, str]]:
    """Yield where a call names what an action of another service is about, and the kind."""
    is_network = bool(_NETWORK.fullmatch(action))
    is_known = any(paths for paths, _ in rows)
    if is_network:
        inside = [item.path for item in operation.members if _IN_NETWORK.search(item.name)]
        condition = f"?{' '.join(inside)}" if inside else ""
    logged = sorted(name for name in operation.inputs if _LOGGED.search(name))
    if _DELIVERY.fullmatch(action) and logged and "Log" not in operation.name:
        condition = f"?{' '.join(logged)}"
    is_read = found["access_level"] in _READ_LEVELS
    # What is made has no name yet; nothing else is changed, and no right given, but by its name.
    is_open = action.partition(":")[2].startswith(_MAKING) and not action.startswith(OF_ACCOUNTS)
    may_be_any = is_read or (is_open and found["access_level"] != _OF_RIGHTS)
    is_named = is_known and (may_be_any or all(paths for paths, _ in rows))
    if rows and (is_named or (is_network and not is_read)) and not _DELIVERY.fullmatch(action):
        # Where members name it, they say when, too.
        yield from (
            (paths if paths and is_network else f"{paths}{condition}", kind) for paths, kind in rows
        )
    else:
        yield condition, "*"


def _when(operation: Operation, prefix: str, action: str) -> str:
    own = {*operation.prefixes, prefix}
    return next(
        (
            when
            for service, start, of, when in WHEN
            if service in own and operation.name.startswith(start) and action.startswith(of)
        ),
        "",
    )


def _named(
    operation: Operation, prefix: str, found: Mapping[str, Any], listed: Reference
) -> Iterator[tuple[str, str]]:
    """Yield the ARNs of what an action is about, each with the members that name it.

    One that each call of the action is about is there without members, too, with `*` in it.
    """
    own = {
        kind.lower().replace("-", "").removesuffix("id")
        for mine in operation.prefixes
        if mine != prefix and mine in listed.services
        for kind in listed.services[mine]["resources"]
        # Those of other services stand there, too.
        if listed.arn(mine, kind)[0].startswith(f"{mine}:")
    }
    for kind, facts in found["resource_types"].items():
        arn, parts = listed.arn(prefix, kind) if kind else ("", [])
        if not arn:
            continue
        plain = letters(kind)
        same = [
            item.path
            for item in operation.members
            if _is_of(item, plain, parts) and not _is_of_another(item, prefix, plain, own)
        ]
        if plain in _MADE_IN_NETWORK and found["privilege"].lower() == f"create{plain}":
            # What is made has no name yet: a member that names one, names another.
            yield "", arn.replace("{}", "*")
        elif same and len(parts) == 1:
            yield " ".join(same), arn
        elif facts["required"]:
            yield "", arn.replace("{}", "*")


def _is_of(member: Member, plain: str, parts: list[str]) -> bool:
    """Return whether a member names a resource of a type, in the way that the ARN does."""
    if member.name in _OTHERS:
        return False
    match = re.search(f"{plain}(arn|id|name|identifier)?s?$", member.name.lower())
    if match is None:
        return False
    by_name = bool(parts) and parts[0].endswith("name")
    if match.group(1) is None:
        # What is not said to be a name may be the thing itself: a secret; networks are their ids.
        said = re.search(r"ARN|Amazon Resource Name", member.documentation)
        return bool(said) or plain in ("securitygroup", "subnet")
    return match.group(1) == "arn" or (match.group(1) == "name") is by_name


def _is_of_another(member: Member, prefix: str, plain: str, own: set[str]) -> bool:
    """Return whether a member names a resource of the operation's own service, or of a third one.

    Args:
        member: the member, which is called as a resource of the type *plain* is.
        prefix: of the service that has that type.
        plain: the type.
        own: the types of the operation's own service.
    """
    holders = {part.lower() for part in member.path.split(".")[:-1]}
    if any(holder in holders and _HOLDERS[holder] != prefix for holder in _HOLDERS):
        return True
    called = re.sub("(arn|id|name|identifier)?s?$", "", member.name.lower())
    if prefix in holders or called.startswith("source"):
        return False
    # Machines and networks of EC2 are called so by most services.
    kinds = own - {plain} if prefix == "ec2" else own
    return any(called.endswith(kind) and kind.endswith(plain) for kind in kinds)
