"""Keys of the configuration that commands take as options, because AWS Chalice does."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice.cli.cloud import Cloud

_STAGE = "api_gateway_stage"


def given_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give *command*, which has `cloud_options`, those of AWS Chalice that set keys.

    What is set arrives as its argument `given`, by key.
    """

    @click.option(
        "--autogen-policy/--no-autogen-policy",
        "autogen_policy",
        default=None,
        help="In place of `autogen_policy` of the configuration.",
    )
    @click.option(
        "--api-gateway-stage",
        metavar="NAME",
        callback=_checked,
        help="In place of `api_gateway_stage` of the configuration.",
    )
    @click.option(
        "--connection-timeout",
        type=click.IntRange(min=1),
        metavar="SECONDS",
        help="How long to wait for a connection to AWS; 10 s unless given.",
    )
    @functools.wraps(command)
    def with_given(
        *args: Any,
        cloud: Cloud,
        autogen_policy: bool | None,
        api_gateway_stage: str | None,
        connection_timeout: int | None,
        **kwargs: Any,
    ) -> Any:
        keys = {"autogen_policy": autogen_policy, _STAGE: api_gateway_stage}
        given = {key: value for key, value in keys.items() if value is not None}
        cloud = replace(cloud, connect_seconds=connection_timeout)
        return command(*args, cloud=cloud, given=given, **kwargs)

    return with_given


def _checked(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """Return *value* if it can stand in the configuration."""
    if value is None:
        return None
    from chalice.config.keys import KEYS  # noqa: PLC0415 - `--help` does without it
    from chalice.config.kinds import Text  # noqa: PLC0415 - the same

    kind = KEYS[_STAGE].kind
    if isinstance(kind, Text) and not kind.accepts(value):
        raise click.BadParameter(f"write {kind.says}", ctx, param)
    return value
