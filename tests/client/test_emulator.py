import re
from dataclasses import replace

import pytest

from chalice.config import CustomDomain, FunctionSettings, Settings
from chalice.emulator import (
    ImportedProject,
    api_keys_of,
    emulate,
    functions_of,
    http_request,
    stage_of,
)
from chalice.gateway.http import HttpRequest
from chalice.model.declared import AppModel, Function, Place, Route
from chalice.rules.callers import Credential, UsagePlan, UserPool

HERE = Place("app.py", 1)


def a_model(*, key=False):
    route = Route("/", "GET", "index", "index", (), False, HERE, api_key_required=key)
    functions = (
        Function("api_handler", "app.app", "api", HERE),
        Function("my_auth", "chalicelib.auth.check", "authorizer", HERE),
    )
    return AppModel("shop", (route,), (), functions, (), False, HERE)


def test_ids_of_a_stage_stay_the_same_and_look_like_those_of_aws():
    settings = Settings(stage="dev", app_name="shop")

    one = stage_of(a_model(), settings, in_path=False, api_keys=())
    again = stage_of(a_model(), settings, in_path=True, api_keys=())
    other = stage_of(a_model(), replace(settings, stage="prod"), in_path=False, api_keys=())

    assert one.api_id == again.api_id != other.api_id
    assert len(one.api_id) == 10
    assert set(one.api_id) <= set("abcdefghijklmnopqrstuvwxyz0123456789")


def test_a_stage_is_named_as_in_the_url_and_lies_where_the_settings_say():
    settings = Settings(
        stage="dev", app_name="shop", api_gateway_stage="live", region="cn-north-1", account_id="1"
    )

    stage = stage_of(a_model(), settings, in_path=True, api_keys=["k"])

    assert (stage.name, stage.in_path, stage.region, stage.account_id, stage.partition) == (
        "live",
        True,
        "cn-north-1",
        "1",
        "aws-cn",
    )
    assert stage.api_keys == ("k",)


@pytest.mark.parametrize(("prefix", "base_path"), [("v1", "v1"), (None, "")])
def test_a_stage_knows_the_domain_before_it(prefix, base_path):
    domain = CustomDomain("api.example.com", "arn", url_prefix=prefix)
    settings = Settings(stage="dev", app_name="shop", custom_domain=domain)

    stage = stage_of(a_model(), settings, in_path=False, api_keys=())

    assert (stage.custom_domain, stage.base_path) == ("api.example.com", base_path)


def test_a_stage_knows_who_is_configured_to_call():
    pools = (UserPool("us-east-1_a", jwks_file="k.json", client_ids=("c",)),)
    plans = (UsagePlan(("k" * 20,), quota=1),)
    callers = (Credential("AKIDEXAMPLE", "secret", "arn:aws:iam::123456789012:user/a"),)
    settings = Settings(
        stage="dev",
        app_name="shop",
        user_pools=pools,
        usage_plans=plans,
        credentials=callers,
    )

    stage = stage_of(a_model(), settings, in_path=False, api_keys=())

    assert (stage.user_pools, stage.usage_plans, stage.credentials) == (pools, plans, callers)


def test_functions_are_found_by_logical_id_and_have_their_settings():
    own = FunctionSettings("my_auth", memory_mb=512, timeout_seconds=3, environment={"A": "1"})
    settings = Settings(
        stage="dev", app_name="shop", functions={"my_auth": own}, region="eu-west-1"
    )

    functions = functions_of(ImportedProject(a_model(), settings, {"api_handler": print}, {}))

    assert list(functions) == ["APIHandler", "MyAuth"]
    api, auth = functions.values()
    assert (api.name, api.handler, api.handler_string) == ("shop-dev", print, "app.app")
    assert (auth.name, auth.handler) == ("shop-dev-my_auth", None)
    assert (auth.memory_mb, auth.timeout_seconds, auth.environment) == (512, 3, {"A": "1"})
    assert auth.region == "eu-west-1"


def test_messages_name_a_function_as_the_application_does():
    settings = Settings(stage="dev", app_name="shop")
    handlers = {"api_handler": lambda event, context: 1 / 0}
    gateway = emulate(ImportedProject(a_model(), settings, handlers, {}), in_path=False)

    answer = gateway.answer(HttpRequest("GET", "/", headers=(("Host", "localhost"),)))

    assert answer.status == 502
    assert (answer.reason or "").startswith("function `api_handler` raised ZeroDivisionError")


@pytest.mark.parametrize(
    ("needed", "configured", "expected"),
    [
        (False, (), ()),
        (True, (), ("made",)),
        (True, ("mine",), ("mine",)),
        (False, ("mine",), ("mine",)),
    ],
)
def test_a_key_is_made_only_where_one_is_needed_and_none_configured(needed, configured, expected):
    settings = Settings(stage="dev", app_name="shop", api_keys=configured)

    assert api_keys_of(a_model(key=needed), settings, lambda: "made") == expected


def test_made_keys_are_as_long_as_those_of_aws_and_differ():
    settings = Settings(stage="dev", app_name="shop")

    first, second = (api_keys_of(a_model(key=True), settings)[0] for _ in range(2))

    assert len(first) == 40
    assert first != second


def test_a_request_names_the_stages_host_unless_it_has_one():
    settings = Settings(stage="dev", app_name="shop")
    stage = stage_of(a_model(), settings, in_path=False, api_keys=())

    plain = http_request("GET", "/", {}, None, stage)
    named = http_request("GET", "/", {"host": "shop.example"}, None, stage)

    assert plain.header("Host") == f"{stage.api_id}.execute-api.us-east-1.amazonaws.com"
    assert named.headers == (("host", "shop.example"),)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-A", "a\r\nb"),
        ("X-A", "a\nb"),
        ("X-A", ["a", "b\0"]),
        ("X-A", "\ud800"),
        ("X-A\r\nX-B", "a"),
        ("X A", "a"),
        ("", "a"),
    ],
)
def test_a_header_that_could_not_be_sent_is_refused_by_its_name(name, value):
    stage = stage_of(a_model(), Settings("dev", "shop"), in_path=False, api_keys=())

    with pytest.raises(ValueError, match=re.escape(f"header {name!r}")) as refused:
        http_request("GET", "/", {name: value}, None, stage)

    assert str(refused.value).isprintable()


def test_a_project_is_served_with_its_own_keys_and_functions():
    def handler(event, context):
        return {"statusCode": 200, "body": context.function_name}

    settings = Settings(stage="dev", app_name="shop", api_keys=("k" * 20,))
    project = ImportedProject(a_model(key=True), settings, {"api_handler": handler}, {})
    stage = stage_of(project.model, settings, in_path=True, api_keys=())

    gateway = emulate(project, in_path=True)
    without = gateway.answer(http_request("GET", "/api/", {}, None, stage))
    with_key = gateway.answer(http_request("GET", "/api/", {"x-api-key": "k" * 20}, None, stage))

    assert without.status == 403
    assert (with_key.status, with_key.body) == (200, b"shop-dev")
