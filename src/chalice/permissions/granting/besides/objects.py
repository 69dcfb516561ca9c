"""Objects of S3 that other services read or write with the rights of the caller."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

from chalice.permissions.granting import arns, places, s3
from chalice.permissions.reading import services
from chalice.permissions.reading.values import HOLE, MARK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalice.permissions.granting.given import Call, Granted

_S3_URI = re.compile("s3://([^/]+)/?(.*)", re.DOTALL)
# Source: S3 user guide, "Methods for accessing a bucket": by its host, or by the path.
_URLS = (
    re.compile(r"https://([^/]+?)\.s3[.-][^/]*amazonaws\.com[^/]*/(.*)", re.DOTALL),
    re.compile(r"https://s3[.-][^/]*amazonaws\.com[^/]*/([^/]+)/(.*)", re.DOTALL),
)
_ARN = re.compile("arn:[^:]*:s3:::([^/]+)/(.*)", re.DOTALL)
# Parameters that say how the keys of several objects begin. Sources: botocore's models of those
# that `scripts.authorization.locations` knows.
_BEGINNING = re.compile("prefix|^outputkey$", re.IGNORECASE)
_WRITES = ("Put", "Abort", "Delete")


def objects(call: Call) -> Iterator[Granted]:
    """Yield what *call* has its service do with objects, where that hangs on more than names."""
    if call.use.service == "transcribe":
        yield from _transcribe(call)


def named(call: Call, action: str, path: str) -> Iterator[Granted]:
    """Yield what *call* needs in S3 on what it names; `UNKNOWN` where that is not known.

    Args:
        call: the call.
        action: of S3, without its prefix.
        path: where the call names it: a URI, or `Document.S3Object.Bucket+Name+Version`, a bucket
            with the members beside it that are the key and the version.
    """
    types = (services.actions_of("s3") or {}).get(action.lower(), frozenset())
    is_written = action.startswith(_WRITES)
    by_action: dict[str, list[str]] = {}
    for place in _places(call, path):
        names = [action, s3.of_version(action)] if place.has_version else [action]
        # What a URI names that ends so, is what is inside; what is written, is put below it.
        is_begin = "+" not in path and (is_written or place.key.endswith("/"))
        resource = arns.object_arn(place.bucket, f"{place.key}{'*' if is_begin else ''}")
        for name in names[1:] if place.is_sure else names:
            on = resource if "object" in types else arns.bucket_arn(place.bucket)
            by_action.setdefault(name, []).append(on)
    for name, resources in by_action.items():
        yield "s3", name, resources


class _Place(NamedTuple):
    """A bucket and a key, each `HOLE` where it is not known, and whether it is one version."""

    bucket: str
    key: str
    has_version: bool = False
    #: Whether a version that is named is named each time.
    is_sure: bool = False


def _places(call: Call, path: str) -> Iterator[_Place]:
    holder, _, last = path.rpartition(".")
    if "+" not in last:
        found = places.at(call, path)
        for text in (*found.texts, *([HOLE] if found.is_near else [])):
            yield from (_Place(*place) for place in _of_uri(text))
        return
    bucket, key, version = last.split("+")
    begins = "*" if _BEGINNING.search(key) or not key else ""
    is_sure = _is_written(call, holder, version)
    for buckets, keys, versions in places.beside(call, holder, bucket, key, version):
        for name in buckets.texts:
            texts = keys.texts or (HOLE,) if key and not begins else keys.texts or ("",)
            has_version = bool(versions.texts)
            yield from (
                _Place(name, f"{text}{begins}", has_version, has_version and is_sure)
                for text in texts
            )
        if any(found.is_near for found in (buckets, keys, versions)):
            yield _Place(HOLE, HOLE)


def _is_written(call: Call, holder: str, name: str) -> bool:
    """Return whether a member is written in the call itself: what is built before may have it."""
    if not holder:
        return call.always(name)
    node = call.use.node
    first = holder.partition(".")[0].removesuffix(places.REQUIRED)
    given = node.keywords if isinstance(node, ast.Call) else []
    left: list[ast.expr] = [item.value for item in given if item.arg in (first, None)]
    while left:
        match left.pop():
            case ast.Dict(keys, values):
                if any(isinstance(key, ast.Constant) and key.value == name for key in keys):
                    return True
                left += values
            case ast.List(values) | ast.Tuple(values):
                left += values
            case _:
                continue
    return not isinstance(node, ast.Call)


def _of_uri(uri: str) -> Iterator[tuple[str, str]]:
    """Yield bucket and key of a URI or ARN, both unknown where its start is; nothing of others."""
    for form in (_S3_URI, _ARN, *_URLS):
        match = form.fullmatch(uri.partition("?")[0] if form in _URLS else uri)
        if match is not None:
            yield match.group(1), match.group(2)
            return
    start = MARK.sub("", uri).partition(HOLE)[0]
    if uri.startswith(HOLE) or (HOLE in uri and "s3" in start):
        yield HOLE, HOLE


# Source: botocore's model of Transcribe, "StartTranscriptionJob" and those that are alike.
_MEDIA = ("Media.MediaFileUri", "Media.RedactedMediaFileUri")
_ROLES = ("DataAccessRoleArn", "JobExecutionSettings.DataAccessRoleArn")


def _transcribe(call: Call) -> Iterator[Granted]:
    """Yield what a job reads and writes.

    Sources: Transcribe developer guide, "Permissions required for IAM roles"; botocore's model,
    "OutputBucketName" and "OutputKey". A job with a role for its data uses that one.
    """
    uris = [text for place in _MEDIA for text in places.at(call, place).any_text]
    media = [place for uri in uris for place in _of_uri(uri)]
    if media and not any(places.at(call, place).texts for place in _ROLES):
        yield "s3", "GetObject", [arns.object_arn(bucket, key) for bucket, key in media]
    keys = call.given("OutputKey") if call.has("OutputKey") else [""]
    if call.has("OutputBucketName"):
        written = [(one, f"{key}*") for one in call.given("OutputBucketName") for key in keys]
        yield "s3", "PutObject", [arns.object_arn(*place) for place in written]
