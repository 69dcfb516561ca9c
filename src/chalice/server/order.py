"""What a worker is told when it begins."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Order:
    """Which project a worker loads.

    Attributes:
        directory: the project's, absolute.
        stage: the stage of Chalice.
        spare_api_key: the key to let in where routes ask for one and none is configured.
        import_seconds: when an import that goes on is told of, and when it is given up; None for
            as long as every command gives it.
        outlined: whether the facts are to have what packaging takes, too.
    """

    directory: str
    stage: str
    spare_api_key: str
    import_seconds: tuple[float, float] | None = None
    outlined: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the order as it is sent."""
        return asdict(self)
