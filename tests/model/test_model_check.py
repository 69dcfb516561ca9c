"""What the checks say of an application: its lines, and the problem that they get."""

from __future__ import annotations

import functools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.projects import application, write_project

from chalice.model.check import CHECKS, check
from chalice.model.declared import (
    AppModel,
    Authorizer,
    BuiltinAuthorizer,
    CognitoAuthorizer,
    CustomAuthorizer,
    Function,
    IamAuthorizer,
    Place,
    Route,
)
from chalice.model.load import load
from chalice.model.paths import captures
from chalice.model.views import takes

AUTHORIZER_URI = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:auth/invocations"
)

# The lines of an application from line 3, the line that is blamed, the code, a part of the summary,
# a part of the hint.
WRONG = {
    "trailing slash": (
        "@app.route('/a/')\ndef a(): ...",
        3,
        "route-trailing-slash",
        "route `/a/` ends with `/`",
        "write `/a`",
    ),
    "empty route": ("@app.route('')\ndef a(): ...", 3, "route-path-empty", "empty", "write `/`"),
    "decorator over several lines": (
        "\n@app.route(\n    'a',\n)\ndef a(): ...",
        3,
        "route-leading-slash",
        "`a`",
        "write `/a`",
    ),
    "captures of two names": (
        "@app.route('/u/{a}')\ndef a(a): ...\n@app.route('/u/{b}/x')\ndef b(b): ...",
        5,
        "route-capture-clash",
        "`/u/{b}/x` captures by `{b}` what `/u/{a}` captures by `{a}` (app.py:3)",
        "write `/u/{a}/x`",
    ),
    "greedy beside plain": (
        "@app.route('/{a}')\ndef a(a): ...\n@app.route('/{proxy+}')\ndef b(proxy): ...",
        5,
        "route-capture-clash",
        "{proxy+}",
        "greedy",
    ),
    "parameter missing": (
        "@app.route('/u/{id}')\ndef user(): ...",
        3,
        "view-parameter-missing",
        "view `user` does not take `id`, which `/u/{id}` captures",
        "write `def user(id):`",
    ),
    "greedy parameter missing": (
        "@app.route('/{proxy+}')\ndef rest(): ...",
        3,
        "view-parameter-missing",
        "`proxy`",
        "write `def rest(proxy):`",
    ),
    "parameter too many": (
        "@app.route('/u')\ndef user(id, page=1): ...",
        3,
        "view-parameter-extra",
        "view `user` needs `id`, which `/u` does not capture",
        "capture it as `{id}`",
    ),
    "keyword-only parameter too many": (
        "@app.route('/u')\ndef user(*, id): ...",
        3,
        "view-parameter-extra",
        "`id`",
        "default",
    ),
    "positional-only parameter": (
        "@app.route('/u/{id}')\ndef user(id, /): ...",
        3,
        "view-parameter-extra",
        "by position only",
        "by name",
    ),
    "capture as Express writes it": (
        "@app.route('/u/:id')\ndef user(id): ...",
        3,
        "view-parameter-extra",
        "`id`",
        "write `/u/{id}`",
    ),
    "lower-case method": (
        "@app.route('/', methods=['get'])\ndef a(): ...",
        3,
        "route-method-unknown",
        "the method `get`",
        "write `GET`",
    ),
    "misspelt method": (
        "@app.route('/', methods=['PSOT'])\ndef a(): ...",
        3,
        "route-method-unknown",
        "`PSOT`",
        "write `POST`",
    ),
    "unknown method": (
        "@app.route('/', methods=['BREW'])\ndef a(): ...",
        3,
        "route-method-unknown",
        "`BREW`",
        "write one of GET, PUT",
    ),
    "mixed content types": (
        "@app.route('/', content_types=['image/png', 'text/plain'])\ndef a(): ...",
        3,
        "route-content-types-mixed",
        "`image/png`",
        "binary_types",
    ),
    "credentials from everywhere": (
        "@app.route('/', cors=CORSConfig(allow_credentials=True))\ndef a(): ...",
        3,
        "cors-wildcard-credentials",
        "every origin",
        "allow_origin",
    ),
    "two CORS configurations": (
        (
            "@app.route('/', cors=True)\ndef a(): ...\n"
            "@app.route('/', methods=['PUT'], cors=CORSConfig(max_age=5))\ndef b(): ..."
        ),
        5,
        "cors-differs",
        "the other at app.py:3",
        "the same `cors`",
    ),
    "OPTIONS beside cors": (
        "@app.route('/', methods=['GET', 'OPTIONS'], cors=True)\ndef a(): ...",
        3,
        "cors-options",
        "OPTIONS",
        "remove OPTIONS",
    ),
    "OPTIONS of another view": (
        (
            "@app.route('/', cors=True)\ndef a(): ...\n"
            "@app.route('/', methods=['OPTIONS'])\ndef b(): ..."
        ),
        5,
        "cors-options",
        "OPTIONS",
        "remove OPTIONS",
    ),
    "seconds out of range": (
        "@app.authorizer(ttl_seconds=3601)\ndef auth(request): ...",
        3,
        "authorizer-ttl",
        "`3601`",
        "from 0 to 3600",
    ),
    "negative seconds": (
        (
            f"auth = CustomAuthorizer('c', '{AUTHORIZER_URI}', ttl_seconds=-1)\n"
            "@app.route('/', authorizer=auth)\ndef a(): ..."
        ),
        3,
        "authorizer-ttl",
        "`-1`",
        "from 0 to 3600",
    ),
    "no ARN": (
        (
            "pool = CognitoUserPoolAuthorizer('p', provider_arns=['my-pool'])\n"
            "@app.route('/', authorizer=pool)\ndef a(): ..."
        ),
        3,
        "authorizer-provider-arns",
        "`my-pool`",
        "arn:aws:cognito-idp",
    ),
    "no uri": (
        (
            "auth = CustomAuthorizer('c', 'my-function')\n"
            "@app.route('/', authorizer=auth)\ndef a(): ..."
        ),
        3,
        "authorizer-uri",
        "`my-function`",
        "arn:aws:apigateway",
    ),
    "header that is none": (
        "@app.authorizer(header='X Token')\ndef auth(request): ...",
        3,
        "authorizer-header",
        "`X Token`",
        "`Authorization`",
    ),
    "name of an authorizer": (
        (
            f"auth = CustomAuthorizer('my auth', '{AUTHORIZER_URI}')\n"
            "@app.route('/', authorizer=auth)\ndef a(): ..."
        ),
        3,
        "authorizer-name",
        "`my auth`",
        "letters",
    ),
    "two authorizers of one name": (
        (
            f"one = CustomAuthorizer('c', '{AUTHORIZER_URI}')\n"
            f"two = CustomAuthorizer('c', '{AUTHORIZER_URI}', ttl_seconds=5)\n"
            "@app.route('/', authorizer=one)\ndef a(): ...\n"
            "@app.route('/b', authorizer=two)\ndef b(): ..."
        ),
        4,
        "authorizer-differs",
        "the one at app.py:3",
        "another name",
    ),
    "two functions of one name": (
        (
            "@app.lambda_function(name='work')\ndef a(e, c): ...\n"
            "@app.lambda_function(name='work')\ndef b(e, c): ..."
        ),
        5,
        "function-name-duplicate",
        "`work`, the other at app.py:3",
        "another `name`",
    ),
    "authorizer and function of one name": (
        (
            "@app.authorizer(name='work')\ndef a(request): ...\n"
            "@app.lambda_function(name='work')\ndef b(e, c): ..."
        ),
        5,
        "function-name-duplicate",
        "`work`",
        "another `name`",
    ),
    "function called api_handler": (
        "@app.lambda_function()\ndef api_handler(e, c): ...",
        3,
        "function-name-duplicate",
        "`api_handler`",
        "answers the routes",
    ),
    "name that Lambda cannot take": (
        "@app.lambda_function(name='my work')\ndef a(e, c): ...",
        3,
        "function-name",
        "`my work`",
        "letters, digits",
    ),
    "name without a letter": (
        "@app.lambda_function(name='__')\ndef a(e, c): ...",
        3,
        "function-name",
        "`__`",
        "letters, digits",
    ),
    "one logical id": (
        (
            "@app.lambda_function(name='a-b')\ndef a(e, c): ...\n"
            "@app.lambda_function(name='a_b')\ndef b(e, c): ..."
        ),
        5,
        "function-logical-id",
        "share the logical id `AB`",
        "rename",
    ),
    "authorizer without a parameter": (
        "@app.authorizer()\ndef a(): ...",
        3,
        "function-parameters",
        "authorizer `a` cannot be called with `auth_request`",
        "write `def a(auth_request):`",
    ),
    "function with one parameter": (
        "@app.lambda_function()\ndef a(event): ...",
        3,
        "function-parameters",
        "function `a` cannot be called with `event, context`",
        "write `def a(event, context):`",
    ),
    "execution role that is none": (
        "@app.authorizer(execution_role='nonsense')\ndef a(request): ...",
        3,
        "authorizer-role",
        "`execution_role` of authorizer `a` is `nonsense`",
        "`arn:aws:iam::ACCOUNT:role/NAME`",
    ),
    "invoke role that is none": (
        (
            f"c = CustomAuthorizer('c', '{AUTHORIZER_URI}', invoke_role_arn='nonsense')\n"
            "@app.route('/', authorizer=c)\ndef a(): ..."
        ),
        3,
        "authorizer-role",
        "`invoke_role_arn` of authorizer `c` is `nonsense`",
        "`arn:aws:iam::ACCOUNT:role/NAME`",
    ),
    "logical id of Chalice": (
        "@app.lambda_function(name='restAPI')\ndef a(e, c): ...",
        3,
        "function-logical-id",
        "`RestAPI`",
        "rename",
    ),
}

