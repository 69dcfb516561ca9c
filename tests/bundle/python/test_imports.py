"""Which imports a module cannot do without."""

from textwrap import dedent

import pytest

from chalice.bundle.python.imports import When, read_imports
from chalice.bundle.python.mentions import mentions
from chalice.bundle.target import Target

TARGET = Target((3, 13))

CASES = {
    "plain": ("import a, b.c as d", {"a": "ALWAYS", "b.c": "ALWAYS"}),
    "from": ("from a.b import c", {"a.b": "ALWAYS"}),
    "future": ("from __future__ import annotations", {}),
    "relative": (
        "from . import x\nfrom .y import z\nfrom ..w import v",
        {
            "pkg.sub": "ALWAYS",
            "pkg.sub.y": "ALWAYS",
            "pkg.w": "ALWAYS",
        },
    ),
    "relative, too far": ("from ...x import y", {"...x": "ALWAYS"}),
    "several lines": ("from a import (\n  b,  # one)\n  c,\n)\n", {"a": "ALWAYS"}),
    "continued": ("from a \\\n  import b\n", {"a": "ALWAYS"}),
    "one line": ("if True: import a; import b", {"a": "ALWAYS", "b": "ALWAYS"}),
    "try ImportError": (
        "try:\n import a\nexcept ImportError:\n import b",
        {
            "a": "SPARED",
            "b": "SPARED",
        },
    ),
    "try ModuleNotFoundError": (
        "try:\n import a\nexcept ModuleNotFoundError:\n pass",
        {
            "a": "SPARED",
        },
    ),
    "try everything": ("try:\n import a\nexcept:\n pass", {"a": "SPARED"}),
    "try Exception": ("try:\n import a\nexcept Exception as e:\n pass", {"a": "SPARED"}),
    "try several": ("try:\n import a\nexcept (OSError, ImportError):\n a = None", {"a": "SPARED"}),
    "try something named": ("try:\n import a\nexcept _MISSING:\n a = None", {"a": "SPARED"}),
    "try something else": ("try:\n import a\nexcept ValueError:\n pass", {"a": "ALWAYS"}),
    "try and raise": (
        "try:\n import a\nexcept ImportError as e:\n raise E('get a') from e",
        {
            "a": "ALWAYS",
        },
    ),
    "try, else": (
        "try:\n import a\nexcept ImportError:\n pass\nelse:\n import b",
        {
            "a": "SPARED",
            "b": "SPARED",
        },
    ),
    "try, finally": ("try:\n pass\nfinally:\n import a", {"a": "ALWAYS"}),
    "except group": ("try:\n import a\nexcept* ImportError:\n pass", {"a": "SPARED"}),
    "suppress": ("with contextlib.suppress(ImportError):\n import a", {"a": "SPARED"}),
    "suppress else": ("with suppress(OSError):\n import a", {"a": "ALWAYS"}),
    "with": ("with warnings.catch_warnings():\n import a", {"a": "ALWAYS"}),
    "typing": ("if TYPE_CHECKING:\n import a\nelse:\n import b", {"a": "SPARED", "b": "ALWAYS"}),
    "version": (
        "if sys.version_info >= (3, 14):\n import a\nelse:\n import b",
        {
            "a": "SPARED",
            "b": "ALWAYS",
        },
    ),
    "platform": ("if sys.platform == 'win32':\n import winreg", {"winreg": "SPARED"}),
    "elif": (
        "if os.name == 'nt':\n import a\nelif X:\n import b\nelse:\n import c",
        {
            "a": "SPARED",
            "b": "LATER",
            "c": "LATER",
        },
    ),
    "program": ("if __name__ == '__main__':\n import a", {"a": "SPARED"}),
    "unknown": ("if os.environ.get('X'):\n import a", {"a": "LATER"}),
    "function": (
        "def f():\n import a\n try:\n  import b\n except ImportError: pass",
        {
            "a": "LATER",
            "b": "SPARED",
        },
    ),
    "class": ("class A:\n import a\n def f(self):\n  import b", {"a": "ALWAYS", "b": "LATER"}),
    "loop": ("for x in y:\n import a", {"a": "LATER"}),
    "match": ("match x:\n case 1:\n  import a", {"a": "LATER"}),
    "import_module": ("importlib.import_module('a.b')", {"a.b": "ALWAYS"}),
    "import_module, assigned": ("m = import_module('.y', __name__)", {"pkg.sub.y": "ALWAYS"}),
    "import_module, package": ("import_module('.y', 'other')", {"other.y": "ALWAYS"}),
    "import_module, computed": ("import_module(name)\nimport_module('.x', p)", {}),
    "import_module, later": ("f = lambda: import_module('a')", {"a": "LATER"}),
    "__import__": ("def f(): return __import__('a')", {"a": "LATER"}),
    "docstring": ('"""\nimport a\n"""\n', {}),
}


