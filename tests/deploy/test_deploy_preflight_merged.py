"""What templates merge in, before a deploy."""

from itertools import product

import pytest
from tests.deploy.deployments import wanted
from tests.deploy.preflighting import NAME, ROLE, checked, found, merged, of_function, resource
from tests.deploy.there import TRUST, There

from chalice.aws.functions import Concurrency
from chalice.deploy.values import values_of
from chalice.expressions import resolved


def test_quotas_hold_for_what_is_merged_too(tmp_path):
    large = {"Variables": {"AA": "x" * 4090, "BB": {"Ref": "RestAPI"}}}
    template = of_function(MemorySize=64, Timeout=901, Environment=large)

    codes, text = found(merged(wanted(tmp_path), tmp_path, template), There())

    assert [code for code, _ in codes] == [
        "function-quota",
        "function-quota",
        "config-environment-size",
    ]
    assert [where.rpartition("extras.json:")[2] for _, where in codes] == ["5", "6", "7"]
    assert "has at least 4107 bytes" in text


def test_references_that_are_known_count_as_what_they_come_to(tmp_path):
    long = {"Fn::Sub": "x" * 4070 + "${AWS::Region}"}
    template = of_function(Environment={"Variables": {"AA": long}})

    codes, text = found(merged(wanted(tmp_path), tmp_path, template), There())

    assert codes == []
    longer = of_function(Environment={"Variables": {"AB": long, "CC": {"Ref": "AWS::StackName"}}})
    _, text = found(merged(wanted(tmp_path), tmp_path, longer), There())
    assert "has 4107 bytes" in text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"Fn::Sub": "${AWS::StackName}-${!a}"}, "demo-dev-${a}"),
        ({"Fn::Sub": ["${B}-${AWS::Region}", {"B": {"Ref": "AWS::AccountId"}}]}, "1-eu-central-1"),
        ({"Fn::Sub": ["${AWS::Region}", {"AWS::Region": {"Ref": "Other"}}]}, None),
        ({"Fn::Join": ["/", ["", "aws", {"Ref": "AWS::Partition"}]]}, "/aws/aws"),
        ({"Fn::Join": ["/", ["a", {"Ref": "Other"}]]}, None),
        ({"Fn::GetAtt": ["RestAPI", "RootResourceId"]}, None),
        ("${AWS::Region}", "${AWS::Region}"),
    ],
)
def test_expressions_come_to_what_is_known_of_them(value, text):
    values = values_of({}, NAME, "1", "eu-central-1")

    assert resolved(value, values) == (value if text is None else text)


def test_what_stands_for_nothing_is_no_property():
    nothing = {"Ref": "AWS::NoValue"}

    assert resolved({"a": nothing, "b": [nothing, 1]}, {}) == {"b": [1]}


def test_a_property_differs_where_its_parameter_does(tmp_path):
    def sized(default):
        template = of_function(MemorySize={"Ref": "Memory"}, Role=ROLE)
        folder = tmp_path / str(default)
        parameters = {"Memory": {"Type": "Number", "Default": default}}
        return merged(wanted(folder), folder, {**template, "Parameters": parameters})

    same, _ = found(sized(128), There(), sized(128))
    other, _ = found(sized(256), There(), sized(128))

    assert (same, [code for code, _ in other]) == ([], ["role-missing"])


def test_what_is_merged_is_read_once(tmp_path):
    what = merged(wanted(tmp_path), tmp_path, of_function(MemorySize=256))
    (tmp_path / "extras.json").unlink()

    placed = what.placed(NAME, "bucket")

    assert placed.document["Resources"]["APIHandler"]["Properties"]["MemorySize"] == 256


@pytest.mark.parametrize(
    ("kind", "name", "there"),
    [
        ("AWS::Lambda::Function", "FunctionName", There(function_names={"taken"})),
        ("AWS::IAM::Role", "RoleName", There(roles={"arn:aws:iam::1:role/taken": TRUST})),
        ("AWS::Logs::LogGroup", "LogGroupName", There(groups={"taken"})),
    ],
)
def test_names_that_something_else_has_are_told(tmp_path, kind, name, there):
    template = resource(kind, **{name: {"Fn::Sub": "${Name}en"}})
    template["Parameters"] = {"Name": {"Type": "String", "Default": "tak"}}
    what = merged(wanted(tmp_path), tmp_path, template)

    codes, text = found(what, there)

    assert [code for code, _ in codes] == ["name-taken"]
    assert "`taken` is there already, and not in this stack" in text
    assert found(what, there, what)[0] == []


def test_the_log_group_that_lambda_makes_by_itself_is_explained(tmp_path):
    template = resource("AWS::Logs::LogGroup", LogGroupName="/aws/lambda/demo-dev")

    _, text = found(
        merged(wanted(tmp_path), tmp_path, template), There(groups={"/aws/lambda/demo-dev"})
    )

    assert "Lambda makes it when a function of that name first logs" in text
    assert "`aws logs delete-log-group --log-group-name /aws/lambda/demo-dev`" in text


ODD = [None, True, 0, "", "arn:", "arn:a:b", "x", [], [None, 1, {}], {}, {"Ref": "Other"}, [[]]]


