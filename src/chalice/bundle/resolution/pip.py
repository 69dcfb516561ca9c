"""pip, where there is no uv."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING

from chalice import programs
from chalice.bundle.inputs.requirements import normalized
from chalice.bundle.resolution.last_words import last_words
from chalice.bundle.resolution.locked import Package
from chalice.bundle.resolution.question import (
    SourceOnly,
    Unbuilt,
    Unreachable,
    Unsolved,
    build_environment,
)
from chalice.bundle.wheels import fits
from chalice.bundle.wheels.credentials import without_user
from chalice.bundle.wheels.fits import Offer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from chalice.bundle.parts import Progress
    from chalice.bundle.resolution.question import Question

# pip evaluates markers for the interpreter that runs it, whatever platform it is asked for; the
# function that says what they are is replaced before it starts. It runs in a process of its own.
_START = """
import json, sys
target = json.loads(sys.argv.pop(1))
from pip._vendor.packaging import markers
markers.default_environment = lambda: dict(target)
from pip._internal.cli.main import main
sys.exit(main())
"""

_NOT_FOUND = re.compile(r"No matching distribution found for (.+?)(?: \(from .*)?$", re.MULTILINE)
# What pip notes in its log of an index that does not answer, which it passes over; a page that is
# missing is an answer.
_SKIPPED = re.compile(
    r"Could not fetch URL (\S+): (?!404 |410 )(.+?)(?: - skipping)?$", re.MULTILINE
)
_CAUSE = re.compile(r"""Caused by \w+\(["']?(?:<[^>]+>: )?(.+?)["']?\)+$""")
_RETRYING = re.compile(r"Retrying \(Retry\(")
_UNREACHABLE = re.compile(
    r"NewConnectionError|ConnectTimeoutError|NameResolutionError|Max retries exceeded"
    r"|ProxyError|SSLError|ReadTimeoutError|\b40[13] (?:Client )?Error|User for "
)
_ROUNDS = 20
_LOG = "pip.log"


class Pip:
    """A pip on this machine.

    Args:
        command: what starts the interpreter that has it.
        project_dir: where it runs.
        environ: its variables.
    """

    name = "pip"

    def __init__(
        self, command: Sequence[str], project_dir: Path, environ: Mapping[str, str]
    ) -> None:
        self._command = tuple(command)
        self._project_dir = project_dir
        quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PIP_NO_COLOR": "1"}
        self._environ = {**environ, **quiet, "PYTHONIOENCODING": "utf-8"}
        self._progress: Progress | None = None

    def solve(self, question: Question, progress: Progress) -> Sequence[Package]:
        """Return one version of each package that is needed, its wheel fetched already.

        What has no wheel that fits is built, one after the other, and offered beside the index.
        """
        self._progress = progress
        progress("Resolving and downloading")
        made = question.folder / "made"
        made.mkdir(exist_ok=True)
        into = question.folder / "wheels"
        said = self._download(question, question.lines, into, made)
        tried: set[str] = set()
        sources: dict[str, Package] = {}
        while said.code and len(tried) < _ROUNDS:
            found = _NOT_FOUND.search(said.talk)
            if not found or found[1] in tried:
                break
            tried.add(found[1])
            source = self._source(question, found[1])
            if source is None:
                break
            sources[source.name] = source
            said = self._download(question, question.lines, into, made)
        if said.code:
            raise self._failure(said)
        return [sources.get(package.name, package) for package in _downloaded(into)]

    def available(self, question: Question, line: str) -> Sequence[Package]:
        """Return what *line* alone stands for: a wheel that fits, or a source.

        Of wheels that do not fit pip says nothing.
        """
        try:
            return self.fitting(question, line)
        except Unreachable:
            raise
        except Unsolved:
            archive = self._archive(question, line)
            if archive is None:
                raise
            name = normalized(re.split(r"[^A-Za-z0-9._-]", line)[0])
            return [Package(name, "", (), Offer(archive.name, archive.as_uri(), {}))]

    def fitting(self, question: Question, line: str) -> Sequence[Package]:
        """Return the wheel for the target that *line* alone stands for."""
        into = question.folder / "alone"
        said = self._download(question, (line,), into, question.folder / "made", "--no-deps")
        if said.code:
            raise self._failure(said)
        return _downloaded(into)

    def build(self, source: str, into: Path, *, compiling: bool) -> Path:
        """Build a wheel from a folder, an archive or a repository."""
        command = ["wheel", "--no-deps", "--wheel-dir", str(into), source]
        said = self._run(command, build_environment(self._environ, compiling=compiling))
        found = sorted(into.glob("*.whl"))
        if said.code or not found:
            raise Unbuilt(last_words(said))
        return found[0]

    def _source(self, question: Question, requirement: str) -> Package | None:
        """Return the package of *requirement*, built from its source; None where it has none."""
        name = normalized(re.split(r"[^A-Za-z0-9._-]", requirement)[0])
        archive = self._archive(question, requirement)
        if archive is None:
            return None
        wheels = archive.parent / "wheel"
        try:
            wheel = self.build(str(archive), wheels, compiling=name in question.allowed)
        except Unbuilt as error:
            raise SourceOnly(Package(name, _version_of(archive)), error.said) from error
        if not fits.is_pure(wheel.name) and name not in question.allowed:
            said = f"what it builds is compiled for `{wheel.stem.split('-', 2)[2]}`"
            raise SourceOnly(Package(name, _version_of(archive)), said)
        kept = wheel.replace(question.folder / "made" / wheel.name)
        return _package(kept, built=True)

    def _archive(self, question: Question, requirement: str) -> Path | None:
        """Return the source of *requirement* as an index has it, None where it has none."""
        into = _emptied(question.folder / "source")
        name = normalized(re.split(r"[^A-Za-z0-9._-]", requirement)[0])
        asked = question.folder / "source.txt"
        asked.write_text("".join(f"{line}\n" for line in (*question.options, requirement)))
        command = ["download", "--no-deps", "--no-binary", name, "--dest", str(into)]
        said = self._asked(question, [*command, "--requirement", str(asked)])
        found = sorted(path for path in into.iterdir() if path.is_file())
        return found[0] if found and not said.code else None

    def _download(
        self,
        question: Question,
        lines: Sequence[str],
        into: Path,
        made: Path,
        *flags: str,
    ) -> programs.Outcome:
        _emptied(into)
        made.mkdir(exist_ok=True)
        folder, target = question.folder, question.target
        asked, constraints = folder / "asked.txt", folder / "constraints.txt"
        # In a file, so that pip expands the variables in them, and no list of processes shows them.
        asked.write_text("".join(f"{line}\n" for line in (*question.options, *lines)))
        constraints.write_text("".join(f"{line}\n" for line in question.constraints))
        tag = f"cp{target.python[0]}{target.python[1]}"
        platforms = dict.fromkeys(tag.platform for tag in question.tags if tag.platform != "any")
        return self._asked(
            question,
            [
                *("download", "--requirement", str(asked), "--constraint", str(constraints)),
                *("--dest", str(into), "--find-links", str(made), "--only-binary", ":all:"),
                *("--python-version", f"{target.python[0]}.{target.python[1]}"),
                *("--implementation", "cp", "--abi", tag, "--abi", "abi3", "--abi", "none"),
                *(word for platform in platforms for word in ("--platform", platform)),
                *flags,
            ],
            target.markers,
        )

    def _asked(
        self,
        question: Question,
        arguments: Sequence[str],
        markers: Mapping[str, str] | None = None,
    ) -> programs.Outcome:
        """Run what asks an index.

        One that does not answer is passed over by pip: what another has instead may be anything.
        """
        log = question.folder / _LOG
        log.unlink(missing_ok=True)
        said = self._run(["--log", str(log), *arguments], self._environ, markers)
        noted = _SKIPPED.search(log.read_text("utf-8", "replace")) if log.is_file() else None
        if noted:
            cause = _CAUSE.search(noted[2])
            raise Unreachable(without_user(f"`{noted[1]}`: {cause[1] if cause else noted[2]}"))
        return said

    def _run(
        self,
        arguments: Sequence[str],
        environ: Mapping[str, str],
        markers: Mapping[str, str] | None = None,
    ) -> programs.Outcome:
        if markers is None:
            command = [*self._command, "-m", "pip", *arguments]
        else:
            command = [*self._command, "-c", _START, json.dumps(dict(markers)), *arguments]
        return programs.run(command, cwd=self._project_dir, environ=environ, told=self._told)

    def _told(self, line: str) -> None:
        """Tell of what takes long: pip asks an index that does not answer again and again."""
        if self._progress and _RETRYING.search(line):
            self._progress("Waiting for the index, which does not answer")

    def _failure(self, said: programs.Outcome) -> Unsolved:
        lines = said.talk.splitlines()
        if trouble := [line for line in lines if _UNREACHABLE.search(line)]:
            return Unreachable(without_user(trouble[-1].strip()))
        errors = [line for line in lines if line.startswith("ERROR: ")]
        talk = " ".join(line.removeprefix("ERROR: ").strip() for line in errors)
        return Unsolved(without_user(talk or said.talk[-500:].strip()))


def _emptied(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        if path.is_file():
            path.unlink()
    return folder


def _version_of(archive: Path) -> str:
    """Return the version of a source, as its file's name has it."""
    found = re.search(r"-(\d[^-]*?)\.(?:tar\.\w+|tgz|zip)$", archive.name)
    return found[1] if found else ""


def _downloaded(folder: Path) -> list[Package]:
    return [_package(path, built=False) for path in sorted(folder.glob("*.whl"))]


def _package(wheel: Path, *, built: bool) -> Package:
    name, version = wheel.name.split("-")[:2]
    with wheel.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    offer = Offer(wheel.name, wheel.as_uri(), {"sha256": sha256})
    return Package(normalized(name), version, (offer,), built=built)
