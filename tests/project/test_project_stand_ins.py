"""What answers for authorizers that live elsewhere: found, or told with the line of its key."""

import json

import pytest
from tests.projects import application, write_project

from chalice.diagnostics import InvalidApp
from chalice.emulator import emulate, functions_of, http_request
from chalice.project import load_project

ARN = "arn:aws:lambda:us-east-1:123456789012:function:theirs"
URI = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{ARN}/invocations"
APP = application(
    f"""
    theirs = CustomAuthorizer("theirs", authorizer_uri={URI!r})

    @app.authorizer()
    def mine(request):
        return AuthResponse(routes=["*"], principal_id="mine:" + request.token)

    @app.lambda_function()
    def plain(event, context):
        return {{"principalId": "plain", "policyDocument": {{"Statement": []}}}}

    @app.route("/", authorizer=theirs)
    def index():
        return app.current_request.context["authorizer"]["principalId"]
    """
)
ALLOW = {
    "principalId": "recorded",
    "policyDocument": {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}],
    },
}
CHECK = f"""
def check(event, context):
    return {{**{ALLOW!r}, "principalId": "imported:" + event["authorizationToken"]}}

class Checks:
    check = staticmethod(check)

number = 5

def bare(): ...
"""


def a_project(directory, authorizers, files=None):
    config = f'{{\n"local": {{\n"authorizers": {{\n{authorizers}\n}}}}}}'
    return write_project(directory, APP, config, {"elsewhere.py": CHECK, **(files or {})})


def asked(directory, headers=None):
    gateway = emulate(load_project(directory, "dev", {}))
    token = {"Authorization": "tok"} if headers is None else headers
    return gateway.answer(http_request("GET", "/", token, None, gateway.stage))


@pytest.mark.parametrize("name", ["theirs", ARN], ids=["by name", "by function"])
@pytest.mark.parametrize(
    ("stand_in", "principal"),
    [
        ("mine", b"mine:tok"),
        ("elsewhere:check", b"imported:tok"),
        ("elsewhere:Checks.check", b"imported:tok"),
        ({"returns": ALLOW}, b"recorded"),
        ({"file": "answer.json"}, b"recorded"),
    ],
    ids=str,
)
def test_a_stand_in_answers_for_the_authorizer(tmp_path, name, stand_in, principal):
    written = f"{json.dumps(name)}: {json.dumps(stand_in)}"
    directory = a_project(tmp_path, written, {".chalice/answer.json": json.dumps(ALLOW)})

    response = asked(directory)

    assert (response.status, response.body) == (200, principal)
    assert asked(directory, {}).status == 401


def test_a_stand_in_that_allows_nothing_lets_nobody_in(tmp_path):
    response = asked(a_project(tmp_path, '"theirs": "plain"'))

    assert response.status == 403
    assert response.reason.startswith("`theirs` does not allow ")


def test_an_authorizer_without_a_stand_in_lets_nobody_in_and_says_how_to_name_one(tmp_path):
    directory = a_project(tmp_path, "")

    response = asked(directory)

    assert (response.status, response.body) == (500, b'{"message":null}')
    assert "`local.authorizers` in the configuration" in response.reason
    assert "`theirs`" in response.reason
    assert functions_of(load_project(directory, "dev", {}))[ARN].absent


