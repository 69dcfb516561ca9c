"""The only writer of the command line: data to stdout, talk to stderr.

Text that a program may read (tables, JSON, documents) is data; everything said to a person is talk.
Colour is used only where the stream is a terminal and `NO_COLOR` is unset; it never carries meaning
by itself.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from chalice.cli.counting import counted
from chalice.cli.streams import another
from chalice.diagnostics import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Literal, TextIO

    from chalice.deploy.grants import Compared
    from chalice.deploy.plan import Plan
    from chalice.diagnostics import Problem, ToolError

# What JSON may have as it is and a terminal obeys. Source: ECMA-48, "C1 set"; RFC 8259, section 7.
_CONTROLS = {mark: f"\\u{mark:04x}" for mark in range(0x7F, 0xA0)}

# Those of a terminal that does not say how many it has.
_USUAL_COLUMNS = 80

_RED, _YELLOW, _BOLD = "31;1", "33;1", "1"


class Console:
    """Writes for one run of a command.

    Args:
        out: where data goes.
        err: where talk goes.
        environ: read for `NO_COLOR` and `TERM`.
    """

    __slots__ = ("_colour", "_passes", "err", "out")

    def __init__(self, out: TextIO, err: TextIO, environ: Mapping[str, str]) -> None:
        self.out = out
        self.err = err
        self._passes = False
        # Source: no-color.org: any value but the empty one turns colour off.
        self._colour = not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"

    @classmethod
    def of_process(cls, environ: Mapping[str, str]) -> Console:
        """Return the console of this process; what its encoding cannot write is escaped."""
        for stream in (sys.stdout, sys.stderr):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(errors="backslashreplace")
        return cls(sys.stdout, sys.stderr, environ)

    def apart(self) -> Console:
        """Return a console that writes to the same places, whoever closes the descriptors of these.

        It keeps them open until the process ends.
        """
        other = Console(another(self.out), another(self.err), {})
        other._colour = self._colour
        return other

    def data(self, text: str) -> None:
        """Write *text* and a line end to stdout."""
        self._settle()
        self.out.write(f"{text}\n")

    def payload(self, data: bytes) -> None:
        """Write *data* to stdout as it is; only a terminal gets a line end after it."""
        self._settle()
        self.out.flush()
        self.out.buffer.write(data)
        if self.out.isatty():
            self.out.buffer.write(b"\n")
        self.out.buffer.flush()

    def json(self, value: Any) -> None:
        """Write *value* to stdout as indented JSON."""
        import json  # noqa: PLC0415 - `--help` does without it

        self.data(json.dumps(value, indent=2, ensure_ascii=False).translate(_CONTROLS))

    def say(self, text: str) -> None:
        """Tell the person at the terminal *text*, on stderr, at once, below the data so far."""
        with suppress(OSError, ValueError):  # nobody reads the data any more: the end tells of it
            self.out.flush()
        self._settle()
        self.err.write(f"{text}\n")
        self.err.flush()

    def passing(self, text: str) -> bool:
        """Show *text* on the last line of the terminal, in the place of the one before.

        Of long text as much as the line holds. Empty text clears the line, as all else that is
        written does. False where stderr is no terminal: nothing was written then.
        """
        width = _columns(self.err)
        if width is None:
            return False
        # Source: ECMA-48, "EL" (erase in line); a text that wraps could not be taken back.
        self.err.write(f"\r\x1b[K{text[: width - 1]}")
        self.err.flush()
        self._passes = bool(text)
        return True

    def _settle(self) -> None:
        """Take back what passes: something lasting comes in its place."""
        if self._passes:
            self.passing("")

    def error(self, text: str) -> None:
        """Say what stopped the command."""
        self.say(f"{self._painted('Error:', _RED, self.err)} {_printable(text)}")

    def warning(self, text: str) -> None:
        """Say what does not stop the command and still deserves a look."""
        self.say(f"{self._painted('Warning:', _YELLOW, self.err)} {_printable(text)}")

    def problems(self, problems: Iterable[Problem], *, as_data: bool = False) -> None:
        """Write *problems*, two lines each: what is wrong and where, then what to write instead.

        Args:
            problems: in the order in which they are to be read.
            as_data: to stdout, for the command whose answer they are.
        """
        self._settle()
        stream = self.out if as_data else self.err
        for problem in problems:
            stream.write(f"{self._described(problem, stream)}\n")
        stream.flush()

    def failure(self, error: ToolError) -> None:
        """Say what the user can fix: every problem of an application, or one sentence."""
        # `InvalidApp` and `InvalidDefinition`; the latter is of a layer that `--help` does without.
        problems: tuple[Problem, ...] = getattr(error, "problems", ())
        if problems:
            self.stopped_by(problems)
        else:
            self.error(str(error))

    def stopped_by(self, problems: Sequence[Problem]) -> None:
        """Write the *problems* that stopped the command, and how many they are."""
        self.problems(problems)
        warnings = sum(problem.severity == "warning" for problem in problems)
        counts = {"problem": len(problems) - warnings, "warning": warnings}
        self.error(", ".join(counted(count, one) for one, count in counts.items() if count))

    def table(
        self, header: Sequence[str], rows: Sequence[Sequence[str]], *, whole: bool = False
    ) -> None:
        """Write a table to stdout: ruled on a terminal, plain aligned columns elsewhere.

        Args:
            header: the names of the columns.
            rows: what is in them.
            whole: whether cells are copied: a table that is too wide is not ruled, and the terminal
                goes on in its next line without breaking the text.
        """
        self._settle()
        rows = [tuple(map(visible, row)) for row in rows]
        widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
        width = sum(widths) + 2 * len(widths)
        if self.out.isatty() and not (whole and width > (_columns(self.out) or width)):
            self._ruled(header, rows)
            return
        for row in (header, *rows):
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.data("  ".join(cells).rstrip())

    def plan(self, plan: Plan, *, as_data: bool) -> None:
        """Write what would be done to a stack.

        Args:
            plan: that.
            as_data: to stdout, for the command whose answer it is.
        """
        from chalice.cli.plan_view import lines_of  # noqa: PLC0415 - few commands have plans

        self._settle()
        stream = self.out if as_data else self.err
        for line in lines_of(
            plan, _columns(stream), lambda text, colour: self._painted(text, colour, stream)
        ):
            stream.write(f"{line}\n")
        stream.flush()

    def permissions(self, found: Compared) -> None:
        """Write what roles gain and lose to stdout."""
        from chalice.cli.plan_view import permission_lines  # noqa: PLC0415 - as above

        self._settle()
        self.out.write("\n".join(permission_lines(found, self.coloured)) + "\n")
        self.out.flush()

    def flush(self) -> None:
        """Hand over what is still buffered."""
        self.out.flush()
        self.err.flush()

    def _ruled(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        # Importing rich costs as much as the rest of a small command: only a terminal pays for it.
        from rich.box import SIMPLE_HEAD  # noqa: PLC0415
        from rich.console import Console as RichConsole  # noqa: PLC0415
        from rich.table import Table  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        for name in header:
            table.add_column(name, overflow="fold")
        for row in rows:
            table.add_row(*map(Text, row))
        colours: Literal["auto"] | None = "auto" if self._colour else None
        RichConsole(file=self.out, color_system=colours).print(table)

    def _described(self, problem: Problem, stream: TextIO) -> str:
        warning = problem.severity == "warning"
        where = visible(problem.where)
        place = f"{self._painted(f'{where}:', _BOLD, stream)} " if where else ""
        kind = self._painted("warning:", _YELLOW, stream) + " " if warning else ""
        hint = f"\n    {_printable(problem.hint)}" if problem.hint else ""
        return f"{place}{kind}{_printable(problem.summary)} [{problem.code}]{hint}"

    def coloured(self, text: str, colour: str) -> str:
        """Return *text* for `data`, in a colour of ECMA-48 where stdout is shown in colour."""
        return self._painted(text, colour, self.out)

    def _painted(self, text: str, code: str, stream: TextIO) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour and stream.isatty() else text


def _columns(stream: TextIO) -> int | None:
    """Return how many columns the terminal has that *stream* writes to; None where it is none."""
    if not stream.isatty():
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns or _USUAL_COLUMNS
    except (OSError, ValueError):  # replaced by something that only says that it is a terminal
        return _USUAL_COLUMNS


def _printable(text: str) -> str:
    """Return *text* with its lines kept and everything else visible."""
    return "\n".join(map(visible, text.split("\n")))
