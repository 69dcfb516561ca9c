"""The one door: application and configuration together, everything wrong at once."""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.projects import APPS, application, write_project

from chalice.diagnostics import InvalidApp
from chalice.project import load_project

HELLO = "@app.route('/')\ndef index(): return {'hello': 'world'}"

CONFIG = ".chalice/config.json"


def refused(directory, stage="dev", environ=None):
    with pytest.raises(InvalidApp) as caught:
        load_project(directory, stage, environ or {})
    return caught.value.problems


def test_a_project_is_loaded_whole():
    project = load_project(APPS / "shop", "prod", {})

    assert project.warnings == ()
    assert project.directory == APPS / "shop"
    assert set(project.handlers) == {"api_handler", "guard", "nightly"}
    assert [function.name for function in project.model.functions] == [
        "api_handler",
        "guard",
        "nightly",
    ]
    found = project.settings
    assert (found.app_name, found.stage, found.api_gateway_stage) == ("shop", "prod", "live")
    assert (found.region, found.minimum_compression_size) == ("eu-central-1", 1024)
    assert [found.function(name).timeout_seconds for name in ("api_handler", "guard")] == [20, 5]
    assert found.function("guard").environment == {"CURRENCY": "CHF", "LEVEL": "guard"}
    assert found.function("nightly").memory_mb == 512


def test_the_variables_of_the_routes_are_set_while_the_project_is_imported():
    load_project(APPS / "shop", "dev", {})
    import app

    assert app.CURRENCY == "CHF"
    assert "CURRENCY" not in os.environ


def test_a_project_needs_no_configuration(tmp_path):
    project = load_project(write_project(tmp_path, application(HELLO)), "dev", {})

    assert project.settings.app_name == "demo"
    assert project.settings.function("api_handler").timeout_seconds == 60


def test_the_stage_and_the_environment_may_be_left_out(tmp_path):
    project = load_project(write_project(tmp_path, application(HELLO)))

    assert (project.settings.stage, project.settings.region) == ("dev", "us-east-1")


def test_everything_wrong_is_told_at_once_in_the_order_of_file_and_line():
    found = [
        (problem.where, problem.code)
        for problem in refused(APPS / "everything_wrong", "prd")
        if problem.severity == "error"
    ]

    assert found == [
        (f"{CONFIG}:3", "config-value"),
        (f"{CONFIG}:4", "config-key-unknown"),
        (f"{CONFIG}:5", "config-environment-reserved"),
        (f"{CONFIG}:6", "config-function-unknown"),
        (f"{CONFIG}:7", "stage-unknown"),
        (f"{CONFIG}:9", "config-vpc"),
        (f"{CONFIG}:10", "config-type"),
        (f"{CONFIG}:11", "config-key-duplicate"),
        (f"{CONFIG}:11", "config-type"),
        (f"{CONFIG}:13", "config-key-scope"),
        ("app.py:6", "route-trailing-slash"),
        ("app.py:11", "route-method-unknown"),
        ("app.py:11", "view-parameter-missing"),
        ("app.py:19", "authorizer-ttl"),
        ("app.py:24", "route-option-unknown"),
        ("chalicelib/extra.py:6", "route-capture-clash"),
    ]


def test_a_failing_import_is_told_with_what_is_wrong_in_the_configuration(tmp_path):
    write_project(tmp_path, "import nothing_of_that_name\n", {"lambda_timeout": 0})

    codes = [problem.code for problem in refused(tmp_path)]

    assert codes == ["config-value", "app-import"]


def test_warnings_stop_nothing_and_come_along(tmp_path):
    config = {"iam_policy_file": "p.json"}
    write_project(tmp_path, application(f"app.debug = True\n{HELLO}"), config)

    project = load_project(tmp_path, "dev", {})

    assert [problem.code for problem in project.warnings] == ["config-policy-unused", "app-debug"]


def test_warnings_are_told_beside_errors(tmp_path):
    write_project(tmp_path, application("app.debug = True\n@app.route('/a/')\ndef a(): ..."))

    assert {problem.severity for problem in refused(tmp_path)} == {"warning", "error"}


