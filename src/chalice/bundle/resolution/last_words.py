"""Why a build failed, in the words of the program that failed: uv, pip, git, a compiler."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.bundle.wheels.credentials import without_user

if TYPE_CHECKING:
    from chalice.programs import Outcome

# What uv and pip say after the build itself has said why it ended.
_AFTERMATH = re.compile(
    r"^(cause|hint|note): |Failed to build|Failed building|exited with|did not run successfully"
    r"|^Building (?:wheel|source)|not with pip|subprocess|╰─>|full log|std(?:err|out):$"
    r"|^\[end of output\]"
)
# git says first what is wrong, and then what it may be.
_OF_GIT = re.compile(r"^(?:fatal|ssh): |^Host key verification|: Permission denied \(")
_TELLING = re.compile(r"[Ee]rror\b|ERROR\b|not found|No such|must ")
# A compiler that fails is put in the place of those that are there, where nothing may compile.
_COMPILES = re.compile(r"'false'|\bfalse: |command false|Unknown compiler|[Cc]ompiler false")
_LONGEST = 300


def last_words(outcome: Outcome) -> str:
    """Return the line of a failed build that says most about why."""
    lines = [line.strip() for line in f"{outcome.output}\n{outcome.talk}".splitlines()]
    lines = [line for line in lines if re.search(r"\w", line)]
    if of_git := [line for line in lines if _OF_GIT.search(line)]:
        return without_user("; ".join(of_git[:2]))
    causes = [line.removeprefix("cause: ") for line in lines if line.startswith("cause: ")]
    lines = [line for line in lines if not _AFTERMATH.search(line)]
    telling = [line for line in lines if _TELLING.search(line)]
    words = without_user((telling or lines or causes or ["it says nothing"])[-1])
    if _COMPILES.search(words):
        return "it compiles"
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}..."
