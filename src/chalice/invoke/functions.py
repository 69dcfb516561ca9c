"""The functions of a project as they are invoked on this machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from chalice.invocation import FunctionError
from chalice.regions import DEFAULT_ACCOUNT_ID, DEFAULT_REGION, partition_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Handler = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class LocalFunction:
    """One Lambda function, ready to be invoked.

    Attributes:
        name: the function's name in AWS, `app-stage` for the routes, else `app-stage-name`.
        handler: what is called with event and context; None: import *handler_string* when invoked.
        handler_string: the handler as the function's configuration names it, `app.app`.
        timeout_seconds: how long one invocation may take.
        memory_mb: what the context reports; a limit only under Lambda's own runtime client.
        environment: variables of the function's configuration; who owns the process sets them.
        reserved_concurrency: most invocations at a time, 0 for none, None for no limit.
        region: where the function pretends to be.
        account_id: whose it pretends to be.
        absent: why it cannot be invoked here; empty where it can.
    """

    name: str
    handler: Handler | None = None
    handler_string: str = ""
    timeout_seconds: float = 60
    memory_mb: int = 128
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    reserved_concurrency: int | None = None
    region: str = DEFAULT_REGION
    account_id: str = DEFAULT_ACCOUNT_ID
    absent: str = ""

    @property
    def arn(self) -> str:
        """The function's ARN, without a qualifier."""
        partition = partition_of(self.region)
        return f"arn:{partition}:lambda:{self.region}:{self.account_id}:function:{self.name}"


def find_handler(handler_string: str) -> Handler | FunctionError:
    """Import what *handler_string* names; failures are those of Lambda's Python runtime.

    Error types and messages: rule 10.4.
    """
    module_name, _, function_name = handler_string.rpartition(".")
    if not module_name:
        return FunctionError(
            "Runtime.MalformedHandlerName",
            f"Bad handler '{handler_string}': not enough values to unpack (expected 2, got 1)",
        )
    try:
        module = import_module(module_name.replace("/", "."))
    except ImportError as error:
        return FunctionError(
            "Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}"
        )
    except SyntaxError as error:
        return FunctionError(
            "Runtime.UserCodeSyntaxError",
            f"Syntax error in module '{module_name}': {error}",
            (f'  File "{error.filename}" Line {error.lineno}\n    {error.text}',),
        )
    handler = getattr(module, function_name, None)
    if handler is None:
        return FunctionError(
            "Runtime.HandlerNotFound",
            f"Handler '{function_name}' missing on module '{module_name}'",
        )
    return handler  # type: ignore[no-any-return]  # any attribute may be called a handler
