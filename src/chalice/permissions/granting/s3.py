"""What calls of S3 need, which hangs on more than their operation.

On the bucket: directory buckets ask for a session in the place of single actions. On parameters:
what is written with tags or an ACL, what a copy is made of, which version is meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chalice.permissions import table
from chalice.permissions.granting import arns, places
from chalice.permissions.granting.resources import by_service
from chalice.permissions.reading import services
from chalice.permissions.reading.values import HOLE, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chalice.permissions.granting.actions import Action
    from chalice.permissions.granting.given import Call, Granted

#: Which resource the name of a bucket means, by how it ends. Source: S3 user guide, "Directory
#: bucket naming rules" and "Access points for directory buckets naming rules".
_DIRECTORIES = {"--x-s3": "bucket", "--xa-s3": "accesspoint"}

_COPIES = frozenset({"CopyObject", "UploadPartCopy", "copy"})
# Of these, transfers may be made in parts.
_IN_PARTS = frozenset({"CreateMultipartUpload", "copy", "upload_file", "upload_fileobj"})
_WRITES = frozenset({"CopyObject", "PutObject"}) | _IN_PARTS


def granted(call: Call, own: Sequence[Action]) -> Iterator[Granted]:
    """Yield what *call* needs.

    Args:
        call: of S3.
        own: the actions of its operation.
    """
    directories, others = _apart(call)
    for prefix, name in _versioned(call, own):
        for bucket in directories:
            yield _of_other(call, bucket, name)
        if others is not None:
            yield prefix, name, by_service.resources(others, prefix, name)
    if others is not None and call.has("BypassGovernanceRetention"):
        # Source: S3 API reference, "DeleteObject", "x-amz-bypass-governance-retention".
        name = "BypassGovernanceRetention"
        yield "s3", name, by_service.resources(others, "s3", name)
    if call.use.operation in _COPIES:
        yield from _copied(call, others)
    if call.use.operation == "CreateBucket" and others is not None:
        for name in _created(others):
            yield "s3", name, by_service.resources(others, "s3", name)
    if call.use.operation in _WRITES:
        yield from _written(call, others)


def behind(call: Call) -> Iterator[Granted]:
    """Yield what access points of Object Lambda need of what is behind them, which nothing names.

    Source: S3 user guide, "Configuring IAM policies for Object Lambda Access Points": who calls
    needs the function, and the objects through the access point that supports it.
    """
    if any(":s3-object-lambda:" in name for name in call.given("Bucket")):
        yield "lambda", "InvokeFunction", ["*"]
        for name in table.ACTIONS.get(("s3", call.use.operation), (call.use.operation,)):
            yield "s3", name, ["*"]


def _versioned(call: Call, own: Sequence[Action]) -> Sequence[Action]:
    """Return actions, or those of versions where any is named; both where one may be."""
    kinds = {call.has("VersionId"), call.has("VersionId") and call.always("VersionId")}
    if call.use.operation == "DeleteObjects":
        kinds = {has_version for _, has_version in by_service.deleted(call)}
    found = (
        (prefix, of_version(name) if kind else name)
        for kind in sorted(kinds)
        for prefix, name in own
    )
    return list(dict.fromkeys(found))


def of_version(action: str) -> str:
    """Return the action that *action* is where a version is named."""
    return table.S3_OF_VERSION.get(action, action)


# --- directory buckets ---------------------------------------------------------------------------


def _kind(bucket: str) -> str:
    """Return which resource of directory buckets a name means; empty for those of others."""
    return next((kind for end, kind in _DIRECTORIES.items() if bucket.endswith(end)), "")


def _apart(call: Call) -> tuple[list[str], Call | None]:
    """Return what is no bucket of S3 itself that a call may be about, and the call without it."""
    directories = [name for name in call.given("Bucket") if _kind(name) or _OTHERS.match(name)]
    if not directories:
        return [], call
    others = call.params["Bucket"].difference(directories)
    return directories, replace(call, params={**call.params, "Bucket": others}) if others else None


# Access points that are of services with actions of their own. Sources: service authorization
# reference, "Amazon S3 Object Lambda" and "Amazon S3 on Outposts".
_OTHERS = re.compile("arn:[^:]*:(s3-object-lambda|s3-outposts):")


def _of_other(call: Call, bucket: str, action: str) -> Granted:
    """Return what *action* is for a directory bucket, or an access point of another service.

    Sources: S3 user guide, "Configuring IAM policies for Object Lambda Access Points", which are
    granted as they are; S3 on Outposts user guide, "Setting up IAM", objects of access points.
    """
    other = _OTHERS.match(bucket)
    if other is None:
        return "s3express", _of_directory(action), [_directory_arn(call, bucket)]
    whole = arns.bucket_arn(bucket)
    types = (services.actions_of("s3") or {}).get(action.lower(), frozenset())
    if other[1] == "s3-outposts" and "object" in types:
        keys = [key.replace(HOLE, "*") for key in call.given("Key")] or ["*"]
        return other[1], action, [f"{whole}/object/{key}" for key in keys]
    return other[1], action, [whole]


def _of_directory(action: str) -> str:
    """Return the action of directory buckets for one of others.

    Source: S3 user guide, "Authorizing Regional endpoint API operations with IAM": what is about
    the bucket has actions of these names; "Authorizing Zonal endpoint API operations with
    CreateSession": the SDK makes a session for what is about objects.
    """
    known = services.actions_of("s3express") or {}
    return action if action.lower() in known else "CreateSession"


def _directory_arn(call: Call, name: str) -> str:
    return arns.arn(call, name, f"s3express:R:A:{_kind(name)}/{{}}")


# --- copies --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Source:
    """What a copy is made of: *bucket* and *key*, each `HOLE` where it is not known."""

    bucket: str
    key: str
    has_version: bool = False


def _copied(call: Call, others: Call | None) -> Iterator[Granted]:
    """Yield what a copy needs of its source, and for the tags and annotations that it takes over.

    Those of an object are copied unless it is said otherwise; only where it has any is that asked
    for, and which has some nobody can see in a program. So this is for who says that they are
    copied. Source: S3 API reference, "CopyObject", "x-amz-tagging-directive" and
    "x-amz-object-annotation-directive"; AWS re:Post knowledge center, "How do I troubleshoot issues
    when I copy an object between S3 buckets": tagged objects need GetObjectTagging for the source
    and PutObjectTagging for the destination.
    """
    taken = [what for name, what in _TAKEN_OVER.items() if {"COPY", HOLE} & set(call.given(name))]
    taken = [] if call.use.operation == "UploadPartCopy" else taken
    for source in _sources(call):
        if _kind(source.bucket):
            yield "s3express", "CreateSession", [_directory_arn(call, source.bucket)]
            continue
        for action in ("GetObject", *(f"Get{what}" for what in taken)):
            name = of_version(action) if source.has_version else action
            yield "s3", name, [arns.object_arn(source.bucket, source.key)]
    for what in taken if others is not None else ():
        yield "s3", f"Put{what}", by_service.resources(others or call, "s3", "PutObject")


_TAKEN_OVER = {"AnnotationDirective": "ObjectAnnotation", "TaggingDirective": "ObjectTagging"}


def _sources(call: Call) -> Iterator[_Source]:
    for atom in call.params.get("CopySource", frozenset()) or (HOLE,):
        if isinstance(atom, str):
            yield _named(atom)
            continue
        inner = dict(call.entries(frozenset([atom])))
        versions = inner.get("VersionId", frozenset([None]))
        has_version = any(version is not None for version in versions)
        for bucket in texts(inner.get("Bucket", frozenset())) or [HOLE]:
            for key in texts(inner.get("Key", frozenset())) or [HOLE]:
                yield _Source(bucket, key, has_version)


def _named(text: str) -> _Source:
    """Return the source that a text names: `BUCKET/KEY?versionId=ID`, or with an access point.

    Source: S3 API reference, "CopyObject", "x-amz-copy-source".
    """
    named, asked, version = text.lstrip("/").partition("?")
    parts = "/object/" if named.startswith("arn:") else "/"
    bucket, _, key = named.partition(parts)
    if bucket.startswith(HOLE):
        return _Source(HOLE, HOLE)
    return _Source(bucket, key or HOLE, bool(asked) and version.startswith("versionId="))


# --- what is written -----------------------------------------------------------------------------


def _created(call: Call) -> Iterator[str]:
    """Yield what a bucket asks that is made with more than a name.

    Source: S3 API reference, "CreateBucket", "Permissions".
    """
    grants = ("GrantFullControl", "GrantRead", "GrantReadACP", "GrantWrite", "GrantWriteACP")
    acl = call.given("ACL") if call.has("ACL") else []
    if any(name != "private" for name in acl) or any(call.has(name) for name in grants):
        yield "PutBucketAcl"
    if call.has("ObjectLockEnabledForBucket"):
        yield from ("PutBucketObjectLockConfiguration", "PutBucketVersioning")
    if call.has("ObjectOwnership"):
        yield "PutBucketOwnershipControls"


def _written(call: Call, others: Call | None) -> Iterator[Granted]:
    """Yield what S3 asks besides for what is written with an object."""
    for name, action in table.S3_WITH.items() if others is not None else ():
        if call.has(name):
            yield "s3", action, by_service.resources(others or call, "s3", action)


def of_keys(call: Call) -> Iterator[Granted]:
    """Yield what writing under a key of KMS needs.

    Source: S3 API reference, "CreateMultipartUpload" and "PutObject", "Permissions": parts are
    decrypted before they are put together, sessions decrypt their key. "PutBucketEncryption": both
    for the key of a directory bucket.
    """
    if call.use.operation == "PutBucketEncryption" and _apart(call)[0]:
        found = arns.key_arns(call, places.at(call, _BY_DEFAULT).any_text)
        for action in ("Decrypt", "GenerateDataKey"):
            yield from [("kms", action, found)] if found else []
    if call.use.operation in _WRITES and call.has("SSEKMSKeyId"):
        found = arns.key_arns(call, call.given("SSEKMSKeyId"))
        is_decrypted = bool(_apart(call)[0]) or call.use.operation in _IN_PARTS
        for action in ("GenerateDataKey", *(["Decrypt"] if is_decrypted else [])):
            yield from [("kms", action, found)] if found else []


_BY_DEFAULT = (
    "ServerSideEncryptionConfiguration.Rules.ApplyServerSideEncryptionByDefault.KMSMasterKeyID"
)
