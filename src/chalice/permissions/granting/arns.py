"""How ARNs of what a call names are written: `*` for parts that are not known.

CloudFormation knows partition, region and account: `pseudo(...)` stands for those.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.permissions.reading.values import ACCOUNT, HOLE, PARTITION, REGION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chalice.permissions.granting.given import Call

# The ARN of a secret without what it ends in.
_PARTIAL_SECRET = re.compile(r"arn:.*:secret:(?!.*(-[A-Za-z0-9?]{6}|\*|\x00)$).*")
# Source: Bedrock user guide, "Supported Regions and models for inference profiles".
_GEOGRAPHIES = frozenset({"apac", "au", "ca", "eu", "global", "jp", "us", "us-gov"})
# What follows a geography: who made the model, and what it is called. Source: Bedrock user guide,
# "Supported foundation models in Amazon Bedrock", "Model ID".
_MODEL = re.compile(r"\.[a-z0-9]+\.[a-z]")
# What stands where a key may, and is none: `AWS_OWNED_KMS_KEY`, and keys of AWS, to which who calls
# a service in the account has rights already. Source: KMS developer guide, "AWS KMS keys", "AWS
# managed keys".
_NO_KEY = re.compile(r"|[A-Z][A-Z0-9_]*|(arn:[^/]*:)?alias/aws/.*", re.DOTALL)


def arn(call: Call, name: str, template: str) -> str:
    """Return the ARN of what is called *name*, which may be one; `*` where nothing is known."""
    if name.startswith("arn:"):
        return name.replace(HOLE, "*")
    if name == HOLE or not name or not template:
        return "*"
    region = call.use.region or REGION
    service, where, account, rest = template.split(":", 3)
    made = ":".join(
        (
            "arn",
            PARTITION,
            service,
            region if where == "R" else where,
            ACCOUNT if account == "A" else account,
            rest.replace("{}", name),
        )
    )
    return made.replace(HOLE, "*")


def is_of_resource(name: str) -> bool:
    """Return whether a parameter called *name* is the ARN of what a call is about: no role's."""
    plain = name.lower()
    return plain.endswith("arn") and "role" not in plain


# SDKs take the parts of these ARNs between colons, too; IAM has slashes. Sources: botocore,
# `S3ArnParamHandler`; service authorization reference, Amazon S3 and S3 on Outposts, "Resource
# types".
_ACCESS_POINT = re.compile(r":(?:outpost[:/]([^:/]+)[:/])?accesspoint[:/]")
# Source: S3 user guide, "Access point aliases": the name, which may be cut, and 34 characters.
_ALIAS = re.compile(r"([a-z0-9-]+)-[a-z0-9]{34}-s3alias")


def bucket_arn(bucket: str) -> str:
    """Return the ARN of a bucket or an access point; `*` where nothing is known."""
    if bucket in ("", HOLE):
        return "*"
    if bucket.startswith("arn:"):
        return _ACCESS_POINT.sub(_with_slashes, bucket).replace(HOLE, "*")
    alias = _ALIAS.fullmatch(bucket)
    if alias is None:
        return f"arn:{PARTITION}:s3:::{bucket}".replace(HOLE, "*")
    # Where it is, and whose, the alias does not say.
    return f"arn:{PARTITION}:s3:*:*:accesspoint/{alias.group(1)}*"


def _with_slashes(match: re.Match[str]) -> str:
    outpost = match.group(1)
    return f":outpost/{outpost}/accesspoint/" if outpost else ":accesspoint/"


def object_arn(bucket: str, key: str) -> str:
    """Return the ARN of an object.

    Sources: S3 user guide, "Configuring IAM policies for using access points": objects that are
    reached through one are below `object/`; S3 on Outposts user guide, "ARNs for S3 on Outposts",
    "AP object ARN"; SAR, "Amazon S3 Object Lambda": of that, only access points are resources.
    """
    whole = bucket_arn(bucket)
    if whole == "*" or ":s3-object-lambda:" in whole:
        return whole
    inside = f"object/{key}" if _ACCESS_POINT.search(whole) else key
    return f"{whole}/{inside}".replace(HOLE, "*")


def table_arn(call: Call, name: str) -> str:
    """Return the ARN of a table of DynamoDB."""
    return arn(call, name, "dynamodb:R:A:table/{}")


def secret_arn(call: Call, name: str) -> str:
    """Return the ARN of a secret, which may be called by its name or a part of its ARN.

    Sources: Secrets Manager user guide, "Permissions policy examples": the ARN ends in six random
    characters, which `??????` stands for; the same, "Finding a secret from a partial ARN": an ARN
    may come without them.
    """
    if _PARTIAL_SECRET.fullmatch(name):
        return f"{name}-??????".replace(HOLE, "*")
    return arn(call, name, "secretsmanager:R:A:secret:{}-??????")


def parameter_arn(call: Call, name: str) -> str:
    """Return the ARN of a parameter of Systems Manager: those that are AWS's own have no account.

    Source: Systems Manager user guide, "Working with public parameters": they are below
    `aws/service`.
    """
    owner = "" if f"{name}/".startswith("aws/service/") else "A"
    return arn(call, name, f"ssm:R:{owner}:parameter/{{}}")


def key_arn(call: Call, name: str) -> str:
    """Return the ARN of a key of KMS.

    Source: KMS developer guide, "Using aliases": a policy cannot name a key by its alias.
    """
    start, alias, _ = name.rpartition("alias/")
    if alias and name.startswith("arn:"):
        return f"{start}key/*".replace(HOLE, "*")
    return arn(call, "*" if alias else name, "kms:R:A:key/{}")


def key_arns(call: Call, names: Iterable[str]) -> list[str]:
    """Return the ARNs of the keys among *names*: what stands in their place may be none."""
    return [key_arn(call, name) for name in names if not _NO_KEY.fullmatch(name)]


def model_arns(call: Call, names: Iterable[str]) -> list[str]:
    """Return the ARNs of models and inference profiles of Bedrock."""
    found: list[str] = []
    for name in names:
        # Source: SAR, "Amazon Bedrock"; user guide, "Prerequisites for inference profiles": a
        # profile needs its models too, in each region that it leads to. Which those of an
        # application's own profile are, its id does not say.
        start, of_system, profile = name.rpartition(":inference-profile/")
        is_own = ":application-inference-profile/" in name
        geography, _, model = (profile if of_system or not start else name).partition(".")
        is_arn = name.startswith("arn:")
        if name != HOLE and HOLE in geography and not is_arn:
            found += _of_any_geography(call, name)
        elif is_own or (geography in _GEOGRAPHIES and (of_system or not is_arn)):
            found.append(arn(call, name, "bedrock:R:A:inference-profile/{}"))
            of_models = "*" if is_own else model
            found.append(
                f"arn:{PARTITION}:bedrock:*::foundation-model/{of_models}".replace(HOLE, "*")
            )
        else:
            found.append(arn(call, name, "bedrock:R::foundation-model/{}"))
    return found


def _of_any_geography(call: Call, name: str) -> Iterator[str]:
    """Yield the ARNs of what may be a model or a profile: how its name begins is not known."""
    yield arn(call, name, "bedrock:R:A:inference-profile/{}")
    behind = name.rpartition(HOLE)[2]
    model = behind[1:] if _MODEL.match(behind) else name
    yield f"arn:{PARTITION}:bedrock:*::foundation-model/{model}".replace(HOLE, "*")
