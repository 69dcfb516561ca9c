"""How the documentation is built; `make docs` does it."""

from __future__ import annotations

import re
from importlib.metadata import version as version_of
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "Chalice"
author = "The Chalice developers"
project_copyright = "The Chalice developers"
version = release = version_of("chalice")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
# Headings down to the third level can be linked to: [text](page.md#heading).
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence", "deflist"]
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
napoleon_use_ivar = True

html_theme = "furo"
html_title = f"Chalice {version}"
html_show_sourcelink = False
html_copy_source = False

# Types of the standard library and of annotations: there is nothing of ours to link to.
nitpick_ignore_regex = [("py:.*", ".*")]
# Docstrings are written to be read in an editor, code between single backticks and drawings
# indented; these two say the same in reStructuredText.
CODE = re.compile(r"(?<!`)`([^`]+)`(?!`)(?=(\w?))")


def code_spans(line: str) -> str:
    """Return *line* with `code` as a literal."""
    return CODE.sub(lambda found: f"``{found[1]}``" + ("\\ " if found[2] else ""), line)


def literal_blocks(lines: list[str]) -> list[str]:
    """Return *lines* with each indented block as a literal block."""
    written: list[str] = []
    for line in lines:
        if line.startswith("    ") and (len(written) < 2 or not written[-1]):
            inside = any(earlier.startswith("    ") for earlier in written[-2:])
            written += [] if inside else ["::", ""]
        written.append(line)
    return written


def in_restructured_text(
    _app: object, what: str, _name: str, _value: object, _options: object, lines: list[str]
) -> None:
    """Rewrite a docstring before it is read; modules draw, the others have sections."""
    lines[:] = [code_spans(line) for line in (literal_blocks(lines) if what == "module" else lines)]


def setup(app: Sphinx) -> None:
    """Connect the rewriting in front of napoleon's."""
    app.connect("autodoc-process-docstring", in_restructured_text, priority=400)
