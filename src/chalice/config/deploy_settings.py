"""What the configuration says of how a stage is deployed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice.config.reader import as_object

if TYPE_CHECKING:
    from chalice.config.public import Config


@dataclass(frozen=True, slots=True)
class DeploySettings:
    """Names that a deploy takes instead of its own.

    Attributes:
        stack_name: that of the stack; None for the one made of application and stage.
        artifact_bucket: that packages travel through; None for the one that Chalice makes.
    """

    stack_name: str | None = None
    artifact_bucket: str | None = None


def deploy_of(config: Config) -> DeploySettings:
    """Return what the key `deploy` says; its problems have been reported."""
    written = as_object(config.value("deploy"))
    return DeploySettings(written.get("stack_name"), written.get("artifact_bucket"))
