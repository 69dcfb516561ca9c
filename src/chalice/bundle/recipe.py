"""What decides what is built, apart from the files: that part of a stage's settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from chalice.bundle.target import Architecture, Target

if TYPE_CHECKING:
    from chalice.config import Settings


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a package is built.

    Attributes:
        target: where it is to run.
        automatic_layer: whether requirements go into a layer.
        include: patterns of files that ship beside what always does.
        exclude: patterns of files that do not ship.
        build: names of requirements that may be built though they compile.
        prune: whether what nothing runs is left out of requirements.
        secrets: files that ship although they look like secrets.
        layers: what functions have besides, of which nothing is known here.
    """

    target: Target
    automatic_layer: bool = False
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    build: tuple[str, ...] = ()
    prune: bool = True
    secrets: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> Recipe:
        """Return what a stage is configured to ship."""
        package = settings.package
        functions = (settings.any_function, *settings.functions.values())
        return cls(
            Target(settings.lambda_python, cast("Architecture", settings.lambda_architecture)),
            settings.automatic_layer,
            package.include,
            package.exclude,
            package.build,
            package.prune,
            package.secrets,
            tuple(dict.fromkeys(layer for one in functions for layer in one.layers)),
        )
