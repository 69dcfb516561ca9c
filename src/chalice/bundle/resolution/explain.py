"""Why requirements cannot be had: what uv and pip say, in our words and with its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.bundle.inputs.choice import UV_LOCK
from chalice.bundle.resolution.question import Unreachable, Unsolved, problem
from chalice.bundle.wheels import fits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalice.bundle.inputs.requirements import Requirement
    from chalice.bundle.resolution.locked import Package
    from chalice.bundle.resolution.question import Question, Tool
    from chalice.bundle.target import Target
    from chalice.diagnostics import Problem

_SIGN_IN = re.compile(r"\b40[13]\b")
# What uv and pip say around what matters.
_MISSING = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*) (?:was|were) not found in")
_NONE = re.compile(r"\(from versions: none\)")
_PYTHON = re.compile(
    r"(?P<who>[^\s,]+) (?:depends on|requires) Python ?(?P<asked>[^\s,]+)"
    r"|requires? a different Python[^;]*?not in '(?P<other>[^']+)'"
)
_FRAME = re.compile(
    r"No solution found when resolving dependencies(?: for split \([^)]*\))?"
    r"|ResolutionImpossible: .*|No matching distribution found for .*"
    r"|[,.]? *(?:and )?we can conclude that your requirements are unsatisfiable\.?"
    r"|The `(?:--python-version|requires-python)` value .*"
)
# What says that versions were weighed, and none was found.
_VERDICT = re.compile(
    r"No solution found|not found in|unsatisfiable|No matching distribution|ResolutionImpossible"
    r"|Could not find a version|conflicting dependencies|requires? a different Python"
)
_NO_SUCH = re.compile(r"\b(?:404|410)\b")
_OF_GIT = re.compile(r"\b(?:fatal|ssh): ")
_COMPILED = re.compile(r"^it compiles$|^what it builds is compiled")
_NEEDS_ANY = "ask for another version or package"

# More lines than this are not asked for one by one: each costs a start of uv or pip.
_MOST_PROBES = 200


def unreachable(said: str, where: str, *, pinned: bool) -> Problem:
    """Return the problem of an index that does not answer.

    Args:
        said: what uv or pip said of it.
        where: the file that asks.
        pinned: whether no other versions than those of today can come out.
    """
    if _SIGN_IN.search(said):
        hint = "sign in as `Private indexes` in the documentation of packaging says"
        return problem("index-sign-in", f"the index does not let us in: {said}", where, hint)
    hint = "look at the network, the proxy, and the address of the index"
    if not pinned:
        hint += (
            "; what is pinned (`idna==3.10`) with all that it needs, or locked, "
            "is packaged again without a network"
        )
    return problem("index-unreachable", f"the index cannot be reached: {said}", where, hint)


def lock(said: str, where: str) -> Problem:
    """Return the problem of a lock file that says nothing that can be taken."""
    how = ": `uv lock`" if where == UV_LOCK else ", with the tool that wrote it"
    summary = f"`{where}` cannot be taken: {said}"
    return problem("requirements-lock", summary, where, f"lock again{how}")


def no_interpreter(question: Question, said: str, where: str) -> Problem:
    """Return the problem of a lock file for whose project there is no Python here."""
    python = question.target.runtime.removeprefix("python")
    summary = f"`{where}` is read by uv, which finds no Python for the project: {said}"
    hint = f"install one: `uv python install {python}`, or name one in `UV_PYTHON`"
    return problem("interpreter-missing", summary, where, hint)


def unsolved(
    tool: Tool,
    question: Question,
    lines: Sequence[Requirement],
    said: str,
    where: str,
    damaged: Sequence[Problem] = (),
) -> list[Problem]:
    """Return why there is no answer: each line that cannot be had, or those that do not agree.

    Args:
        tool: what was asked.
        question: what it was asked.
        lines: the requirements with their places.
        said: what it said.
        where: the file, for what no line is to blame for.
        damaged: the files that it could not read.
    """
    asked = [line for line in lines if not line.source][:_MOST_PROBES]
    try:
        problems = [found for line in asked if (found := _alone(tool, question, line))]
    except Unreachable as error:
        return [unreachable(error.said, where, pinned=all(line.exact for line in lines))]
    if problems or damaged:
        return [*problems, *damaged]
    named = [line for line in lines if _names(said, line.name)]
    place = named[0].where if named else where
    if not _VERDICT.search(said):
        return [_failed(tool, said, lines, place)]
    missing = _MISSING.search(said)
    if missing:
        summary = f"`{missing[1]}`, which another package needs, is not in the index"
        return [problem("requirement-missing", summary, place, _framed(said))]
    python = _PYTHON.search(said)
    if python and python["who"]:
        who, asked_for = python["who"].replace("==", " "), python["asked"]
        summary = f"{who} runs on Python {asked_for}, not on {question.target}"
        return [problem("requirement-version", summary, place, _NEEDS_ANY)]
    others = ", ".join(dict.fromkeys(line.where for line in named[1:]))
    hint = f"change one of them: {others}" if others else "ask for versions that go together"
    summary = f"no versions go together: {_framed(said)}"
    return [problem("requirements-conflict", summary, place, hint)]


def no_wheel(
    tool: Tool, question: Question, package: Package, where: str, *, build_said: str = ""
) -> Problem:
    """Return the problem of a version that has nothing that runs on the target.

    Args:
        tool: knows what else there is.
        question: whom it is for.
        package: what was to be taken.
        where: who asks for it.
        build_said: why its source does not help, where it was tried.
    """
    version = f"{package.name} {package.version}".strip()
    wheels = [offer.name for offer in package.wheels] or _all_wheels(tool, question, package)
    there = fits.described(wheels, question.target)
    summary = f"{version} has no wheel for {said_target(question.target)}"
    if there:
        summary += f"; there are wheels for {there}"
    if not build_said:
        return problem("requirement-no-wheel", summary, where, _NEEDS_ANY)
    summary += f"; its source does not make one that runs there: {build_said}"
    hint = _NEEDS_ANY
    if package.name not in question.allowed:
        hint += f", or name `{package.name}` under `package.build` to compile it here"
    return problem("requirement-no-wheel", summary, where, hint)


def _failed(tool: Tool, said: str, lines: Sequence[Requirement], where: str) -> Problem:
    """Return the problem of a tool that fails for what is no matter of versions."""
    addressed = [line for line in lines if "://" in line.source]
    gone = next((line for line in addressed if _address(line) in said), None)
    if gone and _NO_SUCH.search(said):
        summary = f"there is nothing at `{_address(gone)}`"
        return problem("requirement-missing", summary, gone.where, "correct the address")
    summary = f"{tool.name} cannot tell what is needed: {_framed(said)}"
    other = "pip" if tool.name == "uv" else "uv"
    hint = f"mend what it says, or ask {other}: `CHALICE_RESOLVER={other}`"
    return problem("requirements-unresolved", summary, where, hint)


def _address(line: Requirement) -> str:
    from chalice.bundle.wheels.credentials import without_user  # noqa: PLC0415 - only trouble pays

    return without_user(line.source.partition("#")[0])


def unbuilt(question: Question, line: Requirement, name: str, said: str) -> Problem:
    """Return the problem of a folder, an archive or a repository that does not build."""
    summary = f"`{name or line.source}` does not build: {said}"
    hint = "mend what is said; it has to build to a wheel here"
    if line.source.startswith("git+") and _OF_GIT.search(said):
        hint = "look at the address, and at whether git lets you in without asking"
    if _COMPILED.search(said) and name not in question.allowed:
        hint = f"name `{name or 'it'}` under `package.build` to compile it here"
    return problem("requirement-unbuilt", summary, line.where, hint)


def said_target(target: Target) -> str:
    """Return the target with what decides about wheels."""
    return f"{target} with glibc {target.glibc[0]}.{target.glibc[1]}"


def _alone(tool: Tool, question: Question, line: Requirement) -> Problem | None:
    """Return why this requirement alone cannot be had, None where it can."""
    try:
        found = tool.available(question, line.text)
    except Unreachable:
        raise
    except Unsolved as error:
        # What fails for another reason says nothing of the line.
        verdict = _VERDICT.search(error.said)
        return _not_there(tool, question, line, error.said) if verdict else None
    lacking = [package for package in found if question.lacking(package) and package.sdist is None]
    return no_wheel(tool, question, lacking[0], line.where) if lacking else None


def _not_there(tool: Tool, question: Question, line: Requirement, said: str) -> Problem:
    """Return the problem of a requirement that nothing meets."""
    newest = _newest(tool, question, line.name)
    if not newest and (_MISSING.search(said) or _NONE.search(said)):
        summary = f"`{line.name}` is not in the index"
        if tool.name == "pip":  # which says no more of what has no file that fits
            summary += f", or has nothing for {question.target}"
        hint = "look at its name, and at which index is asked: uv and pip have their own settings"
        return problem("requirement-missing", summary, line.where, hint)
    python = _PYTHON.search(said)
    there = f"; the newest version for {said_target(question.target)} is {newest}" if newest else ""
    if python:
        runs_on = python["asked"] or python["other"]
        summary = f"`{line.text}` runs on Python {runs_on}, not on {question.target}"
    else:
        summary = f"no version of `{line.name}` is what `{line.text}` asks for"
    hint = _framed(said) if not (there or python) else "ask for a version that exists"
    return problem("requirement-version", summary + there, line.where, hint)


def _newest(tool: Tool, question: Question, name: str) -> str:
    """Return the newest version of a package that has a wheel for the target, empty for none."""
    try:
        return next((found.version for found in tool.fitting(question, name)), "")
    except Unsolved:
        return ""


def _all_wheels(tool: Tool, question: Question, package: Package) -> list[str]:
    try:
        found = tool.available(question, f"{package.name}=={package.version}")
    except Unsolved:
        return []
    return [offer.name for package in found for offer in package.wheels]


def _framed(said: str) -> str:
    """Return what was said without what uv and pip say each time."""
    text = _FRAME.sub("", said)
    text = re.sub(r"^\s*Because ", "because ", re.sub(r"\s+", " ", text))
    return text.strip(" .") or said


def _names(said: str, name: str) -> bool:
    pattern = re.escape(name).replace(r"\-", "[-_.]")
    return bool(name) and bool(re.search(rf"(?i)(?<![\w-]){pattern}(?![\w-])", said))
