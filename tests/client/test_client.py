import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from tests.tokens import POOL, POOL_ARN, POOL_ISSUER, key_set, minted, private_key

from chalice import (
    AuthResponse,
    BadRequestError,
    Blueprint,
    Chalice,
    CognitoUserPoolAuthorizer,
    CustomAuthorizer,
    IAMAuthorizer,
    Response,
)
from chalice.diagnostics import InvalidApp
from chalice.test import Client, FunctionNotFoundError, Headers, HTTPResponse


@pytest.fixture
def project(tmp_path):
    """Return a function that writes a configuration and gives its project's directory."""

    def write(**configuration):
        folder = tmp_path / ".chalice"
        folder.mkdir()
        values = {"version": "2.0", "app_name": "shop", **configuration}
        (folder / "config.json").write_text(json.dumps(values))
        return str(tmp_path)

    return write


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Keep the client from finding a configuration in the directory of the test run."""
    monkeypatch.chdir(tmp_path)


def an_app():
    app = Chalice(app_name="shop")

    @app.route("/")
    def index():
        return {"hello": "world"}

    @app.route("/echo/{key}", methods=["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"], cors=True)
    def echo(key):
        request = app.current_request
        return {
            "key": key,
            "method": request.method,
            "query": request.to_dict()["query_params"],
            "header": request.headers.get("x-custom"),
            "body": request.raw_body.decode(),
            "json": request.json_body,
        }

    @app.route("/several")
    def several():
        headers = {"Set-Cookie": ["a=1", "b=2"], "X-Single": "1"}
        return Response("text", headers={**headers, "Content-Type": "text/plain"})

    @app.route("/binary", methods=["POST"], content_types=["application/octet-stream"])
    def binary():
        return Response(
            app.current_request.raw_body, headers={"Content-Type": "application/octet-stream"}
        )

    @app.route("/refused")
    def refused():
        raise BadRequestError("no")

    @app.route("/unserialisable")
    def unserialisable():
        return {"a": {1, 2}}

    @app.route("/variables")
    def variables():
        return {"colour": os.environ.get("COLOUR"), "size": os.environ.get("SIZE")}

    return app


def test_a_get_is_answered_by_its_view():
    response = Client(an_app()).http.get("/")

    assert response.status_code == 200
    assert response.body == b'{"hello":"world"}'
    assert response.json_body == {"hello": "world"}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_every_verb_carries_path_query_headers_and_body(method):
    send = getattr(Client(an_app()).http, method)

    response = send(
        "/echo/a?x=1&y=2",
        headers={"Content-Type": "application/json", "X-Custom": "7"},
        body=b'{"b": 1}',
    )

    assert response.json_body == {
        "key": "a",
        "method": method.upper(),
        "query": {"x": "1", "y": "2"},
        "header": "7",
        "body": '{"b": 1}',
        "json": {"b": 1},
    }


def test_request_takes_the_verb():
    response = Client(an_app()).http.request("PATCH", "/echo/a")

    assert response.json_body["method"] == "PATCH"


def test_a_text_body_is_sent_as_utf_8():
    response = Client(an_app()).http.post(
        "/echo/a", headers={"Content-Type": "application/json"}, body='{"name": "é"}'
    )

    assert response.json_body["json"] == {"name": "é"}


def test_no_content_type_is_made_up():
    response = Client(an_app()).http.post("/echo/a", body='{"b": 1}')

    assert response.status_code == 200
    assert response.json_body["json"] is None


def test_what_cannot_stand_in_a_url_is_encoded_and_what_is_encoded_stays():
    response = Client(an_app()).http.get("/echo/a%20b?x=a b&y=é&z=%2B")

    assert response.json_body["key"] == "a%20b"
    assert response.json_body["query"] == {"x": "a b", "y": "é", "z": "+"}


def test_a_list_sends_a_header_several_times():
    response = Client(an_app()).http.get("/echo/a", headers={"X-Custom": ["1", "2"]})

    assert response.json_body["header"] == "2"


def test_a_head_has_no_body():
    response = Client(an_app()).http.head("/echo/a")

    assert (response.status_code, response.body) == (200, b"")


def test_a_preflight_is_answered_without_the_view():
    response = Client(an_app()).http.options("/echo/a", headers={"Origin": "https://x.example"})

    assert response.status_code == 200
    assert response.body == b""
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert (
        response.headers["Access-Control-Allow-Methods"] == "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS"
    )


def test_options_without_cors_is_forbidden():
    assert Client(an_app()).http.options("/").status_code == 403


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/nowhere"), ("PUT", "/"), ("HEAD", "/"), ("GET", "nowhere")]
)
def test_what_no_route_serves_is_forbidden_as_on_aws(method, path):
    response = Client(an_app()).http.request(method, path)

    assert response.status_code == 403
    assert response.headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"


def test_a_refusal_by_the_view_has_its_code_and_message():
    response = Client(an_app()).http.get("/refused")

    assert response.status_code == 400
    assert response.json_body == {"Code": "BadRequestError", "Message": "no"}


def test_a_result_that_is_not_json_is_a_server_error():
    response = Client(an_app()).http.get("/unserialisable")

    assert response.status_code >= 500


def test_headers_are_found_whatever_their_case_and_repeats_are_lists():
    response = Client(an_app()).http.get("/several")

    assert response.headers["Set-Cookie"] == ["a=1", "b=2"]
    assert response.headers["x-single"] == "1"
    assert response.headers.get("X-SINGLE") == "1"
    assert "content-type" in response.headers
    assert response.headers.get("x-none", "no") == "no"
    with pytest.raises(KeyError, match="x-none"):
        response.headers["x-none"]


def test_headers_equal_a_dict_of_them():
    headers = Headers([("A", "1"), ("B", "2"), ("a", "3"), ("A", "4")])

    assert headers == {"A": ["1", "3", "4"], "B": "2"}
    assert isinstance(headers, dict)


def test_binary_bodies_go_both_ways():
    types = {"Content-Type": "application/octet-stream", "Accept": "application/octet-stream"}

    response = Client(an_app()).http.post("/binary", headers=types, body=b"\xff\x00")

    assert response.body == b"\xff\x00"
    assert response.json_body is None


def test_a_response_shows_its_status_and_body():
    assert repr(HTTPResponse(404, Headers(), b"no")) == "<HTTPResponse 404 b'no'>"


# --- authorizers and keys --------------------------------------------------------------------


def guarded_app():
    app = Chalice(app_name="shop")
    asked = []

    @app.authorizer()
    def door(auth_request):
        asked.append(auth_request.token)
        return AuthResponse(routes=["/in"] if auth_request.token == "ok" else [], principal_id="me")

    @app.route("/in", authorizer=door)
    def inside():
        return app.current_request.context["authorizer"]["principalId"]

    @app.route("/key", api_key_required=True)
    def with_key():
        return {}

    @app.route("/signed", authorizer=IAMAuthorizer())
    def signed():
        return {}

    return app, asked


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 401), ({"Authorization": "bad"}, 403), ({"Authorization": "ok"}, 200)],
)
def test_a_built_in_authorizer_decides(headers, status):
    app, _ = guarded_app()

    assert Client(app).http.get("/in", headers=headers).status_code == status


def test_an_authorizer_is_asked_once_for_a_token_by_each_client():
    app, asked = guarded_app()
    client = Client(app)

    for _ in range(3):
        client.http.get("/in", headers={"Authorization": "ok"})
    Client(app).http.get("/in", headers={"Authorization": "ok"})

    assert asked == ["ok", "ok"]


def test_an_authorizer_is_told_the_request_and_asked_once_for_all_its_sources():
    app, asked = Chalice("shop"), []
    sources = ["method.request.header.X-Tenant", "method.request.querystring.key"]

    @app.authorizer(identity_sources=sources)
    def door(request):
        asked.append((request.headers["x-tenant"], request.query_params["key"], request.method))
        return AuthResponse(["*"], "-".join(asked[-1]))

    @app.route("/in", authorizer=door)
    def inside():
        return app.current_request.context["authorizer"]["principalId"]

    get = Client(app).http.get
    answers = [
        get(f"/in?key={key}&n={number}", headers={"X-Tenant": tenant}).body
        for number, (tenant, key) in enumerate([("a", "1"), ("a", "1"), ("b", "1"), ("a", "2")])
    ]

    assert answers == [b"a-1-GET", b"a-1-GET", b"b-1-GET", b"a-2-GET"]
    assert len(asked) == 3
    assert get("/in?key=1").status_code == 401
    assert get("/in", headers={"X-Tenant": "a"}).status_code == 401
    assert len(asked) == 3


def test_an_authorizer_without_sources_is_asked_each_time():
    app, asked = Chalice("shop"), []

    @app.authorizer(identity_sources=[], ttl_seconds=0)
    def door(request):
        asked.append(request.path)
        return AuthResponse(["*"], "me")

    @app.route("/in", authorizer=door)
    def inside():
        return {}

    statuses = [Client(app).http.get("/in").status_code for _ in range(2)]

    assert (statuses, asked) == ([200, 200], ["/in", "/in"])


def test_a_warning_about_the_application_keeps_no_stand_in_away(project):
    uri = (
        "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
        "arn:aws:lambda:us-east-1:123456789012:function:theirs/invocations"
    )
    app = Chalice("shop", debug=True)

    @app.authorizer()
    def double(request):
        return AuthResponse(["*"], "me")

    @app.route("/in", authorizer=CustomAuthorizer("theirs", authorizer_uri=uri))
    def inside():
        return {}

    directory = project(local={"authorizers": {"theirs": "double"}})
    http = Client(app, project_dir=directory).http

    assert http.get("/in", headers={"Authorization": "a"}).status_code == 200


def test_an_authorizer_that_cannot_be_asked_lets_nobody_in():
    app, _ = guarded_app()

    assert Client(app).http.get("/signed").status_code >= 400


def test_tokens_of_a_user_pool_are_verified_by_the_keys_in_the_project(project):
    app = Chalice(app_name="shop")
    authorizer = CognitoUserPoolAuthorizer("pool", provider_arns=[POOL_ARN])

    @app.route("/", authorizer=authorizer)
    def index():
        return app.current_request.context["authorizer"]["claims"]["email"]

    directory = project(local={"user_pools": {POOL: {"jwks_file": "keys.json"}}})
    Path(directory, ".chalice", "keys.json").write_text(key_set("one"))
    http = Client(app, project_dir=directory).http
    claims = {"iss": POOL_ISSUER, "aud": "client", "token_use": "id", "email": "a@example.com"}
    good = minted({**claims, "exp": time.time() + 60})
    forged = minted({**claims, "exp": time.time() + 60}, key=private_key("two"))

    assert http.get("/").status_code == 401
    assert http.get("/", headers={"Authorization": forged}).status_code == 401
    assert http.get("/", headers={"Authorization": good}).body == b"a@example.com"


def test_a_key_is_made_where_the_application_needs_one():
    client = Client(guarded_app()[0])

    assert client.http.get("/key").status_code == 403
    assert client.http.get("/key", headers={"x-api-key": client.api_key}).status_code == 200
    assert Client(an_app()).api_key is None


def test_configured_keys_are_let_in(project):
    keys = ["first-key-of-the-shop-0", "second-key-of-the-shop-"]
    client = Client(guarded_app()[0], project_dir=project(local={"api_keys": keys}))

    assert client.api_key == keys[0]
    assert client.http.get("/key", headers={"X-API-Key": keys[1]}).status_code == 200


def test_a_request_to_a_private_api_comes_through_its_endpoint(project):
    directory = project(
        api_gateway_endpoint_type="PRIVATE", api_gateway_endpoint_vpce=["vpce-0a1b2c3d4e5f67890"]
    )

    assert Client(an_app(), project_dir=directory).http.get("/").status_code == 200


# --- environment and configuration -----------------------------------------------------------


def test_the_context_sets_the_variables_of_the_stage_and_restores_what_was_there(
    project, monkeypatch
):
    monkeypatch.setenv("COLOUR", "before")
    monkeypatch.delenv("SIZE", raising=False)
    directory = project(
        environment_variables={"COLOUR": "red"},
        stages={"prod": {"environment_variables": {"SIZE": "7"}}},
    )
    mapping = os.environ

    with Client(an_app(), stage_name="prod", project_dir=directory) as client:
        assert (os.environ["COLOUR"], os.environ["SIZE"]) == ("red", "7")
        assert client.http.get("/variables").json_body == {"colour": "red", "size": "7"}

    assert os.environ is mapping
    assert os.environ["COLOUR"] == "before"
    assert "SIZE" not in os.environ


def test_variables_are_restored_when_a_test_fails(project, monkeypatch):
    monkeypatch.delenv("COLOUR", raising=False)
    directory = project(environment_variables={"COLOUR": "red"})

    with pytest.raises(RuntimeError), Client(an_app(), project_dir=directory):
        raise RuntimeError

    assert "COLOUR" not in os.environ


def test_a_view_sees_the_variables_without_the_context(project, monkeypatch):
    monkeypatch.delenv("COLOUR", raising=False)
    client = Client(an_app(), project_dir=project(environment_variables={"COLOUR": "red"}))

    response = client.http.get("/variables")

    assert response.json_body["colour"] == "red"
    assert "COLOUR" not in os.environ


def test_each_function_sees_its_own_variables(project, monkeypatch):
    monkeypatch.delenv("COLOUR", raising=False)
    app = an_app()

    @app.lambda_function()
    def painter(event, context):
        return os.environ.get("COLOUR")

    directory = project(
        stages={
            "dev": {"lambda_functions": {"painter": {"environment_variables": {"COLOUR": "x"}}}}
        }
    )

    with Client(app, project_dir=directory) as client:
        assert client.lambda_.invoke("painter").payload == "x"
        assert client.http.get("/variables").json_body["colour"] is None


def test_requests_that_end_in_the_order_of_their_beginning_leave_nothing_behind(
    project, monkeypatch
):
    monkeypatch.delenv("COLOUR", raising=False)
    app = Chalice(app_name="shop")
    second_is_in, first_has_ended = threading.Event(), threading.Event()

    @app.route("/first")
    def first():
        second_is_in.wait(10)
        return os.environ.get("COLOUR")

    @app.route("/second")
    def second():
        second_is_in.set()
        first_has_ended.wait(10)
        return os.environ.get("COLOUR")

    client = Client(app, project_dir=project(environment_variables={"COLOUR": "red"}))
    with ThreadPoolExecutor() as pool:
        early = pool.submit(client.http.get, "/first")
        late = pool.submit(client.http.get, "/second")
        early.result()
        first_has_ended.set()

        assert (early.result().body, late.result().body) == (b"red", b"red")
    assert "COLOUR" not in os.environ


def test_an_application_with_problems_is_refused_with_all_of_them():
    app = Chalice(app_name="shop")

    @app.route("/a/")
    def one():
        return {}

    @app.route("/b/{x}")
    def two():
        return {}

    with pytest.raises(InvalidApp) as caught:
        Client(app)

    codes = {problem.code for problem in caught.value.problems}
    assert codes == {"route-trailing-slash", "view-parameter-missing"}


def test_a_configuration_with_problems_is_refused(project):
    with pytest.raises(InvalidApp, match="lambda_timeoutt"):
        Client(an_app(), project_dir=project(lambda_timeoutt=3))


def test_a_configuration_that_cannot_be_read_is_refused(tmp_path):
    (tmp_path / ".chalice" / "config.json").mkdir(parents=True)

    with pytest.raises(InvalidApp, match="config-unreadable"):
        Client(an_app(), project_dir=str(tmp_path))


def test_a_stage_that_is_not_configured_has_the_defaults():
    assert Client(an_app()).http.get("/").status_code == 200


# --- functions -------------------------------------------------------------------------------


def lambda_app():
    app = Chalice(app_name="shop")

    @app.lambda_function()
    def show(event, context):
        return {
            "event": event,
            "name": context.function_name,
            "memory": context.memory_limit_in_mb,
            "pair": (1, 2),
            "price": Decimal("1.5"),
        }

    @app.lambda_function(name="fail")
    def fails(event, context):
        raise ValueError("no")

    @app.lambda_function()
    def raw(event, context):
        return b"\x00bytes"

    return app


def test_a_function_is_invoked_with_an_event_and_a_context():
    response = Client(lambda_app()).lambda_.invoke("show", {"a": (1, 2)})

    assert response.payload == {
        "event": {"a": [1, 2]},
        "name": "shop-dev-show",
        "memory": "128",
        "pair": [1, 2],
        "price": 1.5,
    }


def test_the_event_is_an_empty_object_unless_given():
    assert Client(lambda_app()).lambda_.invoke("show").payload["event"] == {}


def test_what_a_function_raises_is_raised_in_the_test():
    with pytest.raises(ValueError, match="no"):
        Client(lambda_app()).lambda_.invoke("fail")


def test_bytes_pass_as_they_are():
    assert Client(lambda_app()).lambda_.invoke("raw").payload == b"\x00bytes"


@pytest.mark.parametrize("name", ["nobody", "APIHandler", "api-handler"])
def test_an_unknown_function_is_named(name):
    with pytest.raises(FunctionNotFoundError, match=name):
        Client(an_app()).lambda_.invoke(name)


def test_made_events_are_a_clear_error():
    client = Client(lambda_app())

    with pytest.raises(AttributeError, match=r"Client\.events is not available in this version"):
        _ = client.events


def test_a_header_may_be_a_number_and_a_verb_in_any_case():
    app = Chalice("demo")
    app.route("/")(lambda: app.current_request.headers["x-number"])

    response = Client(app).http.request("get", "/", headers={"X-Number": 5})

    assert (response.status_code, response.body) == (200, b"5")


def test_a_body_that_is_neither_text_nor_bytes_is_refused_with_what_to_write():
    with pytest.raises(TypeError, match=r"text or bytes, not \{'a': 1\}: write `json\.dumps"):
        Client(an_app()).http.post("/", body={"a": 1})


# --- what importing it costs -----------------------------------------------------------------


def test_importing_the_client_stays_small():
    code = (
        "import sys; before = set(sys.modules); from chalice.test import Client\n"
        "print(*sorted(set(sys.modules) - before), sep='\\n')"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()

    assert len(loaded) <= 200
    roots = {name.partition(".")[0] for name in loaded}
    assert not roots & {"boto3", "botocore", "click", "aiohttp", "rich", "watchfiles", "asyncio"}


def test_functions_of_a_module_that_nobody_can_import_are_called_all_the_same():
    app, extra = Chalice("demo"), Blueprint("bp")

    @extra.lambda_function()
    def job(event, context):
        return {"did": event["what"]}

    app.register_blueprint(extra)

    with Client(app) as client:
        response = client.lambda_.invoke("job", {"what": "it"})

    assert response.payload == {"did": "it"}
