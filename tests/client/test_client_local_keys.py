"""Usage plans and stand-ins of the configuration, through the test client."""

import json
from pathlib import Path

import pytest
from tests.fakes import FakeClock

from chalice import Chalice, CustomAuthorizer
from chalice.config import Config
from chalice.diagnostics import InvalidApp
from chalice.local import LocalGateway
from chalice.test import Client

KEY, FREE = "k" * 20, "f" * 20
ARN = "arn:aws:lambda:us-east-1:123456789012:function:theirs"
URI = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{ARN}/invocations"


def an_app():
    app = Chalice(app_name="shop")
    theirs = CustomAuthorizer("theirs", authorizer_uri=URI)

    @app.route("/key", api_key_required=True)
    def key():
        return {}

    @app.route("/guarded", authorizer=theirs)
    def guarded():
        return {}

    return app


def configured(directory, local, files=()):
    folder = Path(directory, ".chalice")
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"local": local}))
    for name, content in dict(files).items():
        (folder / name).write_text(content)
    return str(directory)


def test_a_policy_of_the_api_that_is_none_is_a_problem_of_the_application(tmp_path):
    (tmp_path / ".chalice").mkdir()
    (tmp_path / ".chalice" / "config.json").write_text('{"api_gateway_policy_file": "pol.json"}')
    (tmp_path / ".chalice" / "pol.json").write_text('{"Version": "x", "Statement": []}')

    with pytest.raises(InvalidApp, match="is no policy of an API: Version is `x`"):
        Client(Chalice(app_name="shop"), project_dir=str(tmp_path))


def test_a_plan_limits_its_keys_by_a_clock_that_the_test_turns(tmp_path):
    plans = {"small": {"api_keys": [KEY], "quota": {"limit": 1, "period": "DAY"}}}
    directory = configured(tmp_path, {"usage_plans": plans, "api_keys": [FREE]})
    clock = FakeClock()
    client = Client(an_app(), project_dir=directory, clock=clock)

    def ask(key):
        return client.http.get("/key", headers={"x-api-key": key})

    assert [ask(KEY).status_code for _ in range(2)] == [200, 429]
    assert ask(KEY).body == b'{"message":"Limit Exceeded"}'
    assert [ask(FREE).status_code for _ in range(3)] == [200] * 3
    clock.advance(86_400)
    assert ask(KEY).status_code == 200


def test_where_only_plans_have_keys_the_client_takes_one_of_theirs(tmp_path):
    directory = configured(tmp_path, {"usage_plans": {"p": {"api_keys": [KEY]}}})
    client = Client(an_app(), project_dir=directory)

    assert client.api_key == KEY
    assert client.http.get("/key", headers={"x-api-key": KEY}).status_code == 200


def test_a_recorded_answer_stands_in_for_an_authorizer(tmp_path):
    answer = {
        "principalId": "u",
        "policyDocument": {
            "Statement": [{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}]
        },
    }
    directory = configured(
        tmp_path, {"authorizers": {"theirs": {"file": "a.json"}}}, {"a.json": json.dumps(answer)}
    )
    client = Client(an_app(), project_dir=directory)

    assert client.http.get("/guarded").status_code == 401
    assert client.http.get("/guarded", headers={"Authorization": "x"}).status_code == 200


def test_a_stand_in_that_cannot_be_loaded_stops_the_client(tmp_path):
    directory = configured(tmp_path, {"authorizers": {"theirs": "no_such_module:check"}})

    with pytest.raises(InvalidApp) as caught:
        Client(an_app(), project_dir=directory)

    (problem,) = caught.value.problems
    assert (problem.code, problem.where) == ("config-authorizer-load", ".chalice/config.json:1")


def test_a_gateway_without_a_project_has_no_files():
    local = {"authorizers": {"theirs": {"file": "a.json"}}}

    with pytest.raises(InvalidApp) as caught:
        LocalGateway(an_app(), Config("dev", config_from_disk={"local": local}))

    assert "there is no project to read it from" in caught.value.problems[0].summary or (
        "cannot be read" in caught.value.problems[0].summary
    )
