"""The verbs that a resource can serve."""

from __future__ import annotations

#: Rule 3.10 (the answer of PutMethod to any other).
VERBS = ("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD")

#: Stands for all of them.
ANY = "ANY"
