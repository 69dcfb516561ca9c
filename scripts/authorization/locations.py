"""Objects and buckets of S3 that calls name, and what their caller needs of them.

Where a service reads or writes with the rights of the caller is known from the dependent actions of
AWS's service authorization reference, from CloudFormation's schemas, or from what is written here.
What is done as a role that is handed on is that role's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scripts.authorization.reference import reference
from scripts.authorization.schemas import needed, schemas

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from scripts.authorization.models import Member, Operation
    from scripts.authorization.reference import Reference
    from scripts.authorization.schemas import Made

_READ = "s3:GetObject"
_WRITTEN = "s3:PutObject"

#: What a service does with the rights of the caller, and neither list says. By service, and
#: operations that begin so; what is asked of what is read, and of what is written.
_OWN: dict[tuple[str, str], tuple[str, str]] = {
    # Source: Athena user guide, "Access to Amazon S3".
    ("athena", "StartQueryExecution"): ("", f"{_WRITTEN} s3:GetBucketLocation"),
    # Source: API Gateway developer guide, "Configuring mutual TLS authentication": who sets a
    # truststore needs to read it.
    ("apigateway", "CreateDomainName"): (_READ, ""),
    ("apigatewayv2", "CreateDomainName"): (_READ, ""),
    ("apigatewayv2", "UpdateDomainName"): (_READ, ""),
    # Source: Bedrock user guide, "Bedrock Data Automation", "Permissions".
    ("bedrock-data-automation-runtime", "InvokeDataAutomation"): (_READ, _WRITTEN),
    # Source: Bedrock user guide, "Connect to your data ... chat with your document": sources in S3.
    ("bedrock-agent-runtime", "RetrieveAndGenerate"): (_READ, ""),
    # Sources: botocore's model of Bedrock Runtime, "S3Location" of messages; API reference,
    # "StartAsyncInvoke": the output is written with the permissions of the caller.
    ("bedrock-runtime", "Converse"): (_READ, ""),
    ("bedrock-runtime", "CountTokens"): (_READ, ""),
    ("bedrock-runtime", "StartAsyncInvoke"): (_READ, _WRITTEN),
    # Source: Braket developer guide, "Managing access to Amazon Braket": AmazonBraketFullAccess has
    # the objects of results.
    ("braket", "CreateQuantumTask"): ("", _WRITTEN),
    # Source: CloudFormation user guide, "Controlling access with IAM": a template in S3 is read
    # with the permissions of who names it.
    ("cloudformation", "Create"): (_READ, ""),
    ("cloudformation", "EstimateTemplateCost"): (_READ, ""),
    ("cloudformation", "GetTemplateSummary"): (_READ, ""),
    ("cloudformation", "ImportStacksToStackSet"): (_READ, ""),
    ("cloudformation", "SetStackPolicy"): (_READ, ""),
    ("cloudformation", "UpdateStack"): (_READ, ""),
    ("cloudformation", "ValidateTemplate"): (_READ, ""),
    # Sources: DynamoDB developer guide, "Requesting a table export in DynamoDB", "Requesting a
    # table import in DynamoDB".
    ("dynamodb", "ExportTableToPointInTime"): (
        "",
        f"{_WRITTEN} s3:AbortMultipartUpload s3:PutObjectAcl",
    ),
    ("dynamodb", "ImportTable"): (f"{_READ} s3:ListBucket", ""),
    # Source: EC2 API reference, "CreateFpgaImage": the design is read, and logs are written.
    ("ec2", "CreateFpgaImage"): (_READ, _WRITTEN),
    # Sources: EC2 user guide, "Store and restore an AMI using S3", "IAM permissions".
    ("ec2", "CreateRestoreImageTask"): (f"{_READ} s3:ListBucket", ""),
    ("ec2", "CreateStoreImageTask"): (
        "",
        f"{_WRITTEN} s3:AbortMultipartUpload s3:DeleteObject s3:ListBucket s3:PutObjectTagging",
    ),
    # Source: botocore's model of Elastic Beanstalk, "SourceBundle".
    ("elasticbeanstalk", "CreateApplicationVersion"): (_READ, ""),
    ("elasticbeanstalk", "CreatePlatformVersion"): (_READ, ""),
    # Source: Lambda answers "Your access has been denied by S3, please make sure your request
    # credentials have permission to GetObject for BUCKET/KEY".
    ("lambda", ""): (_READ, ""),
    # Source: OpenSearch Service developer guide, "Custom packages", "Package permissions
    # requirements".
    ("es", "CreatePackage"): (_READ, ""),
    ("es", "UpdatePackage"): (_READ, ""),
    ("opensearch", "CreatePackage"): (_READ, ""),
    ("opensearch", "UpdatePackage"): (_READ, ""),
    # Source: Polly developer guide, "Setting up the IAM policy for asynchronous synthesis".
    ("polly", "StartSpeechSynthesisTask"): ("", _WRITTEN),
    # Sources: botocore's model of Rekognition, "S3Object": "For Amazon Rekognition to process an S3
    # object, the user must have permission to access the S3 object"; "CreateFaceLivenessSession",
    # "CreateProjectVersion"; Custom Labels guide, "Accessing external Amazon S3 buckets".
    ("rekognition", "CopyProjectVersion"): ("", _WRITTEN),
    ("rekognition", "CreateFaceLivenessSession"): ("", _WRITTEN),
    ("rekognition", "CreateProjectVersion"): (_READ, _WRITTEN),
    ("rekognition", "StartMediaAnalysisJob"): (_READ, _WRITTEN),
    ("rekognition", ""): (_READ, ""),
    # Source: Signer developer guide, "Signing platforms": who starts a job reads the code and
    # writes what is signed.
    ("signer", "StartSigningJob"): (
        "s3:GetObjectVersion s3:ListBucket",
        f"{_WRITTEN} s3:ListBucket",
    ),
    # Source: Textract developer guide, "Modifying your output destination".
    ("textract", "StartDocument"): ("", _WRITTEN),
    ("textract", "StartExpense"): ("", _WRITTEN),
    ("textract", "StartLending"): ("", _WRITTEN),
    # Where tables of Glue are, who queries them reads.
    ("glue", "CreateTable"): ("", ""),
    ("glue", "UpdateTable"): ("", ""),
    # The modules of `granting` know these, which hang on more than names.
    ("s3", ""): ("", ""),
    ("s3control", ""): ("", ""),
    ("transcribe", "Start"): ("", ""),
}
# Of these, own and listed are both asked: AWS's list has what is read.
_BOTH = frozenset({"textract"})

_BUCKET = re.compile("bucket", re.IGNORECASE)
_NO_BUCKET = re.compile(
    "acl|account|columns|count|folder|key$|owner|policy|prefix|region|role|size|type", re.IGNORECASE
)
_URI = re.compile("(uri|url|path|location|s3uri)$", re.IGNORECASE)
_OF_S3 = re.compile(r"\bS3\b|s3://")
_KEYS = (
    *("Key", "S3Key", "S3ObjectKey", "ObjectKey", "FileKey", "ObjectName", "Name", "Prefix"),
    *("S3KeyPrefix", "S3Prefix", "KeyPrefix", "OutputS3KeyPrefix", "ObjectPrefix"),
    *("S3ObjectPrefix", "CaCertificatesBundleS3Key", "OutputKey", "ObjectKeyPrefix", "File"),
)
_VERSIONS = (
    "Version",
    "VersionId",
    "ObjectVersion",
    "S3ObjectVersion",
    "CaCertificatesBundleS3ObjectVersion",
)
_OUT = re.compile(
    "output|destination|target|result|export|report|logs?(?-i:(?![a-z]))|delivery", re.IGNORECASE
)
_ROLE = re.compile("role_?arn$|^role$|role_?name$|iamrole$", re.IGNORECASE)

# What schemas name beside reading and writing, of no use with a bucket that a call names.
_OF_SCHEMAS = frozenset({_READ, "s3:ListBucket", _WRITTEN, "s3:GetBucketLocation"})
_WRITES = ("s3:Put", "s3:Delete", "s3:Abort")
_ON_BUCKETS = (
    "s3:GetBucket",
    "s3:ListBucket",
    "s3:PutBucket",
    "s3:GetEncryption",
    "s3:PutLifecycle",
)


def locations(
    packages: Path, found: Iterable[Operation]
) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield service, operation, paths, actions and kind, for what is read and what is written."""
    listed = reference(packages)
    made = schemas(packages, "s3")
    for operation in found:
        named = list(_named(operation))
        read, written = _asked(operation, listed, made)
        out = [path for path in named if _OUT.search(path)]
        inward = [path for path in named if path not in out]
        for paths, actions in (
            (inward or ([] if written else out), read),
            (out or ([] if read else inward), written),
        ):
            if paths and actions:
                yield operation.service, operation.name, " ".join(paths), " ".join(actions), ""


