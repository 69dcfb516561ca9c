"""The package: what is in it, the same bytes wherever it is built, what stops it."""

import os
import subprocess
import sys
import zipfile

import pytest
from tests.bundle.building import (
    bundled,
    contents,
    distribution,
    names,
    project,
    silent,
    this_interpreter,
)
from tests.bundle.wheels import make_wheel, write_zip

from chalice.bundle.store import Store
from chalice.diagnostics import InvalidApp

TAG = sys.implementation.cache_tag


def listed(folder):
    return [path.name for path in folder.iterdir()]


def codes(caught):
    return [(problem.code, problem.where) for problem in caught.value.problems]


def test_an_archive_holds_the_project_chalice_and_the_requirements(tmp_path):
    wheel = make_wheel(tmp_path / "wheels", "thing", "1", {"thing/__init__.py": "x = 1\n"})
    files = {"chalicelib/__init__.py": "", "vendor/six.py": "y = 2\n"}

    bundle = bundled(tmp_path, files, [wheel])

    assert names(bundle.code.path) == [
        "app.py",
        "chalicelib/__init__.py",
        "six.py",
        "thing-1.dist-info/METADATA",
        "thing-1.dist-info/RECORD",
        "thing/__init__.py",
    ]
    assert {item.path: item.origin for item in bundle.code.shipped if "/" not in item.path} == {
        "app.py": "project",
        "six.py": "vendor",
    }
    assert bundle.layer is None
    assert [note.code for note in bundle.notes] == ["bytecode-left-out"]


def test_what_is_reported_is_what_is_there(tmp_path):
    wheel = make_wheel(tmp_path / "wheels", "thing", "1", {"thing/__init__.py": "x = 1\n" * 99})

    bundle = bundled(tmp_path, {}, [wheel], interpreter=this_interpreter())

    with zipfile.ZipFile(bundle.code.path) as archive:
        entries = [
            (entry.filename, entry.file_size, entry.compress_size) for entry in archive.filelist
        ]
    assert [(item.path, item.size, item.compressed) for item in bundle.code.shipped] == entries
    assert bundle.code.unzipped == sum(size for _, size, _ in entries)
    assert bundle.code.size == bundle.code.path.stat().st_size
    assert distribution(bundle.code.path.rename(tmp_path / "a-1")).sha256 == bundle.code.sha256


def test_entries_say_nothing_of_who_made_them(tmp_path):
    files = {"vendor/bin/run": b"\x7fELF", "chalicelib/é.txt": "x"}
    root = project(tmp_path / "project", files)
    (root / "vendor/bin/run").chmod(0o700)
    (root / "chalicelib/é.txt").chmod(0o600)

    bundle = bundled(tmp_path, files)

    with zipfile.ZipFile(bundle.code.path) as archive:
        entries = {entry.filename: entry for entry in archive.filelist}
    assert list(entries) == sorted(entries, key=str.encode)
    assert {entry.date_time for entry in entries.values()} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.extra + entry.comment for entry in entries.values()} == {b""}
    assert {entry.flag_bits & ~0x800 for entry in entries.values()} == {0}
    modes = {name: entry.external_attr >> 16 for name, entry in entries.items()}
    assert {mode for name, mode in modes.items() if name != "bin/run"} == {0o100644}
    assert modes["bin/run"] == 0o100755


BUILD = """
import os, sys
from pathlib import Path
from tests.bundle.building import bundled
os.umask(int(sys.argv[2], 8))
bundle = bundled(Path(sys.argv[1]), wheels=sorted(Path(sys.argv[3]).glob("*.whl")),
                 interpreter=Path(sys.argv[4]), automatic_layer=True)
print(bundle.code.sha256, bundle.layer.sha256)
"""
FILES = {
    "chalicelib/__init__.py": "A = {'a', 'b'}\nclass B:\n  def f(self): self.x = self.y = 1\n",
    "chalicelib/é/data.bin": bytes(range(256)) * 20,
    "vendor/six.py": "y = 2\n" * 50,
}


def test_two_builds_have_the_same_bytes(tmp_path):
    make_wheel(
        tmp_path / "wheels", "thing", "1", {"thing/a.py": "x = {'a', 'b'}\n", "thing/b": "b"}
    )
    builders = {
        "one": {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
        "two and a blank": {"TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2"},
    }
    said = []
    for number, (folder, environ) in enumerate(builders.items()):
        root = project(tmp_path / folder / "project", FILES)
        for path in root.rglob("*"):
            path.chmod(0o755 if path.is_dir() else (0o600, 0o664)[number])
            os.utime(path, (number * 10**9, number * 10**9))
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                BUILD,
                tmp_path / folder,
                ("022", "077")[number],
                tmp_path / "wheels",
                sys.executable,
            ],
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": os.pathsep.join(["src", "."]),
                **environ,
            },
            capture_output=True,
            text=True,
            check=True,
        )
        said.append(done.stdout)

    assert said[0] == said[1]


