"""Expressions of CloudFormation: what they name and come to."""

import pytest

from chalice.expressions import (
    as_text,
    has_expression,
    literals_in,
    names_in,
    reference_of,
    template_of,
)

VALUES = {"AWS::Region": "eu-west-1"}


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ({"Ref": "Queue"}, ("Queue", "")),
        ({"Fn::GetAtt": ["Queue", "Arn"]}, ("Queue", "Arn")),
        ({"Fn::GetAtt": "Queue.Arn"}, ("Queue", "Arn")),
        ({"Fn::Sub": "${Queue.Arn}"}, ("Queue", "Arn")),
        ({"Fn::Sub": "${Queue}"}, ("Queue", "")),
        ({"Fn::Sub": "${Queue.Arn}/*"}, ("", "")),
        ({"Fn::Sub": "${!Queue.Arn}"}, ("", "")),
        ({"Fn::GetAtt": ["Queue", {"Ref": "Attribute"}]}, ("", "")),
        ({"Ref": "Queue", "Other": 1}, ("", "")),
        ("Queue", ("", "")),
        (None, ("", "")),
    ],
    ids=str,
)
def test_a_resource_is_named_in_many_ways(value, named):
    assert reference_of(value) == named


@pytest.mark.parametrize(
    "ways",
    [
        [{"Fn::GetAtt": ["Q", "Arn"]}, {"Fn::GetAtt": "Q.Arn"}, {"Fn::Sub": "${Q.Arn}"}],
        [{"Ref": "Topic"}, {"Fn::Sub": "${Topic}"}],
        [{"Fn::Sub": "${AWS::Region}-a"}, {"Fn::Join": ["-", [{"Ref": "AWS::Region"}, "a"]]}],
        [{"Fn::Sub": "a/${!aws:username}"}, "a/${aws:username}"],
    ],
    ids=str,
)
def test_what_is_written_otherwise_is_the_same_text(ways):
    assert len({as_text(one, VALUES) for one in ways}) == 1


def test_what_is_not_known_stays_in_a_text():
    assert as_text({"Fn::Sub": "${AWS::Region}/${Other}"}, VALUES) == "eu-west-1/${Other}"
    assert as_text({"Fn::If": ["A", "b", "c"]}, VALUES) == '{"Fn::If": ["A", "b", "c"]}'


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Fn::Sub": "${A}"}, ("${A}", {})),
        ({"Fn::Sub": ["${A}"]}, ("${A}", {})),
        ({"Fn::Sub": ["${A}", {"A": {"Ref": "B"}}]}, ("${A}", {"A": {"Ref": "B"}})),
        ({"Fn::Sub": ["${A}", "B"]}, None),
        ({"Fn::Sub": {"Ref": "A"}}, None),
        ({"Fn::Join": ["", ["${A}"]]}, None),
        ("${A}", None),
    ],
    ids=str,
)
def test_a_template_stands_alone_or_with_names_of_its_own(value, expected):
    assert template_of(value) == expected


def test_a_template_refers_to_names_and_leaves_literals():
    template = "${Queue.Arn}:${!aws:username}:${AWS::Region}"

    assert names_in(template) == ["Queue.Arn", "AWS::Region"]
    assert literals_in(template) == ["aws:username"]


def test_an_expression_is_found_however_deep():
    assert has_expression({"a": [{"b": {"Ref": "C"}}]})
    assert not has_expression({"a": [{"b": "Ref"}], "Condition": "C"})