# The same, for what stops nothing.
DOUBTFUL = {
    "ping": ("@app.route('/ping')\ndef a(): ...", 3, "route-path-reserved", "custom domain"),
    "debug": ("app.debug = True", 2, "app-debug", "tracebacks"),
    "stand-in for a user pool": (
        (
            "pool = CognitoUserPoolAuthorizer('p', provider_arns=['arn:aws:cognito:.:userpool/'])\n"
            "@app.route('/', authorizer=pool)\ndef a(): ..."
        ),
        3,
        "authorizer-provider-arns",
        "userpool/",
    ),
    "stand-in for a role": (
        "@app.authorizer(execution_role='arn:role')\ndef a(request): ...",
        3,
        "authorizer-role",
        "`arn:role`",
    ),
    "scopes of a Lambda authorizer": (
        (
            "@app.authorizer()\ndef auth(request): ...\n"
            "@app.route('/', authorizer=auth.with_scopes(['a']))\ndef a(): ..."
        ),
        5,
        "authorizer-scopes-unused",
        "authorizer `auth` of `/` takes no notice of scopes",
    ),
    "origin with a path": (
        "@app.route('/', cors=CORSConfig(allow_origin='https://a.example/'))\ndef a(): ...",
        3,
        "cors-origin",
        "https://a.example/",
    ),
}

