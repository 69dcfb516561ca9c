"""The environment variables of a function's process: Lambda's and the function's, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from chalice.invoke.environ import lambda_variables
from chalice.invoke.lambda_runtime.identity import USER_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice.invoke.functions import LocalFunction

# What a function gets where the user's shell has no credentials: AWS refuses them by name, and code
# that only looks whether there are any finds them, as on Lambda.
# Source: the example keys of AWS's own documentation.
_NO_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_SESSION_TOKEN": "no-credentials-in-this-shell",
}
_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
_ENDPOINT = "AWS_ENDPOINT_URL"


@dataclass(frozen=True, slots=True)
class Roots:
    """Where the function sees its folders: where Lambda has them, or where they really are.

    Attributes:
        task: its code.
        runtime: the runtime client.
        layer: the layers.
        tmp: the folder for temporary files, if it is not /tmp.
    """

    task: str = "/var/task"
    runtime: str = "/var/runtime"
    layer: str = "/opt"
    tmp: str = ""


def caller(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that say who a function is when it calls AWS, and where AWS is.

    These, and nothing else, come from the user's shell: on Lambda a role's credentials are there,
    and `AWS_ENDPOINT_URL` keeps those of a local stand-in from going to AWS.
    """
    found = {
        name: value
        for name, value in environ.items()
        if value and (name == _ENDPOINT or name.startswith(f"{_ENDPOINT}_"))
    }
    own = {name: environ[name] for name in _KEYS if environ.get(name)}
    return {**found, **(own if own.keys() >= {*_KEYS[:2]} else _NO_CREDENTIALS)}


def log_stream() -> str:
    """Return the name of the log stream of a new environment."""
    return f"{datetime.now(UTC):%Y/%m/%d}/[$LATEST]{uuid4().hex}"


def variables(
    function: LocalFunction,
    roots: Roots,
    *,
    api: str,
    runtime: str,
    programs: str,
    called_by: Mapping[str, str],
    stream: str = "",
) -> dict[str, str]:
    """Return the whole environment of the function's process (rule 10.9).

    What Lambda reserves wins over the function's own variables, which win over the rest.
    Source: Lambda developer guide, "Defined runtime environment variables".

    Args:
        function: what is run.
        roots: where it sees its folders.
        api: address and port of the Runtime API.
        runtime: the runtime's name, `python3.13`.
        programs: the folder of the interpreter.
        called_by: what `caller` found.
        stream: the environment's log stream; of the day of its start unless given.
    """
    libraries = (
        "/var/lang/lib",
        "/lib64",
        "/usr/lib64",
        roots.runtime,
        f"{roots.runtime}/lib",
        roots.task,
        f"{roots.task}/lib",
        f"{roots.layer}/lib",
    )
    return {
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
        "LANG": "en_US.UTF-8",
        "LC_CTYPE": "C.UTF-8",
        "LD_LIBRARY_PATH": ":".join(libraries),
        "PATH": f"{programs}:/usr/local/bin:/usr/bin/:/bin:{roots.layer}/bin",
        "PWD": roots.task,
        "SHLVL": "0",
        "TZ": ":UTC",
        # Lambda has no HOME; here it keeps `~` from being the home of whoever started this.
        **({"TMPDIR": roots.tmp, "HOME": f"/home/{USER_NAME}"} if roots.tmp else {}),
        **function.environment,
        **lambda_variables(function, roots.task),
        **({"TZ": function.environment["TZ"]} if "TZ" in function.environment else {}),
        **called_by,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{runtime}",
        "AWS_LAMBDA_LOG_STREAM_NAME": stream or log_stream(),
        "AWS_LAMBDA_RUNTIME_API": api,
        "LAMBDA_RUNTIME_DIR": roots.runtime,
    }
