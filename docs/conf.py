"""How the documentation is built; `make docs` does it."""

from importlib.metadata import version as version_of

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
