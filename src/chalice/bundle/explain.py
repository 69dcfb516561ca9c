"""Why requirements cannot be had: what uv and pip say, in our words and with its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.bundle import fits
from chalice.bundle.question import Unreachable, Unsolved, problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalice.bundle.locked import Package
    from chalice.bundle.question import Question, Tool
    from chalice.bundle.requirements import Requirement
    from chalice.bundle.target import Target
    from chalice.diagnostics import Problem

_SIGN_IN = re.compile(r"\b40[13]\b")
_MISSING = re.compile(r"was not found in|not found in the provided|\(from versions: none\)")
_CONCLUSION = re.compile(
    r",? ?(?:and )?we can conclude that your requirements are unsatisfiable\.?"
)

# More lines than this are not asked for one by one: each costs a start of uv or pip.
_MOST_PROBES = 200


def unreachable(said: str, where: str) -> Problem:
    """Return the problem of an index that does not answer."""
    if _SIGN_IN.search(said):
        hint = "sign in as docs/packaging.md describes under `Private indexes`"
        return problem("index-sign-in", f"the index does not let us in: {said}", where, hint)
    hint = "look at the network, the proxy, and the address of the index"
    return problem("index-unreachable", f"the index cannot be reached: {said}", where, hint)


def lock(said: str, where: str) -> Problem:
    """Return the problem of a lock file that says nothing that can be taken."""
    hint = "lock again: `uv lock`, or the tool that wrote it"
    return problem("requirements-lock", f"`{where}` cannot be taken: {said}", where, hint)


def unsolved(
    tool: Tool, question: Question, lines: Sequence[Requirement], said: str, where: str
) -> list[Problem]:
    """Return why there is no answer: each line that cannot be had, or those that do not agree.

    Args:
        tool: what was asked.
        question: what it was asked.
        lines: the requirements with their places.
        said: what it said.
        where: the file, for what no line is to blame for.
    """
    problems: list[Problem] = []
    for line in lines[:_MOST_PROBES]:
        if line.source or (
            not re.search(rf"(?i)\b{_pattern(line.name)}\b", said) and len(lines) > 40
        ):
            continue
        found = _alone(tool, question, line)
        if found:
            problems.append(found)
    if problems:
        return problems
    if _MISSING.search(said):
        name = re.search(r"([A-Za-z0-9][A-Za-z0-9._-]*) (?:was|were) not found", said)
        summary = f"`{name[1]}`, which another needs, is not in the index" if name else said
        hint = _CONCLUSION.sub("", said) if name else "look at its name, and at the index"
        return [problem("requirement-missing", summary, where, hint)]
    named = [line for line in lines if re.search(rf"(?i)\b{_pattern(line.name)}\b", said)]
    place = named[0].where if named else where
    others = ", ".join(dict.fromkeys(line.where for line in named[1:]))
    hint = f"change one of them: {others}" if others else "ask for versions that go together"
    summary = f"no versions go together: {_CONCLUSION.sub('', said)}"
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
    version = f"{package.name} {package.version}"
    names = [offer.name for offer in package.wheels]
    if not names and not build_said:
        names = _all_wheels(tool, question, package)
    wheels = [name for name in names if name.endswith(".whl")]
    target = said_target(question.target)
    if wheels:
        there = fits.described(wheels, question.target)
        summary = f"{version} has no wheel for {target}; there are wheels for {there}"
        return problem("requirement-no-wheel", summary, where, _OTHER)
    if not build_said:
        summary = f"{version} has no wheel at all, and no source"
        return problem("requirement-no-wheel", summary, where, _OTHER)
    summary = (
        f"{version} has no wheel for {target}, only a source, and that does not build to a wheel "
        f"for any machine: {build_said}"
    )
    hint = f"name `{package.name}` under `package.build` if it may be compiled here, or {_OTHER}"
    return problem("requirement-compiles", summary, where, hint)


_OTHER = "ask for another version or package"


def said_target(target: Target) -> str:
    """Return the target with what decides about wheels."""
    return f"{target} with glibc {target.glibc[0]}.{target.glibc[1]}"


def _alone(tool: Tool, question: Question, line: Requirement) -> Problem | None:
    """Return why this requirement alone cannot be had, None where it can."""
    try:
        found = tool.available(question, line.text)
    except Unreachable as error:
        return unreachable(error.said, line.where)
    except Unsolved as error:
        return _not_there(tool, question, line, error.said)
    lacking = [package for package in found if question.lacking(package) and package.sdist is None]
    if lacking:
        return no_wheel(tool, question, lacking[0], line.where)
    return None


def _not_there(tool: Tool, question: Question, line: Requirement, said: str) -> Problem:
    if _MISSING.search(said):
        summary = f"`{line.name}` is not in the index"
        hint = "look at its name, and at which index is asked"
        return problem("requirement-missing", summary, line.where, hint)
    try:
        newest = tool.available(question, line.name)
    except Unsolved:
        newest = ()
    there = f"; the newest that fits is {newest[0].version}" if newest else ""
    summary = f"no version of `{line.name}` is what `{line.text}` asks for{there}"
    hint = _CONCLUSION.sub("", said) if not there else "ask for one that exists"
    return problem("requirement-version", summary, line.where, hint)


def _all_wheels(tool: Tool, question: Question, package: Package) -> list[str]:
    try:
        found = tool.available(question, f"{package.name}=={package.version}")
    except Unsolved:
        return []
    return [offer.name for package in found for offer in package.wheels]


def _pattern(name: str) -> str:
    return re.escape(name).replace(r"\-", "[-_.]") if name else "(?!)"
