"""Objects of S3 that other services read or write with the rights of the caller."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.permissions import table
from chalice.permissions.granting import places
from chalice.permissions.reading import services
from chalice.permissions.reading.values import HOLE, MARK, PARTITION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalice.permissions.granting.given import Call, Granted

_S3_URI = re.compile("s3://([^/]+)/?(.*)", re.DOTALL)
# Source: S3 user guide, "Methods for accessing a bucket": by its host, or by the path.
_URLS = (
    re.compile(r"https://([^/]+?)\.s3[.-][^/]*amazonaws\.com[^/]*/(.*)", re.DOTALL),
    re.compile(r"https://s3[.-][^/]*amazonaws\.com[^/]*/([^/]+)/(.*)", re.DOTALL),
)
# Parameters that say how the keys of several objects begin. Sources: botocore's models of those
# that `scripts.authorization.locations` knows.
_BEGINNING = re.compile("prefix|^outputkey$", re.IGNORECASE)
_WRITES = ("Put", "Abort", "Delete")


def objects(call: Call) -> Iterator[Granted]:
    """Yield what *call* has its service do with objects, where that hangs on more than names."""
    if call.use.service == "transcribe":
        yield from _transcribe(call)


def named(call: Call, action: str, path: str) -> tuple[list[str], bool]:
    """Return what *action* is needed on in S3, and whether there may be more that is not known.

    Args:
        call: the call.
        action: of S3, without its prefix.
        path: where the call names it: a URI, or `Document.S3Object.Bucket+Name+Version`, a bucket
            with the members beside it that are the key and the version.
    """
    types = (services.actions_of("s3") or {}).get(action.lower(), frozenset())
    found, is_possible = _places(call, path)
    if "object" not in types:
        return [_object(bucket, "").removesuffix("/") for bucket, _, _ in found], is_possible
    is_written = action.startswith(_WRITES)
    ending = "*" if is_written and "+" not in path else ""
    return [_object(bucket, f"{key}{ending}") for bucket, key, _ in found], is_possible


def versioned(call: Call, action: str, path: str) -> str:
    """Return *action*, or that for versions of objects where the call names one."""
    return table.S3_OF_VERSION.get(action, action) if _has_version(call, path) else action


def _has_version(call: Call, path: str) -> bool:
    return any(has_version for _, _, has_version in _places(call, path)[0])


def _places(call: Call, path: str) -> tuple[list[tuple[str, str, bool]], bool]:
    """Return the bucket and the key of each place, and whether a version is named there."""
    holder, _, last = path.rpartition(".")
    if "+" not in last:
        found = places.at(call, path)
        located = [one for text in found.texts for one in _of_uri(text)]
        return [(bucket, key, False) for bucket, key in located], found.is_near
    bucket, key, version = last.split("+")
    is_possible = False
    found_in_rows: list[tuple[str, str, bool]] = []
    for buckets, keys, versions in places.beside(call, holder, bucket, key, version):
        is_possible = is_possible or any(found.is_near for found in (buckets, keys, versions))
        begins = "*" if _BEGINNING.search(key) or not key else ""
        for name in buckets.texts:
            texts = keys.texts or (HOLE,) if key and not begins else keys.texts or ("",)
            found_in_rows += (
                (
                    name.rpartition(":")[2] if name.startswith("arn:") else name,
                    f"{text}{begins}",
                    bool(versions.texts),
                )
                for text in texts
            )
    return found_in_rows, is_possible


def _of_uri(uri: str) -> Iterator[tuple[str, str]]:
    """Yield bucket and key of a URI, both unknown where its start is; nothing of others."""
    for form in (_S3_URI, *_URLS):
        match = form.fullmatch(uri.partition("?")[0] if form in _URLS else uri)
        if match is not None:
            yield match.group(1), match.group(2)
            return
    start = MARK.sub("", uri).partition(HOLE)[0]
    if uri.startswith(HOLE) or (HOLE in uri and "s3" in start):
        yield HOLE, HOLE


def _object(bucket: str, key: str) -> str:
    if bucket == HOLE:
        return "*"
    return f"arn:{PARTITION}:s3:::{bucket}/{key}".replace(HOLE, "*")


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
        yield "s3", "GetObject", [_object(bucket, key) for bucket, key in media]
    keys = call.given("OutputKey") if call.has("OutputKey") else [""]
    if call.has("OutputBucketName"):
        buckets = call.given("OutputBucketName")
        yield "s3", "PutObject", [_object(one, f"{key}*") for one in buckets for key in keys]
