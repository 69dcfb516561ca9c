"""Properties of functions in merged templates that Lambda takes in another form."""

from datetime import date

import pytest
from tests.deploy.deployments import wanted
from tests.deploy.preflighting import found, merged, of_function
from tests.deploy.there import There


def of(tmp_path, **properties):
    return found(merged(wanted(tmp_path), tmp_path, of_function(**properties)), There())


@pytest.mark.parametrize(
    ("name", "code", "says"),
    [
        (
            "AWS_REGION",
            "config-environment-reserved",
            "`AWS_REGION` of `APIHandler` is set by Lambda itself",
        ),
        ("_HANDLER", "config-environment-reserved", "is set by Lambda itself"),
        ("1b", "config-value", "write a letter, then letters, digits and `_`, 2 or more in all"),
        ("A", "config-value", "write a letter, then letters"),
    ],
)
def test_variables_that_lambda_does_not_take_are_told(tmp_path, name, code, says):
    problems, text = of(tmp_path, Environment={"Variables": {"GOOD": "x", name: "y"}})

    assert problems == [(code, f"{tmp_path}/extras.json:8")]
    assert says in text


@pytest.mark.parametrize("value", [{"x": "y"}, ["x"]])
def test_a_variable_is_a_text(tmp_path, value):
    problems, text = of(tmp_path, Environment={"Variables": {"TABLE": value}})

    assert [code for code, _ in problems] == ["config-value"]
    assert "`TABLE` of `APIHandler`" in text


@pytest.mark.parametrize("value", [1, True, {"Ref": "RestAPI"}, {"Fn::Sub": "${RestAPI}-x"}])
def test_what_cloudformation_makes_a_text_of_is_taken(tmp_path, value):
    assert of(tmp_path, Environment={"Variables": {"TABLE": value}})[0] == []


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("Environment", ["a"], '`{"Variables": {...}}`'),
        ("Layers", "arn", "write a list of ARNs"),
        ("VpcConfig", "subnet-1", "write an object, `{"),
    ],
)
def test_a_property_of_another_form_is_told_with_its_line(tmp_path, name, value, says):
    problems, text = of(tmp_path, **{name: value})

    assert problems == [("function-property", f"{tmp_path}/extras.json:5")]
    assert says in text


@pytest.mark.parametrize("name", ["Environment", "Layers", "VpcConfig"])
def test_an_expression_may_come_to_any_form(tmp_path, name):
    theirs = {
        "Conditions": {"A": {"Fn::Equals": ["a", "a"]}},
        **of_function(
            **{name: {"Fn::If": ["A", {"Ref": "AWS::NoValue"}, {"Ref": "AWS::NoValue"}]}}
        ),
    }

    assert found(merged(wanted(tmp_path), tmp_path, theirs), There())[0] == []


@pytest.mark.parametrize("runtime", ["python2.7", "python3.6", "python3.7"])
def test_a_python_of_the_past_is_refused(tmp_path, runtime):
    what = merged(wanted(tmp_path), tmp_path, of_function(Runtime=runtime))

    problems, _ = found(what, There(), today=date(2026, 11, 22))

    assert [code for code, _ in problems] == ["runtime-blocked"]


def test_what_refers_to_nothing_is_told_together_with_the_rest(tmp_path):
    table = {"Variables": {"TABLE": {"Ref": "Tabel"}}}

    problems, _ = of(tmp_path, Environment=table, MemorySize=1)

    assert sorted(code for code, _ in problems) == ["function-quota", "merge-reference"]
