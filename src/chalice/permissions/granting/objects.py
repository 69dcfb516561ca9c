"""Objects of S3 that other services read or write with the rights of the caller."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.permissions.reading.values import HOLE, PARTITION, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalice.permissions.granting.given import Call, Granted

_S3_URI = re.compile("s3://([^/]+)/?(.*)", re.DOTALL)


def objects(call: Call) -> Iterator[Granted]:
    """Yield what *call* has its service do with objects."""
    own = _BY_SERVICE.get(call.use.service)
    if own is not None:
        yield from own(call)


def _object(bucket: str, key: str) -> str:
    if bucket == HOLE:
        return "*"
    return f"arn:{PARTITION}:s3:::{bucket}/{key}".replace(HOLE, "*")


def _read(call: Call, value: Value, bucket: str, key: str, version: str) -> Iterator[Granted]:
    """Yield what reading the object needs that the members of *value* name."""
    buckets, keys = call.members(value, bucket), call.members(value, key) or [HOLE]
    action = "GetObjectVersion" if call.members(value, version) else "GetObject"
    if buckets:
        yield "s3", action, [_object(one, other) for one in buckets for other in keys]


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
        for uri in call.members(value, name):
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
        yield "s3", "GetObject", [_object(bucket, key) for bucket, key in media]
    keys = call.given("OutputKey") if call.has("OutputKey") else [""]
    if call.has("OutputBucketName"):
        buckets = call.given("OutputBucketName")
        yield "s3", "PutObject", [_object(one, f"{key}*") for one in buckets for key in keys]


def _athena(call: Call) -> Iterator[Granted]:
    """Yield what the results of a query need. Source: Athena user guide, "Access to Amazon S3"."""
    given = call.params.get("ResultConfiguration", frozenset())
    if call.use.operation == "StartQueryExecution":
        for bucket, key in _uris(call, given, "OutputLocation"):
            yield "s3", "GetBucketLocation", [_object(bucket, "").removesuffix("/")]
            yield "s3", "PutObject", [_object(bucket, f"{key}*")]


def _export(call: Call) -> Iterator[Granted]:
    """Yield what an export writes.

    Source: DynamoDB developer guide, "Requesting a table export in DynamoDB".
    """
    if call.use.operation == "ExportTableToPointInTime":
        prefixes = call.given("S3Prefix") if call.has("S3Prefix") else [""]
        found = [_object(one, f"{key}*") for one in call.given("S3Bucket") for key in prefixes]
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
        yield "s3", action, [_object(one, key) for one in call.given("S3Bucket") for key in keys]


_BY_SERVICE: dict[str, Callable[[Call], Iterator[Granted]]] = {
    "athena": _athena,
    "dynamodb": _export,
    "lambda": _code,
    "rekognition": _documents,
    "textract": _documents,
    "transcribe": _transcribe,
}
