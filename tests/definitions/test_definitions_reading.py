"""Definitions read from files: JSON, YAML, in templates; everything else is told with its place."""

import json
from textwrap import dedent

import pytest

from chalice.definitions.reading import read
from chalice.definitions.variables import known, unknown
from chalice.diagnostics import Problem, ToolError
from chalice.gateway import InvalidDefinition

OPENAPI = {"openapi": "3.0.1", "paths": {}}


@pytest.fixture
def file(tmp_path, monkeypatch):
    """Return a function that writes a file and reads the definition in it."""
    monkeypatch.chdir(tmp_path)

    def write(content, name="api.yaml"):
        path = tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(
                content if isinstance(content, str) else json.dumps(content), encoding="utf-8"
            )
        return read(path.relative_to(tmp_path))

    return write


def problem(error):
    [found] = error.value.problems
    return found


@pytest.mark.parametrize("name", ["api.json", "api.yaml", "api.yml", "api"])
def test_json_is_read_whatever_the_file_is_called(file, name):
    source = file(OPENAPI, name)

    assert source.document == OPENAPI
    assert source.place == f"{name}#"


def test_yaml_has_the_types_of_json(file):
    source = file(
        """
        openapi: 3.0.1
        info: {title: on, version: 1.0, date: 2026-01-01, account: 012345678901}
        x: [true, False, 1, -2, 1.5, 1e3, ~, null, yes, 0o7, ""]
        paths:
          /a:
            get:
              responses: {200: {}, default: }
        """
    )

    assert source.document == {
        "openapi": "3.0.1",
        "info": {"title": "on", "version": 1.0, "date": "2026-01-01", "account": "012345678901"},
        "x": [True, False, 1, -2, 1.5, 1000.0, None, None, "yes", "0o7", ""],
        "paths": {"/a": {"get": {"responses": {"200": {}, "default": None}}}},
    }


def test_a_byte_order_mark_is_no_part_of_the_text(file):
    assert file(b"\xef\xbb\xbf" + json.dumps(OPENAPI).encode(), "api.json").document == OPENAPI


def test_short_forms_of_cloudformation_are_written_out(file):
    source = file(
        """
        openapi: 3.0.1
        a: !Sub "${Fn.Arn}"
        b: !GetAtt Fn.Arn
        c: !Ref Fn
        d: !Join ["", [a, !Ref b]]
        e: !Sub ["${a}", {a: b}]
        f: !Transform {Name: x}
        """
    )

    assert source.document == {
        "openapi": "3.0.1",
        "a": {"Fn::Sub": "${Fn.Arn}"},
        "b": {"Fn::GetAtt": ["Fn", "Arn"]},
        "c": {"Ref": "Fn"},
        "d": {"Fn::Join": ["", ["a", {"Ref": "b"}]]},
        "e": {"Fn::Sub": ["${a}", {"a": "b"}]},
        "f": {"Fn::Transform": {"Name": "x"}},
    }


def test_anchors_and_merges_are_written_out(file):
    source = file("openapi: 3.0.1\na: &a {x: 1}\nb: *a\nc: {<<: *a, y: 2}\n")

    assert source.document == {
        "openapi": "3.0.1", "a": {"x": 1}, "b": {"x": 1}, "c": {"x": 1, "y": 2}
    }  # fmt: skip


BOMB = "openapi: 3.0.1\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 8)
)


@pytest.mark.parametrize(
    ("content", "where", "summary"),
    [
        ("openapi: 3.0.1\npaths: {\n", "api.yaml:3", "the file is not YAML: "),
        ("openapi: 3.0.1\nopenapi: 3.0.1\n", "api.yaml:2", "the key `openapi` is written twice"),
        ("[a, b]: 1\n", "api.yaml:1", "a key is not a scalar"),
        ("a: !!python/object:os.system x\n", "api.yaml:1", "could not determine a constructor"),
        ("a: 1\n---\nb: 1\n", "api.yaml:2", "the file is not YAML: "),
        ("a: \x00", "api.yaml", "the file is not YAML: "),
        ("", "api.yaml", "the file holds no object"),
        ("- openapi", "api.yaml", "the file holds no object"),
        ("a: 1", "api.yaml", "neither OpenAPI nor a template"),
        ("Resources: []", "api.yaml", "neither OpenAPI nor a template"),
        ("openapi: &a [*a]", "api.yaml", "over 1000000 values"),
        (BOMB, "api.yaml", "over 1000000 values"),
        ("[" * 3000, "api.yaml", "the file is not YAML: "),
        (b"openapi: \xff", "api.yaml", "the file is not UTF-8"),
        (b"a" * 10_000_001, "api.yaml", "the file has over 10000000 bytes"),
    ],
    ids=lambda item: None,
)
def test_what_is_no_definition_is_told_with_its_place(file, content, where, summary):
    with pytest.raises(InvalidDefinition) as error:
        file(content)

    assert problem(error).where == where
    assert summary in problem(error).summary


