"""The frameworks of the table, each in a virtual environment of its own, made when first needed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scripts.environments import ensure

HERE = Path(__file__).parent
ENVIRONMENTS = HERE.parent / ".benchmarks"
SOURCE = HERE.parent / "src"


@dataclass(frozen=True, slots=True)
class Peer:
    """One row of the table.

    Attributes:
        key: its name on the command line.
        title: its name in the table.
        application: the folder under `applications/` that is written for it.
        requires: what its environment holds; empty: it needs no environment.
        source: a folder on its path instead of an environment.
    """

    key: str
    title: str
    application: str
    requires: tuple[str, ...] = ()
    source: Path | None = None


OURS = Peer("chalice2", "this package", "chalice", source=SOURCE)
PEERS = (
    Peer("bare", "bare handler, every duty of the API done by hand", "bare"),
    OURS,
    Peer("chalice", "AWS Chalice 1.34.0", "chalice", ("chalice==1.34.0",)),
    Peer(
        "powertools",
        "Powertools 3.37, no validation",
        "powertools",
        ("aws-lambda-powertools==3.37.*",),
    ),
    Peer("starlette", "Mangum + Starlette", "starlette", ("mangum", "starlette")),
    Peer("fastapi", "Mangum + FastAPI", "fastapi", ("mangum", "fastapi")),
)


def search_path(peer: Peer, python: Path) -> list[str]:
    """Return what goes on `sys.path` in front of the standard library, making the environment."""
    path = [str(HERE / "applications" / peer.application)]
    if peer.source:
        path.append(str(peer.source))
    if peer.requires:
        path.append(str(site_packages(peer, python)))
    return path


def site_packages(peer: Peer, python: Path) -> Path:
    """Return the `site-packages` of the peer's environment, made if it is not there."""
    environment = ENVIRONMENTS / peer.key
    ensure(environment, python, peer.requires)
    return next(environment.glob("lib/python*/site-packages"))
