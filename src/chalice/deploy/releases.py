"""What was deployed when, by whom and from which commit: kept beside the artifacts of a stack.

CloudFormation knows what is deployed; this remembers what was before, so that `chalice rollback`
finds it. A run that ends between the two leaves a list that lacks its last release; the next run
adds it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from chalice.aws.s3 import Changed
from chalice.config.reader import as_object
from chalice.deploy.artifacts import CLEARED_AFTER, is_ours, releases_key
from chalice.diagnostics import ToolError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from chalice.aws.s3 import S3

# So many releases keep their artifacts.
_MOST_KEPT = 10
_MOST_TRIES = 5
# Of the list as it is written. What is added to it needs no other: readers pass over it.
_FORM = 1


class Unreadable(ToolError):
    """A list of releases is not what this version of Chalice writes."""


@dataclass(frozen=True, slots=True)
class Release:
    """One state that a stack was deployed to.

    Attributes:
        sha256: that of its template, in canonical form.
        files: the keys of the template and of the archives that it names.
        at: when, in ISO 8601.
        by: the ARN of who did it.
        commit: the commit of the project, with `+` where files were not committed; may be empty.
        version: that of Chalice.
        kind: `deploy` or `rollback`.
    """

    sha256: str
    files: tuple[str, ...]
    at: str
    by: str
    commit: str
    version: str
    kind: str = "deploy"

    @classmethod
    def of(cls, facts: dict[str, Any]) -> Release:
        """Return what `asdict` made a dictionary of; what a later version has added is left out."""
        files = tuple(map(str, facts["files"]))
        values: dict[str, Any] = {**_known(cls, {**facts, "files": ""}), "files": files}
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Sync:
    """Code that was given to functions without a deploy."""

    sha256: str
    at: str
    by: str
    commit: str


@dataclass(frozen=True, slots=True)
class History:
    """The releases of a stack, the latest last.

    Attributes:
        releases: those that are kept.
        synced: what was synced since.
        etag: the state of the list.
        former: other buckets that have releases from before these.
    """

    releases: tuple[Release, ...] = ()
    synced: Sync | None = None
    etag: str = ""
    former: tuple[str, ...] = ()

    def is_at(self, sha256: str) -> bool:
        """Return whether the latest release has the template *sha256*."""
        return bool(self.releases) and self.releases[-1].sha256 == sha256

    def before(self, sha256: str) -> Release | None:
        """Return the latest release whose template is not *sha256*."""
        found = (item for item in reversed(self.releases) if item.sha256 != sha256)
        return next(found, None)

    def files(self) -> set[str]:
        """Return the keys of all that the releases need."""
        return {key for item in self.releases for key in item.files}


def _known(form: type[Release | Sync], facts: dict[str, Any]) -> dict[str, Any]:
    names = {item.name for item in fields(form)}
    known = {name: value for name, value in facts.items() if name in names}
    for name, value in known.items():
        if not isinstance(value, str):
            raise TypeError(f"`{name}` is no text")
    return known


def read(objects: S3, stack_name: str) -> History:
    """Return the history of a stack; an empty one where there is none.

    Raises:
        Unreadable: what is there was not written by this version of Chalice.
        AwsError: it may not be read.
    """
    found = objects.read(releases_key(stack_name))
    if found is None:
        return History()
    try:
        facts = as_object(json.loads(found.data))
        if facts.get("form", _FORM) > _FORM:
            raise Unreadable(
                f"`{releases_key(stack_name)}` in the bucket of artifacts was written by a later"
                " version of Chalice. Nothing was changed; install that version"
            )
        synced = facts.get("synced")
        return History(
            tuple(Release.of(as_object(item)) for item in facts["releases"]),
            Sync(**_known(Sync, as_object(synced))) if synced else None,
            found.etag,
            tuple(map(str, facts.get("former", ()))),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(
            f"`{releases_key(stack_name)}` in the bucket of artifacts cannot be read: {error}."
            " Nothing was changed. Restore an earlier version of it, or delete it: then `chalice"
            " rollback` begins anew"
        ) from error


def update(
    objects: S3,
    stack_name: str,
    change: Callable[[History], History],
    known: History | None = None,
    *,
    anew: bool = False,
) -> History:
    """Write what *change* makes of the history of a stack, and return it.

    Where somebody else writes at the same time, *change* is applied to what they wrote.

    Args:
        objects: the bucket.
        stack_name: the stack.
        change: returns another history.
        known: the history as it was read just now.
        anew: write it even where it stays as it is: who removes a stack deletes the versions that
            they have seen, and not this one.

    Raises:
        ToolError: others write all the time.
    """
    for _ in range(_MOST_TRIES):
        history = known or read(objects, stack_name)
        known = None
        wanted = change(history)
        if wanted == history and not anew:
            return history
        facts = {
            "form": _FORM,
            "releases": [asdict(item) for item in wanted.releases],
            "synced": asdict(wanted.synced) if wanted.synced else None,
            **({"former": list(wanted.former)} if wanted.former else {}),
        }
        data = json.dumps(facts, indent=1).encode()
        try:
            objects.write(releases_key(stack_name), data, etag=history.etag)
        except Changed:
            continue
        return wanted
    raise ToolError(
        f"`{releases_key(stack_name)}` is being written by others all the time; run the command"
        " again"
    )


def signed(release: Release, by: str, now: datetime) -> Release:
    """Return *release* with who made it, and when."""
    return replace(release, by=by, at=now.isoformat(timespec="seconds"))


def added(history: History, release: Release) -> History:
    """Return *history* with *release* as its latest, and nothing synced since."""
    if history.is_at(release.sha256):
        return replace(history, synced=None)
    kept = (*history.releases, release)[-_MOST_KEPT:]
    return replace(history, releases=kept, synced=None)


def clear(objects: S3, stack_name: str, history: History, now: datetime) -> int:
    """Delete the artifacts that no release needs any more; return how many there were.

    What Chalice has not written is left alone, whoever wrote it.
    What is younger than a day may belong to a deploy that has not ended.
    """
    needed = {*history.files(), releases_key(stack_name)}
    old = [
        item
        for item in objects.objects(f"{stack_name}/")
        if is_ours(item.key, stack_name)
        and item.key not in needed
        and now - item.modified > CLEARED_AFTER
    ]
    objects.delete(old)
    return len(old)
