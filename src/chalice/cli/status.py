"""`chalice status`: what is deployed, since when and from what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chalice.cli.cloud import cloud_options
from chalice.cli.options import json_option
from chalice.diagnostics import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalice.cli.cloud import Cloud
    from chalice.cli.shell import Shell
    from chalice.deploy.releases import Release
    from chalice.deploy.status import Status

NOT_DEPLOYED = 1


@click.command("status", short_help="Print what is deployed.")
@cloud_options
@click.option(
    "--drift",
    is_flag=True,
    default=False,
    help="Have CloudFormation look for what others have changed.",
)
@json_option
@click.pass_obj
def command(shell: Shell, cloud: Cloud, *, drift: bool, as_json: bool) -> int:
    """Print the state of the stack, its release and where it answers.

    The exit code is 1 where nothing is deployed.
    """
    from chalice.cli.cloud import Talk  # noqa: PLC0415 - `--help` does without these
    from chalice.deploy.deployment import Deployment  # noqa: PLC0415
    from chalice.deploy.status import status_of  # noqa: PLC0415

    target, account = cloud.connect(shell)
    talk = Talk(shell.console, yes=False)
    found = status_of(Deployment(account, target, talk), drift=drift)
    if as_json:
        shell.console.json(found.to_dict())
    elif found.stack is None:
        talk.say(
            f"Nothing is deployed: there is no stack `{target.stack_name}`{cloud.earlier(shell)}"
        )
    else:
        shell.console.table(
            ("WHAT", "IS"), [(what, visible(value)) for what, value in _rows(found)]
        )
    return 0 if found.stack is not None else NOT_DEPLOYED


def _rows(found: Status) -> Iterator[tuple[str, str]]:
    stack = found.stack
    if stack is None:
        return
    yield "stack", stack.name
    yield "state", f"{stack.status}{f' ({stack.reason})' if stack.reason else ''}"
    if stack.updated is not None:
        yield "changed", stack.updated.isoformat(timespec="seconds")
    yield "region", f"{found.region} of account {found.account}"
    if found.url:
        yield "URL", found.url
    if found.release is not None:
        yield from _release(found.release)
    elif found.former:
        yield "release", "not known: it was deployed by another bucket, or not to its end"
    else:
        yield "release", "not known: it was deployed by something else, or not to its end"
    yield from _history(found)
    if found.drift:
        yield "drift", found.drift
    for name, how in found.drifted:
        yield f"  {name}", how


def _history(found: Status) -> Iterator[tuple[str, str]]:
    from chalice.deploy.former import way_back  # noqa: PLC0415 - `--help` does without it

    history = found.history
    if history is not None:
        kept = len(history.releases)
        back = "`chalice rollback` goes back to the one before" if kept > 1 else "none before it"
        yield "releases", f"{kept} kept; {back}"
    if history is not None and history.synced is not None:
        synced = history.synced
        of = f" of commit {synced.commit}" if synced.commit else ""
        yield "synced", f"code{of} given to the functions at {synced.at}; a deploy reconciles"
    for name in found.former:
        yield "earlier", way_back(name)


def _release(release: Release) -> Iterator[tuple[str, str]]:
    yield "release", f"{release.kind} at {release.at} by {release.by}"
    if release.commit:
        dirty = ", and files that were not committed" if release.commit.endswith("+") else ""
        yield "commit", f"{release.commit.rstrip('+')}{dirty}"
    yield "Chalice", release.version
