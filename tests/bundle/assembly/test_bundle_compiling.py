"""Bytecode in its one form, whatever else is alive in the process that makes it."""

import importlib.util
import marshal
import os
import random
import shlex
import subprocess
import sys
import sysconfig
import types
from pathlib import Path

import pytest

from chalice.bundle.assembly import compiling
from chalice.bundle.assembly.bytecode import Compiler, place
from chalice.bundle.interpreters import described, find_interpreter
from chalice.bundle.store import Store

LIBRARY = Path(sysconfig.get_paths()["stdlib"])
# Every kind of constant, name and nesting that the standard library has.
MODULES = sorted([*LIBRARY.glob("*.py"), *LIBRARY.glob("asyncio/*.py")])[::3]

TRICKY = '''
"""Constants of every kind."""
from __future__ import annotations
A = (1, 1.5, -0.0, 0.0, 2j, 10**30, "x", "not a name", "né", "\\ud800", b"bytes", None, True, ...)
B = {"a", "b", 1, 2.5, b"c", ("d", "e")} if "z" in {"a", "b", "c", "z", (1, "q")} else A[1:2]
big = 2 ** 61, -(2 ** 70), 255, 256, -1
def f(a, /, b=(1, "x"), *, c: int = "long enough to be shared", **d):
    """Long enough to be shared."""
    x = lambda: (yield "long enough to be shared")
    class Inner:
        self_attribute: str = "long enough to be shared"
        def g(self):
            self.one = self.two = __class__
            return [y for y in range(10) if y not in {"long enough to be shared", "b"}]
    return x, Inner
async def h():
    async for i in h():
        yield i
'''


def compiled(source, filename="/var/task/module.py"):
    return compile(source, filename, "exec", dont_inherit=True)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_the_standard_library_loads_as_what_it_was_compiled_to(path):
    code = compiled(path.read_bytes())

    written = compiling.canonical(marshal.dumps(code))

    loaded = marshal.loads(written)
    assert loaded == code
    assert compiling.canonical(marshal.dumps(loaded)) == written
    assert len(written) <= len(marshal.dumps(code))


def test_every_constant_keeps_its_type_and_value():
    code = compiled(TRICKY)

    loaded = marshal.loads(compiling.canonical(marshal.dumps(code)))

    assert loaded == code
    assert repr(list(constants(loaded))) == repr(list(constants(code)))


def constants(code):
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield constant.co_name, constant.co_flags, constant.co_varnames, constant.co_freevars
            yield from constants(constant)
        elif not isinstance(constant, frozenset):
            yield constant


def test_the_form_does_not_depend_on_who_else_knows_a_name():
    source = (
        "name_of_this_test = value_of_this_test = 'text_of_this_test'\nprint(name_of_this_test)"
    )
    alone = compiling.canonical(marshal.dumps(compiled(source)))
    kept = [sys.intern("name_of_this_test"), sys.intern("text_of_this_test"), compiled(source)]

    together = compiling.canonical(marshal.dumps(compiled(source)))

    assert kept
    assert together == alone


def test_the_form_does_not_depend_on_flags_that_nobody_refers_to():
    code = compiled(TRICKY)
    held = list(everything(code))

    assert held
    assert marshal.dumps(code) != marshal.dumps(compiled(TRICKY))
    assert compiling.canonical(marshal.dumps(code)) == compiling.canonical(
        marshal.dumps(compiled(TRICKY))
    )


def everything(value):
    yield value
    if isinstance(value, types.CodeType):
        parts = (getattr(value, name) for name in dir(value) if name in PARTS)
    else:
        parts = value if isinstance(value, tuple | frozenset) else ()
    for part in parts:
        yield from everything(part)


PARTS = (
    "co_consts",
    "co_names",
    "co_code",
    "co_linetable",
    "co_filename",
    "co_name",
    "co_qualname",
)


def test_a_pyc_carries_the_hash_of_its_source_that_nobody_checks():
    source = b"x = 1\n"

    content = compiling.pyc(source, "/var/task/x.py")

    assert content[:4] == importlib.util.MAGIC_NUMBER
    assert content[4:8] == (0b01).to_bytes(4, "little")
    assert content[8:16] == importlib.util.source_hash(source)
    assert marshal.loads(content[16:]).co_filename == "/var/task/x.py"


def interpreter(tmp_path, version=None):
    store = Store(tmp_path / "store")
    path = find_interpreter(version or sys.version_info[:2], os.environ, store)
    if path is None:
        pytest.skip("there is no such interpreter on this machine")
    return described(path, store)


def some_sources(count=40):
    return [(f"/var/task/{path.name}", path.read_bytes()) for path in MODULES[:count]]


def test_a_source_compiles_to_the_same_alone_together_and_in_any_order(tmp_path):
    sources = some_sources()
    shuffled = random.Random(1).sample(sources, len(sources))

    with Compiler(interpreter(tmp_path)) as compiler:
        together = dict(zip(sources, compiler.compiled(sources), strict=True))
    with Compiler(interpreter(tmp_path)) as compiler:
        otherwise = dict(zip(shuffled, compiler.compiled(shuffled), strict=True))
    with Compiler(interpreter(tmp_path)) as compiler:
        alone = next(iter(compiler.compiled(sources[7:8])))

    assert together == otherwise
    assert all(together.values())
    assert together[sources[7]] == alone


# Of strings that short a process has one object each, which stays as it is from then on.
SHORT = ["", *map(chr, range(256))]


