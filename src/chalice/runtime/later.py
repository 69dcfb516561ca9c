"""What a tool is told of declarations that have no effect in this version.

Imported when an application declares such a thing, or when a tool watches it declare middleware.
"""

from __future__ import annotations

from chalice.runtime import refuse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# The attribute of an application that holds the names of its refused functions, for a tool.
LEFT_OUT = "_left_out"

# What AWS Chalice calls the functions of decorators that take no name.
_FIXED_NAMES = {
    "on_ws_connect": "websocket_connect",
    "on_ws_disconnect": "websocket_disconnect",
    "on_ws_message": "websocket_message",
}

# What middleware may be for, whether or not this version has events of that type.
# Source: AWS Chalice 1.34, topic guide "Middleware", "event_type".
EVENT_TYPES = (
    "all",
    "s3",
    "sns",
    "sqs",
    "cloudwatch",
    "scheduled",
    "websocket",
    "http",
    "pure_lambda",
    "kinesis",
    "dynamodb",
)


def decorator(
    declare: Callable[[Callable[[Any, Any], None]], None],
    name: str,
    options: dict[str, Any],
) -> Callable[[Any], Any]:
    """Return what stands for the refused decorator `app.NAME`: a tool learns what it was for."""

    def decorate(function: Any) -> Any:
        own_name = _FIXED_NAMES.get(name) or getattr(function, "__name__", "")

        def declaration(app: Any, scope: Any) -> None:
            _, name_prefix, _ = scope
            app.__dict__.setdefault(LEFT_OUT, set()).add(
                f"{name_prefix}{options.get('name') or own_name}"
            )

        declare(declaration)
        return function

    return decorate


def check_event_type(event_type: Any, where: Any) -> None:
    """Tell a tool of middleware that never runs; elsewhere it is accepted, as in AWS Chalice."""
    if event_type not in EVENT_TYPES:
        message = f"middleware for events of the unknown type {event_type!r} never runs"
        refuse("middleware-event-type", ValueError(message), where, str(event_type))
