"""What AWS Chalice 1.x has deployed for a stage: it is never doubled silently."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chalice.config.reader import as_list, as_object
from chalice.diagnostics import ToolError, visible

if TYPE_CHECKING:
    from pathlib import Path


def deployed_before(directory: Path, stage: str) -> tuple[str, ...]:
    """Return what AWS Chalice's record of *stage* lists that answers or runs, in words.

    Raises:
        ToolError: the record cannot be read.
    """
    file = f".chalice/deployed/{stage}.json"
    try:
        facts: Any = json.loads((directory / file).read_bytes())
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as error:
        raise ToolError(
            f"`{file}`, AWS Chalice's record of what it has deployed, cannot be read: {error}."
            " Restore it, or delete it if nothing is deployed"
        ) from error
    listed = as_list(as_object(facts).get("resources"))
    return tuple(_described(item) for item in map(as_object, listed) if item)


def _described(item: dict[str, Any]) -> str:
    kind = str(item.get("resource_type", "resource")).replace("_", " ")
    # Source: the record of AWS Chalice 1.34 (observed): each kind has one of these.
    for key in ("rest_api_url", "websocket_api_url", "lambda_arn", "role_arn", "domain_name"):
        if key in item:
            return f"{kind} `{visible(str(item[key]))}`"
    return f"{kind} `{visible(str(item.get('name', '')))}`"


def noted(directory: Path, stage: str) -> str:
    """Return a sentence about what AWS Chalice has deployed of *stage*; empty where it has nothing.

    For commands that look for a stack and find none. A record that cannot be read is none of
    theirs.
    """
    try:
        found = deployed_before(directory, stage)
    except ToolError:
        return ""
    if not found:
        return ""
    listed = ", ".join(found)
    return (
        f"AWS Chalice has deployed the stage (`.chalice/deployed/{stage}.json`: {listed}); only AWS"
        " Chalice can work on that"
    )


def refuse(directory: Path, stage: str) -> None:
    """Do nothing where AWS Chalice has not deployed *stage*.

    Raises:
        ToolError: it has; with what there is and the ways forward.
    """
    found = deployed_before(directory, stage)
    if not found:
        return
    listed = "\n".join(f"  {line}" for line in found)
    raise ToolError(
        f"AWS Chalice has deployed the stage `{stage}` already"
        f" (`.chalice/deployed/{stage}.json`):\n{listed}\n"
        "This version deploys by CloudFormation and would make a second API, with another URL,"
        " beside it. Nothing was changed. Ways forward:\n"
        "  - `chalice deploy --beside` makes the second one; move clients to it, then remove the"
        " first with AWS Chalice: `pip install 'chalice<2' && chalice delete`\n"
        "  - remove the first one now, in that way, then deploy\n"
        "  - where it is gone already, delete the record and deploy"
    )