@pytest.mark.parametrize(
    ("stand_in", "code", "summary", "hint"),
    [
        (
            '"theirs": "min"',
            "config-authorizer-function",
            "`local.authorizers.theirs` names `min`, which is no function of the application",
            "write `mine`",
        ),
        (
            '"theirs": "api_handler"',
            "config-authorizer-function",
            (
                "`local.authorizers.theirs` names `api_handler`, which is no function of the"
                " application"
            ),
            "write the name of one, or `module:attribute`",
        ),
        (
            '"theris": "mine"',
            "config-authorizer-unknown",
            (
                "`local.authorizers.theris` is for no CustomAuthorizer of the application, by name"
                " or by function"
            ),
            "write `theirs`",
        ),
        (
            '"arn:x": "mine"',
            "config-authorizer-unknown",
            (
                "`local.authorizers.arn:x` is for no CustomAuthorizer of the application, by name"
                " or by function"
            ),
            "known are theirs",
        ),
        (
            '"mine": "mine"',
            "config-authorizer-kind",
            "`local.authorizers.mine` is for an authorizer that lives here",
            "remove it: only a CustomAuthorizer is elsewhere",
        ),
        (
            '"theirs": "nowhere:check"',
            "config-authorizer-load",
            (
                "`local.authorizers.theirs` names `nowhere:check`, which cannot be loaded:"
                " ModuleNotFoundError: No module named 'nowhere'"
            ),
            "write `module:attribute` of a function that takes event and context",
        ),
        (
            '"theirs": "elsewhere:missing"',
            "config-authorizer-load",
            (
                "`local.authorizers.theirs` names `elsewhere:missing`, which cannot be loaded:"
                " AttributeError: module 'elsewhere' has no attribute 'missing'"
            ),
            "write `module:attribute` of a function that takes event and context",
        ),
        (
            '"theirs": "exits:check"',
            "config-authorizer-load",
            "`local.authorizers.theirs` names `exits:check`, which cannot be loaded: SystemExit: 3",
            "write `module:attribute` of a function that takes event and context",
        ),
        (
            '"theirs": "elsewhere:number"',
            "config-authorizer-load",
            "`local.authorizers.theirs` names `elsewhere:number`, which is of type `int`",
            "name a function that takes event and context",
        ),
        (
            '"theirs": "elsewhere:bare"',
            "config-authorizer-load",
            (
                "`local.authorizers.theirs` names `elsewhere:bare`, which cannot be called with"
                " event and context"
            ),
            "write `def bare(event, context):`",
        ),
        (
            '"theirs": {"file": "gone.json"}',
            "config-file-missing",
            (
                "`local.authorizers.theirs` names `.chalice/gone.json`, which cannot be read: No"
                " such file or directory"
            ),
            "make the file, or name another one",
        ),
        (
            '"theirs": {"file": "broken.json"}',
            "config-file-json",
            (
                "`local.authorizers.theirs` names `.chalice/broken.json`, which is not JSON:"
                " Expecting value: line 1 column 1 (char 0)"
            ),
            "mend it",
        ),
        (
            '"theirs": {"file": "list.json"}',
            "config-authorizer-answer",
            "`local.authorizers.theirs` names `.chalice/list.json`, which holds no answer",
            'write `{"principalId": ..., "policyDocument": {...}}`',
        ),
    ],
    ids=lambda value: value if value.startswith('"') else "",
)
def test_what_cannot_stand_in_is_told_with_the_line_of_its_key(
    tmp_path, stand_in, code, summary, hint
):
    files = {
        "exits.py": "raise SystemExit(3)",
        ".chalice/broken.json": "nonsense",
        ".chalice/list.json": "[1]",
    }

    with pytest.raises(InvalidApp) as caught:
        load_project(a_project(tmp_path, stand_in, files), "dev", {})

    (problem,) = caught.value.problems
    assert (problem.code, problem.where) == (code, ".chalice/config.json:4")
    assert (problem.summary, problem.hint) == (summary, hint)


def test_one_function_has_one_stand_in(tmp_path):
    with pytest.raises(InvalidApp) as caught:
        load_project(a_project(tmp_path, f'"theirs": "mine",\n"{ARN}": "plain"'), "dev", {})

    (problem,) = caught.value.problems
    assert (problem.code, problem.where) == ("config-authorizer-twice", ".chalice/config.json:5")


def test_the_same_stand_in_may_be_written_twice(tmp_path):
    directory = a_project(tmp_path, f'"theirs": "mine",\n"{ARN}": "mine"')

    assert asked(directory).status == 200


@pytest.mark.parametrize("stand_in", ['"theirs": "elsewhere.check"', '"theirs": {"file": 7}'])
def test_a_stand_in_of_the_wrong_shape_is_told_once(tmp_path, stand_in):
    with pytest.raises(InvalidApp) as caught:
        load_project(a_project(tmp_path, stand_in, {}), "dev", {})

    assert [problem.where for problem in caught.value.problems] == [".chalice/config.json:4"]
