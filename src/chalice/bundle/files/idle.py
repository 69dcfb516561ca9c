"""Patterns of the configuration that come to nothing, or to too much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.diagnostics import Problem, nearest
from chalice.patterns import CONFIG_FILE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from chalice.bundle.parts import LeftOut
    from chalice.patterns import Pattern

#: The reason of what a pattern of `exclude` keeps out.
EXCLUDED = "excluded"


def idle(
    pattern: Pattern, key: str, known: Collection[str], left_out: Mapping[str, LeftOut]
) -> Problem | None:
    """Return a warning for a pattern that met no file, None where nobody can know.

    Args:
        pattern: of `package.KEY`.
        key: `include`, `exclude` or `secrets`.
        known: paths of the project that were met.
        left_out: what does not ship; nobody has looked into folders, whose paths end with `/`.
    """
    folders = [path for path in left_out if path.endswith("/")]
    if key == "exclude" and any(
        left_out[path].reason == EXCLUDED and _overlap(path, pattern.base) for path in folders
    ):
        return None
    around = next((path for path in folders if f"{pattern.base}/".startswith(path)), None)
    if around is not None:
        what = f"nothing in `{around}` ships ({left_out[around].reason})"
        summary = f"`package.{key}` has `{pattern.text}`, and {what}"
        hint = "take it out" if key == "exclude" else "name each file in `package.secrets` instead"
        return Problem("package-pattern-idle", summary, CONFIG_FILE, hint, severity="warning")
    near = nearest(pattern.text, known)
    hint = f"write `{near}`, or take it out" if near else "correct it, or take it out"
    summary = f"`package.{key}` has `{pattern.text}`, which matches no file"
    return Problem("package-pattern-idle", summary, CONFIG_FILE, hint, severity="warning")


def without_app(pattern: Pattern, app: str) -> Problem:
    """Return the problem of a pattern of `exclude` that takes the application out."""
    summary = f"`package.exclude` has `{pattern.text}`, which takes out `{app}`: nothing could run"
    hint = f"write a pattern that does not match `{app}`"
    return Problem("app-excluded", summary, CONFIG_FILE, hint)


def _overlap(folder: str, base: str) -> bool:
    """Whether something below *base* may be in *folder*."""
    return not base or f"{base}/".startswith(folder) or folder.startswith(f"{base}/")
