"""A project's package, unpacked, and what Lambda's runtime on this machine needs to run it."""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from chalice.bundle.interpreters import find_interpreter
from chalice.bundle.target import this_architecture
from chalice.invoke.lambda_runtime.environments import BlockingEnvironments, Environments
from chalice.invoke.lambda_runtime.folders import OwnFolder, remove
from chalice.invoke.lambda_runtime.variables import caller
from chalice.packaged.checked import store_of
from chalice.packaged.package import package
from chalice.packaged.runtime_client import runtime_client
from chalice.packaged.unpack import unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from chalice.bundle.parts import Bundle, Progress
    from chalice.bundle.target import Target
    from chalice.invocation import Invocation, Outcome
    from chalice.invoke.functions import LocalFunction
    from chalice.invoke.lambda_runtime.journal import Entry
    from chalice.packaged.outline import Outline
    from chalice.packaged.package import Packaged


_SDK = re.compile(rb"^\s*(?:import|from)\s+boto(?:3|core)\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Runnable:
    """A package that can be run.

    Attributes:
        packaged: what was built.
        functions: its functions, by what the definition names.
        interpreter: runs the functions.
        client: the folder with Lambda's runtime client.
        folder: holds the archives and what was unpacked.
        called_by: who the functions are when they call AWS.
        owned: *folder* where it is this package's alone; None: whoever gave it removes it.
    """

    packaged: Packaged
    functions: Mapping[str, LocalFunction]
    interpreter: Path
    client: Path
    folder: Path
    called_by: Mapping[str, str]
    owned: OwnFolder | None = None

    @property
    def task_root(self) -> Path:
        """Where the functions' archive is unpacked."""
        return self.folder / "task"

    @property
    def layer_root(self) -> Path | None:
        """Where the layer is unpacked, if there is one."""
        return self.folder / "layer" if self.packaged.bundle.layer is not None else None

    def environments(
        self, log: Callable[[Entry], None], notice: Callable[[str], None]
    ) -> Environments:
        """Return execution environments for the functions.

        Raises:
            ToolError: this system cannot run them.
        """
        return Environments(
            self.functions,
            self.task_root,
            self.interpreter,
            self.client,
            log=log,
            notice=notice,
            python=self.packaged.bundle.target.python,
            layer_root=self.layer_root,
            called_by=self.called_by,
            orphan=self.folder if self.owned else None,
        )

    def remove(self) -> None:
        """Remove what was unpacked."""
        if self.owned is not None:
            self.owned.remove()
        else:
            remove(self.folder)


def prepare(
    outline: Outline,
    *,
    environ: Mapping[str, str],
    progress: Progress,
    notice: Callable[[str], None],
) -> Runnable:
    """Build the package of a project, and everything to run it.

    Args:
        outline: what is known of the project.
        environ: the user's shell.
        progress: is told of slow steps.
        notice: gets sentences on how this machine differs from Lambda.

    Raises:
        InvalidApp: the project cannot be packaged.
        ToolError: the runtime cannot be had, or a file not be written.
    """
    owned = OwnFolder("chalice-package-")
    folder = owned.path
    try:
        packaged = package(
            outline.directory,
            outline.stage,
            folder / "out",
            environ=environ,
            progress=progress,
            facts=outline.facts,
        )
        runnable = unpacked(
            outline, packaged, folder, environ=environ, progress=progress, notice=notice
        )
        return replace(runnable, owned=owned)
    except BaseException:
        owned.remove()
        raise


def unpacked(
    outline: Outline,
    packaged: Packaged,
    folder: Path,
    *,
    environ: Mapping[str, str],
    progress: Progress,
    notice: Callable[[str], None],
) -> Runnable:
    """Unpack a package into *folder*, and find what runs it.

    Raises:
        ToolError: the runtime cannot be had, or a file not be written.
    """
    _unpack(packaged.bundle, folder, progress)
    target = packaged.bundle.target
    _tell_machine(target, notice)
    store = store_of(environ)
    found = find_interpreter(target.python, environ, store)
    interpreter = found or Path(sys.executable)
    client = runtime_client(
        interpreter,
        target.python if found else sys.version_info[:2],
        store,
        spare=folder,
        sdk=_needs_sdk(folder),
        environ=environ,
        progress=progress,
        notice=notice,
    )
    return Runnable(
        packaged=packaged,
        functions=outline.functions,
        interpreter=interpreter,
        client=client,
        folder=folder,
        called_by=caller(environ),
    )


def _unpack(bundle: Bundle, folder: Path, progress: Progress) -> None:
    progress("Unpacking the package")
    # Who runs the function is somebody else, and has to see what is below.
    folder.chmod(0o755)
    unpack(bundle.code.path, folder / "task")
    if bundle.layer is not None:
        unpack(bundle.layer.path, folder / "layer")


def _tell_machine(target: Target, notice: Callable[[str], None]) -> None:
    machine = this_architecture()
    if target.architecture != machine:
        notice(
            f"The package is for {target.architecture}, this machine is {machine}: extension"
            " modules in it cannot be loaded"
        )


def _needs_sdk(folder: Path) -> bool:
    """Return whether something in the package imports the SDK, which is not in it.

    Lambda's image has it for everybody; here it is fetched for those that use it.
    """
    if any(found.is_dir() for found in folder.glob("*/**/boto3")):
        return False
    return any(_SDK.search(file.read_bytes()) for file in folder.glob("*/**/*.py"))


@dataclass(frozen=True, slots=True)
class Run:
    """A package whose functions can be invoked, for callers without an event loop."""

    runnable: Runnable
    environments: BlockingEnvironments

    def invoke(self, invocation: Invocation) -> Outcome:
        """Run the function to its end, and its log to its last line."""
        return self.environments.report(invocation).outcome


@contextmanager
def running(
    outline: Outline,
    *,
    environ: Mapping[str, str],
    progress: Progress,
    notice: Callable[[str], None],
    log: Callable[[str], None],
) -> Generator[Run]:
    """Give a project's package, ready to be invoked; nothing of it is left afterwards.

    Raises:
        InvalidApp: the project cannot be packaged.
        ToolError: the runtime cannot be had, or a file not be written.
    """

    def entry(item: Entry) -> None:
        log(item.text)

    runnable = prepare(outline, environ=environ, progress=progress, notice=notice)
    try:
        environments = BlockingEnvironments(runnable.environments(entry, notice))
        try:
            yield Run(runnable, environments)
        finally:
            environments.close()
    finally:
        runnable.remove()
