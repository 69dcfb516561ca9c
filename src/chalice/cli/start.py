"""Where the program `chalice` begins: Ctrl-C is answered from the first import on."""

from __future__ import annotations

import sys
from contextlib import suppress

_INTERRUPTED = 130


def main() -> int:
    """Run the command line and return its exit code."""
    try:
        from chalice.cli.main import main as run  # noqa: PLC0415 - interrupted, it is no traceback

        return run()
    except KeyboardInterrupt:
        with suppress(OSError, AttributeError):  # it is closed: Python has none then
            sys.stderr.write("Interrupted\n")
        return _INTERRUPTED
