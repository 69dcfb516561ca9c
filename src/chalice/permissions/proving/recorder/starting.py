"""Has what a process imports, and what it starts, be recorded."""

from __future__ import annotations

import functools
import importlib.util
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from importlib.machinery import ModuleSpec
    from types import ModuleType

#: Names the file that says what is recorded, and where: see `plan` in `recorded`.
VARIABLE = "CHALICE_RECORDING"

_PATH = "PYTHONPATH"


class Started:
    """Has each Python that this process starts be recorded, whatever environment it is given.

    Args:
        plan: the file that says what is recorded.
    """

    # Where `Popen` takes the environment by position. Source: Python's library, "subprocess".
    _POSITION = 10

    def __init__(self, plan: str) -> None:
        self._plan = plan
        here = os.path.abspath(__file__)  # noqa: PTH100 - `pathlib` may not be loaded
        folder = os.path.dirname(os.path.dirname(here))  # noqa: PTH120 - the same
        self._child = os.path.join(folder, "child")  # noqa: PTH118 - the same

    def on_process(self, module: ModuleType) -> None:
        """Have the processes that *module*, `subprocess`, starts be recorded."""
        popen: Any = module.__dict__["Popen"]
        original = popen.__init__

        @functools.wraps(original)
        def begin(process: Any, *args: Any, **kwargs: Any) -> None:
            at = self._POSITION
            if len(args) > at:
                args = (*args[:at], self._given(args[at]), *args[at + 1 :])
            else:
                kwargs["env"] = self._given(kwargs.get("env"))
            original(process, *args, **kwargs)

        popen.__init__ = begin

    def _given(self, environ: Any) -> Any:
        """Return *environ* with what a process is recorded by; None is that of this process."""
        try:
            known: Mapping[Any, Any] = os.environ if environ is None else environ
            # Names may be bytes, as texts may.
            names = {os.fsdecode(name): name for name in known}
            path = os.fsdecode(known[names[_PATH]]) if _PATH in names else ""
            if VARIABLE in names and self._child in path.split(os.pathsep):
                return environ
            given = {name: value for name, value in known.items() if os.fsdecode(name) != _PATH}
            given[_PATH] = os.pathsep.join(filter(None, [self._child, path]))
            if VARIABLE not in names:
                given[VARIABLE] = self._plan
        except Exception:  # noqa: BLE001 - the program is somebody else's, and so is its mistake
            return environ
        return given


class Watch:
    """Stands before Python's finders and calls *then* with modules when they have been imported."""

    def __init__(self, then: Mapping[str, Callable[[ModuleType], None]]) -> None:
        self._then = then
        self._looks: set[str] = set()

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Return the spec of one of the modules, whose loader then tells; None for others."""
        del path, target
        then = self._then.get(name)
        if then is None or name in self._looks:
            return None
        # The finders are asked again, this one among them.
        self._looks.add(name)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self._looks.discard(name)
        if spec is None or spec.loader is None:
            return spec
        loader: Any = spec.loader
        original = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            original(module)
            then(module)

        loader.exec_module = exec_module
        return spec