POOL_ARN = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc"

RIGHT = {
    "handlers that are called by position": (
        "@app.lambda_function()\ndef a(*arguments): ...\n"
        "@app.lambda_function()\ndef b(event, context=None, /, *, more=1): ...\n"
        "@app.authorizer()\ndef auth(request, now=None): ..."
    ),
    "middleware of a known kind": "@app.middleware('http')\ndef m(event, get_response): ...",
    "keyword arguments take all captures": "@app.route('/{a}/{b}')\ndef v(**captures): ...",
    "a default may stay unused": "@app.route('/{a}')\ndef v(a, page=1, *, size=2): ...",
    "a greedy capture passes its name": "@app.route('/{proxy+}')\ndef v(proxy): ...",
    "a wrapper speaks for itself": (
        "import functools\n"
        "def injected(view):\n"
        "    @functools.wraps(view)\n"
        "    def call(**captures): return view('connection', **captures)\n"
        "    return call\n"
        "@app.route('/{a}')\n@injected\ndef v(connection, a): ..."
    ),
    "a callable object": (
        "class View:\n    __name__ = 'v'\n    def __call__(self, a): ...\napp.route('/{a}')(View())"
    ),
    "every method": (
        "@app.route('/', methods=['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'])\n"
        "def v(): ...\n@app.route('/any', methods=['ANY'])\ndef w(): ..."
    ),
    "one CORS configuration, written twice": (
        "@app.route('/', cors=True)\ndef a(): ...\n"
        "@app.route('/', methods=['PUT'], cors=CORSConfig())\ndef b(): ...\n"
        "@app.route('/', methods=['POST'])\ndef c(): ..."
    ),
    "binary types in any case, with parameters": (
        "app.api.binary_types = ['Image/PNG', 'audio/*']\n"
        "@app.route('/', content_types=['image/png', 'AUDIO/ogg; codecs=x'])\ndef a(): ..."
    ),
    "binary types of one kind": (
        "app.api.binary_types = ['application/*']\n"
        "@app.route('/', content_types=['application/a', 'application/b'])\ndef a(): ..."
    ),
    "one authorizer with different scopes": (
        f"auth = CognitoUserPoolAuthorizer('c', ['{POOL_ARN}'])\n"
        "@app.route('/', authorizer=auth.with_scopes(['a']))\ndef a(): ...\n"
        "@app.route('/b', authorizer=auth.with_scopes(['b']))\ndef b(): ..."
    ),
    "a view called as a function": (
        "@app.lambda_function(name='work')\ndef a(e, c): ...\n"
        "@app.route('/', name='work')\ndef b(): ..."
    ),
}


