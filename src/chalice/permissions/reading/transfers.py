"""What the SDK adds to clients and resource objects in code: transfers, tokens; URLs of queues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.permissions.reading import containers
from chalice.permissions.reading.values import (
    ACCOUNT,
    ANYTHING,
    HOLE,
    NOTHING,
    PARTITION,
    REGION,
    Value,
    concatenated,
    join,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalice.permissions.reading.arguments import Arguments
    from chalice.permissions.reading.run import Run

#: Fields of a signed POST that are parameters of `PutObject`, most of them headers there.
#: Source: S3 API reference, "POST Object" and "PutObject", "Request Parameters".
POSTED = {
    "acl": "ACL",
    "tagging": "Tagging",
    "x-amz-acl": "ACL",
    "x-amz-grant-full-control": "GrantFullControl",
    "x-amz-grant-read": "GrantRead",
    "x-amz-grant-read-acp": "GrantReadACP",
    "x-amz-grant-write-acp": "GrantWriteACP",
    "x-amz-object-lock-legal-hold": "ObjectLockLegalHoldStatus",
    "x-amz-object-lock-mode": "ObjectLockMode",
    "x-amz-server-side-encryption-aws-kms-key-id": "SSEKMSKeyId",
    "x-amz-tagging": "Tagging",
}
#: What S3 puts the name of the file in the place of, in the key of a signed POST. Source: botocore
#: reference, "generate_presigned_post".
FILE_NAME = "${filename}"
_PARTS_OF_CONDITION = 3

#: Transfers of S3, with the names of what they take by position, on each kind of object.
TRANSFERS: dict[str, dict[str, tuple[str, ...]]] = {
    "client": {
        "copy": ("CopySource", "Bucket", "Key", "ExtraArgs"),
        "download_file": ("Bucket", "Key", "Filename", "ExtraArgs"),
        "download_fileobj": ("Bucket", "Key", "Fileobj", "ExtraArgs"),
        "upload_file": ("Filename", "Bucket", "Key", "ExtraArgs"),
        "upload_fileobj": ("Fileobj", "Bucket", "Key", "ExtraArgs"),
    },
    "Bucket": {
        "copy": ("CopySource", "Key", "ExtraArgs"),
        "download_file": ("Key", "Filename", "ExtraArgs"),
        "download_fileobj": ("Key", "Fileobj", "ExtraArgs"),
        "upload_file": ("Filename", "Key", "ExtraArgs"),
        "upload_fileobj": ("Fileobj", "Key", "ExtraArgs"),
    },
    "Object": {
        "copy": ("CopySource", "ExtraArgs"),
        "download_file": ("Filename", "ExtraArgs"),
        "download_fileobj": ("Fileobj", "ExtraArgs"),
        "upload_file": ("Filename", "ExtraArgs"),
        "upload_fileobj": ("Fileobj", "ExtraArgs"),
    },
}


def transfer_params(
    run: Run, names: tuple[str, ...], args: Arguments
) -> tuple[tuple[str, Value], ...]:
    """Return what a transfer is given, by name; its extra arguments are its own."""
    found = {name: args.get(at, name) for at, name in enumerate(names)}
    more, _ = containers.named(run, found.pop("ExtraArgs", NOTHING))
    return tuple({**more, **found}.items())


#: Tokens that clients sign for databases, with what they take by position.
#: Source: botocore, `botocore.signers`.
TOKENS: dict[str, dict[str, tuple[str, ...]]] = {
    "dsql": {
        "generate_db_connect_admin_auth_token": ("Hostname", "Region", "ExpiresIn"),
        "generate_db_connect_auth_token": ("Hostname", "Region", "ExpiresIn"),
    },
    "rds": {"generate_db_auth_token": ("DBHostname", "Port", "DBUsername", "Region")},
}


#: Regions that one argument names, at most; past it, what is called may be in any.
MOST_REGIONS = 8


def regions_of(given: Value, otherwise: str) -> list[str]:
    """Return the regions that an argument names: *otherwise* where it is None, `*` for any."""
    found = {otherwise if atom is None else atom for atom in given} or {otherwise}
    named = [atom for atom in found if isinstance(atom, str) and HOLE not in atom]
    is_known = len(named) == len(found) <= MOST_REGIONS
    return sorted(named) if is_known else ["*"]


def token_params(
    names: tuple[str, ...], args: Arguments, region: str
) -> tuple[tuple[tuple[str, Value], ...], list[str]]:
    """Return what a token is made of, by name, and for which regions: `*` for any."""
    found = {name: args.get(at, name) for at, name in enumerate(names)}
    regions = regions_of(found.pop("Region"), region)
    return tuple(found.items()), regions


def topic_arn(name: Value, region: str) -> Value:
    """Return the ARN of a topic that is made. Source: SNS API reference, "CreateTopic"."""
    start = f"arn:{PARTITION}:sns:{region or REGION}:{ACCOUNT}:"
    return concatenated([text(start), join(name, NOTHING) or ANYTHING])


def queue_url(name: Value, region: str, account: Value = NOTHING) -> Value:
    """Return the URL of the queue *name* of *account*, which is the stack's own where it is None.

    Source: SQS developer guide, "Queue and message identifiers".
    """
    return concatenated(
        [
            text(f"https://sqs.{region or REGION}.amazonaws.com/"),
            frozenset(ACCOUNT if atom is None else atom for atom in account or (None,)),
            text("/"),
            name or ANYTHING,
        ]
    )


# --- signed POSTs ------------------------------------------------------------------------------


def posted(run: Run, args: Arguments) -> dict[str, Value]:
    """Return the parameters of `PutObject` that the fields and conditions of a signed POST are."""
    named, others = containers.named(run, args.get(2, "Fields"))
    found = list(named.items())
    for item in containers.iterated(run, args.get(3, "Conditions"), None):
        found += _conditions(run, item)
    given: dict[str, Value] = {"**": others} if others else {}
    for name, value in found:
        parameter = POSTED.get(name.lower())
        if parameter is not None:
            given[parameter] = join(given.get(parameter, NOTHING), value)
    return given


def _conditions(run: Run, item: object) -> Iterator[tuple[str, Value]]:
    """Yield what a condition says: `{"acl": "private"}` or `["starts-with", "$acl", "public"]`.

    Source: S3 API reference, "POST Policy".
    """
    parts = containers.sequence(run, frozenset([item]))
    if parts is None or len(parts) != _PARTS_OF_CONDITION:
        named, _ = containers.named(run, frozenset([item]))
        yield from named.items()
        return
    kinds, names, values = parts
    ends = HOLE if "starts-with" in kinds else ""
    for name in names:
        if isinstance(name, str) and name.startswith("$"):
            texts = (atom + ends if isinstance(atom, str) else HOLE for atom in values)
            yield name[1:], frozenset(texts)
