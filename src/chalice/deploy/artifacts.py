"""The bucket that packages and templates travel through, and what is kept in it.

Everything of a stack lies below its name. Keys of archives and templates are made of their content:
the same one is uploaded once, whoever uploads it and however often.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from chalice.aws.cloudformation import NewChangeSet
from chalice.aws.errors import Denied
from chalice.aws.s3 import Advice
from chalice.deploy import stacks as operations
from chalice.deploy.states import Way, busy, way_of
from chalice.deploy.target import TAG
from chalice.deploy.unfinished import asked_for
from chalice.diagnostics import ToolError
from chalice.iam import document_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from chalice.aws.account import Account, Caller
    from chalice.aws.cloudformation import Stack
    from chalice.aws.s3 import S3, Object
    from chalice.deploy.target import Target
    from chalice.deploy.waiting import Clock

#: The stack that the bucket of an account and region belongs to, and its output.
STACK = "chalice-artifacts"
OUTPUT = "BucketName"

# What is kept of artifacts that were deleted, and of uploads that were not finished.
_KEPT_DAYS = 30
_UNFINISHED_DAYS = 2

# An archive of this age is uploaded once more before it is used: one that nothing names may be
# cleared away after a day.
_FRESH = timedelta(hours=12)
CLEARED_AFTER = timedelta(days=1)


# The keys of what is written, below the name of a stack.
_OURS = re.compile(r"archives/[0-9a-f]{64}\.zip|templates/[0-9a-f]{64}\.json|releases\.json")


def template() -> dict[str, Any]:
    """Return the template of the bucket: private, encrypted, versioned, reached by TLS only."""
    bucket = {"Ref": "Bucket"}
    arn = {"Fn::GetAtt": ["Bucket", "Arn"]}
    only_tls = {
        "Sid": "OnlyTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, {"Fn::Sub": "${Bucket.Arn}/*"}],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    expiry = [
        {
            "Id": "Superseded",
            "Status": "Enabled",
            "NoncurrentVersionExpiration": {"NoncurrentDays": _KEPT_DAYS},
            "ExpiredObjectDeleteMarker": True,
        },
        {
            "Id": "Unfinished",
            "Status": "Enabled",
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": _UNFINISHED_DAYS},
        },
    ]
    everything = (
        "BlockPublicAcls",
        "BlockPublicPolicy",
        "IgnorePublicAcls",
        "RestrictPublicBuckets",
    )
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "The bucket that Chalice deploys applications through",
        "Resources": {
            "Bucket": {
                "Type": "AWS::S3::Bucket",
                "Properties": {
                    "BucketEncryption": {
                        "ServerSideEncryptionConfiguration": [
                            {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
                        ]
                    },
                    "LifecycleConfiguration": {"Rules": expiry},
                    "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
                    "PublicAccessBlockConfiguration": dict.fromkeys(everything, True),
                    "VersioningConfiguration": {"Status": "Enabled"},
                },
            },
            "BucketPolicy": {
                "Type": "AWS::S3::BucketPolicy",
                "Properties": {
                    "Bucket": bucket,
                    "PolicyDocument": document_of([only_tls]),
                },
            },
        },
        "Outputs": {OUTPUT: {"Value": bucket}},
    }


_FOREIGN = "then name one that does as `deploy.artifact_bucket` in `.chalice/config.json`"
# What to do about the bucket that the configuration names, and about Chalice's own.
_CHOSEN = Advice(
    "Make it, or name another one as `deploy.artifact_bucket` in `.chalice/config.json`",
    _FOREIGN,
    "Name one that is there as `deploy.artifact_bucket` in `.chalice/config.json`, or leave the key"
    " out, and Chalice makes one",
)
_OWN = Advice(f"Delete the stack `{STACK}`, and the next deploy makes it again", _FOREIGN)


_GOES_ON = (
    f"The stack `{STACK}`, of the bucket for packages, is made in the cloud without this command;"
    " the same command takes it up again"
)


@dataclass(frozen=True, slots=True)
class Bucket:
    """The bucket of artifacts."""

    name: str
    objects: S3


def find(account: Account, target: Target, caller: Caller) -> Bucket | None:
    """Return the bucket of a target; None where it is Chalice's own and not made yet."""
    if target.bucket is not None:
        return Bucket(target.bucket, account.bucket(target.bucket, caller.account, _CHOSEN))
    return _of(account, account.stacks.stack(STACK), caller)


def _of(account: Account, stack: Stack | None, caller: Caller) -> Bucket | None:
    name = stack.outputs.get(OUTPUT) if stack is not None and TAG in stack.tags else None
    return Bucket(name, account.bucket(name, caller.account, _OWN)) if name else None


