"""Packages in a bucket that the configuration does not name any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.deploy.artifacts import is_ours
from chalice.deploy.syncing import codes_of
from chalice.diagnostics import visible

if TYPE_CHECKING:
    from collections.abc import Mapping


def left_in_others(template: Mapping[str, Any], stack_name: str, bucket: str) -> tuple[str, ...]:
    """Return a sentence for each bucket but *bucket* that a deployed template takes packages from.

    Args:
        template: the template that is deployed.
        stack_name: the name of its stack.
        bucket: the bucket of artifacts.
    """
    others = {
        name
        for name, key in codes_of(template).values()
        if name != bucket and is_ours(key, stack_name)
    }
    return tuple(
        f"What was deployed before lies in the bucket `{visible(name)}`, and stays there:"
        " `chalice rollback` and `chalice delete` do not look for it. Remove it where nobody goes"
        f" back to it: `aws s3 rm --recursive s3://{visible(name)}/{stack_name}/`"
        for name in sorted(others)
    )
