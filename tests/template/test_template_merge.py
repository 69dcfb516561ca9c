"""What users merge into a template."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalice.definitions import yaml_text
from chalice.diagnostics import InvalidApp, ToolError
from chalice.expressions import is_expression
from chalice.resources.api import deployment_id
from chalice.template import serialize
from chalice.template.merging import merge, opened, without_nulls

API = {"Body": {"openapi": "3.0.1", "paths": {}}, "BinaryMediaTypes": ["a/b"]}
DEPLOYMENT = deployment_id(API)
OURS = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Resources": {
        "APIHandler": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "MemorySize": 128,
                "Role": {"Fn::GetAtt": ["DefaultRole", "Arn"]},
                "Environment": {"Variables": {"A": "1", "B": "1"}},
                "Layers": ["one"],
                "Tags": [{"Key": "a", "Value": "b"}],
            },
        },
        "RestAPI": {"Type": "AWS::ApiGateway::RestApi", "Properties": API},
        DEPLOYMENT: {"Type": "AWS::ApiGateway::Deployment", "Properties": {}},
        "RestAPIapiStage": {
            "Type": "AWS::ApiGateway::Stage",
            "DependsOn": [DEPLOYMENT],
            "Properties": {"DeploymentId": {"Ref": DEPLOYMENT}, "StageName": "api"},
        },
    },
    "Outputs": {"RestAPIId": {"Value": {"Ref": "RestAPI"}}},
}
PLACES = {"APIHandler": "app.py:7"}


def merged(tmp_path, theirs, name="mine.json"):
    path = tmp_path / name
    text = theirs if isinstance(theirs, str) else json.dumps(theirs)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return merge(OURS, opened(path, name), places=PLACES)


def problems(tmp_path, theirs, name="mine.json"):
    with pytest.raises(InvalidApp) as caught:
        merged(tmp_path, theirs, name)
    return caught.value.problems


def handler(properties):
    return {"Resources": {"APIHandler": {"Properties": properties}}}


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        pytest.param({"MemorySize": 512}, {"MemorySize": 512}, id="a value"),
        pytest.param(
            {"Environment": {"Variables": {"B": "2", "C": "3"}}},
            {"Environment": {"Variables": {"A": "1", "B": "2", "C": "3"}}},
            id="objects are merged",
        ),
        pytest.param({"Layers": ["two"]}, {"Layers": ["two"]}, id="a list replaces"),
        pytest.param({"Layers": None}, {"Layers": None}, id="null removes"),
        pytest.param(
            {"Role": {"Ref": "Mine"}},
            {"Role": {"Ref": "Mine"}},
            id="an expression replaces another",
        ),
        pytest.param({"Role": "arn"}, {"Role": "arn"}, id="a value replaces an expression"),
        pytest.param(
            {"Environment": {"Fn::If": ["C", {"a": None}, 1]}},
            {"Environment": {"Fn::If": ["C", {"a": None}, 1]}},
            id="an expression replaces an object, whole",
        ),
        pytest.param(
            {"VpcConfig": {"SubnetIds": ["s"], "x": None}},
            {"VpcConfig": {"SubnetIds": ["s"]}},
            id="what is new comes without nulls",
        ),
    ],
)
def test_the_user_wins(tmp_path, properties, expected):
    found = merged(tmp_path, handler(properties))

    was = OURS["Resources"]["APIHandler"]["Properties"]
    now = {key: value for key, value in {**was, **expected}.items() if value is not None}
    assert found["Resources"]["APIHandler"]["Properties"] == now
    assert found["Outputs"] == OURS["Outputs"]


def test_sections_and_resources_are_added(tmp_path):
    table = {"Type": "AWS::DynamoDB::Table", "Properties": {}}
    theirs = {"Parameters": {"P": {"Type": "String"}}, "Resources": {"Table": table}}

    found = merged(tmp_path, theirs)

    assert found["Parameters"] == theirs["Parameters"]
    assert found["Resources"] == {**OURS["Resources"], "Table": table}


def test_a_resource_that_gets_a_condition_keeps_what_it_has(tmp_path):
    theirs = {"Resources": {"APIHandler": {"Condition": "Prod"}}}

    found = merged(tmp_path, theirs)["Resources"]["APIHandler"]

    assert found == {**OURS["Resources"]["APIHandler"], "Condition": "Prod"}


def test_a_resource_can_be_removed(tmp_path):
    assert "APIHandler" not in merged(tmp_path, {"Resources": {"APIHandler": None}})["Resources"]


def test_short_forms_of_yaml_are_expressions(tmp_path):
    theirs = """
        Resources:
          APIHandler:
            Properties:
              Role: !GetAtt Mine.Arn
              Environment:
                Variables:
                  TABLE: !Ref Table
                  NAME: !Sub "${AWS::StackName}-x"
                  LATER: !If [Cond, 1, !Ref AWS::NoValue]
    """

    found = merged(tmp_path, theirs, "mine.yaml")["Resources"]["APIHandler"]["Properties"]

    assert found["Role"] == {"Fn::GetAtt": ["Mine", "Arn"]}
    assert found["Environment"]["Variables"] == {
        "A": "1",
        "B": "1",
        "TABLE": {"Ref": "Table"},
        "NAME": {"Fn::Sub": "${AWS::StackName}-x"},
        "LATER": {"Fn::If": ["Cond", 1, {"Ref": "AWS::NoValue"}]},
    }


def test_keys_of_yaml_are_texts_as_in_json(tmp_path):
    theirs = "Resources: {RestAPI: {Properties: {Body: {responses: {200: {x: true}}}}}}"

    found = merged(tmp_path, theirs, "mine.yml")

    assert found["Resources"]["RestAPI"]["Properties"]["Body"]["responses"] == {"200": {"x": True}}


@pytest.mark.parametrize("name", ["mine.yaml", "mine.json", "mine.template"])
def test_what_is_in_a_file_counts_where_its_name_says_nothing(tmp_path, name):
    assert merged(tmp_path, '{"Description": "x"}', name)["Description"] == "x"


def test_an_empty_file_changes_nothing(tmp_path):
    assert merged(tmp_path, "# nothing yet\n", "mine.yaml") == OURS


# --- the deployment of the API ---------------------------------------------------------------


def test_an_api_that_a_merge_changes_is_deployed_anew(tmp_path):
    body = {"Resources": {"RestAPI": {"Properties": {"Body": {"paths": {"/x": {}}}}}}}

    found = merged(tmp_path, body)["Resources"]

    after = deployment_id(found["RestAPI"]["Properties"])
    assert after != DEPLOYMENT
    assert DEPLOYMENT not in json.dumps(found)
    assert found["RestAPIapiStage"]["Properties"]["DeploymentId"] == {"Ref": after}
    assert found["RestAPIapiStage"]["DependsOn"] == [after]


def test_a_merge_that_leaves_the_api_alone_leaves_its_deployment(tmp_path):
    theirs = {"Resources": {"RestAPI": {"Properties": {"Name": "x"}}}}

    assert DEPLOYMENT in merged(tmp_path, theirs)["Resources"]


# --- what cannot be meant --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("theirs", "code", "where", "says"),
    [
        (
            "Resources:\n  APIHandler:\n    Properties:\n      Environment: [x]\n",
            "merge-type",
            "mine.yaml:4",
            "Environment` is a list here and an object in the template, from app.py:7; write an ob",
        ),
        (
            "Resources: {APIHandler: {Properties: {Layers: one}}}",
            "merge-type",
            "mine.yaml:1",
            "is a single value here and a list in the template, from app.py:7; write a list",
        ),
        (
            "Resources:\n  APIHandler:\n    Properties:\n      Tags: {a: b}\n",
            "merge-type",
            "mine.yaml:4",
            'write a list, `[{"Key": ..., "Value": ...}]`, of all tags',
        ),
        (
            "Outputs: [1]",
            "merge-type",
            "mine.yaml:1",
            "`Outputs` is a list here and an object in the template; write an object",
        ),
        (
            "\nResources:\n  APIHandlr: {Properties: {MemorySize: 1}}\n",
            "merge-resource",
            "mine.yaml:3",
            "the template has none of that name; write `APIHandler`, or give it a type",
        ),
        ("Resources: {Zzz: {}}", "merge-resource", "mine.yaml:1", "; give it a type"),
        ("Resources: {Table: 1}", "merge-type", "mine.yaml:1", "`Table` is a single value"),
        (
            "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::Q: [N, [a], {}]\n",
            "merge-loop",
            "mine.yaml:3",
            "`Fn::ForEach::Q` makes resources by a loop, which is not taken here; write each",
        ),
        (
            "Resources:\n  APIHandler:\n    Type: AWS::Serverless::Function\n",
            "merge-resource-type",
            "mine.yaml:3",
            "`APIHandler` is AWS::Serverless::Function here and AWS::Lambda::Function",
        ),
        (
            "Resources:\n  APIHandler:\n    Properties:\n      Tracing: Active\n",
            "merge-serverless",
            "mine.yaml:4",
            'write `"TracingConfig": {"Mode": "Active"}`',
        ),
        (
            "Resources:\n  RestAPIapiStage:\n    Properties:\n      StageName: other\n",
            "merge-stage-name",
            "mine.yaml:4",
            "`RestAPIapiStage` is the stage `api`, which URLs are told with; set `api_gateway_",
        ),
        (
            "Resources:\n  RestAPIapiStage: {Properties: {StageName: !Ref Name}}\n",
            "merge-stage-name",
            "mine.yaml:2",
            "set `api_gateway_stage`",
        ),
        (
            "Resources:\n  Extra: {Type: 'AWS::Serverless::Function'}\n",
            "merge-transform",
            "mine.yaml:2",
            "add `Transform: AWS::Serverless-2016-10-31`",
        ),
        ("Globals: {}", "merge-transform", "mine.yaml:1", "`Globals` is a section of"),
    ],
)
def test_what_does_not_fit_is_told_with_its_line(tmp_path, theirs, code, where, says):
    [problem] = problems(tmp_path, theirs, "mine.yaml")

    assert (problem.code, problem.where) == (code, where)
    assert says in str(problem)


def test_the_name_that_the_stage_has_may_be_said_again(tmp_path):
    theirs = {"Resources": {"RestAPIapiStage": {"Properties": {"StageName": "api", "X": 1}}}}

    assert merged(tmp_path, theirs)["Resources"]["RestAPIapiStage"]["Properties"]["X"] == 1


def test_a_stage_of_another_name_is_taken_with_its_url(tmp_path):
    stage = {"RestAPIapiStage": {"Properties": {"StageName": "v2"}}}
    url = {"EndpointURL": {"Value": "https://api.example.com/"}}

    found = merged(tmp_path, {"Resources": stage, "Outputs": url})

    assert found["Resources"]["RestAPIapiStage"]["Properties"]["StageName"] == "v2"


def test_lines_of_json_are_known_too(tmp_path):
    theirs = '{"Resources":\n {"APIHandler":\n  {"Properties":\n   {"Layers": 1}}}}'

    [problem] = problems(tmp_path, theirs)

    assert problem.where == "mine.json:4"


def test_everything_is_told_at_once(tmp_path):
    theirs = "Outputs: 1\nResources:\n  Nobody: {}\n  APIHandler: {Properties: {Events: {}}}\n"

    codes = [problem.code for problem in problems(tmp_path, theirs, "mine.yaml")]

    assert codes == ["merge-type", "merge-resource", "merge-serverless"]


def test_with_the_transform_its_resources_are_taken(tmp_path):
    theirs = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Globals": {"Function": {"Timeout": 3}},
        "Resources": {"Extra": {"Type": "AWS::Serverless::Function"}},
    }

    assert merged(tmp_path, theirs)["Transform"] == "AWS::Serverless-2016-10-31"


@pytest.mark.parametrize(
    ("content", "name", "code", "where"),
    [
        ("{", "mine.json", "merge-json", "mine.json:1"),
        ('{"a": 1,\n}', "mine.json", "merge-json", "mine.json:1"),
        ('{"a": 1,\n "a": 2}', "mine.json", "merge-json", "mine.json:2"),
        ("[1]", "mine.json", "merge-file", "mine.json"),
        ("a: [", "mine.yaml", "merge-file", "mine.yaml:1"),
        ("a: 1\na: 2", "mine.yaml", "merge-file", "mine.yaml:2"),
        ("a: 1\n--- \nb: 2", "mine.yaml", "merge-file", "mine.yaml:2"),
        ("- 1", "mine.yaml", "merge-file", "mine.yaml"),
        ("a: &a [*a]", "mine.yaml", "merge-file", "mine.yaml"),
        (
            "\n".join(
                [
                    "a0: &a0 [x]",
                    *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)),
                ]
            ),
            "mine.yaml",
            "merge-file",
            "mine.yaml",
        ),
    ],
)
def test_a_file_that_is_no_template_is_told(tmp_path, content, name, code, where):
    [problem] = problems(tmp_path, content, name)

    assert (problem.code, problem.where) == (code, where)


def test_a_file_that_is_not_utf8_or_too_large_is_told(tmp_path):
    path = tmp_path / "mine.yaml"
    for content in (b"a: \xff", b"#" * 4_000_001):
        path.write_bytes(content)

        with pytest.raises(InvalidApp) as caught:
            opened(path)

        assert [problem.code for problem in caught.value.problems] == ["merge-file"]


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ToolError, match=r"Cannot read `nowhere\.yaml`: No such file"):
        opened(Path("nowhere.yaml"))


# --- properties ------------------------------------------------------------------------------

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.text(max_size=12)
    | st.sampled_from(
        ["on", "012", "1e3", "1.5", "~", "0x1f", "2010-09-09", "a: b", "# x", "*", "!x"]
    )
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.text("abc", min_size=1, max_size=2), VALUES, max_size=4)


def fits(ours, theirs):
    """Return whether the shapes of two values agree wherever both have something."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        if is_expression(ours) or is_expression(theirs):
            return True
        return all(fits(ours[key], theirs[key]) for key in ours.keys() & theirs.keys())
    kinds = [
        dict if isinstance(one, dict) else list if isinstance(one, list) else None
        for one in (ours, theirs)
    ]
    return theirs is None or is_expression(ours) or is_expression(theirs) or kinds[0] == kinds[1]


