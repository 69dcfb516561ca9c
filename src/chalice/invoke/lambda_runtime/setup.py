"""What execution environments are made of, and how Lambda's runtime is started in one."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from chalice.invoke.lambda_runtime.sandbox import Places
from chalice.invoke.lambda_runtime.variables import Roots, variables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice.invoke.functions import LocalFunction
    from chalice.invoke.lambda_runtime.interpreter import Interpreter

_BOOTSTRAP = Path(__file__).with_name("bootstrap.py")

# Source: Lambda developer guide, "Lambda execution environment", "Init phase" (rule 10.2).
INIT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Command:
    """What becomes the runtime's process.

    Attributes:
        arguments: the program and what it is told.
        environment: all of its environment variables.
        directory: where it starts.
    """

    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    directory: str


@dataclass(frozen=True, slots=True)
class Setup:
    """What environments are made of.

    Attributes:
        task_root: the unpacked package.
        ric: the folder with the runtime client, and what else Lambda's image has.
        interpreter: runs the functions.
        python: the version that the package is for.
        layer_root: the unpacked layers.
        called_by: what `variables.caller` found.
        isolated: whether to use namespaces.
        init_seconds: how long the init phase may take.
        folder: where folders for temporary files are made; None for the system's.
    """

    task_root: Path
    ric: Path
    interpreter: Interpreter
    python: tuple[int, int]
    layer_root: Path | None = None
    called_by: Mapping[str, str] = field(default_factory=dict[str, str])
    isolated: bool = True
    init_seconds: float = INIT_SECONDS
    folder: Path | None = None

    def places(self) -> Places:
        """Return where things are on this machine."""
        return Places(
            task=str(self.task_root),
            runtime=str(self.ric),
            bootstrap=str(_BOOTSTRAP),
            layer=str(self.layer_root or ""),
            visible=tuple(map(str, self.interpreter.folders)),
            hidden=tuple(map(str, self.interpreter.packages)),
        )

    def command(
        self, function: LocalFunction, *options: str, api: str, scratch: str = "", stream: str = ""
    ) -> Command:
        """Return what starts the runtime with *function*.

        Args:
            function: what it loads.
            options: further ones of the interpreter.
            api: address and port of its Runtime API.
            scratch: its folder for temporary files where there are no namespaces.
            stream: the environment's log stream; of the day of its start unless given.
        """
        program = self.interpreter.program
        if self.isolated:
            roots = Roots()
            start = [f"{roots.runtime}/{_BOOTSTRAP.name}"]
        else:
            layer = str(self.layer_root or "/opt")
            roots = Roots(str(self.task_root), str(self.ric), layer, scratch)
            # The machine's own packages are in sight here, and so are files beside the program.
            start = ["-SP", str(_BOOTSTRAP)]
        environment = variables(
            function,
            roots,
            api=api,
            runtime=f"python{self.python[0]}.{self.python[1]}",
            programs=str(program.parent),
            called_by=self.called_by,
            stream=stream,
        )
        arguments = (str(program), *options, *start, function.handler_string, roots.layer)
        return Command(arguments, environment, roots.task)