@pytest.mark.parametrize(
    ("content", "where", "summary"),
    [
        ('{\n"openapi": }', "api.json:2", "the file is not JSON: Expecting value"),
        ('{"a": 1, "a": 2}', "api.json", "the key `a` is written twice"),
        ('{"a": NaN}', "api.json", "NaN is not JSON"),
        ('{"a": ' + "[" * 100_000, "api.json", "the file is not JSON: "),
    ],
    ids=lambda item: None,
)
def test_what_is_no_json_is_told_with_its_place(file, content, where, summary):
    with pytest.raises(InvalidDefinition) as error:
        file(content, "api.json")

    assert problem(error).where == where
    assert summary in problem(error).summary


def test_a_file_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(ToolError, match=r"Cannot read `.*none\.json`: No such file"):
        read(tmp_path / "none.json")


def template(**resources):
    return {"Resources": resources}


@pytest.mark.parametrize(
    ("kind", "member"),
    [("AWS::Serverless::Api", "DefinitionBody"), ("AWS::ApiGateway::RestApi", "Body")],
)
def test_the_definition_in_a_template_is_found(file, kind, member):
    api = {"Type": kind, "Properties": {"StageName": "api", member: OPENAPI}}

    source = file(
        template(Fn={"Type": "AWS::Serverless::Function"}, Api=api, Odd=[], Odder={"Type": []})
    )

    assert source.document == OPENAPI
    assert source.place == f"api.yaml#/Resources/Api/Properties/{member}"


SAM = {"Type": "AWS::Serverless::Api", "Properties": {"DefinitionBody": OPENAPI}}


@pytest.mark.parametrize(
    ("resources", "where", "summary"),
    [
        ({}, "#/Resources", "this one has none"),
        ({"A": SAM, "B": SAM}, "#/Resources", "this one has A, B"),
        (
            {"A": {"Type": "AWS::Serverless::Api"}},
            "#/Resources/A/Properties/DefinitionBody",
            "does not hold a definition",
        ),
        (
            {"A": {**SAM, "Properties": {"DefinitionBody": {"Fn::Transform": {}}}}},
            "#/Resources/A/Properties/DefinitionBody",
            "does not hold a definition",
        ),
        (
            {"A": {**SAM, "Properties": {**SAM["Properties"], "Auth": {}}}},
            "#/Resources/A/Properties/Auth",
            "`Auth` changes the API",
        ),
    ],
    ids=lambda item: None,
)
def test_a_template_that_cannot_be_served_is_told_with_its_place(file, resources, where, summary):
    with pytest.raises(InvalidDefinition) as error:
        file(template(**resources))

    assert problem(error).where == f"api.yaml{where}"
    assert summary in problem(error).summary


def test_problems_get_the_place_of_their_definition(file):
    source = file(template(Api=SAM))

    error = source.located([Problem("code", "summary", "#/paths/~1x", "hint")])

    [found] = error.problems
    assert found.where == "api.yaml#/Resources/Api/Properties/DefinitionBody/paths/~1x"
    assert dedent(str(error)).startswith(found.where)


def test_the_variables_of_a_template_are_those_of_the_stage_unless_others_are_given(file):
    variables = {"color": "blue", "alias": {"Ref": "Alias"}, "size": "s"}
    api = {**SAM, "Properties": {**SAM["Properties"], "Variables": variables}}

    source = file(template(Api=api))

    assert known(source, {"size": "m"}) == {"color": "blue", "size": "m"}
    [unset] = unknown(source, {"size": "m"})
    assert unset.where == "api.yaml#/Resources/Api/Properties/Variables/alias"
    assert unset.hint == "write `--stage-variable alias=VALUE`"
    assert list(unknown(source, {"alias": "live"})) == []
