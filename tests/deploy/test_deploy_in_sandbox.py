"""What is told of an application that the sandbox answers otherwise than AWS."""

import pytest

from chalice.deploy.in_sandbox import warnings
from chalice.resources.parts import Graph, Resource

ANY = {"/new": {"x-amazon-apigateway-any-method": {}}}
VALIDATED = {"/checked": {"post": {"x-amazon-apigateway-request-validator": "body"}}}


def graph(paths, architecture="x86_64"):
    """Return the graph of an API and a function."""
    return Graph(
        (
            Resource("RestAPI", "AWS::ApiGateway::RestApi", {"Body": {"paths": paths}}),
            Resource("Report", "AWS::Lambda::Function", {"Architectures": [architecture]}),
        )
    )


@pytest.mark.parametrize(
    ("found", "summary"),
    [
        (graph(ANY), "the sandbox does not serve `ANY` of `/new`: 403"),
        (graph(VALIDATED), "the sandbox passes over `request_validation` of `/checked`"),
        (
            graph({}, "arm64"),
            "the sandbox runs on x86_64, which is not configured for `Report`",
        ),
    ],
)
def test_what_is_answered_otherwise_is_told(found, summary):
    [problem] = warnings(found, "x86_64")

    assert (problem.code, problem.severity) == ("sandbox-differs", "warning")
    assert problem.summary == summary


def test_nothing_is_told_of_a_plain_application():
    assert list(warnings(graph({"/": {"get": {}}}), "x86_64")) == []
