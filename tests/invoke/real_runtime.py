"""Functions for the tests of the real runtime: a folder of code, served by `awslambdaric`."""

import atexit
import json
import shutil
import sys
import tempfile
import textwrap
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from chalice.invocation import Invocation, Outcome, Result
from chalice.invoke.functions import LocalFunction
from chalice.invoke.lambda_runtime.environments import BlockingEnvironments, Environments
from chalice.invoke.lambda_runtime.journal import Entry
from chalice.invoke.lambda_runtime.outcomes import Report

_CLIENT = ("awslambdaric", "simplejson", "snapshot-restore-py")


@cache
def runtime_client() -> Path:
    """Return a folder with the runtime client that is installed for the tests."""
    folder = Path(tempfile.mkdtemp(prefix="chalice-ric-"))
    atexit.register(shutil.rmtree, folder)
    for name in _CLIENT:
        for file in distribution(name).files or ():
            if ".." not in file.parts and "__pycache__" not in file.parts:
                target = folder / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(str(file.locate()), target)
    return folder


@dataclass
class Served:
    """Functions that can be invoked, and what was logged."""

    environments: BlockingEnvironments
    entries: list[Entry] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def invoke(self, name: str = "handler", event: Any = None, within: float = 60) -> Outcome:
        return self.environments.invoke(invocation(name, event, within))

    def report(self, name: str = "handler", event: Any = None) -> Report:
        return self.environments.report(invocation(name, event))

    def value(self, name: str = "handler", event: Any = None) -> Any:
        """Return what the function returns; it has to."""
        outcome = self.report(name, event).outcome
        assert isinstance(outcome, Result), (outcome, self.texts())
        return json.loads(outcome.payload)

    def texts(self) -> list[str]:
        return [entry.text for entry in self.entries]

    def log(self) -> str:
        return "\n".join(self.texts())


def invocation(name: str = "handler", event: Any = None, within: float = 60) -> Invocation:
    return Invocation(name, json.dumps(event).encode(), within, str(uuid.uuid4()))


@contextmanager
def served(
    code: str,
    folder: Path,
    *names: str,
    layer: Mapping[str, str] | None = None,
    interpreter: Path = Path(sys.executable),
    options: Mapping[str, Any] | None = None,
    **attributes: Any,
) -> Iterator[Served]:
    """Serve the functions *names* of *code*, `handler` unless given; *attributes* are theirs."""
    task = folder / "task"
    task.mkdir()
    (task / "app.py").write_text(textwrap.dedent(code), encoding="utf-8")
    attributes.setdefault("timeout_seconds", 30)
    entries: list[Entry] = []
    notices: list[str] = []
    environments = BlockingEnvironments(
        Environments(
            {
                name: LocalFunction(name, **{"handler_string": f"app.{name}", **attributes})
                for name in names or ("handler",)
            },
            task,
            interpreter,
            runtime_client(),
            log=entries.append,
            notice=notices.append,
            **(options or {}),
        )
    )
    try:
        yield Served(environments, entries, notices)
    finally:
        environments.close()
