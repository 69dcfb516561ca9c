"""What a declaration is refused with, in words: raised in plain Python, told to a tool that loads.

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


def not_available(name: str, kind: type[Exception], version: str, holder: Any = None) -> None:
    """Refuse *name* of *holder*, the application unless given: it comes after *version*."""
    of = "blueprint" if hasattr(holder, "import_name") else "app"
    message = f"`{of}.{name}` is not available in Chalice {version}"
    refuse("decorator-not-supported", kind(message))


def unknown_options(code: str, decorator: str, names: list[str], where: Any = None) -> None:
    """Refuse options that *decorator* does not have."""
    message = f"{decorator}() got unexpected keyword arguments: {', '.join(names)}"
    refuse(code, TypeError(message), where, *names)


def not_told(request: Any, name: str) -> AttributeError:
    """Return the error of an authorizer that asks for what its kind is not told."""
    if name == "token":
        kind, instead = "REQUEST", "read what its `identity_sources` name: `request.headers`"
    elif hasattr(request.__class__, name):
        kind, instead = "TOKEN", "declare it with `identity_sources`"
    else:
        return AttributeError(f"an AuthRequest has no `{name}`", name=name, obj=request)
    return AttributeError(f"a {kind} authorizer is not told `{name}`: {instead}")


def path_type(path: Any, where: Any) -> None:
    """Refuse a route whose path is no text: often `@app.route` without parentheses."""
    message = f"the path of a route is text, not {path!r}"
    refuse("route-path-type", TypeError(message), where)


def content_types_type(view: Any, content_types: Any, where: Any) -> None:
    """Refuse `content_types` that are no list."""
    message = (
        f'In view function "{view.__name__}", the content_types value must be a list, '
        f"not {type(content_types)}: {content_types}"
    )
    refuse("route-content-types-type", ValueError(message), where)


def duplicate(method: str, path: str, first: str, second: str, where: Any) -> None:
    """Refuse the view *second* for what the view *first* serves."""
    message = (
        f"Duplicate method: {method!r} detected for route: {path!r}\n"
        f'between view functions: "{first}" and "{second}". '
        f"A specific method may only be specified once for a particular path."
    )
    refuse("route-duplicate", ValueError(message), where)


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
