"""Sessions and the clients of the default one, as the modules of the SDK make them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.permissions.reading import annotated, sdk, transfers
from chalice.permissions.reading.values import (
    ANYTHING,
    NOTHING,
    Record,
    Session,
    Value,
    external,
)

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

    from chalice.permissions.reading.arguments import Arguments
    from chalice.permissions.reading.run import Run

_DEFAULT_SESSION = ("default session",)


def _session(run: Run, args: Arguments, node: ast.expr) -> Value:
    if sdk.is_early(run, args, node):
        return NOTHING
    # Source: boto3 reference, `boto3.session.Session`: the access key is the first argument.
    if sdk.is_of_others(run, args.get(0, "aws_access_key_id"), node):
        return external(sdk.OTHERS)
    return frozenset(map(Session, transfers.regions_of(sdk.region_named(args, 3), "")))


def _session_begun(run: Run, args: Arguments, node: ast.expr) -> Value:
    """Take note of the region of a session of a class below: `Session.__init__(self, ...)`."""
    del node
    region = sdk.region_named(args.after(1), 3)
    for owner in args.get(0, "self"):
        run.language.write(run, owner, "region_name", region or frozenset([None]))
    return frozenset([None])


def _default_session(run: Run) -> Session:
    """Return the session of `boto3.client`: in any region once the program has set it up."""
    return Session("*" if run.engine.read(_DEFAULT_SESSION, run.task) else "")


def _set_up(run: Run, args: Arguments, node: ast.expr) -> Value:
    del node
    if args.get(3, "region_name"):
        # Which clients have been made before, nobody knows.
        run.engine.write(_DEFAULT_SESSION, ANYTHING)
    return frozenset([None])


def _client(run: Run, args: Arguments, node: ast.expr) -> Value:
    return sdk.call(run, _default_session(run), "client", args, node)


def _resource(run: Run, args: Arguments, node: ast.expr) -> Value:
    return sdk.call(run, _default_session(run), "resource", args, node)


def _config(run: Run, args: Arguments, node: ast.expr) -> Value:
    del run, node
    region = sdk.region_named(args, -1) or frozenset([None])
    return frozenset([Record((("region_name", region),))])


#: What these names of the SDK make.
CALLS: dict[str, Callable[[Run, Arguments, ast.expr], Value]] = {
    "aiobotocore.config.AioConfig": _config,
    "aioboto3.Session": _session,
    "aioboto3.client": _client,
    "aioboto3.resource": _resource,
    "aioboto3.session.Session": _session,
    "aiobotocore.get_session": _session,
    "aiobotocore.session.AioSession": _session,
    "aiobotocore.session.get_session": _session,
    **{f"{name}.__init__": _session_begun for name in annotated.SESSIONS},
    "boto3.Session": _session,
    "boto3._get_default_session": _session,
    "boto3.client": _client,
    "boto3.resource": _resource,
    "boto3.setup_default_session": _set_up,
    "boto3.session.Session": _session,
    "botocore.client.Config": _config,
    "botocore.config.Config": _config,
    "botocore.session.Session": _session,
    "botocore.session.get_session": _session,
}
