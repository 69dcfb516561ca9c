"""What ends the reading of a document, and what ends the evaluation of a statement.

PolicyError         the document is not a policy: told to whoever wrote it
UndecidedError      a statement hangs on something that is not known here: never lets anybody in
"""

from __future__ import annotations


class PolicyError(Exception):
    """The document is not a policy; the text says which element and why."""


class UndecidedError(Exception):
    """A statement holds something that cannot be evaluated here; the text names it."""
