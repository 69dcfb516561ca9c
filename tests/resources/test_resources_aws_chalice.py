"""A stack of AWS Chalice's is updated in place by ours.

`store.aws-chalice-1.34.json` is what aws-sam-translator 1.115 makes of the templates that AWS
Chalice 1.34.0 packages from `store/`, stage by stage, without definitions, code and runtimes.
"""

import json
import re

import pytest
from cfnlint.api import lint_all
from tests.resources.graphs import STORE, THEIRS, graph_in, resources, their_template

from chalice.resources.api import DEPLOYMENT

RECORDED = json.loads(THEIRS.read_text())
STAGES = tuple(RECORDED)

# Ids that are made of a hash: a deployment is named anew for each definition; a layer of the
# transform keeps all its versions.
HASHED = re.compile(r"(RestAPIDeployment|ManagedLayer)[0-9a-f]{10}")

# Properties of which another value makes a new resource.
# Source: CloudFormation template reference, "Update requires: Replacement".
REPLACING = {
    "AWS::ApiGateway::BasePathMapping": {"BasePath", "DomainName"},
    "AWS::ApiGateway::DomainName": {"DomainName"},
    "AWS::ApiGateway::Stage": {"RestApiId", "StageName"},
    "AWS::IAM::Role": {"Path", "RoleName"},
    "AWS::Lambda::Function": {"FunctionName", "PackageType", "TenancyConfig"},
    "AWS::Lambda::Permission": {
        "Action",
        "FunctionName",
        "Principal",
        "SourceAccount",
        "SourceArn",
    },
}


@pytest.fixture(scope="module", params=STAGES)
def both(request):
    theirs = RECORDED[request.param]
    return graph_in(STORE, request.param), theirs


def test_no_resource_of_theirs_goes_and_none_has_another_type(both):
    ours, theirs = both
    types = {name: item.type for name, item in resources(ours).items()}

    for name, resource in theirs["Resources"].items():
        if not HASHED.fullmatch(name):
            assert types[name] == resource["Type"]


def test_all_that_comes_new_is_log_groups_and_what_is_named_by_a_hash(both):
    ours, theirs = both
    added = {
        name: item.type
        for name, item in resources(ours).items()
        if name not in theirs["Resources"] and not name.startswith(DEPLOYMENT)
    }

    assert set(added.values()) <= {"AWS::Logs::LogGroup", "AWS::Lambda::LayerVersion"}


def test_nothing_is_replaced(both):
    ours, theirs = both

    for name, item in resources(ours).items():
        other = theirs["Resources"].get(name)
        for key in REPLACING.get(item.type, ()) if other else ():
            assert item.properties.get(key) == other["Properties"].get(key), (name, key)


def test_functions_are_configured_alike(both):
    ours, theirs = both
    keys = (
        *("Handler", "MemorySize", "Timeout", "Environment", "TracingConfig", "Architectures"),
        *("VpcConfig", "ReservedConcurrentExecutions", "Role"),
    )

    functions = [item for item in ours.resources if item.type == "AWS::Lambda::Function"]
    for item in functions:
        other = theirs["Resources"][item.logical_id]["Properties"]
        assert {key: item.properties.get(key) for key in keys} == {
            key: other.get(key) for key in keys
        }
        assert [tag["Key"] for tag in item.properties["Tags"]] == [
            tag["Key"] for tag in other["Tags"] if tag["Key"] != "lambda:createdBy"
        ]
    assert functions


def test_the_outputs_are_the_same(both):
    ours, theirs = both
    values = {name: {"Value": value} for name, value in ours.outputs.items()}

    assert {name: values[name] for name in theirs["Outputs"]} == theirs["Outputs"]


def test_policies_from_files_are_the_same_and_shared_ones_name_what_they_allow():
    ours = resources(graph_in(STORE, "mixed"))

    own = ours["NightlyReportRole"].properties["Policies"]
    assert own == RECORDED["mixed"]["Resources"]["NightlyReportRole"]["Properties"]["Policies"]
    [shared] = ours["DefaultRole"].properties["Policies"]
    [statement] = shared["PolicyDocument"]["Statement"]
    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert statement["Resource"] == [
        {"Fn::GetAtt": ["APIHandlerLogGroup", "Arn"]},
        {"Fn::GetAtt": ["SecondAuth2LogGroup", "Arn"]},
    ]


def test_what_is_recorded_of_their_template_can_be_made_a_template_again():
    found = lint_all(json.dumps(their_template("dev")))

    assert [match.message for match in found if match.rule.id.startswith("E")] == []
