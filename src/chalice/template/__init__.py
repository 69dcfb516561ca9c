"""Templates: a resource graph as a CloudFormation document, with what users merge into it.

Knows how a document is laid out, merged and written. Must not know an application, nor how a stack
is made: it takes a graph, and gives a document, a text, or files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.template.document import cloudformation, problems_of
from chalice.template.writing import serialize

if TYPE_CHECKING:
    from chalice.template.merging import merge

__all__ = ["cloudformation", "merge", "problems_of", "serialize"]


def __getattr__(name: str) -> Any:
    # Only who merges something pays for the readers of JSON and YAML.
    if name == "merge":
        from chalice.template.merging import merge  # noqa: PLC0415

        return merge
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