@given(ours=OBJECTS, theirs=OBJECTS)
def test_a_merge_is_the_users_file_over_the_template(tmp_path_factory, ours, theirs):
    ours = without_nulls({"Metadata": ours})
    path = tmp_path_factory.getbasetemp() / "merge.json"
    path.write_text(json.dumps({"Metadata": theirs}))

    if not fits(ours, {"Metadata": theirs}):
        with pytest.raises(InvalidApp):
            merge(ours, opened(path))
        return
    once = merge(ours, opened(path))

    assert merge(once, opened(path)) == once
    for key, value in theirs.items():
        if value is None:
            assert key not in once["Metadata"]
        elif not isinstance(value, dict):
            assert once["Metadata"][key] == without_nulls(value)
    for key in ours["Metadata"].keys() - theirs.keys():
        assert once["Metadata"][key] == ours["Metadata"][key]


@given(OBJECTS)
def test_a_template_in_yaml_reads_as_the_same_in_json(document):
    text = serialize(document, "yaml")

    assert yaml_text.load(text) == document
    assert json.loads(serialize(document, "json")) == document


@given(OBJECTS)
def test_readers_of_yaml_1_1_take_it_the_same_way(document):
    import yaml

    assert yaml.safe_load(serialize(document, "yaml")) == document
