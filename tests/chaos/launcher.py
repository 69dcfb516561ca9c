"""Starts the command line again and again: a process for each command, and imports made once.

What a process of Python spends most of its time with is importing; here that is done before, and
each command is a child that is forked off: a process of its own, which is killed like any other.

It reads a JSON object a line and writes one line when the command has begun, its process, and one
when it has ended, its exit code. It imports nothing but what it starts.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import json
import os
import pkgutil
import sys

# What commands import of others in the end; nothing of it acts when it is imported.
_PRELOADED = (
    "botocore.auth",
    "botocore.client",
    "botocore.endpoint",
    "botocore.handlers",
    "botocore.httpsession",
    "botocore.parsers",
    "botocore.response",
    "botocore.retries.standard",
    "botocore.session",
)
# What they do not import of our own.
_LEFT_OUT = ("chalice.cli.local", "chalice.server", "chalice.templates")
_COMMAND = "import sys; from chalice.cli.start import main; sys.exit(main())"


def _command(request):
    """Be the command; does not return."""
    code = 70
    try:
        os.setsid()
        os.chdir(request["folder"])
        output = os.open(request["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for wanted, given in enumerate((nothing, output, output)):
            os.dup2(given, wanted)
        if request["fresh"]:
            line = [sys.executable, "-c", _COMMAND, *request["arguments"]]
            os.execve(sys.executable, line, request["environ"])
        os.environ.clear()
        os.environ.update(request["environ"])
        sys.argv = ["chalice", *request["arguments"]]
        from chalice.cli.start import main

        code = main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - the child must not go on as its parent
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _preload():
    """Import what commands import, and read what the SDK reads of its own: models of services."""
    import chalice

    for name in _PRELOADED:
        __import__(name)
    for module in pkgutil.walk_packages(chalice.__path__, "chalice."):
        if not module.name.startswith(_LEFT_OUT):
            with contextlib.suppress(ImportError):  # extras that are not installed
                __import__(module.name)
    _keep_models()
    # What is there now is never collected, so children do not copy the pages that it is in.
    gc.collect()
    gc.freeze()


def _keep_models():
    """Have the SDK read the models of services once, now, and not in each command."""
    from botocore.loaders import JSONFileLoader
    from botocore.session import Session

    read = functools.cache(functools.partial(JSONFileLoader.load_file, JSONFileLoader()))
    JSONFileLoader.load_file = lambda _, path: read(path)
    for service in ("sts", "cloudformation", "s3"):
        Session().create_client(
            service, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
        )


def main():
    _preload()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _command(json.loads(line))
        _tell(child)
        _, status = os.waitpid(child, 0)
        _tell(os.waitstatus_to_exitcode(status))


def _tell(number):
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
