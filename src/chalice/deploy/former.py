"""Packages and releases in a bucket that the configuration does not name any more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chalice.deploy.artifacts import is_ours
from chalice.deploy.syncing import codes_of
from chalice.diagnostics import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalice.deploy.releases import History


def others_of(template: Mapping[str, Any], stack_name: str, bucket: str) -> tuple[str, ...]:
    """Return the buckets but *bucket* that a deployed template takes packages from.

    Args:
        template: the template that is deployed.
        stack_name: the name of its stack.
        bucket: the bucket of artifacts; empty where there is none.
    """
    codes = codes_of(template).values()
    return tuple(
        sorted({name for name, key in codes if name != bucket and is_ours(key, stack_name)})
    )


def left_in_others(template: Mapping[str, Any], stack_name: str, bucket: str) -> tuple[str, ...]:
    """Return a sentence about each of `others_of`, for who deploys by another one, or removes."""
    return tuple(
        f"What was deployed before lies in the bucket `{visible(name)}`, and stays there:"
        " `chalice rollback` and `chalice delete` do not look for it. Remove it where nobody goes"
        f" back to it: `aws s3 rm --recursive s3://{visible(name)}/{stack_name}/`"
        for name in others_of(template, stack_name, bucket)
    )


def known(
    template: Mapping[str, Any], stack_name: str, history: History | None, bucket: str
) -> tuple[str, ...]:
    """Return the buckets but *bucket* that releases of a stack are known to be in.

    Args:
        template: the template that is deployed.
        stack_name: the name of its stack.
        history: that in *bucket*, if there is one.
        bucket: the bucket of artifacts; empty where there is none.
    """
    remembered = history.former if history is not None else ()
    found = dict.fromkeys((*others_of(template, stack_name, bucket), *remembered))
    return tuple(name for name in found if name != bucket)


def remembered(history: History, buckets: Iterable[str]) -> History:
    """Return *history* with *buckets* as some that earlier releases are in."""
    return replace(history, former=tuple(dict.fromkeys((*history.former, *buckets))))


def way_back(bucket: str) -> str:
    """Return a sentence about releases in a bucket, for who looks for them."""
    return (
        f"Releases are in the bucket `{visible(bucket)}`, which is not the one that is used now:"
        " name it as `deploy.artifact_bucket` in `.chalice/config.json`, and `chalice rollback`"
        " finds them"
    )