def invented(number):
    """Return a source whose names, constants and texts are short ones, some of them the same."""
    rng = random.Random(number)
    some = rng.sample(SHORT, 12)
    names = [text for text in rng.sample(SHORT, 60) if text.isidentifier()] + ["a", "é"]
    name, other = rng.sample(names, 2)
    lines = [
        f"{name} = {some[0]!r}, [{some[1]!r}, 'long', {some[2]!r}], ({some[3]!r}, ({some[4]!r},))",
        f"print({name}, {some[5]!r}, {some[6]!r} 'a'[1:], {some[7]!r} in {set(some[7:10])!r})",
        f"class {other}:\n    {some[10]!r}\n    def {name}({other}, x={some[11]!r}): return x",
        f"def {other}(*{name}):\n    {some[11]!r}\n    return f'{{ {name} }}-{{ {name}!r:>3}}'",
        f"from . import {name} as {other}",
    ]
    return "\n".join(rng.sample(lines, rng.randint(1, len(lines)))).encode()


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13), (3, 14)])
def test_what_was_compiled_before_changes_nothing_however_short_its_names_are(tmp_path, version):
    sources = [(f"/var/task/{number}.py", invented(number)) for number in range(300)]
    sources += [("/var/task/é.py", "é = 1".encode()), ("/var/task/z.py", b'B = "\xc3\xa9"')]
    found = interpreter(tmp_path, version)
    with Compiler(found) as compiler:
        before = dict(zip(sources, compiler.compiled(sources), strict=True))

    for seed in range(4):
        rng = random.Random(seed)
        some = rng.sample(sources, rng.randint(1, len(sources)))
        with Compiler(found) as compiler:
            together = dict(zip(some, compiler.compiled(some), strict=True))

        assert together == {source: before[source] for source in some}

    assert all(before.values())


def test_the_environment_of_the_builder_changes_nothing(tmp_path, monkeypatch):
    sources = some_sources(10)
    with Compiler(interpreter(tmp_path)) as compiler:
        plain = list(compiler.compiled(sources))
    for name, value in {"HASHSEED": "7", "OPTIMIZE": "2", "NODEBUGRANGES": "1"}.items():
        monkeypatch.setenv(f"PYTHON{name}", value)

    with Compiler(interpreter(tmp_path)) as compiler:
        assert list(compiler.compiled(sources)) == plain


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_other_versions_compile_to_what_they_import(tmp_path, version):
    with Compiler(found := interpreter(tmp_path, version)) as compiler:
        (content,) = compiler.compiled([("/var/task/tricky.py", TRICKY.encode())])
    assert content is not None
    module = tmp_path / "site" / "tricky.py"
    module.parent.mkdir()
    module.write_text("raise SystemExit('the source was read')")
    cached = module.parent / place("tricky.py", found.cache_tag)
    cached.parent.mkdir()
    cached.write_bytes(content)

    code = f"import sys; sys.path.insert(0, {str(module.parent)!r}); import tricky; print(tricky.A)"
    done = subprocess.run(
        [found.path, "-I", "-S", "-c", code], capture_output=True, text=True, check=False
    )

    assert done.stdout.startswith("(1, 1.5, -0.0, 0.0"), done.stderr


def test_what_does_not_compile_has_no_bytecode_and_stops_nothing(tmp_path):
    sources = [
        ("/var/task/a.py", b"x = 1"),
        ("/var/task/syntax.py", b"{{ cookiecutter }} = ("),
        ("/var/task/nul.py", b"x = '\0'"),
        ("/var/task/encoding.py", b"# coding: klingon\nx = 1"),
        ("/var/task/latin.py", "# coding: latin-1\nx = 'é'".encode("latin-1")),
        ("/var/task/not_utf8.py", b"x = '\xff'"),
        ("/var/task/deep.py", b"x = " + b"(" * 5000 + b")" * 5000),
        ("/var/task/warns.py", b"x = '\\d' is 1"),
        ("/var/task/empty.py", b""),
    ]

    with Compiler(interpreter(tmp_path)) as compiler:
        results = list(compiler.compiled(sources))

    with_bytecode = [name for (name, _), result in zip(sources, results, strict=True) if result]
    assert [name.removeprefix("/var/task/") for name in with_bytecode] == [
        "a.py",
        "latin.py",
        "warns.py",
        "empty.py",
    ]


def test_a_compiler_that_dies_of_a_source_goes_on_with_the_next(tmp_path):
    dying = tmp_path / "python"
    program = tmp_path / "dying.py"
    program.write_text(DYING)
    dying.write_text(f"#!/bin/sh\nexec {shlex.quote(sys.executable)} '{program}'\n")
    dying.chmod(0o755)
    good = interpreter(tmp_path)
    fake = type(good)(dying, good.version, good.cache_tag, good.magic)
    sources = [("a", b"x"), ("b", b"die"), ("c", b"y"), ("d", b"die"), ("e", b"die"), ("f", b"z")]

    with Compiler(fake) as compiler:
        results = list(compiler.compiled(sources))

    assert results == [b"x", None, b"y", None, None, b"z"]


# A compiler that answers with the source, and dies of one.
DYING = """
import os, struct, sys
while True:
    sizes = struct.unpack("<II", sys.stdin.buffer.read(8))
    name, source = (sys.stdin.buffer.read(size) for size in sizes)
    if source == b"die":
        os._exit(1)
    sys.stdout.buffer.write(struct.pack("<I", len(source)) + source)
    sys.stdout.buffer.flush()
"""


def test_a_source_of_many_megabytes_is_not_compiled(tmp_path):
    sources = [("/var/task/data.py", b"#" * (9 << 20)), ("/var/task/a.py", b"x = 1")]

    with Compiler(interpreter(tmp_path)) as compiler:
        results = list(compiler.compiled(sources))

    assert [bool(result) for result in results] == [False, True]
