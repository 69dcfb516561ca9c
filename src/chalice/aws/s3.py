"""S3, as far as one bucket is written and read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from chalice.aws.errors import NOT_BY_THIS_CALL, AwsError, Denied, Elsewhere
from chalice.regions import dns_suffix, partition_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from chalice.aws.session import Session

_SERVICE = "s3"

# Source: S3 API reference, DeleteObjects: "up to 1,000 objects" a request.
_MOST_DELETED = 1_000

# What S3 says of something that is not there, and of a condition that does not hold.
# Source: S3 API reference, "List of error codes"; HEAD has no body, so the status stands for it.
_MISSING = frozenset({"404", "NoSuchBucket", "NoSuchKey", "NotFound"})
_CHANGED = frozenset({"412", "409", "PreconditionFailed", "ConditionalRequestConflict"})


@dataclass(frozen=True, slots=True)
class Object:
    """An object, without what is in it.

    Attributes:
        sha256: base64, where S3 was given it as the object was written, and is asked for it.
    """

    key: str
    size: int
    modified: datetime
    version: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What is in an object; *etag* tells one state from the next."""

    data: bytes
    etag: str


class Changed(AwsError):
    """An object is not, any more, what the writer had read."""


class S3(Protocol):
    """One bucket, whose owner is who we think; every call may raise what `Session.call` raises."""

    def head(self, key: str) -> Object | None:
        """Return what is known of an object, or None where there is none."""
        ...

    def read(self, key: str) -> Content | None:
        """Return an object's content, or None where there is none."""
        ...

    def write(self, key: str, data: bytes, *, etag: str | None = None) -> None:
        """Write an object.

        Args:
            key: its key.
            data: its content.
            etag: that of the content which this one follows; empty where there was none; None
                where it does not matter.

        Raises:
            Changed: the content is another one.
        """
        ...

    def url(self, key: str) -> str:
        """Return the address of an object, as other services take it."""
        ...

    def versions(self, prefix: str) -> tuple[Object, ...]:
        """Return every version of every object below *prefix*, marks of deletion among them."""
        ...

    def objects(self, prefix: str) -> tuple[Object, ...]:
        """Return all objects below *prefix*."""
        ...

    def delete(self, objects: Iterable[Object]) -> None:
        """Delete objects: for good those that have a version."""
        ...


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about a bucket: a sentence each, without the full stop.

    Attributes:
        missing: where it is not there.
        foreign: where it may be somebody else's.
        elsewhere: where it is in another region.
    """

    missing: str = "Make it, or name another one"
    foreign: str = "then name one that does"
    elsewhere: str = "Name one that is there"


class SdkBucket:
    """`S3` by the SDK.

    Args:
        session: who calls.
        bucket: its name.
        owner: the account that it has to belong to; a bucket of somebody else's is refused.
        advice: what is said to do about it.
    """

    def __init__(self, session: Session, bucket: str, owner: str, advice: Advice) -> None:
        self._session = session
        self._bucket = bucket
        self._owner = owner
        self._advice = advice

    def _call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """Return the answer of one operation on the bucket.

        Raises:
            AwsError: S3 refused, with what that may mean for a bucket.
        """
        try:
            return self._session.call(
                _SERVICE,
                operation,
                Bucket=self._bucket,
                ExpectedBucketOwner=self._owner,
                **parameters,
            )
        except Denied as error:
            # S3 does not tell one from the other.
            # Source: S3 user guide, "Verifying bucket ownership with bucket owner condition".
            raise error.told(
                f"{error}. Or the bucket `{self._bucket}` does not belong to account {self._owner}:"
                f" {self._advice.foreign}"
            ) from error
        except Elsewhere as error:
            # Source: Lambda API reference, FunctionCode, "S3Bucket": "in the same AWS Region as
            # your function".
            raise error.told(
                f"The bucket `{self._bucket}` is in `{error.region}`, and `{error.called}` is"
                " deployed to: functions take their code from a bucket in their own region"
                f"{NOT_BY_THIS_CALL}. {self._advice.elsewhere}"
            ) from error
        except AwsError as error:
            if error.code != "NoSuchBucket":
                raise
            raise error.told(
                f"The bucket `{self._bucket}` is not there. {self._advice.missing}"
            ) from error

    def head(self, key: str) -> Object | None:
        """Return what is known of an object, or None.

        Raises:
            Denied: the caller may not read it; or it is not there, and the caller may not list the
                bucket. Source: S3 API reference, HeadObject, "Permissions".
        """
        try:
            found = self._call("head_object", Key=key, ChecksumMode="ENABLED")
        except AwsError as error:
            if error.code in _MISSING:
                return None
            raise
        sha256 = str(found.get("ChecksumSHA256", ""))
        return Object(key, int(found["ContentLength"]), found["LastModified"], sha256=sha256)

    def read(self, key: str) -> Content | None:
        """Return an object's content, or None."""
        try:
            found = self._call("get_object", Key=key)
        except AwsError as error:
            if error.code in _MISSING:
                return None
            raise
        with found["Body"] as body:
            return Content(body.read(), str(found["ETag"]))

    def write(self, key: str, data: bytes, *, etag: str | None = None) -> None:
        """Write an object; its checksum travels along."""
        condition: dict[str, str] = {}
        if etag is not None:
            condition = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
        try:
            self._call("put_object", Key=key, Body=data, ChecksumAlgorithm="SHA256", **condition)
        except AwsError as error:
            # What somebody has deleted meanwhile is not found, where it was to be there.
            # Source: S3 user guide, "How to prevent object overwrites with conditional writes",
            # "Conditional write behavior".
            gone = bool(etag) and error.code in {"404", "NoSuchKey"}
            if gone or error.code in _CHANGED:
                raise Changed(error.code, error.operation, error.reason) from error
            raise

    def url(self, key: str) -> str:
        """Return the address of an object."""
        path = quote(key)
        endpoint = self._session.endpoint_of(_SERVICE)
        if endpoint is not None:
            return f"{endpoint.rstrip('/')}/{self._bucket}/{path}"
        region = self._session.region
        suffix = dns_suffix(partition_of(region))
        return f"https://{self._bucket}.s3.{region}.{suffix}/{path}"

    def versions(self, prefix: str) -> tuple[Object, ...]:
        """Return every version below *prefix*."""
        found: list[Object] = []
        place: dict[str, str] = {}
        while True:
            page = self._call("list_object_versions", Prefix=prefix, **place)
            found += (
                Object(item["Key"], item.get("Size", 0), item["LastModified"], item["VersionId"])
                for item in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
            )
            if not page.get("IsTruncated"):
                return tuple(found)
            place = {
                "KeyMarker": page["NextKeyMarker"],
                "VersionIdMarker": page["NextVersionIdMarker"],
            }

    def objects(self, prefix: str) -> tuple[Object, ...]:
        """Return all objects below *prefix*."""
        found: list[Object] = []
        place: dict[str, str] = {}
        while True:
            page = self._call("list_objects_v2", Prefix=prefix, **place)
            found += (
                Object(item["Key"], item["Size"], item["LastModified"])
                for item in page.get("Contents", ())
            )
            if not page.get("IsTruncated"):
                return tuple(found)
            place = {"ContinuationToken": page["NextContinuationToken"]}

    def delete(self, objects: Iterable[Object]) -> None:
        """Delete objects, as many at a time as S3 takes."""
        wanted = [
            {"Key": item.key, **({"VersionId": item.version} if item.version else {})}
            for item in objects
        ]
        for start in range(0, len(wanted), _MOST_DELETED):
            chosen = wanted[start : start + _MOST_DELETED]
            answer = self._call("delete_objects", Delete={"Objects": chosen, "Quiet": True})
            for failed in answer.get("Errors", ()):
                code, said = failed.get("Code", ""), failed.get("Message", "")
                raise AwsError(code, "DeleteObjects", f"`{failed.get('Key')}`: {said or code}")
