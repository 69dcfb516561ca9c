"""Parameters of merged templates: no command gives them values, so they need their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.config.reader import as_object
from chalice.diagnostics import Problem, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice.deploy.preflight.coming import Written


def without_value(document: Mapping[str, Any], written: Written) -> Iterator[Problem]:
    """Yield the parameters of a template that have no default.

    Source: lacework-alliances/aws-org-cf-lacework#3 quotes CloudFormation: "Parameters: [...] must
    have values".
    """
    for name, facts in as_object(document.get("Parameters")).items():
        if "Default" not in as_object(facts):
            yield Problem(
                "merge-parameter",
                f"parameter `{visible(name)}` has no `Default`, and a deploy gives it no value",
                written.of_template("Parameters", name),
                "give it a `Default`, or write the value where the parameter is used",
            )
