from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.bundle.bench import Bench, make_bench
from tests.bundle.index import serve


@pytest.fixture(params=["uv", "pip"])
def bench(request, tmp_path: Path) -> Iterator[Bench]:
    with serve(tmp_path / "served") as index:
        yield make_bench(tmp_path, index, request.param)


@pytest.fixture
def pip_bench(tmp_path: Path) -> Iterator[Bench]:
    with serve(tmp_path / "served") as index:
        yield make_bench(tmp_path, index, "pip")


@pytest.fixture
def uv_bench(tmp_path: Path) -> Iterator[Bench]:
    with serve(tmp_path / "served") as index:
        yield make_bench(tmp_path, index, "uv")
