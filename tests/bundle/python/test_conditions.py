"""What the target decides of the conditions that imports stand under."""

import ast

import pytest

from chalice.bundle.python.conditions import truth
from chalice.bundle.target import Target

ARM = Target((3, 12), "arm64")


@pytest.mark.parametrize(
    ("written", "holds"),
    [
        ("sys.version_info >= (3, 12)", True),
        ("sys.version_info >= (3, 13)", False),
        ("sys.version_info < (3, 12)", False),
        ("sys.version_info >= (3, 12, 4)", True),
        ("sys.version_info[:2] == (3, 12)", True),
        ("sys.version_info[0] == 2", False),
        ("sys.version_info[1] > 11", True),
        ("sys.version_info.major >= 3 and sys.version_info.minor >= 13", False),
        ("sys.hexversion >= 0x030D0000", False),
        ("(3, 9) <= sys.version_info", True),
        ("sys.platform == 'win32'", False),
        ("sys.platform != 'win32'", True),
        ("sys.platform.startswith('linux')", True),
        ("sys.platform.startswith(('win', 'cygwin'))", False),
        ("sys.platform in ('win32', 'darwin')", False),
        ("'darwin' not in sys.platform", True),
        ("os.name == 'nt'", False),
        ("platform.system() == 'Windows'", False),
        ("platform.machine() == 'aarch64'", True),
        ("platform.python_implementation() == 'PyPy'", False),
        ("sys.implementation.name == 'cpython'", True),
        ("TYPE_CHECKING", False),
        ("typing.TYPE_CHECKING", False),
        ("not TYPE_CHECKING", True),
        ("six.PY2", False),
        ("False", False),
        ("0", False),
        ("__name__ == '__main__'", False),
        ("TYPE_CHECKING or DEBUG", None),
        ("TYPE_CHECKING and DEBUG", False),
        ("sys.platform == 'linux' or DEBUG", True),
        ("not DEBUG", None),
        ("os.environ.get('X')", None),
        ("numpy.__version__ >= '2'", None),
        ("sys.platform > 3", None),
        ("sys.version_info[9] == 1", None),
        ("a < b < c", None),
        ("name.startswith('x')", None),
        ("sys.platform.startswith(prefix)", None),
    ],
)
def test_a_condition_is_decided_where_the_target_decides_it(written, holds):
    test = ast.parse(written, mode="eval").body

    assert truth(test, ARM) is holds
