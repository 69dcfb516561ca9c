"""What is handed from the process that loads a project to those that package and run it."""

import json

import pytest
from tests.projects import application, write_project

from chalice.bundle.store import Store
from chalice.packaged.checked import facts_here, known_of, recipe_of, verdict_of
from chalice.packaged.outline import Outline, outline_of
from chalice.project import load_project
from chalice.resources.kinds import ROLE

URI = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:{}/invocations"
)
APP = application(f"""
    here = CustomAuthorizer("here", authorizer_uri="{URI.format("here")}")
    nowhere = CustomAuthorizer("nowhere", authorizer_uri="{URI.format("nowhere")}")
    @app.route("/", authorizer=here)
    def index():
        return {{}}
    @app.route("/other", authorizer=nowhere)
    def other():
        return {{}}
    @app.lambda_function(name="nightly")
    def report(event, context):
        return event
""")
CONFIG = {
    "lambda_timeout": 7,
    "environment_variables": {"NAME": "value"},
    "package": {"include": ["data/*.json"]},
    "local": {"authorizers": {"here": {"returns": {}}}},
}


@pytest.fixture
def project(tmp_path):
    return load_project(write_project(tmp_path / "demo", APP, CONFIG))


def test_an_outline_is_the_same_once_it_has_been_json(project):
    outline = outline_of(project)

    again = Outline.from_dict(json.loads(json.dumps(outline.to_dict())))

    assert recipe_of(again.facts["recipe"]) == recipe_of(facts_here(project)["recipe"])
    assert (again.directory, again.stage) == (project.directory, "dev")
    assert again.functions == outline.functions
    assert again.names == {"APIHandler": "api_handler", "Nightly": "nightly"}


def test_nothing_is_said_of_roles_where_nothing_is_deployed(project, tmp_path):
    here = facts_here(project)
    deployed = known_of(Store(tmp_path / "store"), {}, project)

    assert (here["deployed"], here["undeployable"]) == (None, [])
    found = verdict_of(json.loads(json.dumps(deployed)), "content").deployed
    assert [item.logical_id for item in found.resources if item.type == ROLE] == ["DefaultRole"]


def test_the_functions_of_an_outline_are_configured_and_have_no_code(project):
    outline = outline_of(project)

    nightly = outline.functions["Nightly"]

    assert (nightly.handler_string, nightly.timeout_seconds) == ("app.report", 7)
    assert nightly.environment == {"NAME": "value"}
    assert {function.handler for function in outline.functions.values()} == {None}


def test_what_stands_in_for_an_authorizer_is_none_of_the_package(project):
    outline = outline_of(project)

    assert outline.stood_in == {"arn:aws:lambda:us-east-1:123456789012:function:here"}
