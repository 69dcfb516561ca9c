"""`chalice authz`: who may call what, and what the table does not show."""

import json
import os
import threading

import pytest

APP = """
    import os
    import time

    from chalice import *

    app = Chalice(app_name="shop")
    pool = CognitoUserPoolAuthorizer(
        "pool", provider_arns=["arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc"]
    )
    theirs = CustomAuthorizer("theirs", authorizer_uri=(
        "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
        "arn:aws:lambda:us-east-1:123456789012:function:theirs/invocations"
    ))

    @app.authorizer()
    def staff(request):
        print("asked", os.environ["LEVEL"])
        if request.token == "raises":
            raise ValueError("no")
        return AuthResponse(routes=["*"] if request.token == "staff" else [], principal_id="u")

    @app.route("/")
    def index():
        raise AssertionError("views are not called")

    @app.route("/staff/{id}", authorizer=staff)
    def for_staff(id):
        return {}

    @app.route("/pool", authorizer=pool)
    def for_members():
        return {}

    @app.route("/scoped", authorizer=pool.with_scopes(["shop/read"]))
    def for_scope():
        return {}

    @app.route("/signed", methods=["POST"], authorizer=IAMAuthorizer())
    def for_signers():
        return {}

    @app.route("/key", api_key_required=True, cors=True)
    def with_key():
        return {}

    @app.route("/theirs", authorizer=theirs)
    def for_theirs():
        return {}
"""
CONFIG = """
    {
      "environment_variables": {"LEVEL": "high"},
      "local": {
        "api_keys": ["kkkkkkkkkkkkkkkkkkkk"],
        "credentials": [{
          "access_key_id": "AKIAIOSFODNN7EXAMPLE",
          "secret_access_key": "secret",
          "session_token": "token",
          "arn": "arn:aws:sts::123456789012:assumed-role/batch/run",
          "policies": [{
            "Statement": {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}
          }]
        }]
      }
    }
"""
FIXTURE = {
    "principals": {
        "nobody": {},
        "staff": {"headers": {"authorization": "staff", "x-api-key": "k" * 20}},
        "guest": {"headers": {"Authorization": "guest"}},
        "broken": {"headers": {"Authorization": "raises"}},
        "member": {"claims": {"sub": "u1"}},
        "late": {"claims": {"sub": "u1", "exp": 1}},
        "app": {"claims": {"scope": "shop/read"}},
        "batch": {"credential": "AKIAIOSFODNN7EXAMPLE"},
    }
}
TABLE = """\
ROUTE            AUTHORIZER  nobody   staff    guest    broken   member   late     app      batch
GET /            -           allowed  allowed  allowed  allowed  allowed  allowed  allowed  allowed
GET /staff/{id}  staff       401      allowed  403      error    401      401      401      401
GET /pool        pool        401      401      401      401      allowed  401      401      401
GET /scoped      pool        401      401      401      401      401      401      allowed  401
POST /signed     sigv4       403      403      403      403      403      403      403      allowed
GET /key         -           403      allowed  403      403      403      403      403      403
GET /theirs      theirs      401      error    error    error    401      401      401      401
"""


@pytest.fixture
def fixture(tmp_path):
    """Return a function that writes the fixture of the project."""

    def write(content, name=".chalice/authz.json"):
        text = content if isinstance(content, str) else json.dumps(content)
        (tmp_path / ".chalice").mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

    return write


def warnings_of(output):
    return {
        (item["code"], item["where"]): item["summary"] for item in json.loads(output)["warnings"]
    }


def test_every_route_is_asked_for_every_principal(chalice, project, fixture):
    project(APP, CONFIG)
    fixture(FIXTURE)

    code, out, err = chalice("authz")

    assert (code, out) == (0, TABLE)
    # What authorizers print and raise is talk.
    assert "asked high" in err
    assert "ValueError: no" in err
    assert "warning" not in err


