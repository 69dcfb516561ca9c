"""What AWS Chalice 1.x has deployed for a stage: it is never doubled silently."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalice.config.reader import as_list, as_object
from chalice.diagnostics import ToolError, visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Record:
    """What AWS Chalice remembers of a stage.

    Attributes:
        file: where, in the project.
        found: what it lists that answers or runs, in words.
    """

    file: str
    found: tuple[str, ...]


def recorded(directory: Path, stage: str) -> Record | None:
    """Return AWS Chalice's record of *stage*; None where it has deployed nothing of it.

    Its first versions kept one record of all stages, which later ones read where the stage has none
    of its own, and so does this. Source: AWS Chalice 1.34 (observed).

    Raises:
        ToolError: a record cannot be read.
    """
    file = f".chalice/deployed/{stage}.json"
    facts = _read(directory, file)
    if facts is not None:
        listed = _listed(file, facts)
    else:
        file = ".chalice/deployed.json"
        listed = list(_listed_before(file, (_read(directory, file) or {}).get(stage)))
    found = tuple(_described(item) for item in listed if item)
    return Record(file, found) if found else None


def _read(directory: Path, file: str) -> dict[str, Any] | None:
    try:
        facts: object = json.loads((directory / file).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise _unreadable(file, reason or str(error)) from error
    return _object(file, facts, "it")


def _unreadable(file: str, reason: str) -> ToolError:
    return ToolError(
        f"`{file}`, AWS Chalice's record of what it has deployed, cannot be read: {reason}."
        " Restore it, or delete it if nothing is deployed"
    )


def _object(file: str, value: object, what: str) -> dict[str, Any]:
    """Return an object of a record; an empty one where there is none.

    What cannot be understood may be something that is deployed: it is not passed over.
    """
    found = as_object(value)
    if value is not None and found is not value:
        raise _unreadable(file, f"{what} is no object")
    return found


def _listed(file: str, facts: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the record of a stage lists."""
    value = facts.get("resources")
    listed = as_list(value)
    if value is not None and listed != value:
        raise _unreadable(file, "`resources` is no list")
    return [_object(file, item, "what is in `resources`") for item in listed]


def _listed_before(file: str, of_stage: object) -> Iterator[dict[str, Any]]:
    """Yield what the record of all stages says of one, as records of one stage list it."""
    facts = _object(file, of_stage, "what it has of the stage")
    functions = _object(file, facts.get("lambda_functions"), "`lambda_functions`")
    for function in functions.values():
        # A text, or an object with the kind of the function.
        arn = as_object(function).get("arn", function)
        yield {"resource_type": "lambda_function", "lambda_arn": arn}
    if "api_handler_arn" in facts:
        yield {"resource_type": "lambda_function", "lambda_arn": facts["api_handler_arn"]}
    if "rest_api_id" in facts:
        yield {"resource_type": "rest_api", "name": facts["rest_api_id"]}


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
        record = recorded(directory, stage)
    except ToolError:
        return ""
    if record is None:
        return ""
    return (
        f"AWS Chalice has deployed the stage (`{record.file}`: {', '.join(record.found)}); only AWS"
        " Chalice can work on that"
    )


def foretold(directory: Path, stage: str) -> str:
    """Return why `chalice deploy` would not deploy *stage*; empty where it would.

    For who plans: a record that cannot be read stops a deploy, too.
    """
    try:
        recorded(directory, stage)
    except ToolError as error:
        return f"{error}. `chalice deploy` refuses until then"
    said = noted(directory, stage)
    return f"{said}. `chalice deploy` says what the ways forward are" if said else ""


def not_here(directory: Path, stage: str) -> str:
    """Return a sentence about what AWS Chalice has deployed elsewhere, for who is in the sandbox.

    Empty where it has deployed nothing; a record that cannot be read means nothing there.
    """
    try:
        record = recorded(directory, stage)
    except ToolError:
        return ""
    if record is None:
        return ""
    return (
        f"`{record.file}` says that AWS Chalice has deployed the stage; the sandbox is an account"
        " of its own, so that is passed over here"
    )


def refuse(directory: Path, stage: str) -> None:
    """Do nothing where AWS Chalice has not deployed *stage*.

    Raises:
        ToolError: it has; with what there is and the ways forward.
    """
    record = recorded(directory, stage)
    if record is None:
        return
    listed = "\n".join(f"  {line}" for line in record.found)
    raise ToolError(
        f"AWS Chalice has deployed the stage `{stage}` already"
        f" (`{record.file}`):\n{listed}\n"
        "This version deploys by CloudFormation and would make a second API, with another URL,"
        " beside it. Nothing was changed. Ways forward:\n"
        "  - `chalice deploy --beside` makes the second one; move clients to it, then remove the"
        " first with AWS Chalice: `pip install 'chalice<2' && chalice delete`\n"
        "  - remove the first one now, in that way, then deploy\n"
        "  - where it is gone already, delete the record and deploy"
    )