KINDS = {
    "AWS::Lambda::Function": (
        *("Role", "Layers", "VpcConfig", "Environment", "Handler", "Runtime", "MemorySize"),
        *("Code", "Architectures", "ReservedConcurrentExecutions", "FunctionName"),
    ),
    "AWS::IAM::Role": ("Policies", "ManagedPolicyArns", "PermissionsBoundary", "RoleName"),
    "AWS::IAM::Policy": ("PolicyDocument",),
    "AWS::Logs::LogGroup": ("LogGroupName",),
    "AWS::ApiGateway::DomainName": ("DomainName", "CertificateArn", "EndpointConfiguration"),
    "AWS::ApiGateway::BasePathMapping": ("DomainName", "BasePath"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_merged_is_told_or_passed(tmp_path, kind):
    what = wanted(tmp_path)

    for name, odd in product(KINDS[kind], ODD):
        template = resource(kind, **{"DomainName": "a.example.com", name: odd})

        codes, _ = found(merged(what, tmp_path, template), There(limits=Concurrency(5, 5)))

        assert all(code for code, _ in codes), (name, odd)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("Role", "functions", "write the ARN of a role"),
        ("Layers", ["tools:3"], "write the ARN of a layer version"),
    ],
)
def test_an_arn_that_is_none_is_told(tmp_path, name, value, says):
    template = of_function(**{name: value})

    codes, text = found(merged(wanted(tmp_path), tmp_path, template), There())

    assert [code for code, _ in codes] == ["config-value"]
    assert says in text


def test_names_are_as_long_as_aws_takes_them(tmp_path):
    template = resource("AWS::Lambda::Function", FunctionName="f" * 65)

    codes, _ = found(merged(wanted(tmp_path), tmp_path, template), There())

    assert [code for code, _ in codes] == ["name-length"]


def test_a_resource_that_hangs_on_a_condition_is_not_looked_up(tmp_path):
    template = resource("AWS::Logs::LogGroup", LogGroupName="taken")
    template["Resources"]["Extra"]["Condition"] = "Sometimes"
    template["Conditions"] = {"Sometimes": {"Fn::Equals": ["a", "b"]}}
    there = There(groups={"taken"})

    assert checked(merged(wanted(tmp_path), tmp_path, template), there) == ()


def test_policies_that_roles_name_are_there(tmp_path):
    known = "arn:aws:iam::aws:policy/Known"
    arns = [
        {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/Known"},
        "arn:aws:iam::aws:policy/No",
    ]
    template = resource(
        "AWS::IAM::Role",
        ManagedPolicyArns=[*arns, {"Ref": "APIHandler"}],
        PermissionsBoundary=known,
    )

    codes, text = found(merged(wanted(tmp_path), tmp_path, template), There(policies={known}))

    assert [code for code, _ in codes] == ["policy-missing"]
    assert "there is no managed policy `arn:aws:iam::aws:policy/No`" in text


def statement(**members):
    return {"Effect": "Allow", "Action": "s3:*", "Resource": "*", **members}


NUMERIC = {"NumericLessThan": {"s3:max-keys": {"Ref": "RestAPI"}}}


@pytest.mark.parametrize(
    ("statements", "taken"),
    [
        ([statement()], True),
        ([statement(Resource={"Fn::GetAtt": ["APIHandler", "Arn"]})], True),
        ([statement(Condition=NUMERIC)], True),
        ([{"Fn::If": ["Sometimes", statement(), {"Ref": "AWS::NoValue"}]}], True),
        ([statement(Effect="Alow")], False),
        ([statement(Principal="*")], False),
        ([statement(Sid="x" * 12_000)], False),
    ],
)
def test_policies_that_are_merged_are_such_that_iam_takes_them(tmp_path, statements, taken):
    document = {"Version": "2012-10-17", "Statement": statements}
    template = {
        "Conditions": {"Sometimes": {"Fn::Equals": ["a", "b"]}},
        **resource("AWS::IAM::Role", Policies=[{"PolicyDocument": document}]),
    }

    codes, _ = found(merged(wanted(tmp_path), tmp_path, template), There())

    assert bool(codes) is not taken
    assert {code for code, _ in codes} <= {"policy-invalid", "role-policy-size"}


def test_managed_policies_that_are_merged_are_read_too(tmp_path):
    template = resource("AWS::IAM::ManagedPolicy", PolicyDocument={"Version": "2012-10-17"})

    codes, _ = found(merged(wanted(tmp_path), tmp_path, template), There())

    assert [code for code, _ in codes] == ["policy-invalid"]


@pytest.mark.parametrize(("characters", "taken"), [(5_000, True), (7_000, False)])
def test_a_managed_policy_that_is_merged_is_as_short_as_iam_takes_it(tmp_path, characters, taken):
    document = {"Version": "2012-10-17", "Statement": [statement(Sid="x" * characters)]}
    template = resource("AWS::IAM::ManagedPolicy", PolicyDocument=document)

    codes, _ = found(merged(wanted(tmp_path), tmp_path, template), There())

    assert [code for code, _ in codes] == ([] if taken else ["role-policy-size"])
