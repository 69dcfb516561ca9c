"""What calls need besides their own action, by operation, and the parameters that it hangs on.

From the dependent actions of AWS's service authorization reference; see `keys` and `locations` for
keys of KMS and what is in S3. Roles that are handed on, service-linked roles and tags are lists of
their own. What is asked only where a parameter is given is written with the path of that parameter.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from scripts.authorization.keys import READS, keys
from scripts.authorization.locations import locations
from scripts.authorization.reference import reference
from scripts.authorization.schemas import needed, schemas
from scripts.authorization.shapes import operations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from scripts.authorization.reference import Reference
    from scripts.authorization.schemas import Made
    from scripts.authorization.shapes import Member, Operation

# Service, operation, paths, actions, kind. A kind says on what: an ARN, with `{}` for what is at
# the paths; `=` as for the operation itself, `*` on everything, `:` by the ARN at the paths, `!`
# where it is told and not granted; empty where `granting.listed` knows by the action's prefix.
# Behind `?` are parameters without which nothing is asked.
_Row = tuple[str, str, str, str, str]

#: What the reference does not have, and documentation does. Sources: botocore's models,
#: "documentation" of the operation ("This operation also requires permissions for the following
#: Amazon EC2 actions"); Cloud Map developer guide, "Using identity-based policies" ("required if
#: you're using public or private DNS namespaces").
_RECORDS = (
    "ec2:DescribeInstances route53:ChangeResourceRecordSets route53:CreateHealthCheck"
    " route53:DeleteHealthCheck route53:GetHealthCheck route53:GetHostedZone"
    " route53:ListHostedZonesByName route53:UpdateHealthCheck"
)
_ZONE = "route53:CreateHostedZone route53:GetHostedZone route53:ListHostedZonesByName"
_DOCUMENTED: dict[tuple[str, str], str] = {
    ("codeartifact", "GetAuthorizationToken"): "sts:GetServiceBearerToken",
    ("ecr-public", "GetAuthorizationToken"): "sts:GetServiceBearerToken",
    ("efs", "CreateMountTarget"): (
        "ec2:CreateNetworkInterface ec2:DescribeNetworkInterfaces ec2:DescribeSubnets"
    ),
    ("efs", "DeleteMountTarget"): "ec2:DeleteNetworkInterface",
    ("glue", "CreateConnection"): "glue:PassConnection",
    ("servicediscovery", "CreatePrivateDnsNamespace"): f"{_ZONE} ec2:DescribeRegions",
    ("servicediscovery", "CreatePublicDnsNamespace"): _ZONE,
    ("servicediscovery", "DeleteNamespace"): "route53:DeleteHostedZone",
    ("servicediscovery", "DeregisterInstance"): _RECORDS,
    ("servicediscovery", "RegisterInstance"): _RECORDS,
}

#: What the reference has without a condition, and is asked only where a parameter is given. By
#: prefix of the action, operations and actions that begin so. Sources: botocore's models,
#: "documentation" of the parameter; service authorization reference, description of the action.
_WHEN: tuple[tuple[str, str, str, str], ...] = (
    ("cloudfront", "CreateDistribution", "cloudfront:CreateConnectionGroup", "-"),
    ("ec2", "CreateFlowLogs", "ecs:", "LogFormat"),
    ("ec2", "CreateVpcEndpoint", "route53:", "PrivateDnsEnabled"),
    ("lambda", "CreateFunction", "lambda:PassCapacityProvider", "CapacityProviderConfig"),
    ("rds", "", "rds:CreateDBInstance", "DBClusterInstanceClass"),
    ("rds", "", "rds:ModifyDBInstance", "DBClusterInstanceClass"),
    ("rds", "", "rds:CreateTenantDatabase", "MultiTenant"),
    ("rds", "Delete", "rds:CreateDB", "FinalDBSnapshotIdentifier"),
    ("rds", "Stop", "rds:CreateDBSnapshot", "DBSnapshotIdentifier"),
    ("rds", "Copy", "rds:CopyCustomDBEngineVersion", "CopyOption"),
    # A cluster of several instances, or with several databases, is nothing that a call names.
    ("rds", "Delete", "rds:Delete", "-"),
    ("rds", "RebootDBCluster", "rds:RebootDBInstance", "-"),
    ("states", "", "states:PublishStateMachineVersion", "publish"),
    ("states", "TestState", "states:RevealSecrets", "revealSecrets"),
    # What is attached to a rule group that is shared; these name none.
    ("wafv2", "", "wafv2:GetPermissionPolicy", "-"),
    ("wafv2", "", "wafv2:PutPermissionPolicy", "-"),
    # `granting.dependent` knows when these are asked.
    ("cloudformation", "DescribeStacks", "", "-"),
    ("ec2", "", "ssm:GetParameters", "-"),
    ("timestream", "", "timestream:DescribeEndpoints", "-"),
)

# Source: DynamoDB developer guide, "Using IAM with DynamoDB backup and restore": "read and write
# permissions on the target table are necessary".
_ITEMS = (
    "dynamodb:BatchWriteItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query"
    " dynamodb:Scan dynamodb:UpdateItem"
)
# Source: DynamoDB developer guide, "Requesting a table import in DynamoDB".
_ERRORS = (
    "logs:CreateLogGroup logs:CreateLogStream logs:DescribeLogGroups logs:DescribeLogStreams"
    " logs:PutLogEvents logs:PutRetentionPolicy"
)
_TABLE = "dynamodb:R:A:table/{}"
_CONNECTION = "secretsmanager:R:A:secret:events!connection/{}/*"
_ACCESS_LOGS = (
    "logs:CreateLogDelivery logs:DescribeLogGroups logs:DescribeResourcePolicies"
    " logs:GetLogDelivery logs:ListLogDeliveries logs:UpdateLogDelivery"
)
# Source: service authorization reference, RDS, "Resource types".
_SNAPSHOT, _OF_CLUSTER = "rds:R:A:snapshot:{}", "rds:R:A:cluster-snapshot:{}"
_FINAL = "FinalDBSnapshotIdentifier"
# Sources: Lambda developer guide, "Granting layer access to other accounts"; "Configuring file
# system access".
_LAYERS = ("Layers[]", "lambda:GetLayerVersion", "lambda:R:A:layer:{}")
_MOUNTED = ("?FileSystemConfigs[].Arn", "elasticfilesystem:DescribeMountTargets", "*")

#: Rows that are written by hand. They are in the place of what the reference has of the same
#: actions.
_OWN: tuple[_Row, ...] = (
    ("dynamodb", "ImportTable", "", _ERRORS, "logs:R:A:log-group:/aws-dynamodb/*"),
    ("dynamodb", "RestoreTableFromBackup", "TargetTableName", _ITEMS, _TABLE),
    ("dynamodb", "RestoreTableToPointInTime", "TargetTableName", _ITEMS, _TABLE),
    ("lambda", "CreateFunction", *_LAYERS),
    ("lambda", "CreateFunction", *_MOUNTED),
    ("lambda", "UpdateFunctionConfiguration", *_LAYERS),
    ("lambda", "UpdateFunctionConfiguration", *_MOUNTED),
    # Source: botocore's model of Secrets Manager, "RotateSecret": "You also need
    # lambda:InvokeFunction permissions on the rotation function".
    (
        *("secretsmanager", "RotateSecret", "RotationLambdaARN"),
        *("lambda:InvokeFunction", "lambda:R:A:function:{}"),
    ),
    # Source: botocore's model of Service Catalog, "CreateProduct", "ImportFromPhysicalId" and
    # "LoadTemplateFromURL" in `Info`.
    *(
        row
        for name, path in (
            ("CreateProduct", "ProvisioningArtifactParameters.Info{}"),
            ("CreateProvisioningArtifact", "Parameters.Info{}"),
        )
        for row in (
            ("servicecatalog", name, path, "cloudformation:GetTemplate", ":"),
            ("servicecatalog", name, path, "s3:GetObject", ""),
        )
    ),
    # Source: EventBridge user guide, "Using identity-based policies", AmazonEventBridgeFullAccess:
    # secrets of connections are made, changed and deleted with the rights of the caller.
    (
        *("events", "CreateConnection", "Name"),
        *("secretsmanager:CreateSecret secretsmanager:GetSecretValue", _CONNECTION),
    ),
    ("events", "CreateConnection", "Name", "secretsmanager:PutSecretValue", _CONNECTION),
    ("events", "DeleteConnection", "Name", "secretsmanager:DeleteSecret", _CONNECTION),
    (
        *("events", "UpdateConnection", "Name"),
        *("secretsmanager:GetSecretValue secretsmanager:UpdateSecret", _CONNECTION),
    ),
    ("events", "UpdateConnection", "Name", "secretsmanager:PutSecretValue", _CONNECTION),
    # Sources: VPC user guide, "Publish flow logs to Amazon S3", of principals that publish; WAF
    # developer guide, "Logging destinations"; API Gateway developer guide, "Configure logging for
    # HTTP APIs", "Permissions".
    *(
        row
        for service, name, when, path in (
            ("ec2", "CreateFlowLogs", "LogDestination", "LogDestination"),
            (
                *("wafv2", "PutLoggingConfiguration", "LoggingConfiguration"),
                "LoggingConfiguration.LogDestinationConfigs[]",
            ),
        )
        for row in (
            (service, name, f"?{when}", "logs:CreateLogDelivery logs:DeleteLogDelivery", "*"),
            (service, name, path, "s3:GetBucketPolicy s3:PutBucketPolicy", ":"),
        )
    ),
    ("wafv2", "DeleteLoggingConfiguration", "", "logs:DeleteLogDelivery", "*"),
    ("apigatewayv2", "CreateStage", "?AccessLogSettings", _ACCESS_LOGS, "*"),
    ("apigatewayv2", "UpdateStage", "?AccessLogSettings", _ACCESS_LOGS, "*"),
    # Source: Auto Scaling user guide, "Control Amazon EC2 launch template usage in Auto Scaling
    # groups": who names a template needs to run instances; EC2 user guide, "EC2 Fleet
    # prerequisites". What of a template they are of is not in the call.
    *(
        ("autoscaling", name, "?LaunchTemplate MixedInstancesPolicy", "ec2:RunInstances", "!")
        for name in ("CreateAutoScalingGroup", "UpdateAutoScalingGroup")
    ),
    ("ec2", "CreateFleet", "", "ec2:RunInstances", "!"),
    # Source: CloudFormation's schema of the rule, which reads the credentials of the registry.
    (
        *("ecr", "CreatePullThroughCacheRule", "credentialArn"),
        *("secretsmanager:GetSecretValue", "secretsmanager:R:A:secret:{}"),
    ),
    ("eks", "CreateNodegroup", "?launchTemplate", "ec2:RunInstances", "!"),
    ("rds", "DeleteDBCluster", _FINAL, "rds:CreateDBClusterSnapshot", _OF_CLUSTER),
    ("rds", "DeleteDBInstance", _FINAL, "rds:CreateDBSnapshot", _SNAPSHOT),
    ("rds", "StopDBInstance", "DBSnapshotIdentifier", "rds:CreateDBSnapshot", _SNAPSHOT),
    (
        *("scheduler", "DeleteScheduleGroup", "Name"),
        *("scheduler:DeleteSchedule", "scheduler:R:A:schedule/{}/*"),
    ),
)

#: Secrets that a service keeps for who asks it to: by service, the parameter and how they are
#: called. Sources: RDS user guide, "Password management with Amazon RDS and AWS Secrets Manager";
#: Redshift management guide, "Managing Amazon Redshift admin passwords using AWS Secrets Manager".
_SECRETS = {
    "docdb": ("ManageMasterUserPassword", "rds!*"),
    "neptune": ("ManageMasterUserPassword", "rds!*"),
    "rds": ("ManageMasterUserPassword", "rds!*"),
    "redshift": ("ManageMasterPassword", "redshift!*"),
    "redshift-serverless": ("manageAdminPassword", "redshift!*"),
}

# Members that are called as if they named a resource of another service.
_OTHERS = frozenset(
    {"CacheSecurityGroupNames", "ClusterSecurityGroups", "DBSecurityGroups"}
    | {"HsmClientCertificateIdentifier", "IncidentClusterId"}
)

# What others list.
_ROLES = frozenset({"iam:PassRole", "iam:CreateServiceLinkedRole"})
_TAGGING = "Tagging"

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
_READ_LEVELS = frozenset({"List", "Read"})
# What gives rights to others, or values that are secret: only where the call names it.
_POWERFUL = re.compile(
    "(iam|sts|organizations|sso|ram|secretsmanager):.*|.*:(Put.*Policy|AddPermission|.*Permissions?)"
)
_HARMLESS = re.compile(
    "(iam|organizations|sso|ram|secretsmanager):(Get(?!SecretValue)|List|Describe).*|"
    "sts:GetServiceBearerToken"
)


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
) -> Iterator[_Row]:
    for operation in found:
        own = [row for row in _OWN if row[:2] == (operation.service, operation.name)]
        yield from own
        written = {action for row in own for action in row[3].split()}
        rows: dict[tuple[str, str], list[str]] = {}
        documented = _DOCUMENTED.get((operation.service, operation.name), "").split()
        others = [
            *_of_network(operation, listed, made["ec2"]),
            *_of_schemas(operation, listed, made["logs"]),
            *_of_schemas(operation, listed, made["secretsmanager"]),
        ]
        for action in [*listed.dependent(operation), *documented, *others]:
            if action not in written and not _is_elsewhere(action, listed, operation):
                for place in _placed(operation, action, listed):
                    rows.setdefault(place, []).append(action)
        for (paths, kind), actions in rows.items():
            yield operation.service, operation.name, paths, " ".join(sorted(set(actions))), kind


def _of_schemas(operation: Operation, listed: Reference, made: Made) -> list[str]:
    """Return what CloudFormation needs to make the same, of what the call names or has logs for."""
    own = {prefix for prefix, _ in listed.of(operation)}
    if READS.match(operation.name) or any(
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
    if READS.match(operation.name) or operation.service in _LOOKED_UP:
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
    if operation.service in _SECRETS and prefix == "secretsmanager":
        when, called = _SECRETS[operation.service]
        if when in operation.inputs:
            yield f"?{when}", f"secretsmanager:R:A:secret:{called}"
        return
    if operation.service == "wafv2" and prefix != "wafv2" and "ResourceArn" in operation.inputs:
        # Which service it is, the ARN says.
        yield "ResourceArn", ":"
        return
    when = _when(operation, prefix, action)
    if when and when not in operation.inputs:
        return
    condition = f"?{when}" if when else ""
    if prefix in {other for other, _ in listed.of(operation)}:
        yield condition, "="
        return
    rows = list(_named(operation, prefix, found, listed))
    is_network = bool(_NETWORK.fullmatch(action))
    is_known = any(paths for paths, _ in rows)
    if is_network:
        inside = [item.path for item in operation.members if _IN_NETWORK.search(item.name)]
        condition = f"?{' '.join(inside)}" if inside else ""
    logged = sorted(name for name in operation.inputs if _LOGGED.search(name))
    if _DELIVERY.fullmatch(action) and logged and "Log" not in operation.name:
        condition = f"?{' '.join(logged)}"
    takes_none = not any(found["resource_types"]) and not _is_powerful(action)
    if takes_none or _DELIVERY.fullmatch(action) or (_is_read(action, found) and not is_known):
        yield condition, "*"
    elif is_network or (is_known and (not _is_powerful(action) or all(paths for paths, _ in rows))):
        # Where members name it, they say when, too.
        yield from (
            (paths if paths and is_network else f"{paths}{condition}", kind) for paths, kind in rows
        )
    else:
        yield condition, "!"


def _when(operation: Operation, prefix: str, action: str) -> str:
    own = {*operation.prefixes, prefix}
    return next(
        (
            when
            for service, start, of, when in _WHEN
            if service in own and operation.name.startswith(start) and action.startswith(of)
        ),
        "",
    )


def _is_powerful(action: str) -> bool:
    return bool(_POWERFUL.fullmatch(action)) and not _HARMLESS.fullmatch(action)


def _is_read(action: str, found: Mapping[str, Any]) -> bool:
    return found["access_level"] in _READ_LEVELS and not _is_powerful(action)


def _named(
    operation: Operation, prefix: str, found: Mapping[str, Any], listed: Reference
) -> Iterator[tuple[str, str]]:
    """Yield the ARNs of what an action is about, each with the members that name it.

    One that each call of the action is about is there without members, too, with `*` in it.
    """
    for kind, facts in found["resource_types"].items():
        arn, parts = listed.arn(prefix, kind) if kind else ("", [])
        if not arn:
            continue
        plain = re.sub("[^a-z0-9]", "", kind.lower())
        same = [item.path for item in operation.members if _is_of(item, plain, parts)]
        if same and len(parts) == 1:
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