def test_the_order_in_which_things_are_found_changes_nothing(tmp_path):
    files = {f"chalicelib/{name}.py": f"{name} = 1\n" for name in "abc"}
    wheels = [make_wheel(tmp_path / "w", name, "1", {f"{name}/x.py": ""}) for name in ("p", "q")]

    one = bundled(tmp_path / "one", files, wheels)
    other = bundled(tmp_path / "other", dict(reversed(files.items())), reversed(wheels))

    assert one.code.sha256 == other.code.sha256


def test_a_build_from_what_was_kept_has_the_same_bytes(tmp_path):
    wheel = make_wheel(
        tmp_path / "wheels", "thing", "1", {"thing/a.py": "x = 1\n", "thing/b.txt": ""}
    )
    files = {"chalicelib/__init__.py": "z = 1", "vendor/large.bin": os.urandom(3 << 20)}
    options = {"interpreter": this_interpreter(), "store": Store(tmp_path / "store")}

    first = bundled(tmp_path / "project", files, [wheel], **options)
    again = bundled(tmp_path / "project", files, [wheel], **options)

    assert again == first


def test_what_was_kept_and_is_damaged_is_made_again(tmp_path):
    wheel = make_wheel(tmp_path / "wheels", "thing", "1", {"thing/a.py": "x = 1\n"})
    options = {"interpreter": this_interpreter(), "store": Store(tmp_path / "store")}
    first = bundled(tmp_path, {"vendor/b.py": "y = 1"}, [wheel], **options)
    kept = [path for path in (tmp_path / "store").rglob("*") if path.is_file()]

    for damage in (
        lambda data: data[:-1],
        lambda data: data[:40] + b"!" + data[41:],
        lambda _: b"",
    ):
        for path in kept:
            path.write_bytes(damage(path.read_bytes()))
        assert bundled(tmp_path, {}, [wheel], **options).code.sha256 == first.code.sha256


def test_a_store_that_cannot_be_written_costs_time_and_nothing_else(tmp_path):
    (tmp_path / "file").write_text("")
    wheel = make_wheel(tmp_path / "wheels", "thing", "1", {"thing/a.py": "x = 1\n"})

    bundle = bundled(
        tmp_path, {}, [wheel], store=Store(tmp_path / "file"), interpreter=this_interpreter()
    )

    assert "thing/a.py" in names(bundle.code.path)


def test_a_requirement_is_paid_for_once(tmp_path):
    wheel = make_wheel(tmp_path / "wheels", "thing", "1", {"thing/a.py": "x = 1\n"})
    options = {"interpreter": this_interpreter(), "store": Store(tmp_path / "store")}
    bundled(tmp_path / "one", {}, [wheel], **options)
    written = {path: path.stat().st_mtime_ns for path in (tmp_path / "store").rglob("*")}

    bundled(tmp_path / "one", {}, [wheel], **options)

    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "store").rglob("*")} == written


HANDLER = """
import sys
sys.path[:] = [sys.argv[1], *[path for path in sys.path if "site-packages" not in path]]
import app
print(app.app({"httpMethod": "GET", "resource": "/", "requestContext": {"httpMethod": "GET",
    "resourcePath": "/"}, "headers": {}, "multiValueHeaders": {}, "pathParameters": None,
    "queryStringParameters": None, "multiValueQueryStringParameters": None, "body": None,
    "stageVariables": None, "isBase64Encoded": False, "path": "/"}, None)["body"])
"""


def test_the_archive_alone_answers_from_its_bytecode(tmp_path):
    bundle = bundled(tmp_path, {}, interpreter=this_interpreter())
    site = tmp_path / "task"
    with zipfile.ZipFile(bundle.code.path) as archive:
        archive.extractall(site)
    for source in site.rglob("*.py"):
        source.write_text("raise SystemExit('the source was read')")

    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", HANDLER, site],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout, done.stderr) == ('{"hello":"world"}\n', "")


def test_every_runtime_module_imports_from_the_archive_alone(tmp_path):
    bundle = bundled(tmp_path)
    site = tmp_path / "task"
    with zipfile.ZipFile(bundle.code.path) as archive:
        archive.extractall(site)
        modules = sorted(
            name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            for name in archive.namelist()
            if name.startswith("chalice/")
        )
    code = f"import sys; sys.path.insert(0, {str(site)!r})\n" + "".join(
        f"import {module}\n" for module in modules
    )

    subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True)

    assert "chalice.runtime.rest" in modules
    assert "chalice.cli" not in modules


