"""Which of two files for one place ships, and what is said of it."""

from tests.bundle.building import bundled, contents, this_interpreter
from tests.bundle.wheels import make_wheel

from chalice.bundle.assembly.packing import packed
from chalice.bundle.assembly.shadows import Candidate, settle


def candidate(path, origin, data=None):
    return Candidate(path, packed((data or origin).encode()), origin)


def settled(*candidates):
    found = settle(candidates)
    ships = {one.path: one.origin for one in found.ships}
    return (
        ships,
        [(out.path, out.origin) for out in found.left_out],
        [note.summary for note in found.notes],
    )


def test_a_package_before_another_hides_it_wholly():
    ships, left_out, notes = settled(
        candidate("six/__init__.py", "vendor"),
        candidate("six/__init__.py", "six 1"),
        candidate("six/moves.py", "six 1"),
        candidate("six-1.dist-info/METADATA", "six 1"),
    )

    assert ships == {"six/__init__.py": "vendor", "six-1.dist-info/METADATA": "six 1"}
    assert left_out == [("six/__init__.py", "six 1"), ("six/moves.py", "six 1")]
    assert notes == ["`six` of `vendor/` takes the place of `six` of `six 1`"]


def test_a_module_hides_a_package_and_the_other_way_round():
    assert settled(candidate("six.py", "project"), candidate("six/__init__.py", "six 1"))[0] == {
        "six.py": "project"
    }
    assert settled(
        candidate("six.cpython-313.so", "six 1"), candidate("six/__init__.py", "vendor")
    )[0] == {"six/__init__.py": "vendor"}


def test_parts_of_one_namespace_are_put_together():
    ships, left_out, notes = settled(
        candidate("google/cloud/a.py", "vendor"),
        candidate("google/cloud/b.py", "b 1"),
        candidate("google/cloud/c.py", "c 1"),
    )

    assert len(ships) == 3
    assert (left_out, notes) == ([], [])


def test_requirements_that_share_a_package_are_put_together_as_an_installer_does():
    ships, left_out, notes = settled(
        candidate("azure/__init__.py", "a 1", "same"),
        candidate("azure/__init__.py", "b 1", "same"),
        candidate("azure/a.py", "a 1"),
        candidate("azure/b.py", "b 1"),
    )

    assert ships == {"azure/__init__.py": "a 1", "azure/a.py": "a 1", "azure/b.py": "b 1"}
    assert (left_out, notes) == ([("azure/__init__.py", "b 1")], [])


def test_requirements_that_differ_in_one_file_are_named():
    ships, _, notes = settled(candidate("utils/x.py", "b 1"), candidate("utils/x.py", "a 1"))

    assert ships == {"utils/x.py": "a 1"}
    assert notes == ["`utils/x.py` is in `a 1` and in `b 1`, and they differ; that of `a 1` ships"]


def test_the_project_goes_before_vendor_and_chalice_before_requirements():
    ships, _, notes = settled(
        candidate("app.py", "vendor"),
        candidate("app.py", "project"),
        candidate("chalice/__init__.py", "other 1"),
        candidate("chalice/__init__.py", "chalice"),
    )

    assert ships == {"app.py": "project", "chalice/__init__.py": "chalice"}
    assert notes == [
        "`app` of the project takes the place of `app` of `vendor/`",
        "`chalice` of Chalice takes the place of `chalice` of `other 1`",
    ]


def test_bytecode_goes_where_its_source_goes(tmp_path):
    wheel = make_wheel(tmp_path / "wheels", "six", "1", {"six.py": "hidden = 'requirement'"})
    files = {"vendor/six.py": "x = (", "vendor/__init__.py": ""}

    bundle = bundled(tmp_path, files, [wheel], interpreter=this_interpreter())

    found = contents(bundle.code.path)
    assert found["six.py"] == b"x = ("
    assert not [name for name in found if "six" in name and name.endswith(".pyc")]
