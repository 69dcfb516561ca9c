"""`check`, `routes` and `openapi`: what a project's commands print, whole."""

import json
import sys
from pathlib import Path

import pytest

from chalice.cli.console import Console

ROOT = Path(__file__).parents[2]

APP = """
    from chalice import Chalice, CORSConfig, IAMAuthorizer, CognitoUserPoolAuthorizer

    app = Chalice(app_name="shop")
    pool = CognitoUserPoolAuthorizer(
        "pool", provider_arns=["arn:aws:cognito-idp:us-east-1:123456789012:userpool/p_1"]
    )

    @app.route("/")
    def index():
        return {}

    @app.route("/items/{key}", methods=["GET", "PUT"], cors=True, api_key_required=True)
    def item(key):
        return {}

    @app.route("/items/{key}", methods=["DELETE"], authorizer=pool.with_scopes(["a/b", "c/d"]))
    def delete_item(key):
        return {}

    @app.route("/upload", methods=["POST"], content_types=["a/b", "c/d"],
               cors=CORSConfig(allow_origin="https://x.example", allow_credentials=True))
    def upload():
        return {}

    @app.route("/anything", content_types=[], authorizer=IAMAuthorizer())
    def anything():
        return {}
"""

BROKEN = """
    from chalice import Chalice

    app = Chalice(app_name="shop")

    @app.route("/items/")
    def items():
        return {}

    @app.route("/things/{key}")
    def thing():
        return {}
"""

BROKEN_CONFIG = """
    {
      "version": "2.0",
      "app_name": "shop",
      "lambda_memroy_size": 256
    }
"""


def test_a_project_without_problems_checks(chalice, project):
    project(APP)

    assert chalice("check") == (0, "No problems\n", "")
    assert chalice("check", "--json") == (0, "[]\n", "")


def test_all_problems_of_application_and_configuration_are_told_at_once(chalice, project):
    project(BROKEN, BROKEN_CONFIG)

    assert chalice("check") == (
        1,
        (
            ".chalice/config.json:4: the configuration has no key `lambda_memroy_size`"
            " [config-key-unknown]\n"
            "    write `lambda_memory_size`\n"
            "app.py:5: route `/items/` ends with `/` [route-trailing-slash]\n"
            "    write `/items`; it serves both forms\n"
            "app.py:9: view `thing` does not take `key`, which `/things/{key}` captures"
            " [view-parameter-missing]\n"
            "    write `def thing(key):`\n"
        ),
        "",
    )


def test_problems_are_data_for_programs(chalice, project):
    project(BROKEN)

    code, out, err = chalice("check", "--json")

    assert (code, err) == (1, "")
    assert json.loads(out)[0] == {
        "code": "route-trailing-slash",
        "summary": "route `/items/` ends with `/`",
        "where": "app.py:5",
        "hint": "write `/items`; it serves both forms",
        "severity": "error",
    }


def test_warnings_are_shown_and_pass(chalice, project):
    project('from chalice import Chalice\n\napp = Chalice(app_name="shop", debug=True)\n')

    assert chalice("check") == (
        0,
        (
            "app.py:3: warning: `app.debug` is on: clients are shown tracebacks [app-debug]\n"
            "    turn it off before the application is deployed\n"
        ),
        "",
    )


@pytest.mark.parametrize("command", ["routes", "openapi"])
def test_other_commands_make_the_same_checks_and_stop(chalice, project, command):
    project(BROKEN)

    assert chalice(command) == (
        1,
        "",
        (
            "app.py:5: route `/items/` ends with `/` [route-trailing-slash]\n"
            "    write `/items`; it serves both forms\n"
            "app.py:9: view `thing` does not take `key`, which `/things/{key}` captures"
            " [view-parameter-missing]\n"
            "    write `def thing(key):`\n"
            "Error: 2 problems\n"
        ),
    )


@pytest.mark.parametrize("command", ["check", "routes", "openapi"])
def test_a_directory_without_a_project_says_how_to_make_one(chalice, command):
    code, out, err = chalice(command)

    assert code == 1
    assert "chalice new-project NAME" in out + err


def test_an_unknown_stage_is_a_problem(chalice, project):
    project(APP, '{"version": "2.0", "app_name": "shop", "stages": {"prod": {}}}')

    code, out, err = chalice("routes", "--stage", "prdo")

    assert (code, out) == (1, "")
    assert "prod" in err


def test_an_application_that_does_not_import_shows_the_users_line(chalice, project):
    project("import nowhere\n")

    code, out, err = chalice("routes")

    assert (code, out) == (1, "")
    assert "app.py:1" in err
    assert "nowhere" in err
    assert str(ROOT / "src") not in err


