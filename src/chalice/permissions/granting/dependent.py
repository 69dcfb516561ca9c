"""What calls need besides their own action: what the service does with the rights of the caller.

Only what AWS's documentation says that callers need; each source is beside what it is for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.diagnostics import Problem
from chalice.permissions import table
from chalice.permissions.granting import arns
from chalice.permissions.reading.values import HOLE, PARTITION, Value, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalice.permissions.granting.given import Call, Granted


_S3_URI = re.compile("s3://([^/]+)/?(.*)", re.DOTALL)
_REFERENCE = "aws/reference/secretsmanager/"


def dependent(call: Call) -> Iterator[Granted]:
    """Yield what *call* needs besides its own action."""
    yield from _passed(call)
    yield from _tagged(call)
    own = _BY_SERVICE.get(call.use.service)
    if own is not None:
        yield from own(call)


def untold(call: Call) -> list[Problem]:
    """Return what is to be told of rights that a service takes from the caller, and none can know.

    Sources: Athena user guide, "Access to Amazon S3" ("their permissions pass through Athena"), and
    "Fine-grained access to databases and tables in the Data Catalog"; API reference,
    "GetQueryResults".
    """
    use = call.use
    what = _OF_ATHENA.get(use.operation) if use.service == "athena" else None
    if what is None:
        return []
    summary = f"`{use.operation}` {what} with the rights of the role, and which is not known here"
    hint = "write the statements for them into a policy file of your own"
    where = f"{use.path}:{use.node.lineno}"
    return [Problem("policy-rights-of-caller", summary, where, hint, severity="warning")]


_OF_ATHENA = {
    "GetQueryResults": "reads the results from S3",
    "GetQueryResultsStream": "reads the results from S3",
    "StartQueryExecution": "reads tables of Glue and their data in S3",
}


# --- roles and tags, whatever the service --------------------------------------------------------


def _passed(call: Call) -> Iterator[Granted]:
    """Yield the roles that are handed on to the service."""
    use = call.use
    roles = call.inside(table.PASSED.get(use.service, ()))
    if not roles and (use.service, use.operation) in table.ALWAYS_PASSED:
        roles = [HOLE]
    if roles:
        yield "iam", "PassRole", [arns.arn(call, role, "iam::A:role/{}") for role in roles]


_MAKING = ("Create", "Put", "Register")

#: What is asked for tags that something is made with, by operation or for all of a service.
#: Sources: botocore's models, "documentation" of the parameter or operation ("To be able to tag ...
#: on creation, you must have"); of DynamoDB and Lambda what they answer: "not authorized to
#: perform: dynamodb:TagResource"; Step Functions developer guide, "Tag-based policies".
_TAGGING: dict[tuple[str, str], str] = {
    ("cloudwatch", "PutCompositeAlarm"): "cloudwatch:TagResource",
    ("cloudwatch", "PutMetricAlarm"): "cloudwatch:TagResource",
    ("dynamodb", "CreateTable"): "dynamodb:TagResource",
    ("events", "PutRule"): "events:TagResource",
    ("kinesis", "CreateStream"): "kinesis:AddTagsToStream",
    ("kinesis", "RegisterStreamConsumer"): "kinesis:TagResource",
    ("kms", "CreateKey"): "kms:TagResource",
    ("lambda", ""): "lambda:TagResource",
    ("logs", "CreateLogGroup"): "logs:TagResource",
    ("secretsmanager", "CreateSecret"): "secretsmanager:TagResource",
    ("sns", "CreateTopic"): "sns:TagResource",
    ("sqs", "CreateQueue"): "sqs:TagQueue",
    ("ssm", ""): "ssm:AddTagsToResource",
    ("stepfunctions", ""): "states:TagResource",
}


def _tagged(call: Call) -> Iterator[Granted]:
    """Yield what tags need that something is made with."""
    service, operation = call.use.service, call.use.operation
    if not operation.startswith(_MAKING) or not (call.has("Tags") or call.has("tags")):
        return
    tagging = _TAGGING.get((service, operation), _TAGGING.get((service, ""), ""))
    prefix, _, action = tagging.partition(":")
    # The ARN of a mapping of Lambda or a key of KMS is only known once it is made.
    is_named = operation != "CreateEventSourceMapping"
    if tagging:
        yield prefix, action, arns.resources(call, prefix, action) if is_named else []


# --- objects of S3 -------------------------------------------------------------------------------


def _objects(bucket: str, key: str) -> str:
    if bucket == HOLE:
        return "*"
    return f"arn:{PARTITION}:s3:::{bucket}/{key}".replace(HOLE, "*")


def _inner(call: Call, value: Value, name: str) -> list[str]:
    """Return the texts of a member of dicts; empty where it is in none."""
    found = [inner for key, inner in call.entries(value) if key in (name, HOLE)]
    return [text for inner in found for text in texts(inner) or [HOLE]]


def _read(call: Call, value: Value, bucket: str, key: str, version: str) -> Iterator[Granted]:
    """Yield what reading the object needs that the members of *value* name."""
    buckets, keys = _inner(call, value, bucket), _inner(call, value, key) or [HOLE]
    action = "GetObjectVersion" if _inner(call, value, version) else "GetObject"
    if buckets:
        yield "s3", action, [_objects(one, other) for one in buckets for other in keys]


def _documents(call: Call) -> Iterator[Granted]:
    """Yield what images, videos and documents need.

    Source: botocore's models of Rekognition and Textract, "S3Object": "For Amazon Rekognition to
    process an S3 object, the user must have permission to access the S3 object".
    """
    seen: set[Value] = set()
    left = list(call.params.values())
    while left:
        value = left.pop()
        if value in seen:
            continue
        seen.add(value)
        left += call.items(value)
        for name, inner in call.entries(value):
            if name == "S3Object":
                yield from _read(call, inner, "Bucket", "Name", "Version")
            else:
                left.append(inner)


def _uris(call: Call, value: Value, *names: str) -> list[tuple[str, str]]:
    """Return bucket and key of `s3://BUCKET/KEY`; both are unknown where it is none."""
    found: list[tuple[str, str]] = []
    for name in names:
        for uri in _inner(call, value, name):
            match = _S3_URI.fullmatch(uri)
            found.append((match.group(1), match.group(2)) if match else (HOLE, HOLE))
    return found


def _transcribe(call: Call) -> Iterator[Granted]:
    """Yield what a job reads and writes.

    Sources: Transcribe developer guide, "Permissions required for IAM roles"; botocore's model,
    "OutputBucketName" and "OutputKey". A job with a role for its data uses that one.
    """
    media = _uris(
        call, call.params.get("Media", frozenset()), "MediaFileUri", "RedactedMediaFileUri"
    )
    if media and not call.inside(("DataAccessRoleArn",)):
        yield "s3", "GetObject", [_objects(bucket, key) for bucket, key in media]
    keys = call.given("OutputKey") if call.has("OutputKey") else [""]
    if call.has("OutputBucketName"):
        buckets = call.given("OutputBucketName")
        yield "s3", "PutObject", [_objects(one, f"{key}*") for one in buckets for key in keys]


def _athena(call: Call) -> Iterator[Granted]:
    """Yield what the results of a query need. Source: Athena user guide, "Access to Amazon S3"."""
    given = call.params.get("ResultConfiguration", frozenset())
    if call.use.operation == "StartQueryExecution":
        for bucket, key in _uris(call, given, "OutputLocation"):
            yield "s3", "GetBucketLocation", [_objects(bucket, "").removesuffix("/")]
            yield "s3", "PutObject", [_objects(bucket, f"{key}*")]


def _export(call: Call) -> Iterator[Granted]:
    """Yield what an export writes.

    Source: DynamoDB developer guide, "Requesting a table export in DynamoDB".
    """
    if call.use.operation == "ExportTableToPointInTime":
        prefixes = call.given("S3Prefix") if call.has("S3Prefix") else [""]
        found = [_objects(one, f"{key}*") for one in call.given("S3Bucket") for key in prefixes]
        for action in ("AbortMultipartUpload", "PutObject", "PutObjectAcl"):
            yield "s3", action, found


def _code(call: Call) -> Iterator[Granted]:
    """Yield what code that lies in S3 needs.

    Source: Lambda answers "Your access has been denied by S3, please make sure your request
    credentials have permission to GetObject for BUCKET/KEY".
    """
    for parameter in ("Code", "Content"):
        given = call.params.get(parameter, frozenset())
        yield from _read(call, given, "S3Bucket", "S3Key", "S3ObjectVersion")
    if call.has("S3Bucket"):
        action = "GetObjectVersion" if call.has("S3ObjectVersion") else "GetObject"
        keys = call.given("S3Key") or [HOLE]
        yield "s3", action, [_objects(one, key) for one in call.given("S3Bucket") for key in keys]


# --- credentials, secrets, roles, models, mails --------------------------------------------------


def _secrets(call: Call) -> Iterator[Granted]:
    """Yield what reading several secrets needs.

    Source: Secrets Manager API reference, "BatchGetSecretValue": GetSecretValue for each secret,
    ListSecrets where filters are used.
    """
    if call.use.operation != "BatchGetSecretValue":
        return
    yield "secretsmanager", "GetSecretValue", arns.resources(call, "secretsmanager", "")
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
        yield "ses", action, arns.resources(call, "ses", action)


def _data(call: Call) -> Iterator[Granted]:
    """Yield the secret that signs in.

    Source: Aurora user guide, "Authorizing access to the Amazon RDS Data API".
    """
    if call.has("secretArn"):
        found = [arns.arn(call, name, "") for name in call.given("secretArn")]
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
        secrets = [arns.arn(call, name, "") for name in call.given("SecretArn")]
        yield "secretsmanager", "GetSecretValue", secrets
    elif call.has("WorkgroupName"):
        yield "redshift-serverless", "GetCredentials", []
    elif call.has("DbUser"):
        users = [f"{one}/{user}" for one in clusters for user in call.given("DbUser")]
        of_users = [arns.arn(call, user, "redshift:R:A:dbuser:{}") for user in users]
        yield "redshift", "GetClusterCredentials", [*of_users, *in_cluster]
    elif clusters:
        yield "redshift", "GetClusterCredentialsWithIAM", in_cluster


def _references(call: Call) -> Iterator[Granted]:
    """Yield what parameters need that stand for secrets.

    Source: Systems Manager user guide, "Referencing AWS Secrets Manager secrets from Parameter
    Store parameters"; it holds for these two operations.
    """
    if call.use.operation in ("GetParameter", "GetParameters"):
        for name in call.given("Name") + call.given("Names"):
            secret = name.lstrip("/").removeprefix(_REFERENCE)
            if secret != name.lstrip("/"):
                template = "secretsmanager:R:A:secret:{}-??????"
                yield "secretsmanager", "GetSecretValue", [arns.arn(call, secret, template)]


def _generation(call: Call) -> Iterator[Granted]:
    """Yield what an answer from a knowledge base needs.

    Source: Bedrock user guide, "Set up permissions for a user or role to create and manage
    knowledge bases", of a role that queries one.
    """
    if not call.use.operation.startswith("RetrieveAndGenerate"):
        return
    bases: list[str] = []
    models: list[str] = []
    for _, configured in call.entries(
        call.params.get("retrieveAndGenerateConfiguration", frozenset())
    ):
        bases += _inner(call, configured, "knowledgeBaseId")
        models += _inner(call, configured, "modelArn")
    template = "bedrock:R:A:knowledge-base/{}"
    yield "bedrock", "Retrieve", [arns.arn(call, name, template) for name in bases]
    named = [name for name in models if name.startswith("arn:")]
    yield "bedrock", "InvokeModel", named if len(named) == len(models) else []


def _profiles(call: Call) -> Iterator[Granted]:
    """Yield the role that is handed on.

    Source: botocore's model of IAM, "AddRoleToInstanceProfile": "The caller of this operation must
    be granted the PassRole permission".
    """
    if call.use.operation == "AddRoleToInstanceProfile":
        names = call.given("RoleName")
        yield "iam", "PassRole", [arns.arn(call, name, "iam::A:role/{}") for name in names]


def _endpoints(call: Call) -> Iterator[Granted]:
    """Yield what asking for the address needs, which comes before each call.

    Source: botocore's models of Timestream, "endpointdiscovery": required.
    """
    if call.use.operation != "DescribeEndpoints":
        yield "timestream", "DescribeEndpoints", []


_BY_SERVICE: dict[str, Callable[[Call], Iterator[Granted]]] = {
    "athena": _athena,
    "bedrock-agent-runtime": _generation,
    "dynamodb": _export,
    "iam": _profiles,
    "lambda": _code,
    "rds-data": _data,
    "redshift-data": _redshift,
    "rekognition": _documents,
    "secretsmanager": _secrets,
    "sesv2": _mail,
    "ssm": _references,
    "textract": _documents,
    "timestream-query": _endpoints,
    "timestream-write": _endpoints,
    "transcribe": _transcribe,
}
