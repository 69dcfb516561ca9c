"""The layer of `automatic_layer`: the requirements, shared by all functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.model.names import API_HANDLER
from chalice.resources.function import runtime
from chalice.resources.parts import MANAGED_LAYER, Resource

if TYPE_CHECKING:
    from chalice.config import Settings
    from chalice.resources.parts import Value, Written


def layer(settings: Settings, content: Value, written: Written) -> Resource:
    """Return the layer whose archive is *content*.

    A new archive makes a new version, and the version before goes once no function has it any
    more.
    """
    return Resource(
        MANAGED_LAYER,
        "AWS::Lambda::LayerVersion",
        {
            "LayerName": f"{settings.app_name}-{settings.stage}-managed-layer",
            "Content": content,
            "CompatibleRuntimes": [runtime(settings)],
            "CompatibleArchitectures": [settings.lambda_architecture],
        },
        where=written("automatic_layer", API_HANDLER),
    )
