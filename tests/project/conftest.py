from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalice.model.load import uninstall

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _nothing_stays_installed() -> Iterator[None]:
    yield
    uninstall()