def test_as_json_it_says_why(chalice, project, fixture):
    project(APP, CONFIG)
    fixture(FIXTURE)

    code, out, _ = chalice("authz", "--json")

    answer = json.loads(out)
    cells = {(cell["route"], cell["principal"]): cell for cell in answer["cells"]}
    assert code == 0
    assert answer["principals"] == list(FIXTURE["principals"])
    assert len(cells) == 7 * 8
    assert cells["GET /", "nobody"] == {
        "route": "GET /",
        "path": "/",
        "authorizer": None,
        "principal": "nobody",
        "result": "allowed",
        "status": 200,
        "reason": None,
    }
    late = cells["GET /pool", "late"]
    assert (late["result"], late["status"]) == ("401", 401)
    assert "expired" in late["reason"]
    assert "`local.authorizers`" in cells["GET /theirs", "staff"]["reason"]
    assert answer["warnings"] == []


def test_the_environment_is_put_back(chalice, project):
    project(APP, CONFIG)

    chalice("authz")

    assert os.environ.keys().isdisjoint({"LEVEL", "LAMBDA_TASK_ROOT"})


def test_without_a_fixture_nobody_asks(chalice, project):
    project(APP, CONFIG)

    code, out, _ = chalice("authz")

    assert code == 0
    assert out.splitlines()[0].split() == ["ROUTE", "AUTHORIZER", "nobody"]
    assert [line.split()[-1] for line in out.splitlines()[1:]] == [
        *("allowed", "401", "401", "401", "403", "403", "401")
    ]


def test_an_application_without_routes_has_no_table(chalice, project):
    project("from chalice import Chalice\napp = Chalice(app_name='shop')\n")

    assert chalice("authz") == (0, "", "The application has no routes\n")


# --- what the table does not show ------------------------------------------------------------

SHARED = """
    from chalice import *

    app = Chalice(app_name="shop")

    @app.authorizer({options})
    def auth(request):
        path = "/" + request.method_arn.split("/", 3)[3]
        {policy}

    @app.route("/a", authorizer=auth)
    def a():
        return {{}}

    @app.route("/b", authorizer=auth)
    def b():
        return {{}}

    @app.route("/c", authorizer=auth)
    def c():
        return {{}}
"""
ONE = {"principals": {"reader": {"headers": {"Authorization": "x"}}}}
NARROW = 'return AuthResponse(routes=[path], principal_id="u")'
WIDE = 'return AuthResponse(routes=["*"] if path == "/b" else [], principal_id="u")'


def test_a_policy_that_is_too_narrow_for_its_routes_is_told(chalice, project, fixture):
    project(SHARED.format(options="ttl_seconds=60", policy=NARROW))
    fixture(ONE)

    code, out, err = chalice("authz")

    assert code == 0
    assert [line.split()[-1] for line in out.splitlines()[1:]] == ["allowed"] * 3
    assert err == (
        "app.py:5: warning: what `auth` says of `GET /a` to `reader` is kept for 60 s and shuts"
        " them out of `GET /b` and `GET /c`, which they may call [authz-policy-narrow]\n"
        "    let the policy name every route of the authorizer, or set `ttl_seconds` to 0\n"
    )


def test_a_policy_that_is_too_wide_for_its_routes_is_told(chalice, project, fixture):
    project(SHARED.format(options="ttl_seconds=60", policy=WIDE))
    fixture(ONE)

    _, out, _ = chalice("authz", "--json")

    # After `/a` was denied, the denial is kept, too.
    assert warnings_of(out) == {
        ("authz-policy-narrow", "app.py:5"): "what `auth` says of `GET /a` to `reader` is kept for"
        " 60 s and shuts them out of `GET /b`, which they may call",
        ("authz-policy-wide", "app.py:5"): "what `auth` says of `GET /b` to `reader` is kept for"
        " 60 s and lets them into `GET /a` and `GET /c`, which they may not call",
    }


@pytest.mark.parametrize(
    ("options", "policy"),
    [
        ("ttl_seconds=0", NARROW),
        ("", 'return AuthResponse(routes=["*"], principal_id=path)'),
        ("", "raise ValueError(path)"),
        ("", 'return AuthResponse(routes=["/a", "/b"], principal_id="u")'),
    ],
    ids=["nothing kept", "all routes", "an error", "the same for every route"],
)
def test_a_policy_that_holds_for_all_its_routes_is_fine(chalice, project, fixture, options, policy):
    project(SHARED.format(options=options, policy=policy))
    fixture(ONE)

    _, out, _ = chalice("authz", "--json")

    assert warnings_of(out) == {}


