"""Which resources a call is about, as ARNs: rules of services, and AWS's lists for the others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.permissions import table
from chalice.permissions.granting import arns, places
from chalice.permissions.granting.resources import (
    by_list,
    catalogs,
    documents,
    fitting,
    gateways,
    ids,
    mails,
)
from chalice.permissions.reading import services
from chalice.permissions.reading.values import (
    ACCOUNT,
    HOLE,
    MARK,
    PARTITION,
    REGION,
    texts,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice.permissions.granting.given import Call

_QUEUE = re.compile(
    r"https?://(?:sqs\.([^./]+)\.[^/]+|([^./]+)\.queue\.[^/]+|[^/]*)/([^/]+)/([^/]+)"
)
# The host of a cluster of DSQL, or of an endpoint for it in a VPC.
_OF_CLUSTER = re.compile(r"[a-z0-9]+\.dsql")
# What follows the first colon of a text that is none of a mark's.
_VERSION = re.compile(f"^((?:{MARK.pattern}|[^:\x01])*):.*", re.DOTALL)
# The last colon and what follows it.
_COLON = re.compile(r":[^:]*$")
# The ARN of a topic, and behind a colon a subscription.
_OF_TOPIC = re.compile(f"(arn(?::(?:{MARK.pattern}|[^:\x01])*){{5}}):.*", re.DOTALL)
_ACCOUNT_ID = re.compile(r"[0-9]{12}|\x01AWS::AccountId\x02")


def resources(call: Call, prefix: str, action: str) -> list[str]:
    """Return the ARNs that *action* is needed on; empty where they cannot be known."""
    own = _OWN.get(call.use.service)
    found = own(call, prefix, action) if own is not None else []
    found = found or _by_rules(call, prefix, action)
    return fitting.fitted(call, prefix, action, found)


def _by_rules(call: Call, prefix: str, action: str) -> list[str]:
    for name, template in table.RESOURCES.get(call.use.service, ()):
        found = call.given(name)
        if found:
            return [arns.arn(call, text, template) for text in found]
    return by_list.resources(call, prefix, action) or _named_arns(call, prefix)


def _named_arns(call: Call, prefix: str) -> list[str]:
    """Return the parameters that are ARNs by their names and in their texts.

    Where any is none of the service itself, the resource may be something else that is named.
    """
    found = [text for name in call.params if arns.is_of_resource(name) for text in call.given(name)]
    parts = [MARK.sub("", text).split(":", 3) for text in found]
    plain = all(part[0] == "arn" and part[2:3] == [prefix] for part in parts)
    return [text.replace(HOLE, "*") for text in found] if plain else []


def _each(call: Call, parameter: str, template: str) -> list[str]:
    return [arns.arn(call, text, template) for text in call.given(parameter)]


# --- services whose resources take more than one look ------------------------------------------


def _s3(call: Call, prefix: str, action: str) -> list[str]:
    if prefix == "s3express":
        # Source: S3 user guide, "Resources" of directory buckets.
        return _each(call, "Bucket", "s3express:R:A:bucket/{}")
    if prefix != "s3":
        return []
    types = (services.actions_of(prefix) or {}).get(action.lower(), frozenset())
    of_object = "object" in types
    keys = call.given("Key") or [HOLE]
    if call.use.operation == "DeleteObjects":
        wanted = action == "DeleteObjectVersion"
        of_all = action not in ("DeleteObject", "DeleteObjectVersion")
        keys = [key for key, has_version in deleted(call) if of_all or has_version is wanted]
    buckets = call.given("Bucket") or [HOLE]
    if not of_object:
        return [arns.bucket_arn(bucket) for bucket in buckets]
    return [arns.object_arn(bucket, key) for bucket in buckets for key in keys]


def deleted(call: Call) -> list[tuple[str, bool]]:
    """Return the keys of the objects that are deleted together, and whether of one version each."""
    found: list[tuple[str, bool]] = []
    for name, value in call.entries(call.params.get("Delete", frozenset())):
        for item in call.items(value) if name == "Objects" else ():
            members = list(call.entries(item))
            has_version = any(key == "VersionId" and inner != {None} for key, inner in members)
            kinds = [False, True] if any(key == HOLE for key, _ in members) else [has_version]
            keys = [text for key, inner in members if key == "Key" for text in texts(inner)]
            found += ((key, kind) for key in keys or [HOLE] for kind in kinds)
    return list(dict.fromkeys(found)) or [(HOLE, False), (HOLE, True)]


def _dsql(call: Call, prefix: str, action: str) -> list[str]:
    del prefix, action
    # Source: Aurora DSQL user guide, "Using the AWS CLI", "Connect": the id of the cluster is what
    # the name of its host begins with.
    return [
        arns.arn(
            call, host.partition(".")[0] if _OF_CLUSTER.match(host) else "*", "dsql:R:A:cluster/{}"
        )
        for host in call.given("Hostname")
    ]


def _dynamodb(call: Call, prefix: str, action: str) -> list[str]:
    del prefix, action
    tables = call.given("TableName")
    indexes = call.given("IndexName")
    if call.use.operation in ("BatchWriteItem", "BatchGetItem"):
        entries = call.entries(call.params.get("RequestItems", frozenset()))
        tables = sorted({name for name, _ in entries}) or [HOLE]
    found: list[str] = []
    for name in tables or call.given("ResourceArn") or call.given("TableArn"):
        whole = arns.arn(call, name, "dynamodb:R:A:table/{}")
        if whole == "*" or not indexes:
            found.append(whole)
        else:
            found += [] if call.always("IndexName") else [whole]
            found += [f"{whole}/index/{item.replace(HOLE, '*')}" for item in indexes]
    return found


def _sqs(call: Call, prefix: str, action: str) -> list[str]:
    del prefix, action
    if call.use.operation == "StartMessageMoveTask":
        # Sending is what is asked of the destination: see `besides`.
        return _each(call, "SourceArn", "")
    found: list[str] = []
    for url in call.given("QueueUrl"):
        match = _QUEUE.fullmatch(url)
        if match is None:
            found.append(arns.arn(call, url if url.startswith("arn:") else HOLE, ""))
            continue
        region = match.group(1) or match.group(2) or call.use.region or REGION
        account = match.group(3)
        if HOLE not in account and not _ACCOUNT_ID.fullmatch(account):
            account = ACCOUNT
        whole = f"arn:{PARTITION}:sqs:{region}:{account}:{match.group(4)}"
        found.append(whole.replace(HOLE, "*"))
    owners = call.given("QueueOwnerAWSAccountId") if call.has("QueueOwnerAWSAccountId") else []
    owners += [] if owners and call.always("QueueOwnerAWSAccountId") else ["A"]
    return found + [
        whole for owner in owners for whole in _each(call, "QueueName", f"sqs:R:{owner}:{{}}")
    ]


def _sns(call: Call, prefix: str, action: str) -> list[str]:
    del prefix, action
    # Of a subscription, its topic is asked. Source: what SNS answers where it is not granted, "not
    # authorized to perform: SNS:GetSubscriptionAttributes on resource: ARN of the topic", of
    # Unsubscribe the same; on AWS's list, too, they are about topics.
    return [
        arns.arn(call, _OF_TOPIC.sub(r"\1", text), "") for text in call.given("SubscriptionArn")
    ]


# What is asked on the version or alias of a function that is named. Source: SAR, "AWS Lambda".
_OF_VERSION = frozenset(
    {
        "InvokeFunction",
        *(f"{verb}ProvisionedConcurrencyConfig" for verb in ("Delete", "Get", "Put")),
    }
)


def _lambda(call: Call, prefix: str, action: str) -> list[str]:
    del prefix
    found: list[str] = []
    for name in call.given("FunctionName"):
        # Source: Lambda API reference, "FunctionName": a name, an ARN, or ACCOUNT:function:NAME.
        whole_arn = name.startswith("arn:")
        account, _, plain = ("", "", name) if whole_arn else name.rpartition(":function:")
        whole = arns.arn(call, plain, f"lambda:R:{account or 'A'}:function:{{}}")
        if action not in _OF_VERSION or whole == "*" or _is_qualified(whole):
            found.append(whole)
            continue
        # Source: Lambda developer guide, "Using Lambda aliases in event sources and permissions
        # policies": what is granted on one of the ARNs of a function holds for no other.
        qualifiers = call.given("Qualifier") if call.has("Qualifier") else []
        found += [f"{whole}:{item}".replace(HOLE, "*") for item in qualifiers]
        found += [] if qualifiers and call.always("Qualifier") else [whole]
    # Source: Lambda developer guide, "Granting users access to a Lambda layer": a version of one is
    # a resource of its own.
    version = ":*" if call.has("VersionNumber") else ""
    return found + [
        item if item == "*" else f"{item}{version}"
        for item in _each(call, "LayerName", "lambda:R:A:layer:{}")
    ]


def _is_qualified(function: str) -> bool:
    return ":" in MARK.sub("", function).rpartition(":function:")[2]


def _secretsmanager(call: Call, prefix: str, action: str) -> list[str]:
    del prefix, action
    names = call.given("SecretId") or call.given("Name") or call.given("SecretIdList")
    return [arns.secret_arn(call, name) for name in names]


def _ssm(call: Call, prefix: str, action: str) -> list[str]:
    found: list[str] = []
    names = call.given("Name") + call.given("Names") if "Parameter" in call.use.operation else []
    for name in names:
        # Source: SSM API reference, "GetParameter": a version or label follows a colon.
        plain = name if name.startswith("arn:") else _VERSION.sub(r"\1", name).lstrip("/")
        found.append(arns.parameter_arn(call, plain))
    for path in call.given("Path"):
        # Source: Systems Manager user guide, "Restricting access to parameters": who may read a
        # path may read what is below it.
        plain = path.strip("/")
        whole = arns.parameter_arn(call, plain)
        found += [whole] if whole == "*" else [whole, f"{whole}/*"]
    return found or documents.documents(call, action) or _named_arns(call, prefix)


def _kms(call: Call, prefix: str, action: str) -> list[str]:
    found = _by_rules(call, prefix, action) if action == "UpdateAlias" else []
    if found:
        # Source: KMS API reference, "UpdateAlias", "Required permissions": on the key that it
        # has now, too, which the call does not say.
        return [*found, arns.arn(call, "*", "kms:R:A:key/{}")]
    parameter = {"ReEncryptFrom": "SourceKeyId", "ReEncryptTo": "DestinationKeyId"}.get(
        action, "KeyId"
    )
    found = [arns.key_arn(call, name) for name in call.given(parameter)]
    # What something was encrypted under is in what is decrypted, where it is not said.
    return found or (["*"] if action.startswith("ReEncrypt") else [])


def _events(call: Call, prefix: str, action: str) -> list[str]:
    del prefix
    if action == "PutEvents":
        entries = [
            dict(call.entries(entry))
            for entry in call.items(call.params.get("Entries", frozenset()))
        ]
        return [
            arns.arn(call, name, "events:R:A:event-bus/{}")
            for inner in entries
            for name in texts(inner.get("EventBusName", frozenset()))
            or [HOLE if HOLE in inner else "default"]
        ]
    if action.endswith("EventBus"):
        return _each(call, "Name", "events:R:A:event-bus/{}")
    rules = call.given("Rule") or (call.given("Name") if "Rule" in action else [])
    buses = call.given("EventBusName")
    if not buses or HOLE in buses or not call.always("EventBusName"):
        buses = [*buses, "default"]
    return [_rule(call, bus, rule) for bus in buses for rule in rules]


def _rule(call: Call, bus: str, rule: str) -> str:
    # Source: EventBridge API reference, "PutRule", "EventBusName": the name or ARN of the bus.
    start, _, name = bus.rpartition(":event-bus/")
    inside = rule if name == "default" else f"{name}/{rule}"
    if start and not rule.startswith("arn:"):
        return f"{start}:rule/{inside}".replace(HOLE, "*")
    return arns.arn(call, rule if rule.startswith("arn:") else inside, "events:R:A:rule/{}")


_OF_TAGS = frozenset({"ListTagsForResource", "TagResource", "UntagResource"})


def _logs(call: Call, prefix: str, action: str) -> list[str]:
    types = (services.actions_of(prefix) or {}).get(action.lower(), frozenset())
    names = call.given("logGroupName") + call.given("logGroupNames")
    names += call.given("logGroupIdentifier") + call.given("logGroupIdentifiers")
    names += call.given("logGroupArnList")
    whole = (arns.arn(call, name, "logs:R:A:log-group:{}").removesuffix(":*") for name in names)
    groups = list(whole)
    if types != {"log-stream"}:
        # Source: CloudWatch Logs API reference, "LogGroup": the ARN ends in `:*` in policies, but
        # for TagResource, UntagResource and ListTagsForResource; those take `resourceArn`.
        if action not in _OF_TAGS:
            groups = [group if group == "*" else f"{group}:*" for group in groups]
        return groups or _named_arns(call, prefix)
    streams = call.given("logStreamName") or [HOLE]
    return [
        group if group == "*" else f"{group}:log-stream:{stream}".replace(HOLE, "*")
        for group in groups
        for stream in streams
    ]


def _ec2(call: Call, prefix: str, action: str) -> list[str]:
    if call.use.operation in ("CreateTags", "DeleteTags"):
        return ids.tagged(call)
    found = _by_rules(call, prefix, action)
    # Source: EC2 user guide, "Reference AMIs using SSM parameters": which image is meant is in the
    # parameter.
    found = [_RESOLVED.sub("image/*", item) for item in found]
    found += _copied_from(call, action)
    if action != "RunInstances" or not found or "*" in found:
        return found
    # Source: EC2 user guide, "Example policies to control access the Amazon EC2 API", "Launch
    # instances": most images have their root on a volume. A template may name a key pair.
    kinds = ["volume", *(["key-pair"] if call.has("LaunchTemplate") else [])]
    return found + [arns.arn(call, "*", f"ec2:R:A:{kind}/{{}}") for kind in kinds]


_RESOLVED = re.compile(r"image/resolve:ssm:.*")
# What is copied, by the action. Sources: EC2 user guide, "Required permissions for copying AMIs";
# AWS Storage Blog, "Enhancing resource-level permissions for copying Amazon EBS snapshots".
_COPIED = {
    "CopyImage": ("SourceImageId", "image"),
    "CopySnapshot": ("SourceSnapshotId", "snapshot"),
}


def _copied_from(call: Call, action: str) -> list[str]:
    """Return what is copied, which is in the region that it is copied from."""
    if action not in _COPIED:
        return []
    parameter, kind = _COPIED[action]
    return [
        f"arn:{PARTITION}:ec2:{region}::{kind}/{name}".replace(HOLE, "*")
        for region in call.given("SourceRegion")
        for name in call.given(parameter)
    ]


def _bedrock(call: Call, prefix: str, action: str) -> list[str]:
    del prefix, action
    names = call.given("modelId")
    # Which model a prompt is for, it says itself.
    prompted = [name for name in names if ":prompt/" in name]
    models = arns.model_arns(call, [name for name in names if name not in prompted])
    return [*models, *(["*"] if prompted else [])]


def _states(call: Call, prefix: str, action: str) -> list[str]:
    if call.use.operation == "CreateStateMachineAlias":
        # The name is that of the alias; its machine is in the ARNs of the versions, before theirs.
        versions = places.at(call, "routingConfiguration.stateMachineVersionArn").any_text
        names = [_COLON.sub("", text) if text.startswith("arn:") else HOLE for text in versions]
        return [arns.arn(call, name, "states:R:A:stateMachine:{}") for name in names]
    return _by_rules(call, prefix, action)


def _iam(call: Call, prefix: str, action: str) -> list[str]:
    # Source: IAM user guide, "IAM identifiers": a path may be before the name, and is in the ARN.
    if action == "CreateServiceLinkedRole":
        # Source: IAM user guide, "Service-linked role permissions".
        return _each(call, "AWSServiceName", "iam::A:role/aws-service-role/{}/*")
    if action == "CreateOpenIDConnectProvider":
        # Source: IAM user guide, "IAM identifiers": the ARN has the URL without its scheme.
        urls = (text.removeprefix("https://") for text in call.given("Url"))
        return [arns.arn(call, url, "iam::A:oidc-provider/{}") for url in urls]
    found = _by_rules(call, prefix, action)
    return found + [
        f"{kind}/*/{name}"
        for kind, _, name in (item.partition("/") for item in found)
        if name and "/" not in name and kind.endswith((":role", ":user", ":group"))
    ]


def _shadows(call: Call, prefix: str, action: str) -> list[str]:
    found = _by_rules(call, prefix, action)
    if not action.endswith("ThingShadow") or not call.has("shadowName"):
        return found
    # Source: IoT developer guide, "AWS IoT Core policy resources", `thing/thingOne/shadowOne`.
    named = [
        arns.arn(call, f"{thing}/{shadow}", "iot:R:A:thing/{}")
        for thing in call.given("thingName")
        for shadow in call.given("shadowName")
    ]
    return named if call.always("shadowName") else [*found, *named]


def _kinesis(call: Call, prefix: str, action: str) -> list[str]:
    names = call.given("ConsumerName")
    if not names or (call.use.operation == "RegisterStreamConsumer" and action != "TagResource"):
        return [arns.arn(call, name, "") for name in call.given("ConsumerARN")] or _by_rules(
            call, prefix, action
        )
    # Source: Service Authorization Reference, Kinesis Data Streams, "consumer": the time when it
    # was made is at the end.
    any_stream = arns.arn(call, "*", "kinesis:R:A:stream/{}")
    streams = [any_stream if one.startswith(HOLE) else one for one in call.given("StreamARN")]
    return [
        f"{stream}/consumer/{name}:*".replace(HOLE, "*") for stream in streams for name in names
    ]


def _scheduler(call: Call, prefix: str, action: str) -> list[str]:
    del prefix, action
    if call.use.operation.endswith("ScheduleGroup"):
        return _each(call, "Name", "scheduler:R:A:schedule-group/{}")
    groups = call.given("GroupName") or ["default"]
    names = call.given("Name")
    return [
        arns.arn(call, f"{group}/{name}", "scheduler:R:A:schedule/{}")
        for group in groups
        for name in names
    ]


_OWN: dict[str, Callable[[Call, str, str], list[str]]] = {
    "apigateway": gateways.apis,
    "apigatewaymanagementapi": gateways.connections,
    "apigatewayv2": gateways.apis,
    "bedrock-runtime": _bedrock,
    "dsql": _dsql,
    "dynamodb": _dynamodb,
    "ec2": _ec2,
    "events": _events,
    "glue": catalogs.catalogs,
    "iam": _iam,
    "iot-data": _shadows,
    "kinesis": _kinesis,
    "kms": _kms,
    "lambda": _lambda,
    "logs": _logs,
    "s3": _s3,
    "scheduler": _scheduler,
    "secretsmanager": _secretsmanager,
    "ses": mails.mails,
    "sesv2": mails.mails,
    "sns": _sns,
    "sqs": _sqs,
    "ssm": _ssm,
    "stepfunctions": _states,
}
