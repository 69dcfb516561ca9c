"""What AWS's guides say that single operations need besides, where that is more than a place says.

It hangs on the value of a parameter, or is on what several of them name together. Each source is
beside what it is for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.permissions.granting import arns, places
from chalice.permissions.reading import services
from chalice.permissions.reading.values import HOLE, MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalice.permissions.granting.given import Call, Granted


def documented(call: Call) -> Iterator[Granted]:
    """Yield what *call* needs that is granted on what is named, and told where it is not known."""
    own = _BESIDES.get(call.use.service)
    if own is not None:
        yield from own(call)


def of_itself(call: Call) -> Iterator[Granted]:
    """Yield what *call* needs that is granted in any case: it takes no name that a call has."""
    own = _ITSELF.get(call.use.service)
    if own is not None:
        yield from own(call)


def _languages(call: Call) -> Iterator[Granted]:
    """Yield what finding out a language needs.

    Sources: botocore's model of Translate, "SourceLanguageCode": with `auto`, "Amazon Translate
    will call Amazon Comprehend"; Translate developer guide, "AWS managed policies",
    TranslateReadOnly.
    """
    if call.use.operation in ("TranslateDocument", "TranslateText"):
        codes = call.given("SourceLanguageCode")
        if any(code == "auto" or HOLE in code for code in codes):
            yield "comprehend", "DetectDominantLanguage", []


def _credentials(call: Call) -> Iterator[Granted]:
    """Yield what temporary credentials of a cluster need.

    Source: botocore's model of Redshift, "GetClusterCredentials": CreateClusterUser where
    `AutoCreate` is set, JoinGroup "with access to the listed dbgroups".
    """
    if call.use.operation != "GetClusterCredentials":
        return
    clusters = call.given("ClusterIdentifier") or [HOLE]
    users = call.given("DbUser") if places.at(call, "AutoCreate").any_text else []
    groups = places.at(call, "DbGroups").any_text
    for action, kind, names in (
        ("CreateClusterUser", "dbuser", users),
        ("JoinGroup", "dbgroup", groups),
    ):
        if names:
            template = f"redshift:R:A:{kind}:{{}}"
            named = [
                arns.arn(call, f"{one}/{name}", template) for one in clusters for name in names
            ]
            yield "redshift", action, named


def _moves(call: Call) -> Iterator[Granted]:
    """Yield what moving messages out of a dead-letter queue needs.

    Source: SQS developer guide, "Configuring queue permissions for dead-letter queue redrive",
    "minimum required permissions". Without a destination, these are the queues that the messages
    came from, which no parameter names.
    """
    if call.use.operation != "StartMessageMoveTask":
        return
    sources = [arns.arn(call, name, "sqs:R:A:{}") for name in call.given("SourceArn")]
    for action in ("DeleteMessage", "GetQueueAttributes", "ReceiveMessage"):
        yield "sqs", action, sources
    others = places.at(call, "DestinationArn").any_text
    yield "sqs", "SendMessage", [arns.arn(call, name, "sqs:R:A:{}") for name in others]


# Source: DynamoDB developer guide, "Using IAM with global tables": in the source region UpdateTable
# alone, "in destination regions" these.
_MADE = (
    *("BatchWriteItem", "CreateTable", "CreateTableReplica", "DeleteItem", "GetItem", "PutItem"),
    *("Query", "Scan", "UpdateItem"),
)
_REMOVED = ("DeleteTable", "DeleteTableReplica")


def _replicas(call: Call) -> Iterator[Granted]:
    """Yield what replicas of a table need, in the regions where they are to be."""
    if call.use.operation != "UpdateTable":
        return
    for kind, actions in (("Create", _MADE), ("Delete", _REMOVED)):
        regions = places.at(call, f"ReplicaUpdates.{kind}.RegionName").any_text
        names = [name.rpartition(":table/")[2] for name in call.given("TableName")]
        named = [
            arns.arn(call, name, f"dynamodb:{region.replace(HOLE, '*')}:A:table/{{}}")
            for name in names
            for region in regions
        ]
        for action in actions if regions else ():
            yield "dynamodb", action, named


_REPOSITORY = re.compile(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.[^/]+/([^:@]+).*", re.DOTALL)


def _container(call: Call) -> Iterator[Granted]:
    """Yield what a function from an image needs, of which Lambda gives itself the right to read it.

    Source: Lambda developer guide, "Create a Lambda function using a container image", "Amazon ECR
    permissions".
    """
    place = {"CreateFunction": "Code.ImageUri", "UpdateFunctionCode": "ImageUri"}
    if call.use.operation not in place:
        return
    found = places.at(call, place[call.use.operation])
    named: list[str] = []
    for uri in found.texts:
        match = _REPOSITORY.fullmatch(uri)
        if match is None:
            # Who owns the registry may be only known when it runs: it is one of the account.
            name = uri.partition("/")[2].partition(":")[0].partition("@")[0]
            named.append(arns.arn(call, name or HOLE, "ecr:R:A:repository/{}"))
        else:
            account, region, name = match.groups()
            template = f"ecr:{region}:{account}:repository/{{}}"
            named.append(arns.arn(call, name, template))
    if named:
        for action in ("BatchGetImage", "GetDownloadUrlForLayer"):
            yield "ecr", action, named
        for action in ("GetRepositoryPolicy", "SetRepositoryPolicy"):
            yield "ecr", action, named


def _deliveries(call: Call) -> Iterator[Granted]:
    """Yield what having a resource deliver its logs needs, of the service that the resource is of.

    Source: CloudWatch Logs user guide, "Enable logging from AWS services", V2 permissions.
    """
    if call.use.operation != "PutDeliverySource":
        return
    for name in call.given("resourceArn"):
        prefix = "".join(MARK.sub("", name).split(":", 3)[2:3])
        if "allowvendedlogdeliveryforresource" in (services.actions_of(prefix) or {}):
            yield prefix, "AllowVendedLogDeliveryForResource", [arns.arn(call, name, "")]


def _prompts(call: Call) -> Iterator[Granted]:
    """Yield what a prompt needs that is named in the place of a model.

    Source: Bedrock API reference, "Converse": "Check that you have bedrock:RenderPrompt permissions
    for the prompt resource".
    """
    if call.use.operation in ("Converse", "ConverseStream"):
        prompts = [name for name in call.given("modelId") if ":prompt/" in name]
        if prompts:
            yield "bedrock", "RenderPrompt", [arns.arn(call, name, "") for name in prompts]


def _reranked(call: Call) -> Iterator[Granted]:
    """Yield the model that ranks.

    Source: Bedrock user guide, "Permissions for reranking in Amazon Bedrock".
    """
    if call.use.operation == "Rerank":
        place = "rerankingConfiguration.bedrockRerankingConfiguration.modelConfiguration.modelArn"
        found = places.at(call, place).any_text
        yield "bedrock", "InvokeModel", arns.model_arns(call, found)


def _jobs(call: Call) -> Iterator[Granted]:
    """Yield the jobs that a model is started in, which have no name before.

    Source: service authorization reference, Bedrock, "InvokeModel", "async-invoke".
    """
    if call.use.operation == "StartAsyncInvoke":
        yield "bedrock", "InvokeModel", [arns.arn(call, "*", "bedrock:R:A:async-invoke/{}")]


def _encrypted(call: Call) -> Iterator[Granted]:
    """Yield the key of a stream.

    Source: service authorization reference, Kinesis Data Streams: both actions take a key, too.
    """
    if call.use.operation in ("StartStreamEncryption", "StopStreamEncryption"):
        found = arns.key_arns(call, call.given("KeyId"))
        if found:
            yield "kinesis", call.use.operation, found


def _documents(call: Call) -> Iterator[Granted]:
    """Yield the documents that an automation runs.

    Source: service authorization reference, Systems Manager, "automation-definition"; those of AWS
    have no account.
    """
    if call.use.operation == "StartAutomationExecution":
        named = [
            arns.arn(call, f"{name}:*", f"ssm:R:{'' if _BY_AWS.match(name) else 'A'}:{_RUN}/{{}}")
            for name in call.given("DocumentName")
            if not name.startswith("arn:")
        ]
        if named:
            yield "ssm", "StartAutomationExecution", named


_RUN = "automation-definition"
_BY_AWS = re.compile("AWS|Amazon")


def _passwords(call: Call) -> Iterator[Granted]:
    """Yield what a password that a service keeps needs of AWS's own key, where it has no other.

    Source: RDS user guide, "Password management with Amazon RDS and AWS Secrets Manager",
    "Permissions required for Secrets Manager integration": kms:DescribeKey "to describe
    aws/secretsmanager".
    """
    if places.at(call, "ManageMasterUserPassword").texts and not call.has(
        "MasterUserSecretKmsKeyId"
    ):
        yield "kms", "DescribeKey", [arns.arn(call, "*", "kms:R:A:key/{}")]


def _tables(call: Call) -> Iterator[Granted]:
    """Yield what a table of metadata needs in the table bucket that is named.

    Source: S3 user guide, "Setting up permissions for configuring metadata tables".
    """
    if call.use.operation == "CreateBucketMetadataTableConfiguration":
        place = "MetadataTableConfiguration.S3TablesDestination.TableBucketArn"
        buckets = places.at(call, place).any_text
        named = [arns.arn(call, f"{bucket}/table/*", "") for bucket in buckets if bucket != HOLE]
        for action in ("GetTable", "PutTableEncryption", "PutTablePolicy"):
            yield "s3tables", action, named


_OF_PASSWORDS = "ManageMasterUserPassword MasterUserSecretKmsKeyId"
_BESIDES: dict[str, Callable[[Call], Iterator[Granted]]] = {
    "bedrock-agent-runtime": _reranked,
    "bedrock-runtime": _prompts,
    "dynamodb": _replicas,
    "lambda": _container,
    "logs": _deliveries,
    "redshift": _credentials,
    "s3": _tables,
    "sqs": _moves,
}
_ITSELF: dict[str, Callable[[Call], Iterator[Granted]]] = {
    "bedrock-runtime": _jobs,
    "docdb": _passwords,
    "kinesis": _encrypted,
    "neptune": _passwords,
    "rds": _passwords,
    "ssm": _documents,
    "translate": _languages,
}


#: What these look at by its value, which asking does not find out: a recorded call keeps it. By
#: service and operation, with spaces between.
PLACES = {
    "bedrock-agent-runtime": {
        "Rerank": "rerankingConfiguration.bedrockRerankingConfiguration.modelConfiguration.modelArn"
    },
    "docdb": dict.fromkeys(("CreateDBCluster", "ModifyDBCluster"), _OF_PASSWORDS),
    "dynamodb": {
        "UpdateTable": "ReplicaUpdates.Create.RegionName ReplicaUpdates.Delete.RegionName"
    },
    "lambda": {"CreateFunction": "Code.ImageUri", "UpdateFunctionCode": "ImageUri"},
    "rds": dict.fromkeys(
        ("CreateDBCluster", "CreateDBInstance", "ModifyDBCluster", "ModifyDBInstance"),
        _OF_PASSWORDS,
    ),
    "redshift": {"GetClusterCredentials": "AutoCreate DbGroups"},
    "sqs": {"StartMessageMoveTask": "SourceArn DestinationArn"},
    "ssm": {"StartAutomationExecution": "DocumentName"},
    "translate": dict.fromkeys(("TranslateDocument", "TranslateText"), "SourceLanguageCode"),
}