@pytest.mark.parametrize(("source", "imports"), CASES.values(), ids=CASES)
def test_an_import_is_as_needed_as_where_it_stands(source, imports):
    read = read_imports(source.encode(), "pkg.sub", package=True, target=TARGET)

    assert {wanted.module: wanted.when.name for wanted in read.imports} == imports


@pytest.mark.parametrize("source", [case[0] for case in CASES.values()], ids=CASES)
def test_the_quick_look_sees_all_that_is_always_imported(source):
    read = read_imports(source.encode(), "pkg.sub", package=True, target=TARGET)
    always = {wanted.module for wanted in read.imports if wanted.when is When.ALWAYS}

    seen = {module for module, _ in mentions(source.encode(), "pkg.sub")}

    assert {module for module in always if not module.startswith("...")} <= seen


def test_the_quick_look_passes_over_what_is_in_functions():
    source = dedent("""
        import a
        def f(
            x,
        ):
            if x:
                # from here on
                import b

        class C:
            import c
            async def g(self):
                import d
    """)

    assert {module for module, _ in mentions(source.encode(), "")} == {"a", "c"}


def test_lines_and_names_are_those_of_the_file():
    source = "import os\n\nfrom chalicelib import (\n    db,\n    web as w,\n)\n"

    read = read_imports(source.encode(), "app", package=False, target=TARGET)

    assert [(i.module, i.names, i.line) for i in read.imports] == [
        ("os", (), 1),
        ("chalicelib", ("db", "web"), 3),
    ]
    assert read.binds == {"os", "db", "w"}


@pytest.mark.parametrize(
    ("source", "unknowable"),
    [
        ("x = 1\ndef f(): y = 2", False),
        ("from a import *", True),
        ("def __getattr__(name): ...", True),
        ("import sys\nsys.modules[__name__] = object()", True),
        ("globals()['x'] = 1", True),
        ("def f(): globals()", False),
        ("__path__ = []", True),
    ],
)
def test_a_module_whose_names_cannot_be_known_is_open(source, unknowable):
    read = read_imports(source.encode(), "m", package=False, target=TARGET)

    assert read.open is unknowable


def test_every_way_to_bind_a_name_is_seen():
    source = dedent("""
        import a.b
        c: int = 1
        (d, [e, *f]) = 1, [2]
        for g in (): h = 1
        with open("") as i: pass
        try: pass
        except E as j: pass
        if (k := 1): pass
        def l(): m = 1
        class n: o = 1
        print(p := 2)
    """)

    read = read_imports(source.encode(), "m", package=False, target=TARGET)

    assert read.binds == set("acdefghijkln") | {"p"}


@pytest.mark.parametrize("source", [b"import (", b"x = '\x00'", b"(" * 5000])
def test_what_is_not_python_is_an_error_that_callers_know(source):
    with pytest.raises((SyntaxError, ValueError)):
        read_imports(source, "m", package=False, target=TARGET)
