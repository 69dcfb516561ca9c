"""uv, asked as a program.

It answers with a lock file that names each file with its hash, without fetching any.
"""

from __future__ import annotations

import re
import shutil
import sys
import tomllib
from typing import TYPE_CHECKING

from chalice import programs
from chalice.bundle.resolution import locked
from chalice.bundle.resolution.last_words import last_words
from chalice.bundle.resolution.question import (
    NoInterpreter,
    Unbuilt,
    Unreachable,
    Unsolved,
    build_environment,
)
from chalice.bundle.wheels.credentials import without_user

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from chalice.bundle.parts import Progress
    from chalice.bundle.resolution.locked import Package
    from chalice.bundle.resolution.question import Question

# The glibc versions that `--python-platform` knows, as minors of glibc 2.
# Source: uv 0.13, `uv pip compile --help`.
_GLIBC = (17, 28, 31, 32, 33, 34)

#: Writes a `pylock.toml` with what a `uv.lock` says for the project alone, to be read without uv.
EXPORT = (
    "uv export --locked --no-default-groups --no-emit-project --format pylock.toml -o pylock.toml"
)

_OWN = 'chalice ; python_version < "0"\n'
_UNREACHABLE = re.compile(
    r"Failed to fetch|Request failed|error sending request|client error|dns error|\(40[13] "
)
# An answer, though not the one that was hoped for.
_GONE = re.compile(r"\b(?:404 Not Found|410 Gone)\b")
_NO_PYTHON = re.compile(
    r"No interpreter found|Failed to inspect Python|incompatible with the project's Python"
)
_ROUNDS = 3