def make(account: Account, caller: Caller, say: Callable[[str], None], clock: Clock) -> Bucket:
    """Make Chalice's bucket of this account and region, by a stack of its own.

    Raises:
        ToolError: it cannot be made.
    """
    api = account.stacks
    current = api.stack(STACK)
    if current is not None and not current.is_new and TAG not in current.tags:
        raise _foreign()
    way = way_of(current)
    if current is not None and way in {Way.REMOVE_FIRST, Way.WAIT_FIRST}:
        operations.remove(api, current, lambda _: None, clock)
        current = None
    elif way is Way.UPDATE:
        return _made(account, current, caller)
    text = json.dumps(template(), sort_keys=True)
    # It is made once: whoever makes it, and from which state, calls the change set the same.
    name = operations.change_set_name(digest(text.encode()), None)
    if current is not None and way is Way.BUSY:
        latest = next(api.events(current.id), None)
        if latest is None or latest.token != name:
            raise busy(current, "by a command that makes the bucket of artifacts")
        say("The bucket for packages is being made by another command; waiting until it is")
        done = operations.follow(api, current.id, name, lambda _: None, clock, left=_GOES_ON)
        return _made(account, done, caller)
    say(
        f"Making a bucket for packages, once for account {caller.account} in {account.region}: the"
        f" stack `{STACK}` (private, encrypted, versioned, reached by TLS only)"
    )
    wanted = NewChangeSet(
        STACK, name, text, creates=True, description="Made by Chalice", tags={TAG: STACK}
    )
    made = operations.make(api, wanted, clock)
    if made is not None:
        with asked_for(_GOES_ON):
            operations.execute(api, STACK, name)
        current = operations.follow(api, made.stack_id, name, lambda _: None, clock, left=_GOES_ON)
    else:
        current = api.stack(STACK)
    return _made(account, current, caller)


def _made(account: Account, stack: Stack | None, caller: Caller) -> Bucket:
    """Return Chalice's bucket, which belongs to *stack*.

    Raises:
        ToolError: it has none.
    """
    found = _of(account, stack, caller)
    if found is None:
        raise _foreign()
    return found


def _foreign() -> ToolError:
    return ToolError(
        f"There is a stack `{STACK}` in this account and region that was not made by Chalice."
        " Nothing was changed. Name a bucket of your own as `deploy.artifact_bucket` in"
        " `.chalice/config.json`"
    )


# --- what is in it -----------------------------------------------------------------------------


def digest(data: bytes) -> str:
    """Return the SHA-256 of *data*, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def canonical(document: Mapping[str, Any]) -> bytes:
    """Return a template as bytes that do not depend on the order of its keys."""
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def archive_key(stack_name: str, sha256: str) -> str:
    """Return the key of an archive."""
    return f"{stack_name}/archives/{sha256}.zip"


def sha256_of(key: str, stack_name: str) -> str:
    """Return the SHA-256 of the archive *key*, base64 as services tell it; empty for others' keys.

    >>> sha256_of("shop-dev/archives/theirs.zip", "shop-dev")
    ''
    """
    name = key.removeprefix(f"{stack_name}/archives/").removesuffix(".zip")
    if not is_ours(key, stack_name) or key != archive_key(stack_name, name):
        return ""
    return base64.b64encode(bytes.fromhex(name)).decode()


def template_key(stack_name: str, sha256: str) -> str:
    """Return the key of a template."""
    return f"{stack_name}/templates/{sha256}.json"


def releases_key(stack_name: str) -> str:
    """Return the key of the list of releases."""
    return f"{stack_name}/releases.json"


def is_ours(key: str, stack_name: str) -> bool:
    """Return whether Chalice has written the object *key* for a stack.

    The bucket may be one of the user's, with files of others below the same name.
    """
    return key.startswith(f"{stack_name}/") and bool(_OURS.fullmatch(key, len(stack_name) + 1))


def versions(objects: S3, stack_name: str) -> tuple[Object, ...]:
    """Return every version of all that Chalice has written for a stack."""
    found = objects.versions(f"{stack_name}/")
    return tuple(item for item in found if is_ours(item.key, stack_name))


def upload(
    bucket: Bucket, key: str, path: Path, *, anew: bool = False, now: datetime | None = None
) -> bool:
    """Put the file *path* under *key*, and return whether it was not there.

    What is there under another checksum, or under none, was not written by Chalice, or not whole.

    Args:
        bucket: the bucket.
        key: made of the content.
        path: the file.
        anew: write it whatever is there. A stack of which nothing is there may be one that
            somebody removes, files and all, whom this run may overtake: they delete the versions
            that they have seen, and not this one.
        now: the time of day.

    Raises:
        ToolError: the bucket belongs to somebody else, or is not there.
    """
    data = path.read_bytes()
    there = None
    if not anew:
        # Denied may be what is not there, too: then writing says what is not allowed.
        with suppress(Denied):
            there = bucket.objects.head(key)
    age = (now or datetime.now(UTC)) - there.modified if there is not None else _FRESH
    sha256 = base64.b64encode(hashlib.sha256(data).digest()).decode()
    if there is not None and there.sha256 == sha256 and age < _FRESH:
        return False
    bucket.objects.write(key, data)
    return True
