"""The zips whose start is measured, each made by the tool that would deploy it, and unpacked."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.environments import ENVIRONMENT, ensure

from benchmarks.cold import sources
from benchmarks.peers import ENVIRONMENTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

AWS_CHALICE = "chalice==1.34.0"
# AWS Chalice packages with pip, which its environment has to hold; setuptools is what it imports.
_PACKAGER = (AWS_CHALICE, "pip", "setuptools", "wheel")


@dataclass(frozen=True, slots=True)
class Unpacked:
    """One zip as Lambda unpacks it.

    Attributes:
        application: `hello` or `large`.
        tool: `bare`, `chalice2` or `chalice`.
        folder: where it is unpacked.
        zipped: bytes of the zip.
    """

    application: str
    tool: str
    folder: Path
    zipped: int


class NotPackaged(Exception):
    """A tool did not make its zip; the text is what it said."""


def packages(folder: Path, python: Path) -> list[Unpacked]:
    """Make and unpack every zip below *folder*, for the interpreter *python*."""
    made = [_bare(folder / "bare")]
    for application in ("hello", "large"):
        ours = (sys.executable, "-m", "chalice.cli.main", "package")
        made.append(_packaged(folder, application, "chalice2", ours))
        peer = ensure(ENVIRONMENTS / "packager", python, _PACKAGER)
        theirs = (str(peer.parent / "chalice"), "package")
        made.append(_packaged(folder, application, "chalice", theirs))
    return made


def _bare(folder: Path) -> Unpacked:
    sources.write(folder, "bare")
    return Unpacked("hello", "bare", folder, (folder / "app.py").stat().st_size)


def _packaged(folder: Path, application: str, tool: str, command: Sequence[str]) -> Unpacked:
    project = folder / f"{application}-{tool}"
    sources.write(project, application)
    out = project / "out"
    run = subprocess.run(
        (*command, str(out)),
        cwd=project,
        env={**ENVIRONMENT, **os.environ, "AWS_DEFAULT_REGION": "us-east-1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    archive = out / "deployment.zip"
    if run.returncode or not archive.is_file():
        raise NotPackaged(f"{tool} did not package {application}: {run.stderr[-2000:]}")
    unpacked = project / "task"
    with zipfile.ZipFile(archive) as content:
        content.extractall(unpacked)
    return Unpacked(application, tool, unpacked, archive.stat().st_size)