ROUTES = """\
PATH          METHODS  AUTHORIZER      API KEY   CORS               CONTENT TYPES     VIEW         WHERE
/             GET      -               -         -                  application/json  index        app.py:8
/items/{key}  GET,PUT  -               required  *                  application/json  item         app.py:12
/items/{key}  DELETE   pool (a/b c/d)  -         -                  application/json  delete_item  app.py:16
/upload       POST     -               -         https://x.example  a/b,c/d           upload       app.py:20
/anything     GET      sigv4           -         -                  any               anything     app.py:25
"""  # noqa: E501 - the output as it is printed


def test_the_routes_are_a_table_also_in_a_pipe(chalice, project):
    project(APP)

    assert chalice("routes") == (0, ROUTES, "")


def test_the_routes_are_data_for_programs(chalice, project):
    project(APP)

    code, out, err = chalice("routes", "--json")

    assert (code, err) == (0, "")
    entries = json.loads(out)
    assert [entry["view"] for entry in entries] == [
        "index",
        "item",
        "delete_item",
        "upload",
        "anything",
    ]
    assert entries[2] == {
        "path": "/items/{key}",
        "methods": ["DELETE"],
        "authorizer": "pool",
        "scopes": ["a/b", "c/d"],
        "api_key_required": False,
        "cors": None,
        "content_types": ["application/json"],
        "view": "delete_item",
        "where": "app.py:16",
    }
    assert entries[3]["cors"] == {"allow_origin": "https://x.example", "allow_credentials": True}


def test_an_application_without_routes_says_so_and_prints_nothing(chalice, project):
    project('from chalice import Chalice\n\napp = Chalice(app_name="shop")\n')

    assert chalice("routes") == (0, "", "The application has no routes\n")
    assert chalice("routes", "--json") == (0, "[]\n", "")


class Terminal:
    def __init__(self):
        self.text = ""

    def isatty(self):
        return True

    def write(self, text):
        self.text += text

    def flush(self):
        pass


class Narrow(Terminal):
    """A terminal of the usual 80 columns."""

    def fileno(self):
        raise OSError


def test_on_a_terminal_what_is_copied_is_not_broken():
    terminal = Narrow()
    arn = "arn:aws:lambda:us-east-1:123456789012:function:" + "a" * 60
    console = Console(terminal, sys.stderr, {"NO_COLOR": "1"})

    console.table(("OUTPUT", "VALUE"), [("APIHandlerArn", arn)], whole=True)
    console.table(("OUTPUT", "VALUE"), [("Name", "short")], whole=True)

    assert f"APIHandlerArn  {arn}\n" in terminal.text
    assert "───" in terminal.text


def test_on_a_terminal_a_table_has_a_rule_and_the_same_cells():
    terminal = Terminal()

    Console(terminal, sys.stderr, {"NO_COLOR": "1"}).table(("PATH", "VIEW"), [("/[x]", "a")])

    assert "───" in terminal.text
    words = [word for word in terminal.text.split() if set(word) != {"─"}]
    assert words == ["PATH", "VIEW", "/[x]", "a"]
    assert "\x1b" not in terminal.text


def test_the_api_definition_is_printed_as_json(chalice, project):
    project(APP, '{"version": "2.0", "app_name": "shop", "minimum_compression_size": 10}')

    code, out, err = chalice("openapi", "--stage", "dev")

    assert (code, err) == (0, "")
    definition = json.loads(out)
    assert definition["openapi"] == "3.0.1"
    assert list(definition["paths"]) == ["/", "/items/{key}", "/upload", "/anything"]
    assert definition["x-amazon-apigateway-minimum-compression-size"] == 10


def test_a_value_that_the_definition_cannot_hold_is_a_problem_of_check(chalice, project):
    project(
        """
        from chalice import Chalice, CORSConfig

        app = Chalice(app_name="shop")

        @app.route("/", cors=CORSConfig(expose_headers=["X'A"]))
        def index():
            return {}
        """
    )

    assert chalice("check") == (
        1,
        (
            "app.py:5: Access-Control-Expose-Headers `X'A` holds a quote or a control character"
            " [cors-value]\n"
            "    write it without: API Gateway sends it as a quoted, static value\n"
        ),
        "",
    )


def test_what_cannot_be_deployed_is_a_problem_of_check_and_warnings_stay(chalice, project):
    arn = "arn:aws:acm:eu-west-1:123456789012:certificate/c"
    project(
        APP,
        f"""
        {{"iam_policy_file": "unused.json",
          "api_gateway_custom_domain":
            {{"domain_name": "a.example.com", "certificate_arn": "{arn}"}}}}
        """,
    )

    code, out, err = chalice("check")

    assert (code, err) == (1, "")
    assert "[config-policy-unused]" in out
    assert "[domain-certificate]" in out


def test_the_project_directory_can_be_elsewhere(chalice):
    code, out, err = chalice("--project-dir", str(ROOT / "examples" / "hello"), "routes")

    assert (code, err) == (0, "")
    assert out.splitlines()[1].split() == [
        "/",
        "GET",
        "-",
        "-",
        "-",
        "application/json",
        "index",
        "app.py:15",
    ]