GREEDY = """
    from chalice import *

    app = Chalice(app_name="shop")

    @app.authorizer()
    def auth(request):
        return AuthResponse(routes=[], principal_id="u")

    @app.route("/admin", methods=["POST"], authorizer=auth)
    def admin():
        return {}

    @app.route("/{rest+}", methods=["GET", "POST"]%s)
    def rest(rest):
        return {}
"""


def test_an_open_greedy_route_that_answers_for_a_guarded_path_is_told(chalice, project, fixture):
    project(GREEDY % "")
    fixture(ONE)

    _, out, err = chalice("authz")

    assert out.splitlines()[1].split() == ["POST", "/admin", "auth", "403"]
    assert err == (
        "app.py:13: warning: `/{rest+}` is open and answers GET of `/admin`, which is guarded for"
        " POST [authz-greedy-open]\n"
        "    give `/{rest+}` an authorizer, or serve these verbs at `/admin`\n"
    )


@pytest.mark.parametrize("option", [", authorizer=auth", ", api_key_required=True"])
def test_a_greedy_route_that_is_not_open_is_fine(chalice, project, fixture, option):
    project(GREEDY % option)

    assert warnings_of(chalice("authz", "--json")[1]) == {}


def test_a_function_that_hangs_is_an_error_and_is_asked_once(chalice, project, fixture):
    project(
        SHARED.format(options="", policy="import time; time.sleep(1.5)"),
        '{"lambda_timeout": 1}',
    )
    fixture(ONE)
    before = set(threading.enumerate())

    code, out, _ = chalice("authz", "--json")
    for left_behind in set(threading.enumerate()) - before:
        left_behind.join(20)  # what it says at its end disturbs nobody

    assert code == 0
    assert {cell["result"] for cell in json.loads(out)["cells"]} == {"error"}


HANGS_FOR = """
    import time

    from chalice import AuthResponse, Chalice

    app = Chalice(app_name="shop")

    @app.authorizer(ttl_seconds={ttl})
    def auth(request):
        if request.token == "hangs" and request.method_arn.endswith("GET/a"):
            time.sleep(1.5)
        return AuthResponse(routes=[request.method_arn.split("GET")[1]], principal_id="u")

    @app.route("/a", authorizer=auth)
    def a():
        return {{}}

    @app.route("/b", authorizer=auth)
    def b():
        return {{}}
"""
TWO = {
    "principals": {
        "hangs": {"headers": {"Authorization": "hangs"}},
        "good": {"headers": {"Authorization": "good"}},
    }
}


def test_only_what_hangs_is_an_error(chalice, project, fixture):
    project(
        HANGS_FOR.format(ttl=300),
        '{"lambda_timeout": 1, "lambda_functions": {"auth": {"reserved_concurrency": 1}}}',
    )
    fixture(TWO)
    before = set(threading.enumerate())

    code, out, _ = chalice("authz", "--json")
    for left_behind in set(threading.enumerate()) - before:
        left_behind.join(20)

    assert code == 0
    answer = json.loads(out)
    cells = {(cell["route"], cell["principal"]): cell for cell in answer["cells"]}
    assert {key: cell["result"] for key, cell in cells.items()} == {
        ("GET /a", "hangs"): "error",
        ("GET /b", "hangs"): "allowed",
        ("GET /a", "good"): "allowed",
        ("GET /b", "good"): "allowed",
    }
    assert cells["GET /a", "hangs"]["reason"] == "authorizer `auth` ran past its timeout of 1 s"
    assert any("to `good` is kept" in warning["summary"] for warning in answer["warnings"])