def _asked(operation: Operation, listed: Reference, made: Made) -> tuple[list[str], list[str]]:
    """Return what is asked for what is read, and for what is written."""
    own = [
        asked
        for (service, start), asked in _OWN.items()
        if service == operation.service and operation.name.startswith(start)
    ]
    actions = {item for item in listed.dependent(operation) if item.startswith("s3:")}
    if own and operation.service not in _BOTH:
        return own[0][0].split(), own[0][1].split()
    if not actions and not any(_ROLE.search(member.name) for member in operation.members):
        actions = needed(operation, made) & _OF_SCHEMAS
    known = sorted(actions & (listed.about("s3", "object") | listed.about("s3", "bucket")))
    on_buckets = [item for item in known if item.startswith(_ON_BUCKETS)]
    writes = [item for item in known if item.startswith(_WRITES) and item not in on_buckets]
    reads = [item for item in known if item not in on_buckets and item not in writes]
    if own:
        writes = own[0][1].split()
    on_both = on_buckets if reads and writes else []
    return (
        reads + (on_buckets if reads or not writes else on_both),
        writes + (on_buckets if writes and not reads else on_both),
    )


def _named(operation: Operation) -> Iterator[str]:
    """Yield where an operation names something in S3: `Document.S3Object.Bucket+Name+Version`.

    A text that is a URI stands alone.
    """
    by_path = {member.path: member for member in operation.members}
    for path, member in by_path.items():
        if _is_bucket(member):
            start = path.removesuffix(member.name)
            key, version = (
                next((name for name in _alike(member, names) if start + name in by_path), "")
                for names in (_KEYS, _VERSIONS)
            )
            yield f"{path}+{key}+{version}"
        elif _URI.search(member.name) and _OF_S3.search(member.documentation):
            yield path


def _alike(member: Member, names: tuple[str, ...]) -> Iterator[str]:
    """Yield what a key beside a bucket may be called: first what is called as the bucket is."""
    before = member.name[: member.name.lower().rindex("bucket")]
    if before:
        yield from (f"{before}{name}" for name in names)
    yield from _cased(names)


def _cased(names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        yield name
        yield name[0].lower() + name[1:]


def _is_bucket(member: Member) -> bool:
    return bool(_BUCKET.search(member.name)) and not _NO_BUCKET.search(member.name)