@pytest.mark.parametrize(
    ("stage", "code"), [("prod", None), ("prdo", "stage-unknown"), ("../x", "stage-name")]
)
def test_a_stage_is_declared_or_told(tmp_path, stage, code):
    write_project(tmp_path, application(HELLO), {"stages": {"prod": {}}})

    if code is None:
        assert load_project(tmp_path, stage, {}).settings.stage == "prod"
    else:
        assert [problem.code for problem in refused(tmp_path, stage)] == [code]


def test_a_function_that_is_configured_must_be_declared(tmp_path):
    lines = f"{HELLO}\n@app.authorizer()\ndef my_auth(request): ..."
    write_project(tmp_path, application(lines), {"lambda_functions": {"my_aut": {}}})

    [problem] = refused(tmp_path)

    assert (problem.code, problem.hint) == ("config-function-unknown", "write `my_auth`")


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        ("@app.schedule('rate(1 hour)')\ndef hourly(event): ...", "hourly"),
        ("@app.on_sqs_message('queue', name='drain')\ndef f(event): ...", "drain"),
        ("@app.on_ws_message()\ndef f(event): ...", "websocket_message"),
        (
            (
                "from chalice import Blueprint\npart = Blueprint('app')\n"
                "@part.on_sns_message('topic')\ndef f(event): ...\n"
                "app.register_blueprint(part, name_prefix='my_')"
            ),
            "my_f",
        ),
    ],
)
def test_a_configured_function_may_be_one_that_was_refused(tmp_path, lines, name):
    config = {"lambda_functions": {name: {}, f"{name}x": {}}}
    write_project(tmp_path, application(f"{HELLO}\n{lines}"), config)

    unsupported, unknown = sorted(refused(tmp_path), key=lambda problem: problem.code)[::-1]

    assert unsupported.code == "decorator-not-supported"
    assert (unknown.code, unknown.hint) == ("config-function-unknown", f"write `{name}`")
    assert unknown.where.startswith(".chalice/config.json:")


@pytest.mark.parametrize(
    ("app_name", "function", "codes"),
    [
        ("a" * 54, "f" * 5, []),  # a-dev-f: 64 characters
        ("a" * 54, "f" * 6, ["function-name-length"]),
        ("a" * 61, "f", ["function-name-length"] * 2),
    ],
)
def test_names_of_functions_fit_into_lambda(tmp_path, app_name, function, codes):
    lines = f"{HELLO}\n@app.lambda_function()\ndef {function}(event, context): ..."
    write_project(tmp_path, application(lines), {"app_name": app_name})

    if codes:
        assert [problem.code for problem in refused(tmp_path)] == codes
    else:
        assert load_project(tmp_path, "dev", {}).settings.app_name == app_name


def test_the_longest_name_of_a_stage_counts(tmp_path):
    config = {"app_name": "a" * 50, "stages": {"a-very-long-stage": {}}}
    write_project(tmp_path, application(HELLO), config)

    [problem] = refused(tmp_path)

    assert (problem.code, problem.where) == ("function-name-length", "app.py:2")
    assert "shorten `app_name`" in problem.hint


@pytest.mark.parametrize(("config", "accepted"), [({}, False), ({"app_name": "my-app"}, True)])
def test_the_name_of_the_application_counts_where_the_configuration_has_none(
    tmp_path, config, accepted
):
    app = f"from chalice import Chalice\napp = Chalice('My App')\n{HELLO}"
    write_project(tmp_path, app, config)

    if accepted:
        assert load_project(tmp_path, "dev", {}).settings.app_name == "my-app"
    else:
        assert [problem.code for problem in refused(tmp_path)] == ["app-name"]


@pytest.mark.parametrize("name", ["\x1b[31m", "\x1b" * 70], ids=["short", "long"])
def test_no_name_of_an_application_writes_to_the_terminal(tmp_path, name):
    app = f"from chalice import Chalice\napp = Chalice({name!r})\n{HELLO}"
    write_project(tmp_path, app)

    problems = refused(tmp_path)

    assert problems
    assert tuple(problem.visible() for problem in problems) == problems


def test_a_reserved_path_on_a_custom_domain_is_an_error(tmp_path):
    domain = {
        "domain_name": "api.example.com",
        "certificate_arn": "arn:aws:acm:us-east-1:123456789012:certificate/abc-1",
    }
    lines = "@app.route('/ping')\ndef ping(): return {}"
    config = {"api_gateway_custom_domain": domain}
    write_project(tmp_path, application(lines), config)

    severities = {problem.severity for problem in refused(tmp_path)}

    assert severities == {"warning", "error"}


