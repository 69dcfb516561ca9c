"""Source files compiled by an interpreter of the target, in a process of its own.

What is compiled, and in which form, is the matter of `compiling`, the program that the process
runs. It is given nothing of this process's environment that could change what comes out.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from chalice.bundle.assembly import compiling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import TracebackType
    from typing import Self

    from chalice.bundle.interpreters import Interpreter

# Sources larger than this are data that ends in `.py`; what parses them takes memory a hundredfold.
MAX_SOURCE_BYTES = 8 * 1024 * 1024

# -s -S: nothing but the standard library is on the path; -P: nor is the program's folder; -B:
# nothing is written. `-I` would do the same, but ignores PYTHONHASHSEED.
_OPTIONS = ("-s", "-S", "-P", "-B")


def place(path: str, cache_tag: str) -> str:
    """Return where the bytecode of the source *path* is looked for.

    >>> place("shop/cart.py", "cpython-313")
    'shop/__pycache__/cart.cpython-313.pyc'
    """
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}__pycache__/{name.removesuffix('.py')}.{cache_tag}.pyc"


class Compiler:
    """Compiles sources; its process starts with the first of them.

    Use it in a `with` statement, which ends the process.
    """

    def __init__(self, interpreter: Interpreter) -> None:
        self.interpreter = interpreter
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def compiled(self, sources: Iterable[tuple[str, bytes]]) -> Iterator[bytes | None]:
        """Yield the content of the `.pyc` of each source, None for one that does not compile.

        While the caller looks at one the next is being compiled.

        Args:
            sources: pairs of the name that tracebacks show, `/var/task/app.py`, and the content.
        """
        waiting = False
        for filename, source in sources:
            if waiting:
                content = self._answer()
                sent = self._ask(filename, source)
                yield content
            else:
                sent = self._ask(filename, source)
            waiting = True
            if not sent:
                yield None
                waiting = False
        if waiting:
            yield self._answer()

    def _ask(self, filename: str, source: bytes) -> bool:
        """Send a source; return whether it was sent."""
        if len(source) > MAX_SOURCE_BYTES:
            return False
        name = filename.encode()
        requests = cast("BinaryIO", self._running().stdin)
        try:
            requests.write(compiling.REQUEST.pack(len(name), len(source)) + name + source)
            requests.flush()
        except BrokenPipeError:
            self._stop()
            return False
        return True

    def _answer(self) -> bytes | None:
        """Return what came of the source that was sent."""
        answers = cast("BinaryIO", self._running().stdout)
        head = answers.read(compiling.ANSWER.size)
        if len(head) == compiling.ANSWER.size:
            (size,) = compiling.ANSWER.unpack(head)
            content = answers.read(size)
            if len(content) == size:
                return content or None
        # The compiler itself died of this source; the next one gets another process.
        self._stop()
        return None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 - an interpreter that was asked
                (self.interpreter.path, *_OPTIONS, Path(compiling.__file__)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(os.environ),
            )
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            # Closes the pipes, and waits.
            process.communicate()


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return *environ* without what changes an interpreter; sets are always in the same order."""
    plain = {name: value for name, value in environ.items() if not name.startswith("PYTHON")}
    return {**plain, "PYTHONHASHSEED": "0"}
