"""The environment variables that Lambda sets for a function (rule 10.9)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from chalice.invoke.context import log_stream_name
from chalice.regions import DEFAULT_REGION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice.invoke.functions import LocalFunction


def lambda_variables(function: LocalFunction, task_root: str) -> dict[str, str]:
    """Return the variables that Lambda sets, those that mean something on this machine.

    Left out: credentials (the caller's own stay), AWS_LAMBDA_RUNTIME_API and the X-Ray daemon's
    address (nothing listens there), and PATH, LANG, PYTHONPATH and their like, which would break
    the programs of this machine.
    """
    return {
        "_HANDLER": function.handler_string,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info[0]}.{sys.version_info[1]}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream_name(),
        "AWS_REGION": function.region,
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        "LAMBDA_TASK_ROOT": task_root,
        "TZ": ":UTC",
    }


def function_environment(
    function: LocalFunction, task_root: str, inherited: Mapping[str, str]
) -> dict[str, str]:
    """Return what to set in a process that runs *function*, given what the user's shell set.

    The function's configured variables win. AWS_DEFAULT_REGION, which boto3 reads before the
    user's profile, is set only where somebody chose a region.
    """
    variables = lambda_variables(function, task_root)
    chosen = not inherited.keys().isdisjoint({"AWS_REGION", "AWS_DEFAULT_REGION"})
    if chosen or function.region != DEFAULT_REGION:
        variables["AWS_DEFAULT_REGION"] = function.region
    return {**variables, **function.environment}
