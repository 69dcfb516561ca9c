"""The JSON Schema of `.chalice/config.json`, made from the table of keys.

`schema.json` beside this module is what it returns, for editors; a test holds the two together.
`python -m chalice.config.schema` prints it, `python -m chalice.config.schema --table` the table of
`docs/configuration.md`.
"""

from __future__ import annotations

import json
import sys

from chalice.config.keys import FUNCTIONS, KEYS, STAGES, Level, Scope, keys_at
from chalice.config.values import NAME

_SCOPES = {Scope.TOP: "top", Scope.STAGE: "stage", Scope.FUNCTION: "function"}


def schema() -> dict[str, object]:
    """Return the schema, draft 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of a Chalice project, .chalice/config.json",
        **_object(
            Level.TOP,
            {STAGES: _named("stage"), FUNCTIONS: _named("topFunction")},
        ),
        "$defs": {
            "stage": _object(Level.STAGE, {FUNCTIONS: _named("stageFunction")}),
            "topFunction": _object(Level.TOP_FUNCTION, {}),
            "stageFunction": _object(Level.STAGE_FUNCTION, {}),
        },
    }


def _object(level: Level, containers: dict[str, object]) -> dict[str, object]:
    properties: dict[str, object] = {}
    for name, key in keys_at(level).items():
        described: dict[str, object] = {"description": key.meaning, **key.kind.schema()}
        if key.default is not None:
            described["default"] = key.default
        properties[name] = described
    return {
        "type": "object",
        "properties": {**properties, **containers},
        "additionalProperties": False,
    }


def _named(definition: str) -> dict[str, object]:
    return {
        "type": "object",
        "propertyNames": NAME.schema(),
        "additionalProperties": {"$ref": f"#/$defs/{definition}"},
    }


def table() -> str:
    """Return the keys as a table in Markdown."""
    rows = ["| Key | Where | Value | Default | Meaning |", "| --- | --- | --- | --- | --- |"]
    for key in KEYS.values():
        default = "" if key.default is None else f"`{json.dumps(key.default)}`"
        where = _SCOPES[key.scope] + (", merged" if key.merged else "")
        value = key.kind.says.replace("|", "\\|")
        rows.append(f"| `{key.name}` | {where} | {value} | {default} | {key.meaning} |")
    return "\n".join(rows)


def text() -> str:
    """Return the schema as it is shipped."""
    return json.dumps(schema(), indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(f"{table()}\n" if "--table" in sys.argv else text())