def test_bytecode_says_where_it_stands_on_lambda(tmp_path):
    files = {"chalicelib/a.py": "x = 1", "vendor/six.py": "y = 1"}
    wheel = make_wheel(tmp_path / "wheels", "thing", "1", {"thing/b.py": "z = 1"})
    bundle = bundled(tmp_path, files, [wheel], interpreter=this_interpreter(), automatic_layer=True)

    assert bundle.layer is not None
    code, layer = contents(bundle.code.path), contents(bundle.layer.path)
    assert b"/var/task/chalicelib/a.py" in code[f"chalicelib/__pycache__/a.{TAG}.pyc"]
    assert b"/opt/python/six.py" in layer[f"python/__pycache__/six.{TAG}.pyc"]
    assert b"/opt/python/thing/b.py" in layer[f"python/thing/__pycache__/b.{TAG}.pyc"]
    assert b"/opt/python/chalice/app.py" in layer[f"python/chalice/__pycache__/app.{TAG}.pyc"]
    assert bundle.code.path.name == "deployment.zip"
    assert bundle.layer.path.name == "layer-deployment.zip"
    assert {name.split("/")[0] for name in code} == {"app.py", "__pycache__", "chalicelib"}


def test_own_code_that_does_not_compile_ships_as_it_is(tmp_path):
    bundle = bundled(tmp_path, {"chalicelib/a.py": "x = ("}, interpreter=this_interpreter())

    assert names(bundle.code.path) == [
        "__pycache__/app." + TAG + ".pyc",
        "app.py",
        "chalicelib/a.py",
    ]


def test_without_pruning_all_of_a_requirement_ships(tmp_path):
    files = {"thing/tests/test_a.py": "", "thing-1.data/scripts/run": "#!python\n"}
    wheel = make_wheel(tmp_path / "wheels", "thing", "1", files)

    pruned = bundled(tmp_path / "one", {}, [wheel])
    whole = bundled(tmp_path / "two", {}, [wheel], prune=False)

    assert ("thing/tests/test_a.py", "tests") in [(out.path, out.reason) for out in pruned.left_out]
    assert {"bin/run", "thing/tests/test_a.py"} <= set(names(whole.code.path))
    with zipfile.ZipFile(whole.code.path) as archive:
        assert archive.getinfo("bin/run").external_attr >> 16 == 0o100755
    assert whole.left_out == ()


@pytest.mark.parametrize(
    ("break_it", "code"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-30]), "wheel-damaged"),
        (lambda path: write_zip(path, {"../evil.py": b"x"}), "wheel-escapes"),
        (lambda path: path.write_bytes(b"<html>not found</html>"), "wheel-damaged"),
    ],
    ids=["truncated", "escaping", "no archive"],
)
def test_wheels_that_cannot_be_copied_from_stop_the_command_by_name(tmp_path, break_it, code):
    wheels = [make_wheel(tmp_path / "w", name, "1", {f"{name}.py": ""}) for name in ("p", "q")]
    for wheel in wheels:
        break_it(wheel)

    with pytest.raises(InvalidApp) as caught:
        bundled(tmp_path, {}, wheels)

    assert codes(caught) == [(code, "requirements.txt:1")] * 2
    assert "`p-1-py3-none-any.whl` of `p 1`" in caught.value.problems[0].summary


def test_a_wheel_that_is_another_than_was_resolved_is_refused(tmp_path):
    wheel = make_wheel(tmp_path / "w", "p", "1", {"p.py": "x = 1"})
    resolved = distribution(wheel)
    make_wheel(tmp_path / "w", "p", "1", {"p.py": "evil"})

    with pytest.raises(InvalidApp) as caught:
        bundled(tmp_path, {}, [resolved])

    assert codes(caught) == [("wheel-damaged", "requirements.txt:1")]


def test_errors_of_the_project_stop_the_command(tmp_path):
    with pytest.raises(InvalidApp) as caught:
        bundled(tmp_path, {"chalicelib/.env": "A=1", "vendor/id_rsa": "x"})

    assert codes(caught) == [
        ("secret-in-package", "chalicelib/.env"),
        ("secret-in-package", "vendor/id_rsa"),
    ]


def test_a_file_that_changed_since_it_was_looked_at_stops_the_command(tmp_path):
    from chalice.bundle.assembly.packing import Own, Scratch, packed_all

    for name, size in {"small": 10, "large": 33 << 20}.items():
        (tmp_path / name).write_bytes(b"x" * size)
    owns = [
        Own(tmp_path / name, name, "0" * 64, f"/var/task/{name}") for name in ("small", "large")
    ]

    with pytest.raises(InvalidApp) as caught, Scratch() as scratch:
        packed_all(
            [*owns, Own(tmp_path / "gone", "gone", "", "")], Store(tmp_path), None, scratch, silent
        )

    assert codes(caught) == [
        ("file-changed", "small"),
        ("file-changed", "large"),
        ("file-unreadable", "gone"),
    ]


def test_a_large_file_is_copied_in_pieces(tmp_path):
    data = os.urandom(1 << 20) * 34

    bundle = bundled(tmp_path, {"chalicelib/model.bin": data})

    assert contents(bundle.code.path)["chalicelib/model.bin"] == data


def test_chalice_itself_cannot_be_replaced(tmp_path):
    with pytest.raises(InvalidApp) as caught:
        bundled(tmp_path, {"vendor/chalice/__init__.py": "", "vendor/chalice/app.py": ""})

    assert codes(caught) == [("chalice-shadowed", "vendor/chalice/__init__.py")]
