"""Templates on disk."""

import json
import zipfile
from pathlib import Path

import pytest

from chalice.diagnostics import InvalidApp, ToolError
from chalice.resources import Graph, Resource
from chalice.template import files
from chalice.template.document import MAX_BYTES, MAX_RESOURCES
from chalice.template.merging import opened

GRAPH = Graph((Resource("A", "AWS::X::Y", {}, where="app.py:1"),))


@pytest.mark.parametrize(("form", "name"), [("json", "sam.json"), ("yaml", "sam.yaml")])
def test_a_template_has_the_name_that_recipes_know(tmp_path, form, name):
    path = files.write(tmp_path, GRAPH, files.Output(form))

    assert path == tmp_path / name
    assert "AWS::X::Y" in path.read_text()


def test_a_template_that_is_there_already_is_left_alone(tmp_path):
    path = files.write(tmp_path, GRAPH, files.Output())
    before = path.stat()

    files.write(tmp_path, GRAPH, files.Output())

    assert path.stat() == before


def test_several_templates_are_merged_in_order_and_know_the_places(tmp_path):
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    first.write_text('{"Resources": {"A": {"Properties": {"P": 1, "Q": 1}}}}')
    second.write_text('{"Resources": {"A": {"Properties": {"P": 2}}}}')
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"Resources": {"A": [1]}}')

    merged = json.loads(
        files.written(GRAPH, files.Output("json", (opened(first), opened(second)))).text
    )
    with pytest.raises(InvalidApp) as caught:
        files.written(GRAPH, files.Output("json", (opened(wrong),)))

    assert merged["Resources"]["A"]["Properties"] == {"P": 2, "Q": 1}
    assert "in the template, from app.py:1" in str(caught.value)


def test_what_cloudformation_does_not_take_is_not_written(tmp_path):
    many = Graph(tuple(Resource(f"A{n}", "AWS::X::Y", {}) for n in range(MAX_RESOURCES + 1)))

    with pytest.raises(InvalidApp) as caught:
        files.write(tmp_path, many, files.Output())

    assert [problem.code for problem in caught.value.problems] == ["template-resources"]
    assert list(tmp_path.iterdir()) == []


def of_bytes(size):
    """Return a graph whose template has about *size* bytes compact, and far more indented."""
    wide = [[[[0] * 10] * 10] * 10]
    each = len(json.dumps(wide, separators=(",", ":")))
    properties = {f"P{n}": wide for n in range(size // (each + 8))}
    return Graph((Resource("A", "AWS::X::Y", properties),))


def test_a_template_that_is_too_large_by_its_indentation_only_is_written_without(tmp_path):
    graph = of_bytes(MAX_BYTES * 9 // 10)

    path = files.write(tmp_path, graph, files.Output())

    written = path.read_bytes()
    assert len(written) <= MAX_BYTES
    assert json.loads(written)["Resources"]["A"]["Properties"] == dict(
        graph.resources[0].properties
    )


@pytest.mark.parametrize(
    ("form", "size", "hint"),
    [
        ("json", MAX_BYTES * 11 // 10, "into several stacks"),
        ("yaml", MAX_BYTES // 6, "write JSON, which has fewer bytes: `--template-format json`"),
    ],
)
def test_a_template_that_is_too_large_in_any_case_is_told(form, size, hint):
    with pytest.raises(InvalidApp) as caught:
        files.written(of_bytes(size), files.Output(form))

    [problem] = caught.value.problems
    assert problem.code == "template-size"
    assert hint in problem.hint


def test_one_file_holds_all_and_is_the_same_for_the_same_files(tmp_path):
    archive = tmp_path / "deployment.zip"
    archive.write_bytes(b"zip" * 100)
    template = files.write(tmp_path, GRAPH, files.Output())

    files.into_one(tmp_path / "one.zip", [template, archive])
    files.into_one(tmp_path / "two.zip", [template, archive])

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as found:
        assert found.namelist() == ["sam.json", "deployment.zip"]
        assert found.read("deployment.zip") == b"zip" * 100
        assert {item.date_time[0] for item in found.infolist()} == {1980}


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    nowhere = tmp_path / "file"
    nowhere.write_text("")

    with pytest.raises(ToolError, match="Cannot write"):
        files.write(nowhere, GRAPH, files.Output())
    with pytest.raises(ToolError, match="Cannot write"):
        files.into_one(nowhere / "one.zip", [])
    assert Path(nowhere).read_text() == ""