def problems_of(directory, lines):
    loaded = load(write_project(directory, application(lines)))
    assert loaded.model is not None
    return [*loaded.problems, *check(loaded.model)]


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG)
def test_a_mistake_has_its_line_its_code_and_what_to_write(tmp_path, case):
    lines, line, code, summary, hint = case

    found = problems_of(tmp_path, lines)

    assert [problem.code for problem in found] == [code]
    assert found[0].where == f"app.py:{line}"
    assert summary in found[0].summary
    assert hint in found[0].hint
    assert found[0].severity == "error"


@pytest.mark.parametrize(("lines", "line", "code", "summary"), DOUBTFUL.values(), ids=DOUBTFUL)
def test_what_may_be_meant_is_a_warning(tmp_path, lines, line, code, summary):
    [found] = problems_of(tmp_path, lines)

    assert (found.code, found.where, found.severity) == (code, f"app.py:{line}", "warning")
    assert summary in found.summary


@pytest.mark.parametrize("lines", RIGHT.values(), ids=RIGHT)
def test_what_works_has_no_problem(tmp_path, lines):
    assert problems_of(tmp_path, lines) == []


def test_all_mistakes_are_told_at_once(tmp_path):
    lines = "\n".join(
        lines.replace("def a(", f"def a{index}(").replace("def b(", f"def b{index}(")
        for index, (lines, *_) in enumerate(WRONG.values())
        if "@app.route('/a/')" in lines or "methods=['get']" in lines or "3601" in lines
    )

    codes = {problem.code for problem in problems_of(tmp_path, lines)}

    assert codes == {"route-trailing-slash", "route-method-unknown", "authorizer-ttl"}


