"""Templates as text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Form = Literal["json", "yaml"]


def is_yaml(path: Path) -> bool:
    """Return whether the name of *path* says that it is YAML."""
    return path.suffix.lower() in {".yaml", ".yml"}


def serialize(document: Mapping[str, Any], form: Form, *, compact: bool = False) -> str:
    """Return *document* as text; the same document makes the same text.

    Args:
        document: a template.
        form: `json`, or `yaml` with the long forms of functions, `Fn::Sub`.
        compact: without indentation and in ASCII, for `json`: as CloudFormation is sent it.
    """
    if form == "yaml":
        from chalice.definitions import yaml_text  # noqa: PLC0415 - JSON does without PyYAML

        return yaml_text.dump(document)
    if compact:
        # ASCII: CloudFormation gives other characters back as `?`, and escapes as they are.
        # Source: aws-cloudformation/cloudformation-coverage-roadmap#814, aws/aws-cli#10185.
        return json.dumps(document, separators=(",", ":"))
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
