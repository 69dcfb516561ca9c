"""What a merged template refers to and does not have."""

import json
import re
from dataclasses import replace

import pytest

from chalice.resources.parts import Graph, Resource
from chalice.template.document import cloudformation
from chalice.template.merging import merge, opened
from chalice.template.references import problems_of_references

OURS = {
    "Resources": {
        "Handler": {
            "Type": "AWS::Lambda::Function",
            "Properties": {"Role": {"Fn::GetAtt": ["DefaultRole", "Arn"]}},
        },
        "DefaultRole": {"Type": "AWS::IAM::Role", "Properties": {}},
        "Permission": {
            "Type": "AWS::Lambda::Permission",
            "DependsOn": ["Handler"],
            "Properties": {"FunctionName": {"Ref": "Handler"}},
        },
    },
    "Outputs": {"Arn": {"Value": {"Fn::Sub": "${Handler.Arn}"}}},
}


def found(tmp_path, *theirs):
    document, merged = OURS, []
    for number, text in enumerate(theirs):
        path = tmp_path / f"{'abc'[number]}.yaml"
        path.write_text(text)
        theirs = opened(path)
        document = merge(document, theirs)
        merged.append(theirs)
    problems = problems_of_references(document, merged)
    return [str(problem).replace(f"{tmp_path}/", "") for problem in problems]


def of_files(*statements, places=None):
    """Return the problems of a template with such statements of a policy file."""
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    policies = [{"PolicyName": "P", "PolicyDocument": document}]
    role = Resource("FRole", "AWS::IAM::Role", {"Policies": policies}, where="config.json:3")
    graph = Graph((replace(role, reasons=places or {}),))
    return [str(one) for one in problems_of_references(cloudformation(graph), (), graph)]


def test_what_a_policy_file_names_and_is_nowhere_is_told_with_its_line():
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": {"Fn::Sub": "${Nope}/*"}}

    (problem,) = of_files(statement, places={"s3:GetObject": {"${Nope}/*": "policy.json:7"}})

    assert problem == (
        "policy.json:7: `Resources.FRole` refers to `Nope`, and the template has no resource or"
        " parameter of that name; declare it, or name one that is there [merge-reference]"
    )


def test_a_condition_of_a_policy_file_that_names_nothing_is_told_where_the_file_is_named():
    condition = {"StringEquals": {"aws:SourceVpc": {"Ref": "Nope"}}}

    (problem,) = of_files({"Effect": "Allow", "Condition": condition})

    assert problem.startswith("config.json:3: `Resources.FRole` refers to `Nope`")


def test_a_function_that_cloudformation_does_not_have_is_a_warning():
    (problem,) = of_files({"Resource": {"Fn::Joim": ["", ["a"]]}})

    assert problem == (
        "config.json:3: `Resources.FRole` has `Fn::Joim`, and CloudFormation is not known to have"
        " such a function; write `Fn::Join` [merge-function]"
    )


def extra(properties):
    resource = {"Type": "AWS::SQS::Queue", "Properties": properties}
    return json.dumps({"Resources": {"Extra": resource}}, indent=1)


def test_what_is_removed_is_told_where_it_is_removed_with_all_that_refers_to_it(tmp_path):
    (problem,) = found(tmp_path, "Resources:\n  Handler: null\n")

    assert problem == (
        "a.yaml:2: resource `Handler` is removed, and `Permission`, `Arn` refer to it; keep it, or"
        " remove what refers to it, too [merge-reference]"
    )


def test_what_is_removed_with_all_that_refers_to_it_is_no_problem(tmp_path):
    text = "Resources:\n  Handler:\n  Permission:\nOutputs:\n  Arn:\n"

    assert found(tmp_path, text) == []


def test_a_name_that_is_nowhere_is_told_where_it_is_written(tmp_path):
    text = (
        "Resources:\n  Extra:\n    Type: AWS::SQS::Queue\n    Properties:\n"
        "      VisibilityTimeout: 1\n      QueueName: !Ref Handlr\n"
    )

    (problem,) = found(tmp_path, text)

    assert problem == (
        "a.yaml:6: `Resources.Extra` refers to `Handlr`, and the template has no resource or"
        " parameter of that name; write `Handler`, or declare it [merge-reference]"
    )


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "Nope"},
        {"Fn::GetAtt": ["Nope", "Arn"]},
        {"Fn::GetAtt": "Nope.Arn"},
        {"Fn::Sub": "a-${Nope}"},
        {"Fn::Sub": "${ Nope.Arn }"},
        {"Fn::Sub": ["${a}-${Nope}", {"a": "1"}]},
        {"Fn::Sub": ["${a}", {"a": {"Ref": "Nope"}}]},
        {"Fn::Join": ["-", ["a", {"Ref": "Nope"}]]},
        {"Fn::If": ["Nope", 1, 2]},
        {"Fn::FindInMap": ["Nope", "a", "b"]},
    ],
    ids=json.dumps,
)
def test_every_way_to_refer_to_something_is_seen(tmp_path, value):
    (problem,) = found(tmp_path, extra({"QueueName": value}))

    assert re.match("a.yaml:[67]: `Resources.Extra` refers to `Nope`, and the template", problem)


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "AWS::Region"},
        {"Ref": "AWS::NoValue"},
        {"Ref": "DefaultRole"},
        {"Fn::Sub": "${AWS::Region}-${!Nope}-$Nope-${DefaultRole.Arn}"},
        {"Fn::Sub": ["${Nope}", {"Nope": "1"}]},
        {"Ref": {"Nope": 1}},
        {"Ref": "Nope", "Other": 1},
        {"Statement": [{"Condition": {"StringEquals": {"a": "${Nope}"}}}]},
        {"Condition": "Nope"},
        "${Nope}",
    ],
    ids=json.dumps,
)
def test_what_refers_to_nothing_or_to_something_is_no_problem(tmp_path, value):
    assert found(tmp_path, extra({"QueueName": value})) == []


def test_conditions_and_what_must_be_there_first_are_seen(tmp_path):
    text = (
        "Parameters: {P: {Type: String, Default: a}}\n"
        "Conditions:\n  Is: !Equals [!Ref P, a]\n  Also: !And [!Condition Is, !Condition Iss]\n"
        "Resources:\n  Extra:\n    Type: AWS::SQS::Queue\n    Condition: Isnt\n"
        "    DependsOn: [Handler, Nope]\n"
    )

    problems = found(tmp_path, text)

    assert [problem.split("; ")[0] for problem in problems] == [
        f"a.yaml:{line}: {told} of that name"
        for line, told in (
            (4, "`Conditions.Also` refers to `Iss`, and the template has no condition"),
            (8, "`Resources.Extra` refers to `Isnt`, and the template has no condition"),
            (
                9,
                "`Resources.Extra` refers to `Nope`, and the template has no resource or parameter",
            ),
        )
    ]


def test_a_later_file_may_declare_what_an_earlier_one_refers_to(tmp_path):
    earlier = "Resources: {Extra: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref Later}}}"
    later = "Parameters: {Later: {Type: String, Default: a}}"

    assert found(tmp_path, earlier, later) == []


@pytest.mark.parametrize(
    "macro",
    [
        "Transform: Mine",
        'Mappings: {"Fn::Transform": {Name: "AWS::Include"}}',
        'Outputs: {"Fn::ForEach::All": [A, [b], {}]}',
    ],
)
def test_templates_with_macros_are_not_judged(tmp_path, macro):
    text = f"{macro}\nResources: {{Extra: {{Type: A, Properties: {{B: !Ref Nope}}}}}}"

    assert found(tmp_path, text) == []