@pytest.mark.parametrize(
    "wrong", ["max_age='x'", "expose_headers='X-A'", "allow_headers='X-A'", "max_age=-1"]
)
def test_a_wrong_option_of_cors_hides_no_other_mistake(tmp_path, wrong):
    config = f"CORSConfig(allow_credentials=True, {wrong})"
    lines = f"@app.route('/', methods=['GET', 'OPTIONS'], cors={config})\ndef a(): ..."
    loaded = load(write_project(tmp_path, application(lines)))

    found = {problem.code for problem in (*loaded.problems, *check(loaded.model))}

    assert found == {"cors-type", "cors-wildcard-credentials", "cors-options"}


@pytest.mark.parametrize(
    ("option", "hint"),
    [
        ("['https://a.example']", 'write `"https://a.example"`'),
        ("('https://b.example', '*')", 'write one origin, `"*"` or `"https://b.example"`, or'),
        ("[]", 'write one origin, `"https://app.example.com"`, or `"*"`'),
        ("None", 'write one origin, `"https://app.example.com"`, or `"*"`'),
        ("'*', max_age='600'", "write `600`, a whole number"),
    ],
)
def test_an_option_of_cors_has_its_line_and_the_nearest_right_value(tmp_path, option, hint):
    lines = f"@app.route('/', cors=CORSConfig({option}))\ndef a(): ..."

    [problem] = load(write_project(tmp_path, application(lines))).problems

    assert (problem.code, problem.where) == ("cors-type", "app.py:3")
    assert problem.hint.startswith(hint)


def test_a_mistake_in_a_route_of_several_methods_is_told_once(tmp_path):
    lines = "@app.route('/a/', methods=['GET', 'POST', 'PUT'])\ndef a(x): ..."

    found = [problem.code for problem in problems_of(tmp_path, lines)]

    assert sorted(found) == ["route-trailing-slash", "view-parameter-extra"]


def test_a_mistake_in_a_blueprint_has_the_blueprints_line(tmp_path):
    blueprint = (
        "from chalice import Blueprint\nbp = Blueprint(__name__)\n@bp.route('/a b')\ndef v(): ...\n"
    )
    app = application("from chalicelib.views import bp\napp.register_blueprint(bp)")
    write_project(tmp_path, app, files={"chalicelib/views.py": blueprint})

    loaded = load(tmp_path)

    assert [problem.where for problem in check(loaded.model)] == ["chalicelib/views.py:3"]


WHERE = Place("app.py", 1)


def model_of(*, routes=(), authorizers: tuple[Authorizer, ...] = (), functions=()):
    return AppModel("demo", routes, authorizers, functions, (), debug=False, where=WHERE)


def routes_of(paths):
    return tuple(Route(path, "GET", "v", "v", (), accepts_any=True, where=WHERE) for path in paths)


@pytest.mark.parametrize(("count", "codes"), [(300, []), (301, ["quota-resources"])])
def test_resources_are_counted_over_the_tree_of_paths(count, codes):
    # `/a`, `/a/{x}` and each leaf below.
    paths = [f"/a/{{x}}/leaf{index}" for index in range(count - 2)]

    found = check(model_of(routes=routes_of([*paths, "/", "/a"])))

    assert [problem.code for problem in found] == codes
    assert all(problem.severity == "warning" for problem in found)


@pytest.mark.parametrize(("count", "codes"), [(10, []), (11, ["quota-authorizers"])])
def test_authorizers_are_counted_without_that_of_iam(count, codes):
    builtin = [
        BuiltinAuthorizer(f"a{index}", f"a{index}", "Authorization", None, None, WHERE)
        for index in range(count)
    ]

    found = check(model_of(authorizers=(*builtin, IamAuthorizer("sigv4", WHERE))))

    assert [problem.code for problem in found] == codes