def test_the_policy_of_the_api_is_read_from_its_file(tmp_path):
    invoke = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke"}
    policy = {"Version": "2012-10-17", "Statement": [{**invoke, "Resource": "execute-api:/*"}]}
    files = {".chalice/policy.json": json.dumps(policy)}
    config = {"api_gateway_policy_file": "policy.json"}

    project = load_project(write_project(tmp_path, application(HELLO), config, files), "dev", {})

    assert project.settings.resource_policy == policy


@pytest.mark.parametrize(
    ("policy", "why"),
    [
        (
            {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}},
            "Statement 0 needs one of Principal and NotPrincipal",
        ),
        ({"Version": "x", "Statement": []}, "Version is `x`, "),
        ({"Statement": []}, "Statement is empty"),
    ],
)
def test_a_policy_of_the_api_that_is_none_is_told_at_its_file(tmp_path, policy, why):
    files = {".chalice/pol.json": json.dumps(policy)}
    write_project(tmp_path, application(HELLO), {"api_gateway_policy_file": "pol.json"}, files)

    [problem] = refused(tmp_path)

    assert (problem.code, problem.where) == ("config-file-policy", ".chalice/pol.json:1")
    assert problem.summary.startswith(f"`.chalice/pol.json` is no policy of an API: {why}")


def test_everything_that_is_wrong_with_policies_is_told_at_once_with_its_line(tmp_path):
    bad = """{"Version": "2012-10-17", "Statement": [
      {"Effect": "allow", "Principal": "*", "Action": "*", "Resource": "*"},
      {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invok", "Resource": "*"},
      {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*",
       "Condition": {
         "IpAdress": {"aws:SourceIp": "1.2.3.4"},
         "IpAddress": {"aws:SourceIp": ["1.2.3.4",
           "1.2.3.4/99"]},
         "StringEquals": {
           "aws:NoSuchKey": "x"}}}]}"""
    caller = "PLACE".join(
        ('{"Statement": [{"Effect": "Allow", "Action": "*",\n', '"Resource": "*"}]}')
    )
    files = {
        ".chalice/api.json": bad,
        ".chalice/ann.json": caller.replace(
            "PLACE", '"Condition": {"Nul": {}, "Bol": {"a": 1}},\n'
        ),
        ".chalice/bob.json": '{"Version": "2012-10-17",\n "Statement": [],\n}',
    }
    credential = {
        "access_key_id": "AKIALOCALLOCALLOCAL0",
        "secret_access_key": "s" * 40,
        "arn": "arn:aws:iam::123456789012:user/ann",
        "policy_files": ["ann.json", "bob.json"],
    }
    config = {"api_gateway_policy_file": "api.json", "local": {"credentials": [credential]}}
    write_project(tmp_path, application(HELLO), config, files)

    problems = refused(tmp_path)

    assert [(problem.where, problem.severity, problem.code) for problem in problems] == [
        (".chalice/ann.json:2", "error", "config-file-policy"),
        (".chalice/ann.json:2", "error", "config-file-policy"),
        (".chalice/api.json:2", "error", "config-file-policy"),
        (".chalice/api.json:3", "warning", "config-file-policy"),
        (".chalice/api.json:6", "error", "config-file-policy"),
        (".chalice/api.json:8", "error", "config-file-policy"),
        (".chalice/api.json:10", "warning", "config-file-policy"),
        (".chalice/bob.json:2", "error", "config-file-json"),
    ]


def test_issuers_that_nothing_uses_and_files_without_keys_are_warnings(tmp_path):
    config = {"local": {"user_pools": {"us-east-1_abc": {"jwks_file": "keys.json"}}}}

    project = load_project(write_project(tmp_path, application(HELLO), config), "dev", {})

    assert {problem.code for problem in project.warnings} == {
        "config-file-missing",
        "config-user-pool-unused",
    }


CREDENTIAL = {
    "access_key_id": "AKIAIOSFODNN7EXAMPLE",
    "secret_access_key": "my-secret",
    "arn": "arn:aws:iam::123456789012:user/ann",
    "policy_files": ["ann.json"],
}


def test_policies_of_credentials_are_read_from_their_files(tmp_path):
    allow = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    files = {".chalice/ann.json": json.dumps(allow)}
    config = {"local": {"credentials": [CREDENTIAL]}}

    project = load_project(write_project(tmp_path, application(HELLO), config, files), "dev", {})

    [credential] = project.settings.credentials
    assert credential.policies == (allow,)


