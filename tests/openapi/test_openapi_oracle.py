"""Our API definition says what AWS Chalice's says, in OpenAPI 3 where AWS Chalice writes Swagger 2.

`everything.aws-chalice-1.34.json` is the `DefinitionBody` of the template that AWS Chalice 1.34.0
packages from `everything/`. Both documents are brought to the facts that API Gateway takes from
them; the differences that are meant are listed in the tests.
"""

import json
import re
from pathlib import Path

import pytest

from chalice.openapi import api_definition
from chalice.project import load_project

HERE = Path(__file__).parent
PROJECT = HERE / "everything"


@pytest.fixture(scope="module")
def theirs():
    return json.loads((HERE / "everything.aws-chalice-1.34.json").read_text())


@pytest.fixture(scope="module")
def ours():
    return definition("dev")


def definition(stage):
    project = load_project(PROJECT, stage, {"AWS_REGION": "us-east-1"})
    return api_definition(project.model, project.settings)


def methods(document):
    """Return the facts of each method, by path and verb."""
    facts = {}
    for path, item in document["paths"].items():
        for key, operation in item.items():
            verb = "any" if key == "x-amazon-apigateway-any-method" else key
            integration = dict(operation["x-amazon-apigateway-integration"])
            headers = operation["responses"]["200"].get("headers", {})
            facts[path, verb] = {
                "integration": integration,
                "security": operation.get("security", []),
                "response_headers": sorted(headers),
            }
    return facts


def test_the_methods_are_the_same_and_in_the_same_order(ours, theirs):
    assert list(methods(ours)) == list(methods(theirs))


def test_every_method_integrates_and_is_secured_in_the_same_way(ours, theirs):
    assert methods(ours) == methods(theirs)


def test_every_authorizer_is_the_same(ours, theirs):
    assert ours["components"]["securitySchemes"] == theirs["securityDefinitions"]


def test_the_binary_types_are_the_same(ours, theirs):
    key = "x-amazon-apigateway-binary-media-types"

    assert ours[key] == theirs[key]


def test_path_parameters_are_the_same_but_for_greedy_ones_which_are_declared_too(ours, theirs):
    def declared(document, path, key):
        operation = document["paths"][path][key]
        return [item["name"] for item in operation.get("parameters", ())]

    for path, item in theirs["paths"].items():
        for key in item:
            our_key = "x-amazon-apigateway-any-method" if key == "any" else key
            if key == "options":
                continue
            greedy = re.findall(r"\{([^{}]+)\+\}", path)
            assert declared(ours, path, our_key) == declared(theirs, path, key) + greedy


def test_a_private_stage_has_the_policy_and_the_endpoints_of_aws_chalice():
    private = definition("private")

    assert private["x-amazon-apigateway-policy"] == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "execute-api:Invoke",
                "Resource": "arn:*:execute-api:*:*:*",
                "Condition": {"StringEquals": {"aws:SourceVpce": ["vpce-1", "vpce-2"]}},
            }
        ],
    }
    assert private["servers"] == [
        {
            "url": "/api",
            "x-amazon-apigateway-endpoint-configuration": {"vpcEndpointIds": ["vpce-1", "vpce-2"]},
        }
    ]


def test_compression_is_part_of_the_definition():
    regional = definition("regional")

    assert regional["x-amazon-apigateway-minimum-compression-size"] == 100
