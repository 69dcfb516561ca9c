"""What a call is, which has more than one action: those are granted in any case.

They are on what the call itself is about, or take no name that a call has. Each source is beside
what it is for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.permissions.granting import arns, places
from chalice.permissions.granting.resources import by_service
from chalice.permissions.reading.values import HOLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from chalice.permissions.granting.given import Call, Granted


def itself(call: Call) -> Iterator[Granted]:
    """Yield the further actions of *call*."""
    service, operation = call.use.service, call.use.operation
    own = _RULES.get((service, operation)) or _RULES.get((service, _ANY))
    if own is not None:
        yield from own(call)


def _secrets(call: Call) -> Iterator[Granted]:
    """Yield what reading several secrets needs.

    Source: Secrets Manager API reference, "BatchGetSecretValue": GetSecretValue for each secret,
    ListSecrets where filters are used.
    """
    yield "secretsmanager", "GetSecretValue", by_service.resources(call, "secretsmanager", "")
    if call.has("Filters") or "**" in call.params:
        yield "secretsmanager", "ListSecrets", []


#: What each kind of content is asked for. Source: AWS's list has one action each; which of them the
#: second API asks is only seen in what it answers: "calling the SendEmail operation: ... not
#: authorized to perform 'ses:SendRawEmail'" (django-anymail, Amazon SES, "IAM permissions").
_CONTENTS = {"Raw": "SendRawEmail", "Template": "SendTemplatedEmail"}


def _mail(call: Call) -> Iterator[Granted]:
    """Yield what the content of a mail needs besides `SendEmail`."""
    kinds = {kind for kind, _ in call.entries(call.params.get("Content", frozenset([None])))}
    for kind, action in _CONTENTS.items():
        if kind in kinds or HOLE in kinds:
            yield "ses", action, by_service.resources(call, "ses", action)


def _mails(call: Call) -> Iterator[Granted]:
    """Yield what mails by a template need besides `SendBulkEmail`. Source: see `_CONTENTS`."""
    action = "SendBulkTemplatedEmail"
    yield "ses", action, by_service.resources(call, "ses", action)


def _workgroups(call: Call) -> Iterator[Granted]:
    """Yield what signing in by a workgroup needs, whose ARN has an id in the place of its name.

    Source: botocore's model of the Redshift Data API, "ExecuteStatement" and the others that sign
    in to a database.
    """
    if call.has("WorkgroupName") and not call.has("SecretArn"):
        every = arns.arn(call, "*", "redshift-serverless:R:A:workgroup/{}")
        yield "redshift-serverless", "GetCredentials", [every]


def _policies(call: Call) -> Iterator[Granted]:
    """Yield what a policy for all log groups needs, by its kind.

    Source: botocore's model of CloudWatch Logs, "PutAccountPolicy".
    """
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


def _stacks(call: Call) -> Iterator[Granted]:
    """Yield what describing all stacks needs.

    Source: CloudFormation API reference, "DescribeStacks", "StackName": "you must have access to
    the ListStacks ... action" without it.
    """
    if not (call.has("StackName") and call.always("StackName")):
        yield "cloudformation", "ListStacks", []


def _endpoints(call: Call) -> Iterator[Granted]:
    """Yield what asking for the address needs, which comes before each call.

    Source: botocore's models of Timestream, "endpointdiscovery": required.
    """
    del call
    yield "timestream", "DescribeEndpoints", []


def _languages(call: Call) -> Iterator[Granted]:
    """Yield what finding out a language needs.

    Sources: botocore's model of Translate, "SourceLanguageCode": with `auto`, "Amazon Translate
    will call Amazon Comprehend"; Translate developer guide, "AWS managed policies",
    TranslateReadOnly.
    """
    codes = call.given("SourceLanguageCode")
    if any(code == "auto" or HOLE in code for code in codes):
        yield "comprehend", "DetectDominantLanguage", []


def _jobs(call: Call) -> Iterator[Granted]:
    """Yield the jobs that a model is started in, which have no name before.

    Source: service authorization reference, Bedrock, "InvokeModel", "async-invoke".
    """
    yield "bedrock", "InvokeModel", [arns.arn(call, "*", "bedrock:R:A:async-invoke/{}")]


def _encrypted(call: Call) -> Iterator[Granted]:
    """Yield the key of a stream.

    Source: service authorization reference, Kinesis Data Streams: both actions take a key, too.
    """
    found = arns.key_arns(call, call.given("KeyId"))
    if found:
        yield "kinesis", call.use.operation, found


def _passwords(call: Call) -> Iterator[Granted]:
    """Yield what a password that a service keeps needs of AWS's own key, where it has no other.

    Source: RDS user guide, "Password management with Amazon RDS and AWS Secrets Manager",
    "Permissions required for Secrets Manager integration": kms:DescribeKey "to describe
    aws/secretsmanager".
    """
    is_kept = places.at(call, "ManageMasterUserPassword").texts
    if is_kept and not call.has("MasterUserSecretKmsKeyId"):
        yield "kms", "DescribeKey", [arns.arn(call, "*", "kms:R:A:key/{}")]


def _caches(call: Call) -> Iterator[Granted]:
    """Yield what the endpoint of a cache needs of the network that it is in by default.

    Sources: ElastiCache API reference, "CreateServerlessCache", "SecurityGroupIds" and "SubnetIds":
    without them, they are those of the default VPC; service authorization reference, Amazon EC2,
    "CreateVpcEndpoint".
    """
    for name, kind in (("SecurityGroupIds", "security-group"), ("SubnetIds", "subnet")):
        if not (call.has(name) and call.always(name)):
            yield "ec2", "CreateVpcEndpoint", [arns.arn(call, "*", f"ec2:R:A:{kind}/{{}}")]


# In the place of an operation: each of a service.
_ANY = "*"
#: The rules by service and operation. Of several operations, which these are is in botocore's
#: models: those that have the parameters.
_RULES: Mapping[tuple[str, str], Callable[[Call], Iterator[Granted]]] = {
    ("bedrock-runtime", "StartAsyncInvoke"): _jobs,
    ("cloudformation", "DescribeStacks"): _stacks,
    ("docdb", "CreateDBCluster"): _passwords,
    ("docdb", "ModifyDBCluster"): _passwords,
    ("elasticache", "CreateServerlessCache"): _caches,
    ("kinesis", "StartStreamEncryption"): _encrypted,
    ("kinesis", "StopStreamEncryption"): _encrypted,
    ("logs", "PutAccountPolicy"): _policies,
    ("rds", _ANY): _passwords,
    **{
        ("redshift-data", operation): _workgroups
        for operation in (
            *("BatchExecuteStatement", "DescribeTable", "ExecuteStatement"),
            *("ListDatabases", "ListSchemas", "ListTables"),
        )
    },
    ("secretsmanager", "BatchGetSecretValue"): _secrets,
    ("sesv2", "SendBulkEmail"): _mails,
    ("sesv2", "SendEmail"): _mail,
    ("timestream-query", _ANY): _endpoints,
    ("timestream-write", _ANY): _endpoints,
    ("translate", "TranslateDocument"): _languages,
    ("translate", "TranslateText"): _languages,
}
