import pytest
from tests.scripts.packages import Packages


@pytest.fixture
def packages(tmp_path):
    return Packages(tmp_path)
