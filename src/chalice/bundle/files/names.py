"""Names of files: how they are shown, and which of them no archive can have, or not everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.diagnostics import Problem, visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice.bundle.files.project_files import ProjectFile


def wrong_name(relative: str) -> str | None:
    """Return why a path cannot be that of a file in an archive, or None."""
    try:
        relative.encode()
    except UnicodeEncodeError:
        return f"`{shown(relative)}` has a name that is not UTF-8"
    if "\\" in relative or any(ord(mark) < 32 or ord(mark) == 127 for mark in relative):
        return f"`{shown(relative)}` has a backslash or a control character in its name"
    return None


def shown(path: str) -> str:
    r"""Return *path* with `\xe9` in the place of bytes that are no text, and no control in it."""
    return visible(path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"))


def alike(files: Mapping[str, ProjectFile]) -> list[Problem]:
    """Return a warning for names of which a system that ignores case keeps one."""
    first: dict[str, str] = {}
    problems: list[Problem] = []
    for file in sorted(files.values(), key=lambda file: file.path):
        other = first.setdefault(file.path.casefold(), file.path)
        if other != file.path:
            summary = f"`{file.path}` and `{other}` differ only in case"
            hint = "rename one: on macOS and Windows they are one file"
            problem = Problem("names-alike", summary, file.source, hint, severity="warning")
            problems.append(problem)
    return problems