def test_the_limits_of_usage_plans_say_nothing_of_who_may_call(chalice, project, fixture):
    project(
        """
        from chalice import Chalice

        app = Chalice(app_name="shop")
        for name in "abc":
            app.route("/" + name, api_key_required=True, name=name)(lambda: {})
        """,
        """
        {"local": {"usage_plans": {
          "few": {"api_keys": ["ffffffffffffffffffff"], "quota": {"limit": 1, "period": "DAY"}},
          "slow": {"api_keys": ["ssssssssssssssssssss"], "rate": 0.001, "burst": 1}
        }}}
        """,
    )
    keys = {"few": "f" * 20, "slow": "s" * 20, "none": "n" * 20}
    fixture({"principals": {name: {"headers": {"x-api-key": key}} for name, key in keys.items()}})

    cells = json.loads(chalice("authz", "--json")[1])["cells"]

    assert {(cell["principal"], cell["result"]) for cell in cells} == {
        ("few", "allowed"),
        ("slow", "allowed"),
        ("none", "403"),
    }


# --- the fixture -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "code", "message"),
    [
        ("{", 1, "config-json", "is not JSON"),
        ("[]", 1, "fixture-type", "the fixture is a list"),
        ("{}", 1, "fixture-key-missing", "the fixture has no `principals`"),
        ('{\n"principal": {}}', 2, "fixture-key-unknown", "the fixture has no key `principal`"),
        (
            '{"principals": {\n"a": {"header": {}}}}',
            2,
            "fixture-key-unknown",
            "`principals.a` has no key `header`",
        ),
        (
            '{"principals": {"a": {\n"claims": "x"}}}',
            2,
            "fixture-type",
            "`principals.a.claims` is the string `x`",
        ),
        (
            '{"principals": {"a": {\n"credential": "AKIA"}}}',
            2,
            "fixture-credential",
            "principal `a` signs with a credential that is not configured",
        ),
        (
            '{"principals": {"a": {}},\n"routes": {\n"GET /staf/{id}": {}}}',
            3,
            "fixture-route-unknown",
            "`routes` names `GET /staf/{id}`, which the application does not serve",
        ),
        (
            (
                '{"principals": {"a": {}},\n"routes": {\n'
                '"GET /staff/{id}": {"parameters": {"di": "1"}}}}'
            ),
            3,
            "fixture-parameter-unknown",
            "`GET /staff/{id}` has no parameter `di`",
        ),
    ],
)
def test_what_is_wrong_with_a_fixture_is_told_with_its_line(
    chalice, project, fixture, text, line, code, message
):
    project(APP, CONFIG)
    fixture(text, "who.json")

    exit_code, out, err = chalice("authz", "who.json")

    assert (exit_code, out) == (1, "")
    assert err.startswith(f"who.json:{line}: ")
    assert message in err
    assert f"[{code}]" in err


def test_a_fixture_names_somebody(chalice, project, fixture):
    project(APP, CONFIG)
    fixture('{\n"principals": {}}', "who.json")

    code, out, err = chalice("authz", "who.json")

    assert (code, out) == (1, "")
    assert err == (
        "who.json:2: `principals` names nobody [fixture-principals]\n"
        '    write `"nobody": {}` to ask about somebody who shows nothing\n'
        "Error: 1 problem\n"
    )


@pytest.mark.parametrize(
    ("route", "hint"),
    [
        ("GET /quux", "`chalice routes` lists them"),
        ("PUT /staff/{id}", "write `GET /staff/{id}`"),
        ("post /sign", "write `POST /signed`"),
    ],
)
def test_an_unknown_route_is_compared_by_its_path(chalice, project, fixture, route, hint):
    project(APP, CONFIG)
    fixture({**ONE, "routes": {route: {}}}, "who.json")

    assert chalice("authz", "who.json")[2].splitlines()[1] == f"    {hint}"


def test_a_fixture_that_is_named_has_to_be_there(chalice, project):
    project(APP, CONFIG)

    code, _, err = chalice("authz", "nowhere.json")

    assert (code, err) == (1, "Error: `nowhere.json` cannot be read: No such file or directory\n")


def test_parameters_are_filled_in(chalice, project, fixture):
    project(APP, CONFIG)
    fixture({**ONE, "routes": {"GET /staff/{id}": {"parameters": {"id": "17"}}}})

    answer = json.loads(chalice("authz", "--json")[1])

    assert [cell["path"] for cell in answer["cells"]][1] == "/staff/17"
