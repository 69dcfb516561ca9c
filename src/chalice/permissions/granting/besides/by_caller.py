"""What a service does with the rights of who calls it, on what the call names.

It is granted on what is named, and told where that is not known: see `unknown`. What a place alone
says is on AWS's lists, see `listed`; here, it hangs on the value of a parameter, or is on what
several of them name together. Only what AWS's documentation says; each source is beside what it is
for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.permissions.granting import arns, places
from chalice.permissions.granting.besides.unknown import UNKNOWN
from chalice.permissions.reading import services
from chalice.permissions.reading.values import HOLE, MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from chalice.permissions.granting.given import Call, Granted


def by_caller(call: Call) -> Iterator[Granted]:
    """Yield what *call* needs by rules of its operation."""
    own = _RULES.get((call.use.service, call.use.operation))
    if own is not None:
        yield from own(call)


# --- secrets, parameters and credentials -------------------------------------------------------


def _secret(call: Call) -> Iterator[Granted]:
    """Yield the secret that signs in.

    Source: Aurora user guide, "Authorizing access to the Amazon RDS Data API".
    """
    if call.has("secretArn"):
        found = [arns.secret_arn(call, name) for name in call.given("secretArn")]
        yield "secretsmanager", "GetSecretValue", found


def _signed_in(call: Call) -> Iterator[Granted]:
    """Yield what signing in to the database of a cluster needs.

    Source: botocore's model of the Redshift Data API, "ExecuteStatement" and the others that sign
    in to a database: which way is taken, and which operation it needs permission for.
    """
    clusters = call.given("ClusterIdentifier")
    databases = _of_clusters(call, clusters, "dbname", call.given("Database") or [HOLE])
    if call.has("SecretArn"):
        secrets = [arns.secret_arn(call, name) for name in call.given("SecretArn")]
        yield "secretsmanager", "GetSecretValue", secrets
    elif call.has("WorkgroupName"):
        return
    elif call.has("DbUser"):
        users = _of_clusters(call, clusters, "dbuser", call.given("DbUser"))
        yield "redshift", "GetClusterCredentials", [*users, *databases]
    elif clusters:
        yield "redshift", "GetClusterCredentialsWithIAM", databases


def _credentials(call: Call) -> Iterator[Granted]:
    """Yield what temporary credentials of a cluster need.

    Source: botocore's model of Redshift, "GetClusterCredentials": CreateClusterUser where
    `AutoCreate` is set, JoinGroup "with access to the listed dbgroups".
    """
    clusters = call.given("ClusterIdentifier") or [HOLE]
    users = call.given("DbUser") if places.at(call, "AutoCreate").any_text else []
    groups = places.at(call, "DbGroups").any_text
    for action, kind, names in (
        ("CreateClusterUser", "dbuser", users),
        ("JoinGroup", "dbgroup", groups),
    ):
        if names:
            yield "redshift", action, _of_clusters(call, clusters, kind, names)


def _of_clusters(call: Call, clusters: Iterable[str], kind: str, names: Iterable[str]) -> list[str]:
    """Return the ARNs of what clusters of Redshift have: databases, users, groups."""
    template = f"redshift:R:A:{kind}:{{}}"
    return [arns.arn(call, f"{one}/{name}", template) for one in clusters for name in names]


_REFERENCE = "aws/reference/secretsmanager/"


def _references(call: Call) -> Iterator[Granted]:
    """Yield what parameters need that stand for secrets.

    Source: Systems Manager user guide, "Referencing AWS Secrets Manager secrets from Parameter
    Store parameters"; it holds for these two operations.
    """
    for name in call.given("Name") + call.given("Names"):
        plain = name.lstrip("/")
        secret = plain.removeprefix(_REFERENCE)
        if secret != plain:
            yield "secretsmanager", "GetSecretValue", [arns.secret_arn(call, secret)]


_RESOLVED = "resolve:ssm:"


def _images(call: Call) -> Iterator[Granted]:
    """Yield the parameters that name an image.

    Source: EC2 user guide, "Use a Systems Manager parameter instead of an AMI ID":
    `resolve:ssm:NAME`, and behind a colon its version.
    """
    for path in ("ImageId", "LaunchTemplateData.ImageId"):
        for text in places.at(call, path).texts:
            name = text.removeprefix(_RESOLVED)
            if name != text:
                parameter = name.partition(":")[0].lstrip("/")
                yield "ssm", "GetParameters", [arns.parameter_arn(call, parameter)]


# --- what is scaled, moved, replicated, delivered, read ----------------------------------------


#: What scaling needs of the services of which that is known. Source: see `_scaled`.
SCALED = {
    "dynamodb": ("DescribeTable", "UpdateTable"),
    "ecs": ("DescribeServices", "UpdateService"),
    "lambda": (
        "DeleteProvisionedConcurrencyConfig",
        "GetProvisionedConcurrencyConfig",
        "PutProvisionedConcurrencyConfig",
    ),
}


def _scaled(call: Call) -> Iterator[Granted]:
    """Yield what scaling something needs, of services of which that is known.

    Source: Application Auto Scaling user guide, "Identity-based policy examples": who calls needs
    "permissions for the target service and CloudWatch", where a target is tracked by alarms.
    """
    for prefix in call.given("ServiceNamespace"):
        for action in SCALED.get(prefix, ()):
            names = (name.partition("/index/")[0] for name in call.given("ResourceId"))
            yield prefix, action, [arns.arn(call, name, f"{prefix}:R:A:{{}}") for name in names]
    is_by_steps = call.has("PolicyType") and call.given("PolicyType") == ["StepScaling"]
    if call.use.operation == "PutScalingPolicy" and not is_by_steps:
        alarm = "cloudwatch:R:A:alarm:TargetTracking-{}-*"
        for action in ("DeleteAlarms", "DescribeAlarms", "PutMetricAlarm"):
            named = [arns.arn(call, name, alarm) for name in call.given("ResourceId")]
            yield "cloudwatch", action, named


def _moves(call: Call) -> Iterator[Granted]:
    """Yield what moving messages out of a dead-letter queue needs.

    Source: SQS developer guide, "Configuring queue permissions for dead-letter queue redrive",
    "minimum required permissions". Without a destination, these are the queues that the messages
    came from, which no parameter names.
    """
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
    for kind, actions in (("Create", _MADE), ("Delete", _REMOVED)):
        regions = places.at(call, f"ReplicaUpdates.{kind}.RegionName").any_text
        names = [name.rpartition(":table/")[2] for name in call.given("TableName")]
        named = [
            # In all regions, that is much: it is told.
            UNKNOWN if HOLE in region else arns.arn(call, name, f"dynamodb:{region}:A:table/{{}}")
            for name in names
            for region in regions
        ]
        for action in actions if regions else ():
            yield "dynamodb", action, named


_REPOSITORY = re.compile(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.[^/]+/([^:@]+).*", re.DOTALL)
_OF_IMAGES = (
    *("BatchGetImage", "GetDownloadUrlForLayer"),
    *("GetRepositoryPolicy", "SetRepositoryPolicy"),
)


def _container(call: Call) -> Iterator[Granted]:
    """Yield what a function from an image needs, of which Lambda gives itself the right to read it.

    Source: Lambda developer guide, "Create a Lambda function using a container image", "Amazon ECR
    permissions".
    """
    named: list[str] = []
    for uri in [*places.at(call, "Code.ImageUri").texts, *places.at(call, "ImageUri").texts]:
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
        for action in _OF_IMAGES:
            yield "ecr", action, named


def _deliveries(call: Call) -> Iterator[Granted]:
    """Yield what having a resource deliver its logs needs, of the service that the resource is of.

    Source: CloudWatch Logs user guide, "Enable logging from AWS services", V2 permissions.
    """
    for name in call.given("resourceArn"):
        prefix = "".join(MARK.sub("", name).split(":", 3)[2:3])
        if "allowvendedlogdeliveryforresource" in (services.actions_of(prefix) or {}):
            yield prefix, "AllowVendedLogDeliveryForResource", [arns.arn(call, name, "")]


def _tables(call: Call) -> Iterator[Granted]:
    """Yield what a table of metadata needs in the table bucket that is named.

    Source: S3 user guide, "Setting up permissions for configuring metadata tables".
    """
    place = "MetadataTableConfiguration.S3TablesDestination.TableBucketArn"
    buckets = places.at(call, place).any_text
    named = [arns.arn(call, f"{bucket}/table/*", "") for bucket in buckets if bucket != HOLE]
    for action in ("GetTable", "PutTableEncryption", "PutTablePolicy"):
        yield "s3tables", action, named


# --- models of Bedrock -------------------------------------------------------------------------


def _generation(call: Call) -> Iterator[Granted]:
    """Yield what an answer from a knowledge base needs.

    Source: Bedrock user guide, "Set up permissions for a user or role to create and manage
    knowledge bases", of a role that queries one.
    """
    bases, models = (
        places.at(call, f"retrieveAndGenerateConfiguration.*.{name}").any_text
        for name in ("knowledgeBaseId", "modelArn")
    )
    template = "bedrock:R:A:knowledge-base/{}"
    yield "bedrock", "Retrieve", [arns.arn(call, name, template) for name in bases]
    yield "bedrock", "InvokeModel", arns.model_arns(call, models)


def _prompts(call: Call) -> Iterator[Granted]:
    """Yield what a prompt needs that is named in the place of a model.

    Source: Bedrock API reference, "Converse": "Check that you have bedrock:RenderPrompt permissions
    for the prompt resource".
    """
    prompts = [name for name in call.given("modelId") if ":prompt/" in name]
    if prompts:
        yield "bedrock", "RenderPrompt", [arns.arn(call, name, "") for name in prompts]


def _reranked(call: Call) -> Iterator[Granted]:
    """Yield the model that ranks.

    Source: Bedrock user guide, "Permissions for reranking in Amazon Bedrock".
    """
    place = "rerankingConfiguration.bedrockRerankingConfiguration.modelConfiguration.modelArn"
    found = places.at(call, place).any_text
    yield "bedrock", "InvokeModel", arns.model_arns(call, found)


_SIGNING_IN = (
    *("BatchExecuteStatement", "DescribeTable", "ExecuteStatement"),
    *("ListDatabases", "ListSchemas", "ListTables"),
)
_WITH_SECRETS = (
    *("BatchExecuteStatement", "BeginTransaction", "CommitTransaction"),
    *("ExecuteStatement", "RollbackTransaction"),
)
#: The rules by service and operation.
_RULES: Mapping[tuple[str, str], Callable[[Call], Iterator[Granted]]] = {
    ("application-autoscaling", "PutScalingPolicy"): _scaled,
    ("application-autoscaling", "RegisterScalableTarget"): _scaled,
    ("bedrock-agent-runtime", "Rerank"): _reranked,
    ("bedrock-agent-runtime", "RetrieveAndGenerate"): _generation,
    ("bedrock-agent-runtime", "RetrieveAndGenerateStream"): _generation,
    ("bedrock-runtime", "Converse"): _prompts,
    ("bedrock-runtime", "ConverseStream"): _prompts,
    ("dynamodb", "UpdateTable"): _replicas,
    ("ec2", "CreateLaunchTemplate"): _images,
    ("ec2", "CreateLaunchTemplateVersion"): _images,
    ("ec2", "RunInstances"): _images,
    ("lambda", "CreateFunction"): _container,
    ("lambda", "UpdateFunctionCode"): _container,
    ("logs", "PutDeliverySource"): _deliveries,
    **{("rds-data", operation): _secret for operation in _WITH_SECRETS},
    ("redshift", "GetClusterCredentials"): _credentials,
    **{("redshift-data", operation): _signed_in for operation in _SIGNING_IN},
    ("s3", "CreateBucketMetadataTableConfiguration"): _tables,
    ("sqs", "StartMessageMoveTask"): _moves,
    ("ssm", "GetParameter"): _references,
    ("ssm", "GetParameters"): _references,
}
