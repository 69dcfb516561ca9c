"""What calls need besides their own action: what the service does with the rights of the caller.

Only what AWS's documentation says that callers need; each source is beside what it is for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.diagnostics import Problem
from chalice.permissions.granting import arns, places, s3
from chalice.permissions.granting.besides import listed, passing, unknown
from chalice.permissions.granting.besides.documented import documented, of_itself
from chalice.permissions.granting.besides.linked import linked
from chalice.permissions.granting.besides.objects import objects
from chalice.permissions.granting.besides.tagging import tagged
from chalice.permissions.granting.resources import by_service
from chalice.permissions.reading.values import HOLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalice.permissions.granting.given import Call, Granted


_REFERENCE = "aws/reference/secretsmanager/"


def dependent(call: Call) -> tuple[list[Granted], list[Problem]]:
    """Return what *call* needs besides its own action, and what of that is told and not granted."""
    own = _ALSO.get(call.use.service)
    granted = [*passing.passed(call), *linked(call), *tagged(call), *(own(call) if own else ())]
    granted += of_itself(call)
    alike, told = unknown.apart(listed.alike(call), is_type_enough=True)
    by_rule, others = unknown.apart(_asked(call))
    return granted + alike + by_rule, [*passing.untold(call), *_problems(call, told + others)]


def _asked(call: Call) -> Iterator[Granted]:
    yield from objects(call)
    yield from listed.listed(call)
    yield from documented(call)
    if call.use.service == "s3":
        yield from s3.of_keys(call)
    own = _BY_SERVICE.get(call.use.service)
    if own is not None:
        yield from own(call)


def _problems(call: Call, actions: list[str]) -> Iterator[Problem]:
    operation = call.use.operation
    where = f"{call.use.path}:{call.use.node.lineno}"
    what = _of_caller(call)
    if what:
        summary = f"`{operation}` {what} with the rights of the role: that is not granted"
        hint = "what it is, the call does not say: write the statements into a policy file"
        yield Problem("policy-rights-of-caller", summary, where, hint, severity="warning")
    if actions:
        names = ", ".join(f"`{action}`" for action in dict.fromkeys(actions))
        summary = f"not granted: {names}, which `{operation}` may need on what is not known here"
        named = dict.fromkeys(_NAMED.get(one.partition(":")[0], "") for one in actions)
        hint = ", or ".join([*filter(None, named), "write the statement into a policy file"])
        yield Problem("policy-rights-of-caller", summary, where, hint, severity="warning")


#: How to name what an action of a service is needed on, where a call can.
_NAMED = {
    "kms": "name the key by its id or ARN (a policy cannot name an alias)",
    "lambda": "name the function or the layer",
    "s3": "name the bucket",
    "secretsmanager": "name the secret",
}


def _of_caller(call: Call) -> str:
    """Return what a service does with the rights of the role; empty where nothing or all is known.

    Sources: Athena user guide, "Access to Amazon S3" ("their permissions pass through Athena"), and
    "Fine-grained access to databases and tables in the Data Catalog"; API reference,
    "GetQueryResults"; botocore's model of the Resource Groups Tagging API, "TagResources": "you
    must also have the tagging permission defined by the service that created the resource".
    CloudFormation API reference, "CreateStack", "RoleARN": "If no role is
    available, CloudFormation uses a temporary session that is generated from your user
    credentials"; Cloud Control API user guide the same; Systems Manager user guide, "Setting up
    Automation": without a role it runs "in the context of the current user".
    """
    use = call.use
    by_role = UNLESS_ROLE.get((use.service, use.operation))
    if by_role is not None:
        role, what = by_role
        return "" if role and places.at(call, role).texts else what
    if use.service == "application-autoscaling" and use.operation == "RegisterScalableTarget":
        known = set(call.given("ServiceNamespace")) <= set(_SCALING)
        return "" if known else "describes and changes what is scaled"
    return _RIGHTS.get((use.service, use.operation), "")


_RIGHTS = {
    ("athena", "GetQueryResults"): "reads the results from S3",
    ("athena", "GetQueryResultsStream"): "reads the results from S3",
    ("athena", "StartQueryExecution"): "reads tables of Glue and their data in S3",
    ("resourcegroupstaggingapi", "TagResources"): "tags by the action of each service",
    ("resourcegroupstaggingapi", "UntagResources"): "removes tags by the action of each service",
}

#: What is done with the rights of the caller where no role is given: by operation, the parameter
#: that is the role, empty where there is none, and what is done. Sources: see `_of_caller`.
UNLESS_ROLE = {
    **{
        ("cloudformation", name): ("RoleARN", "makes, changes and deletes resources")
        for name in (
            "CreateStack",
            "DeleteStack",
            "RollbackStack",
            "UpdateStack",
        )
    },
    # Its role is that of who made the change set.
    ("cloudformation", "ExecuteChangeSet"): ("", "makes, changes and deletes resources"),
    **{
        ("cloudcontrol", f"{verb}Resource"): ("RoleArn", f"{verb.lower()}s resources")
        for verb in ("Create", "Delete", "Get", "Update")
    },
    ("cloudcontrol", "ListResources"): ("RoleArn", "lists resources"),
    ("ssm", "StartAutomationExecution"): (
        "Parameters.AutomationAssumeRole",
        "runs the steps of a document",
    ),
}


def _secrets(call: Call) -> Iterator[Granted]:
    """Yield what reading several secrets needs.

    Source: Secrets Manager API reference, "BatchGetSecretValue": GetSecretValue for each secret,
    ListSecrets where filters are used.
    """
    if call.use.operation != "BatchGetSecretValue":
        return
    yield "secretsmanager", "GetSecretValue", by_service.resources(call, "secretsmanager", "")
    if call.has("Filters") or "**" in call.params:
        yield "secretsmanager", "ListSecrets", []


#: What each kind of content is asked for. Source: AWS's list has one action each; which of them the
#: second API asks is only seen in what it answers: "calling the SendEmail operation: ... not
#: authorized to perform 'ses:SendRawEmail'" (django-anymail, Amazon SES, "IAM permissions").
_CONTENTS = {"Raw": "SendRawEmail", "Template": "SendTemplatedEmail"}


def _mail(call: Call) -> Iterator[Granted]:
    """Yield what the content of mails needs besides `SendEmail`."""
    if call.use.operation == "SendBulkEmail":
        actions = ["SendBulkTemplatedEmail"]
    elif call.use.operation == "SendEmail":
        kinds = {kind for kind, _ in call.entries(call.params.get("Content", frozenset([None])))}
        actions = [name for kind, name in _CONTENTS.items() if kind in kinds or HOLE in kinds]
    else:
        return
    for action in actions:
        yield "ses", action, by_service.resources(call, "ses", action)


def _data(call: Call) -> Iterator[Granted]:
    """Yield the secret that signs in.

    Source: Aurora user guide, "Authorizing access to the Amazon RDS Data API".
    """
    if call.has("secretArn"):
        found = [arns.secret_arn(call, name) for name in call.given("secretArn")]
        yield "secretsmanager", "GetSecretValue", found


def _redshift(call: Call) -> Iterator[Granted]:
    """Yield what signing in to the database needs.

    Source: botocore's model of the Redshift Data API, "ExecuteStatement" and the others that take a
    database: which way is taken, and which operation it needs permission for.
    """
    databases = call.given("Database") or [HOLE]
    clusters = call.given("ClusterIdentifier")
    named = [(cluster, name) for cluster in clusters for name in databases]
    in_cluster = [arns.arn(call, f"{one}/{name}", "redshift:R:A:dbname:{}") for one, name in named]
    if call.has("SecretArn"):
        secrets = [arns.secret_arn(call, name) for name in call.given("SecretArn")]
        yield "secretsmanager", "GetSecretValue", secrets
    elif call.has("WorkgroupName"):
        return
    elif call.has("DbUser"):
        users = [f"{one}/{user}" for one in clusters for user in call.given("DbUser")]
        of_users = [arns.arn(call, user, "redshift:R:A:dbuser:{}") for user in users]
        yield "redshift", "GetClusterCredentials", [*of_users, *in_cluster]
    elif clusters:
        yield "redshift", "GetClusterCredentialsWithIAM", in_cluster


def _workgroups(call: Call) -> Iterator[Granted]:
    """Yield what signing in by a workgroup needs, whose ARN has an id in the place of its name."""
    if call.has("WorkgroupName") and not call.has("SecretArn"):
        every = arns.arn(call, "*", "redshift-serverless:R:A:workgroup/{}")
        yield "redshift-serverless", "GetCredentials", [every]


def _references(call: Call) -> Iterator[Granted]:
    """Yield what parameters need that stand for secrets.

    Source: Systems Manager user guide, "Referencing AWS Secrets Manager secrets from Parameter
    Store parameters"; it holds for these two operations.
    """
    if call.use.operation in ("GetParameter", "GetParameters"):
        for name in call.given("Name") + call.given("Names"):
            secret = name.lstrip("/").removeprefix(_REFERENCE)
            if secret != name.lstrip("/"):
                yield "secretsmanager", "GetSecretValue", [arns.secret_arn(call, secret)]


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


_RESOLVED = "resolve:ssm:"


def _policies(call: Call) -> Iterator[Granted]:
    """Yield what a policy for all log groups needs, by its kind.

    Source: botocore's model of CloudWatch Logs, "PutAccountPolicy".
    """
    if call.use.operation == "PutAccountPolicy":
        kinds = call.given("policyType") or [HOLE]
        for kind, action in _OF_LOGS.items():
            if kind in kinds or any(HOLE in one for one in kinds):
                yield "logs", action, []


_OF_LOGS = {
    "DATA_PROTECTION_POLICY": "PutDataProtectionPolicy",
    "FIELD_INDEX_POLICY": "PutIndexPolicy",
    "RETENTION_POLICY": "PutRetentionPolicy",
    "SUBSCRIPTION_FILTER_POLICY": "PutSubscriptionFilter",
    "TRANSFORMER_POLICY": "PutTransformer",
}


def _scaled(call: Call) -> Iterator[Granted]:
    """Yield what scaling something needs, of services of which that is known.

    Source: Application Auto Scaling user guide, "Identity-based policy examples": who calls needs
    "permissions for the target service and CloudWatch", where a target is tracked by alarms.
    """
    if call.use.operation not in ("PutScalingPolicy", "RegisterScalableTarget"):
        return
    for prefix in call.given("ServiceNamespace"):
        for action in _SCALING.get(prefix, ()):
            names = (name.partition("/index/")[0] for name in call.given("ResourceId"))
            yield prefix, action, [arns.arn(call, name, f"{prefix}:R:A:{{}}") for name in names]
    is_by_steps = call.has("PolicyType") and call.given("PolicyType") == ["StepScaling"]
    if call.use.operation == "PutScalingPolicy" and not is_by_steps:
        alarm = "cloudwatch:R:A:alarm:TargetTracking-{}-*"
        for action in ("DeleteAlarms", "DescribeAlarms", "PutMetricAlarm"):
            named = [arns.arn(call, name, alarm) for name in call.given("ResourceId")]
            yield "cloudwatch", action, named


_SCALING = {
    "dynamodb": ("DescribeTable", "UpdateTable"),
    "ecs": ("DescribeServices", "UpdateService"),
    "lambda": (
        "DeleteProvisionedConcurrencyConfig",
        "GetProvisionedConcurrencyConfig",
        "PutProvisionedConcurrencyConfig",
    ),
}


def _stacks(call: Call) -> Iterator[Granted]:
    """Yield what describing all stacks needs.

    Source: CloudFormation API reference, "DescribeStacks", "StackName": "you must have access to
    the ListStacks ... action" without it.
    """
    is_one = call.has("StackName") and call.always("StackName")
    if call.use.operation == "DescribeStacks" and not is_one:
        yield "cloudformation", "ListStacks", []


def _generation(call: Call) -> Iterator[Granted]:
    """Yield what an answer from a knowledge base needs.

    Source: Bedrock user guide, "Set up permissions for a user or role to create and manage
    knowledge bases", of a role that queries one.
    """
    if not call.use.operation.startswith("RetrieveAndGenerate"):
        return
    bases, models = (
        places.at(call, f"retrieveAndGenerateConfiguration.*.{name}").any_text
        for name in ("knowledgeBaseId", "modelArn")
    )
    template = "bedrock:R:A:knowledge-base/{}"
    yield "bedrock", "Retrieve", [arns.arn(call, name, template) for name in bases]
    yield "bedrock", "InvokeModel", arns.model_arns(call, models)


def _endpoints(call: Call) -> Iterator[Granted]:
    """Yield what asking for the address needs, which comes before each call.

    Source: botocore's models of Timestream, "endpointdiscovery": required.
    """
    if call.use.operation != "DescribeEndpoints":
        yield "timestream", "DescribeEndpoints", []


#: What the call itself is, which has more than one action.
_ALSO: dict[str, Callable[[Call], Iterator[Granted]]] = {
    "cloudformation": _stacks,
    "logs": _policies,
    "redshift-data": _workgroups,
    "secretsmanager": _secrets,
    "sesv2": _mail,
    "timestream-query": _endpoints,
    "timestream-write": _endpoints,
}

#: What it needs besides.
_BY_SERVICE: dict[str, Callable[[Call], Iterator[Granted]]] = {
    "application-autoscaling": _scaled,
    "bedrock-agent-runtime": _generation,
    "ec2": _images,
    "rds-data": _data,
    "redshift-data": _redshift,
    "ssm": _references,
}
