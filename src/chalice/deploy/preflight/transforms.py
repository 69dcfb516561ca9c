"""Macros that a merged template asks for, and that the sandbox does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.config.reader import as_list, as_object
from chalice.diagnostics import Problem
from chalice.template.serverless import TRANSFORM

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice.deploy.preflight.coming import Written


def not_in_the_sandbox(document: Mapping[str, Any], written: Written) -> Iterator[Problem]:
    """Yield a problem where a template asks for the Serverless transform.

    MiniStack carries it out by a package of its own that the sandbox does without (observed).
    """
    asked: object = document.get("Transform")
    # Source: CloudFormation user guide, "Transform section": a name, an object with a name, a list.
    if any(
        one == TRANSFORM or as_object(one).get("Name") == TRANSFORM
        for one in as_list(asked) or [asked]
    ):
        yield Problem(
            "sandbox-transform",
            f"the sandbox does not carry out the transform `{TRANSFORM}`",
            written.of_template("Transform"),
            "deploy this to AWS, or write resources of CloudFormation itself",
        )
