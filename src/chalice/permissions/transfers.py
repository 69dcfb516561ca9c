"""What boto3 adds to clients and resource objects in code: transfers of S3; and URLs of queues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.permissions import containers
from chalice.permissions.values import ACCOUNT, ANYTHING, NOTHING, REGION, Value, concatenated, text

if TYPE_CHECKING:
    from chalice.permissions.arguments import Arguments
    from chalice.permissions.run import Run

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
