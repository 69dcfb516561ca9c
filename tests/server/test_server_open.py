"""`chalice local --auth=open`: authorizers are open, nothing else is, and every answer says so."""

import json

import pytest
from tests.projects import application, write_project
from tests.server.serving import Program, wait_until

KEY = "k" * 20
MARK = "x-chalice-auth"
POOL_ARN = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc"
APP = application(
    f"""
    pool = CognitoUserPoolAuthorizer("pool", provider_arns=["{POOL_ARN}"])
    theirs = CustomAuthorizer("theirs", authorizer_uri=(
        "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
        "arn:aws:lambda:us-east-1:123456789012:function:theirs/invocations"
    ))

    @app.authorizer()
    def denies(request):
        return AuthResponse(routes=[], principal_id="nobody")

    @app.route("/")
    def index():
        return {{"authorizer": "authorizer" in app.current_request.context}}

    @app.route("/denies", authorizer=denies)
    def behind_denies():
        return index()

    @app.route("/pool", authorizer=pool)
    def behind_pool():
        return index()

    @app.route("/theirs", authorizer=theirs)
    def behind_theirs():
        return index()

    @app.route("/signed", authorizer=IAMAuthorizer())
    def behind_signed():
        return index()

    @app.route("/key", authorizer=denies, api_key_required=True)
    def behind_key():
        return index()

    @app.route("/forged")
    def forged():
        return Response("", headers={{"X-Chalice-Auth": "closed"}})

    @app.route("/fails")
    def fails():
        raise SystemExit(1)
    """
)
CONFIG = {"local": {"api_keys": [KEY]}, "api_gateway_stage": "api"}
GUARDED = ("/denies", "/pool", "/theirs", "/signed")
MODES = pytest.mark.parametrize("options", [(), ("--no-autoreload",)], ids=["reload", "single"])


@pytest.fixture
def directory(tmp_path):
    return write_project(tmp_path / "demo", APP, CONFIG)


@MODES
def test_open_authorizers_let_everybody_in_and_every_answer_says_so(directory, options):
    with Program(directory, "--auth=open", *options) as program, program.client() as client:
        for target in GUARDED:
            answer = client.get(target)
            assert (answer.status, json.loads(answer.body)) == (200, {"authorizer": False})
            assert answer.header(MARK) == "open"

        assert client.get("/").header(MARK) == "open"
        assert client.get("/forged").header(MARK) == "open"
        nowhere, failed = client.get("/nowhere"), client.get("/fails")
        assert (nowhere.status, nowhere.header(MARK)) == (403, "open")
        assert (failed.status, failed.header(MARK)) == (500, "open")
        elsewhere = client.get("/elsewhere", [("Host", "unknown.example")])
        assert (elsewhere.status, elsewhere.header(MARK)) == (421, "open")
        program.interrupt()
        program.wait()

        said = program.said()
    assert said.startswith("Warning: AUTHORIZERS ARE OPEN (--auth=open)\n")
    answers = [line for line in said.splitlines() if '"GET /' in line]
    assert len(answers) == len(GUARDED) + 5
    assert all("(auth open" in line for line in answers)
    assert any("(auth open; " in line for line in answers if "/nowhere" in line)


@MODES
def test_api_keys_hold(directory, options):
    with Program(directory, "--auth=open", *options) as program, program.client() as client:
        without = client.get("/key")
        with_key = client.get("/key", [("x-api-key", KEY)])

    assert (without.status, without.body) == (403, b'{"message":"Forbidden"}')
    assert with_key.status == 200


def test_an_edit_stays_open(directory):
    with Program(directory, "--auth=open") as program, program.client() as client:
        (directory / "app.py").write_text(APP.replace('"/denies"', '"/new"'))
        wait_until(lambda: client.get("/new").status != 403)

        answer = client.get("/new")

    assert (answer.status, answer.header(MARK)) == (200, "open")


def test_nothing_but_the_flag_opens(directory):
    config = {**CONFIG, "local": {**CONFIG["local"], "auth": "open"}}
    environ = {"AUTH": "open", "CHALICE_AUTH": "open", "CHALICE_LOCAL_AUTH": "open"}

    with Program(directory, environ=environ) as program, program.client() as client:
        answers = [client.get(target) for target in (*GUARDED, "/")]
    write_project(directory, config=config)
    with Program(directory) as program:
        code = program.wait()
        said = program.said()

    assert [answer.status for answer in answers] == [401, 401, 401, 403, 200]
    assert all(answer.header(MARK) is None for answer in answers)
    assert code == 1
    assert "`local` has no key `auth`" in said


def test_there_is_nothing_else_to_open(directory):
    with Program(directory, "--auth=closed") as program:
        code = program.wait()
        said = program.said()

    assert code == 2
    assert "'closed' is not 'open'" in said
