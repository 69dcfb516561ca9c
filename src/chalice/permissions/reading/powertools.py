"""What functions of Powertools for AWS Lambda call, for programs that call them.

Source: Powertools for AWS Lambda (Python), "Parameters", "IAM Permissions". Other parts of it write
to the log and to X-Ray alone, or are given clients.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.permissions.reading import containers
from chalice.permissions.reading.values import ANYTHING, HOLE, Tuple, Use, Value, join, text

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

    from chalice.permissions.reading.arguments import Arguments
    from chalice.permissions.reading.run import Run

    Called = Callable[[Run, Arguments, ast.expr], Value]


def _calls(service: str, parameter: str, argument: str, *operations: str) -> Called:
    """Return what notes *operations* whose *parameter* is the first argument."""

    def found(run: Run, args: Arguments, node: ast.expr) -> Value:
        params = ((parameter, args.get(0, argument)),)
        for operation in operations:
            run.use(Use(service, operation, params, run.source.path, node))
        return ANYTHING

    return found


def _by_name(run: Run, args: Arguments, node: ast.expr) -> Value:
    """Note what several parameters need, which are the keys of a dict."""
    named, others = containers.named(run, args.get(0, "parameters"))
    names = [text(name) for name in named]
    given = frozenset([Tuple(tuple(names) if not others else (*names, text(HOLE)))])
    run.use(Use("ssm", "GetParameters", (("Names", given),), run.source.path, node))
    each = (("Name", join(*names, *([text(HOLE)] if others or not names else []))),)
    run.use(Use("ssm", "GetParameter", each, run.source.path, node))
    return ANYTHING


_FUNCTIONS: dict[str, Called] = {
    "get_app_config": _calls(
        "appconfigdata", "", "name", "StartConfigurationSession", "GetLatestConfiguration"
    ),
    "get_parameter": _calls("ssm", "Name", "name", "GetParameter"),
    "get_parameters": _calls("ssm", "Path", "path", "GetParametersByPath"),
    "get_parameters_by_name": _by_name,
    "get_secret": _calls("secretsmanager", "SecretId", "name", "GetSecretValue"),
    "set_parameter": _calls("ssm", "Name", "name", "PutParameter"),
    "set_secret": _calls("secretsmanager", "SecretId", "name", "PutSecretValue", "CreateSecret"),
}

#: What each of these functions does, by all of its names.
CALLS: dict[str, Called] = {
    f"aws_lambda_powertools.utilities.parameters{module}.{name}": found
    for name, found in _FUNCTIONS.items()
    for module in ("", ".appconfig", ".secrets", ".ssm")
}