def test_the_bounds_of_seconds_are_allowed():
    pool = CognitoAuthorizer(
        "p", "Authorization", ("arn:aws:cognito-idp:eu-west-1:123456789012:userpool/x_Y1",), WHERE
    )
    custom = [
        CustomAuthorizer(f"c{seconds}", "Authorization", AUTHORIZER_URI, seconds, None, WHERE)
        for seconds in (0, 3600, None)
    ]

    assert check(model_of(authorizers=(pool, *custom))) == []


def test_an_empty_model_has_no_problem():
    assert check(model_of()) == []


def test_functions_of_the_application_itself_have_no_problem():
    functions = (
        Function("api_handler", "app.app", "api", WHERE),
        Function("my_auth", "app.my_auth", "authorizer", WHERE),
    )

    assert check(model_of(functions=functions)) == []


def test_every_check_takes_a_model_and_yields():
    assert all(list(one(model_of())) == [] for one in CHECKS)


segments = st.sampled_from(["a", "{id}", "{x}", "{proxy+}", "{", "a{b}", "", "ping", "b c"])


@given(
    st.lists(
        st.tuples(
            st.lists(segments, max_size=3).map("/".join).map("/{}".format),
            st.sampled_from(["GET", "get", "", "ANY", "OPTIONS"]),
            st.lists(st.sampled_from(["id", "x", "proxy"]), unique=True, max_size=3),
        ),
        max_size=6,
    )
)
def test_any_routes_are_right_or_told_what_is_wrong(declared):
    routes = tuple(
        Route(path, method, "v", "v", tuple(names), accepts_any=False, where=WHERE)
        for path, method, names in declared
    )

    found = check(model_of(routes=routes))

    assert all(problem.summary and problem.hint and problem.where for problem in found)
    assert len(found) == len(set(found))
    if not found:
        assert all(set(captures(route.path)) <= set(route.parameters) for route in routes)


@pytest.mark.parametrize(
    "lines",
    [
        "@app.route('/a\\x1b[31m')\ndef a(): ...",
        "@app.route('/a', name='\\x1b')\ndef a(b): ...",
        "@app.route('/a', methods=['\\x1b'])\ndef a(): ...",
        "@app.route('/a', cors=type('\\x1b', (), {}))\ndef a(): ...",
        "@app.route('/a', **{'\\x1b': 1})\ndef a(): ...",
        "@app.authorizer(header='\\n', name='\\x1b')\ndef a(request): ...",
        "@app.lambda_function(name='\\x1b')\ndef a(event, context): ...",
        "app.app_name = 1\n@app.route('/', content_types=['a/b', '\\x1b', 1])\ndef a(): ...",
    ],
)
def test_no_name_of_an_application_writes_to_the_terminal(tmp_path, lines):
    loaded = load(write_project(tmp_path, application(lines)))

    problems = [*loaded.problems, *check(loaded.model)]

    assert problems
    assert [problem.visible() for problem in problems] == problems


class Callable:
    def __call__(self, event): ...


@pytest.mark.parametrize(
    ("function", "counts"),
    [
        (lambda: None, {0}),
        (lambda a, b=1: None, {1, 2}),
        (lambda a, *more: None, {1, 2, 3}),
        (lambda a, *, named: None, set()),
        (lambda a, *, named=1: None, {1}),
        (Callable(), {1}),
        (functools.partial(lambda a, b: None, 1), {1}),
        (dict.fromkeys, {1, 2}),
        (type, {0, 1, 2, 3}),
        ("no function", {0, 1, 2, 3}),
    ],
    ids=[
        "none",
        "one with a default",
        "any number",
        "a name it wants",
        "a name it may have",
        "an object that is called",
        "a partial function",
        "a function of C",
        "a type",
        "no function",
    ],
)
def test_what_is_called_by_position_takes_so_many_arguments(function, counts):
    assert {count for count in range(4) if takes(function, count)} == counts
