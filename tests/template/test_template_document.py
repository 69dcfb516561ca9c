"""Templates as CloudFormation takes them."""

import json
import sys
from pathlib import Path

import pytest
from cfnlint.api import lint_all
from tests.resources.graphs import STORE, graph_in, graph_of, resources

from chalice.resources import Code, Graph, Resource
from chalice.template import cloudformation, problems_of, serialize
from chalice.template.document import MAX_BYTES, MAX_OUTPUTS, MAX_RESOURCES

ROOT = Path(__file__).parents[2]
PROJECTS = (
    *((ROOT / "examples" / "hello", "dev"), (ROOT / "examples" / "shop", "dev")),
    (ROOT / "examples" / "shop", "prod"),
    (ROOT / "tests" / "openapi" / "everything", "dev"),
    (ROOT / "tests" / "openapi" / "everything", "regional"),
    *(
        (STORE, stage)
        for stage in (
            *("dev", "full", "edge", "private", "policies", "mixed"),
            *("given", "odd", "layered"),
        )
    ),
)

# "This code may only work with 'package' cli command": that is what local paths are for.
PATHS_BESIDE = "W3002"


def findings(text):
    """Return what cfn-lint says of a template, but for advice about architecture (`I...`)."""
    found = [match for match in lint_all(text) if not match.rule.id.startswith("I")]
    return [f"{match.rule.id} line {match.linenumber}: {match.message}" for match in found]


@pytest.mark.parametrize(
    ("directory", "stage"), PROJECTS, ids=[f"{path.name} {stage}" for path, stage in PROJECTS]
)
def test_cfn_lint_finds_nothing(directory, stage):
    document = cloudformation(graph_in(directory, stage))

    assert findings(serialize(document, "json")) == []


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_of_archives_beside_it_cfn_lint_says_that_they_have_to_be_uploaded(form):
    document = cloudformation(graph_in(STORE, "layered", code=Code.local(layer=True)))

    found = findings(serialize(document, form))

    assert {text.split()[0] for text in found} == {PATHS_BESIDE}


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_the_same_project_makes_the_same_bytes(form):
    first, second = (
        serialize(cloudformation(graph_in(STORE, "full")), form).encode() for _ in range(2)
    )

    assert first == second


def test_a_resource_is_laid_out_as_cloudformation_has_it():
    item = Resource(
        "A", "AWS::X::Y", {"P": 1}, ("B",), {"DeletionPolicy": "Retain"}, "app.py:1", {"P": "x:1"}
    )

    document = cloudformation(Graph((item,), {"Out": {"Ref": "A"}}, {"In": {"Type": "String"}}))

    assert document == {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": {"In": {"Type": "String"}},
        "Resources": {
            "A": {
                "Type": "AWS::X::Y",
                "DependsOn": ["B"],
                "DeletionPolicy": "Retain",
                "Properties": {"P": 1},
            }
        },
        "Outputs": {"Out": {"Value": {"Ref": "A"}}},
    }


def test_places_are_not_in_the_template_so_that_moving_a_line_changes_nothing(tmp_path):
    app = "from chalice import Chalice\napp = Chalice(app_name='demo')\n{}"
    app += "@app.route('/')\ndef f(): ...\n"

    first = cloudformation(graph_of(tmp_path, app=app.format("")))
    moved = cloudformation(graph_of(tmp_path, app=app.format("# more\n")))

    assert first == moved


def test_three_hundred_routes_with_an_authorizer_are_within_the_limits(tmp_path):
    routes = "".join(
        f"@app.route('/area{number % 20}/thing{number}/{{name}}', methods=['POST'], authorizer=a)\n"
        f"def view_{number}(name): ...\n"
        for number in range(300)
    )
    head = "from chalice import Chalice\napp = Chalice(app_name='demo')\n"
    authorizer = "@app.authorizer()\ndef a(request): ...\n"

    found = graph_of(tmp_path, app=head + authorizer + routes)

    document = cloudformation(found)
    text = serialize(document, "json")
    assert list(problems_of(document, text)) == []
    assert len(resources(found)) < 20
    assert len(text) < MAX_BYTES / 2
    assert len(serialize(document, "json", compact=True)) < len(text) / 1.5


@pytest.mark.parametrize(
    ("document", "size", "codes"),
    [
        ({"Resources": dict.fromkeys(map(str, range(MAX_RESOURCES)))}, MAX_BYTES, []),
        (
            {"Resources": dict.fromkeys(map(str, range(MAX_RESOURCES + 1)))},
            1,
            ["template-resources"],
        ),
        ({"Outputs": dict.fromkeys(map(str, range(MAX_OUTPUTS + 1)))}, 1, ["template-outputs"]),
        ({}, MAX_BYTES + 1, ["template-size"]),
    ],
)
def test_what_cloudformation_does_not_take_is_told(document, size, codes):
    assert [problem.code for problem in problems_of(document, "x" * size)] == codes


def test_a_small_template_needs_no_reader_of_yaml():
    code = (
        "import sys, chalice.template as t; t.serialize({}, 'json'); print('yaml' in sys.modules)"
    )

    import subprocess

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"


def test_json_is_readable_or_compact_and_ascii():
    document = {"Resources": {"A": "é"}}

    assert json.loads(serialize(document, "json")) == document
    assert serialize(document, "json", compact=True) == r'{"Resources":{"A":"\u00e9"}}'