def test_what_is_wrong_with_credentials_is_told_and_their_secrets_are_not(tmp_path):
    config = {
        "local": {"credentials": [CREDENTIAL, {**CREDENTIAL, "policies": [{"Statement": 1}]}]}
    }
    write_project(tmp_path, application(HELLO), config, {".chalice/ann.json": "{"})

    problems = refused(tmp_path)

    assert {problem.code for problem in problems} >= {
        "config-credential-duplicate",
        "config-credential-policy",
        "config-file-json",
    }
    assert "my-secret" not in "".join(map(str, problems))


def test_files_of_another_stage_are_not_looked_for(tmp_path):
    config = {"stages": {"prod": {"api_gateway_policy_file": "made-by-ci.json"}}}
    write_project(tmp_path, application(HELLO), config)

    assert load_project(tmp_path, "dev", {}).settings.resource_policy is None
    assert [problem.code for problem in refused(tmp_path, "prod")] == ["config-file-missing"]


def test_a_configuration_that_cannot_be_read_is_told(tmp_path):
    write_project(tmp_path, application(HELLO))
    (tmp_path / CONFIG).mkdir(parents=True)

    [problem] = refused(tmp_path)

    assert (problem.code, problem.where) == ("config-unreadable", CONFIG)


@pytest.mark.parametrize(
    ("config", "environ", "region"),
    [
        ({"region": "eu-west-1"}, {}, "eu-west-1"),
        ({}, {"AWS_REGION": "eu-west-2"}, "eu-west-2"),
        ({}, {}, "none"),
    ],
)
def test_the_region_that_was_chosen_is_there_at_import(tmp_path, config, environ, region):
    lines = (
        "import os\n@app.route('/' + os.environ.get('AWS_DEFAULT_REGION', 'none'))\ndef v(): ..."
    )
    write_project(tmp_path, application(lines), config)
    inherited = os.environ.pop("AWS_DEFAULT_REGION", None)
    try:
        project = load_project(tmp_path, "dev", environ)
    finally:
        if inherited is not None:
            os.environ["AWS_DEFAULT_REGION"] = inherited

    assert [route.path for route in project.model.routes] == [f"/{region}"]


def test_three_hundred_routes_are_loaded_and_checked_quickly(tmp_path):
    routes = "\n".join(
        f"@app.route('/r{index}/{{id}}', cors=True)\ndef v{index}(id): ..." for index in range(300)
    )
    write_project(tmp_path, application(routes), {"stages": {"dev": {}, "prod": {}}})
    load_project(tmp_path, "dev", {})

    started = time.process_time()
    load_project(tmp_path, "dev", {})

    # About 0.02 s; ten times that is a loop that should not be there, not a slow machine.
    assert time.process_time() - started < 0.3


MANGLED = (APPS / "shop" / CONFIG).read_text("utf-8")


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.integers(0, len(MANGLED)),
    st.integers(0, 30),
    st.text(alphabet='{}[]",: x0\n\\\x00\ud7ff', max_size=6),
)
def test_a_mangled_configuration_raises_nothing_but_invalid_app(tmp_path, at, length, inserted):
    text = MANGLED[:at] + inserted + MANGLED[at + length :]
    write_project(tmp_path, application(HELLO), text)

    with suppress(InvalidApp):
        load_project(tmp_path, "dev", {})


@pytest.mark.parametrize(
    ("include", "codes"),
    [
        (["models_of_mine.py"], []),
        (["*.py"], []),
        (["data/**"], ["module-not-packaged"]),
        ([], ["module-not-packaged"]),
    ],
)
def test_a_module_that_the_configuration_includes_is_packaged(tmp_path, include, codes):
    write_project(
        tmp_path,
        application("import models_of_mine"),
        {"package": {"include": include}},
        {"models_of_mine.py": "X = 1\n"},
    )

    project = load_project(tmp_path)

    assert [warning.code for warning in project.warnings] == codes


def test_patterns_that_are_none_are_told_with_the_rest(tmp_path):
    config = {"package": {"include": [5, "../x"]}}

    problems = refused(write_project(tmp_path, application("import models_of_mine"), config))

    assert [problem.code for problem in problems][:2] == ["config-type", "config-value"]