class Uv:
    """A uv on this machine.

    Args:
        command: what starts it.
        project_dir: where it looks for its configuration.
        environ: its variables.
        interpreter: returns what builds sources and reads locks: one of the target's minor where
            there is one.
    """

    name = "uv"

    def __init__(
        self,
        command: Sequence[str],
        project_dir: Path,
        environ: Mapping[str, str],
        interpreter: Callable[[], Path | None],
    ) -> None:
        self._command = tuple(command)
        self._project_dir = project_dir
        # Nobody has asked for an interpreter to be downloaded.
        self._environ = {"UV_PYTHON_DOWNLOADS": "never", **environ, "NO_COLOR": "1"}
        self._interpreter = interpreter

    def solve(self, question: Question, progress: Progress) -> Sequence[Package]:
        """Return one version of each package that is needed.

        A version with a wheel is better than a later one without: sources are only looked at of
        packages that have no wheel at all.
        """
        progress("Resolving")
        glibc = question.target.glibc[1]
        known = max(minor for minor in _GLIBC if minor <= glibc)
        try:
            return self._compile(question, known, "--only-binary", ":all:")
        except Unreachable:
            raise
        except Unsolved:
            # uv knows no name for this glibc. A newer one may do where every wheel fits after all.
            if known < glibc and (found := self._newer(question)):
                return found
        return self._with_sources(question, known)

    def _newer(self, question: Question) -> Sequence[Package] | None:
        glibc = question.target.glibc[1]
        newer = min((minor for minor in _GLIBC if minor > glibc), default=glibc)
        try:
            found = self._compile(question, newer, "--only-binary", ":all:")
        except Unsolved:
            return None
        return None if any(question.lacking(package) for package in found) else found

    def _with_sources(self, question: Question, glibc: int) -> Sequence[Package]:
        """Return packages of which some have no wheel: because none of their versions has one."""
        found = self._compile(question, glibc)
        sources: set[str] = set()
        for _ in range(_ROUNDS):
            lacking = {package.name for package in found if question.lacking(package)} - sources
            sources |= {name for name in lacking if not self._has_wheels(question, name)}
            wheels = sorted({package.name for package in found} - sources)
            flags = [flag for name in wheels for flag in ("--no-build-package", name)]
            try:
                chosen = self._compile(question, glibc, *flags)
            except Unsolved:
                return found  # versions without a wheel are asked for: what is lacking is said
            if all(p.name in sources for p in chosen if question.lacking(p)):
                return chosen
            found = chosen
        return found

    def _has_wheels(self, question: Question, name: str) -> bool:
        try:
            self.fitting(question, name)
        except Unsolved:
            return False
        return True

    def fitting(self, question: Question, line: str) -> Sequence[Package]:
        """Return the wheel for the target that *line* alone stands for."""
        glibc = max(minor for minor in _GLIBC if minor <= question.target.glibc[1])
        flags = ("--no-deps", "--only-binary", ":all:")
        return self._compile(question, glibc, *flags, lines=(line,))

    def available(self, question: Question, line: str) -> Sequence[Package]:
        """Return what *line* alone stands for, with the files for any machine."""
        return self._compile(question, 0, "--universal", "--no-deps", lines=(line,))

    def locked(self, question: Question) -> Sequence[Package]:
        """Return what the project's `uv.lock` says for the target.

        Raises:
            NoInterpreter: uv wants one that fits the project, though nothing of it counts here.
            Unsolved: it is not up to date, or no lock file.
        """
        flags = ["--locked", "--no-default-groups", "--no-emit-project", "--prune", "chalice"]
        command = ["export", "--quiet", "--format", "pylock.toml", "--no-header", *flags]
        said = self._with_interpreter([*command, "--no-editable"])
        return self._packages(said.output, question)

    def token(self, service: str) -> tuple[str, str] | None:
        """Return user and password that `uv auth login` has kept for *service*."""
        command = [*self._command, "auth", "token", service]
        said = programs.run(command, cwd=self._project_dir, environ=self._environ)
        kept = said.output.strip()
        return ("__token__", kept) if said.code == 0 and kept else None

    def build(self, source: str, into: Path, *, compiling: bool) -> Path:
        """Build a wheel from a folder or an archive; a repository is cloned first."""
        environ = build_environment(self._environ, compiling=compiling)
        if source.startswith("git+"):
            source = str(_cloned(source, into / "source", environ))
        elif re.match(r"(hg|svn|bzr)\+", source):
            raise Unbuilt("uv knows no repositories but those of git")
        wheels = into / "wheels"
        python = str(self._interpreter() or sys.executable)
        command = ["build", "--wheel", "--python", python, "--out-dir", str(wheels)]
        said = programs.run(
            [*self._command, *command, source], cwd=self._project_dir, environ=environ
        )
        found = sorted(wheels.glob("*.whl"))
        if said.code or not found:
            raise Unbuilt(last_words(said))
        return found[0]

    def _compile(
        self, question: Question, glibc: int, *flags: str, lines: Sequence[str] | None = None
    ) -> Sequence[Package]:
        """Return what uv makes of the question; of *lines* where they are given instead."""
        folder = question.folder
        whole = lines is None
        asked = question.lines if lines is None else lines
        asked_file = folder / "asked.txt"
        files = {
            "asked.txt": (*question.options, *asked),
            "constraints.txt": question.constraints,
            "overrides.txt": (_OWN,),
        }
        for name, content in files.items():
            (folder / name).write_text("".join(f"{line}\n" for line in content if line != "--pre"))
        target = question.target
        platform = ("--python-platform", f"{target.machine}-manylinux_2_{glibc}") if glibc else ()
        pre = ("--prerelease", "allow") if "--pre" in question.options else ()
        said = self._run(
            [
                *("pip", "compile", str(question.file if whole and question.file else asked_file)),
                *("--constraints", str(folder / "constraints.txt")),
                *("--overrides", str(folder / "overrides.txt")),
                *("--quiet", "--no-header", "--format", "pylock.toml"),
                *("--python", sys.executable),
                *("--python-version", f"{target.python[0]}.{target.python[1]}"),
                *platform,
                *pre,
                *flags,
            ]
        )
        return self._packages(said.output, question)

    def _packages(self, text: str, question: Question) -> Sequence[Package]:
        try:
            document = tomllib.loads(text)
            return locked.packages(document, self._project_dir, question.target.markers)
        except ValueError as error:
            raise Unsolved(f"uv answers what is not understood: {error}") from error

    def _with_interpreter(self, arguments: Sequence[str]) -> programs.Outcome:
        """Run what needs a Python that fits the project: one that is known here, or uv's choice."""
        for python in self._known_interpreters():
            try:
                return self._run([*arguments, "--python", python])
            except NoInterpreter:
                continue  # a patch release that the project does not allow, or another minor
        return self._run(arguments)

    def _known_interpreters(self) -> list[str]:
        if self._environ.get("UV_PYTHON"):
            return []
        found = str(self._interpreter() or sys.executable)
        return [found] if found == sys.executable else [found, sys.executable]

    def _run(self, arguments: Sequence[str]) -> programs.Outcome:
        command = [*self._command, *arguments]
        said = programs.run(command, cwd=self._project_dir, environ=self._environ)
        if said.code:
            talk = _plain(said.talk) or f"it ends with {said.code} and says nothing"
            if _NO_PYTHON.search(talk):
                raise NoInterpreter(talk)
            unknown = _UNREACHABLE.search(talk) and not _GONE.search(talk)
            raise (Unreachable if unknown else Unsolved)(talk)
        return said


def _cloned(source: str, into: Path, environ: Mapping[str, str]) -> Path:
    """Return the folder of the repository *source*, `git+URL@REVISION#subdirectory=FOLDER`."""
    address, _, fragment = source.removeprefix("git+").partition("#")
    scheme, _, rest = address.partition("://")
    host, _, path = rest.partition("/")
    path, _, revision = path.rpartition("@") if "@" in path else (path, "", "")
    place = f"{scheme}://{host}/{path}"
    commands = [["clone", "--quiet", "--recurse-submodules", place, str(into)]]
    if revision:
        commands.append(["-C", str(into), "checkout", "--quiet", revision])
        commands.append(["-C", str(into), "submodule", "update", "--init", "--recursive"])
    git = shutil.which("git", path=environ.get("PATH", ""))
    if git is None:
        raise Unbuilt("there is no git on this machine")
    for command in commands:
        said = programs.run([git, *command], cwd=into.parent, environ=environ)
        if said.code:
            raise Unbuilt(last_words(said))
    below = re.search(r"subdirectory=([^&]+)", fragment)
    return into / below[1] if below else into


def _plain(talk: str) -> str:
    """Return what uv said, as one paragraph without its own marks."""
    lines = (line.strip() for line in talk.splitlines())
    kept = [line for line in lines if line and not line.startswith("warning:")]
    text = " ".join(re.sub(r"^(error|cause|hint): ", "", line) for line in kept)
    return without_user(text)
