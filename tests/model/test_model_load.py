"""A project imported: its places, its failures, and what it leaves in the process."""

from __future__ import annotations

import os
import sys

import pytest
from tests.projects import APPS, application, write_project

from chalice import runtime
from chalice.model.check import check
from chalice.model.declared import Place
from chalice.model.load import load, uninstall
from chalice.model.recorder import Recorder

HELLO = "@app.route('/')\ndef index(): return {'hello': 'world'}"


def failure(directory, app, files=None):
    loaded = load(write_project(directory, app, files=files))
    assert loaded.model is None
    [problem] = loaded.problems
    return problem


def test_a_project_is_loaded_with_its_library_and_its_vendored_packages():
    loaded = load(APPS / "shop")

    assert loaded.problems == ()
    assert check(loaded.model) == []
    assert {route.path: str(route.where) for route in loaded.model.routes} == {
        "/": "app.py:12",
        "/parcels/{number}": "app.py:18",
        "/orders": "chalicelib/orders.py:6",
        "/orders/{order_id}": "chalicelib/orders.py:11",
    }
    assert loaded.model.where == Place("app.py", 7)


def test_a_view_may_import_lazily_after_the_load():
    loaded = load(APPS / "shop")
    event = {
        "httpMethod": "GET",
        "requestContext": {"httpMethod": "GET", "resourcePath": "/parcels/{number}"},
        "headers": {},
        "pathParameters": {"number": "7"},
        "multiValueQueryStringParameters": None,
        "body": None,
        "isBase64Encoded": False,
        "stageVariables": None,
    }

    answer = loaded.handlers["api_handler"](event, None)

    assert answer["body"] == '{"parcel":"parcel 7"}'


# --- what plain Python would refuse -----------------------------------------------------------

REFUSED = {
    "duplicate": (
        "@app.route('/')\ndef a(): ...\n@app.route('/')\ndef b(): ...",
        5,
        "route-duplicate",
        "another path",
    ),
    "unknown option": (
        "@app.route('/', mehtods=['GET'])\ndef a(): ...",
        3,
        "route-option-unknown",
        "write `methods`",
    ),
    "unknown option like no other": (
        "@app.route('/', zzz=1)\ndef a(): ...",
        3,
        "route-option-unknown",
        "known are methods",
    ),
    "content types": (
        "@app.route('/', content_types='text/plain')\ndef a(): ...",
        3,
        "route-content-types-type",
        "write a list",
    ),
    "provider ARNs": (
        (
            "pool = CognitoUserPoolAuthorizer('p', 'arn:aws:cognito-idp:x')\n"
            "@app.route('/', authorizer=pool)\ndef a(): ..."
        ),
        3,
        "authorizer-provider-arns-type",
        "write a list",
    ),
    "schedule": (
        "@app.schedule('rate(1 hour)')\ndef a(event): ...",
        3,
        "decorator-not-supported",
        "remove it",
    ),
    "schedule of a blueprint": (
        "part = Blueprint('app')\n@part.schedule('rate(1 hour)')\ndef a(event): ...",
        4,
        "decorator-not-supported",
        "remove it",
    ),
    "a class of a later version": (
        "from chalice.app import WebsocketAPI",
        3,
        "class-not-supported",
        "also from annotations",
    ),
    "middleware for an unknown event": (
        "@app.middleware('htpp')\ndef a(event, get_response): ...",
        3,
        "middleware-event-type",
        "write `http`",
    ),
    "middleware registered for an unknown event": (
        "def a(event, get_response): ...\napp.register_middleware(a, 5)",
        4,
        "middleware-event-type",
        "known are all, s3, sns, sqs, cloudwatch",
    ),
    "letters for methods": (
        "@app.route('/', methods='DELETE')\ndef a(): ...",
        3,
        "route-methods-type",
        'methods=["DELETE"]',
    ),
}


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("boto3", "install `boto3` beside Chalice; Lambda's runtime has it"),
        ("botocore.config", "install `botocore` beside Chalice; Lambda's runtime has it"),
        ("six_", "install what the project requires: `pip install -r requirements.txt`"),
        (
            "chalice.constants",
            "import from `chalice`, `chalice.app`, `chalice.test` or `chalice.local`",
        ),
        ("other", "install `other` and add it to `requirements.txt`, or put it into `vendor/`"),
    ],
)
def test_a_module_that_is_missing_comes_from_where_it_belongs(tmp_path, name, hint):
    app = f"raise ModuleNotFoundError('none', name='{name}')\n"

    problem = failure(tmp_path, app, {"requirements.txt": "# a\n  Six-==1.0 ; marker\nmore\n"})

    assert (problem.code, problem.hint) == ("app-import", hint)


@pytest.mark.parametrize(("lines", "line", "code", "hint"), REFUSED.values(), ids=REFUSED)
def test_what_python_would_refuse_is_recorded_and_loading_goes_on(
    tmp_path, lines, line, code, hint
):
    more = f"{lines}\n@app.route('/last')\ndef last(): ..."

    loaded = load(write_project(tmp_path, application(more)))

    [problem] = loaded.problems
    assert (problem.code, problem.where) == (code, f"app.py:{line}")
    assert hint in problem.hint
    assert "\n" not in problem.summary
    assert "/last" in {route.path for route in loaded.model.routes}


def test_what_was_refused_before_a_failure_is_told_with_it(tmp_path):
    write_project(tmp_path, application("@app.route('/', zzz=1)\ndef a(): ...\n1 / 0"))

    loaded = load(tmp_path)

    assert [problem.code for problem in loaded.problems] == ["route-option-unknown", "app-import"]


def test_a_declaration_made_by_a_library_has_the_projects_line(tmp_path):
    library = "def add(app, path):\n    app.route(path)(lambda: None)\n"
    app = application("from adder import add\nadd(app, '/a')")
    write_project(tmp_path, app, files={"vendor/adder.py": library})

    loaded = load(tmp_path)

    assert [str(route.where) for route in loaded.model.routes] == ["app.py:4"]


# --- failures ---------------------------------------------------------------------------------


def test_a_directory_without_app_py_says_what_to_do(tmp_path):
    loaded = load(tmp_path)

    [problem] = loaded.problems
    assert (problem.code, loaded.model) == ("app-missing", None)
    assert "chalice new-project" in problem.hint


def test_a_syntax_error_has_its_line_and_column(tmp_path):
    problem = failure(tmp_path, "from chalice import Chalice\napp = Chalice('x'\n")

    assert (problem.code, problem.where) == ("app-syntax", "app.py:2")
    assert "was never closed" in problem.summary
    assert "app = Chalice('x'" in problem.hint


def test_a_syntax_error_of_the_library_has_its_file(tmp_path):
    problem = failure(tmp_path, "from chalicelib import db", {"chalicelib/db.py": "x = = 1\n"})

    assert (problem.code, problem.where) == ("app-syntax", "chalicelib/db.py:1")


def test_an_exception_has_the_lines_of_the_project_only(tmp_path):
    library = "import json\ndef read():\n    return json.loads('{')\n"
    app = "from chalicelib import settings\n\nsettings.read()\n"

    problem = failure(tmp_path, app, {"chalicelib/settings.py": library})

    assert (problem.code, problem.where) == ("app-import", "chalicelib/settings.py:3")
    assert problem.summary.splitlines() == [
        (
            "`app.py` cannot be imported: JSONDecodeError: Expecting property name enclosed in"
            " double quotes: line 1 column 2 (char 1)"
        ),
        "    app.py:3 in <module>: settings.read()",
        "    chalicelib/settings.py:3 in read: return json.loads('{')",
    ]


def test_a_client_without_a_region_is_told_of_the_variable(tmp_path):
    app = (
        "class NoRegionError(Exception): pass\nraise NoRegionError('You must specify a region.')\n"
    )

    problem = failure(tmp_path, app)

    hint = "set `AWS_DEFAULT_REGION` in your shell; Lambda sets it for each function"
    assert problem.hint == hint


def test_of_a_recursion_the_ends_are_told(tmp_path):
    problem = failure(tmp_path, "def f():\n    f()\nf()\n")

    lines = problem.summary.splitlines()
    assert len(lines) == 10
    assert (lines[1], lines[2]) == ("    app.py:3 in <module>: f()", "    app.py:2 in f: f()")
    assert lines[5].endswith(" more")


def test_an_error_raised_by_chalice_shows_none_of_its_frames(tmp_path):
    problem = failure(tmp_path, "from chalice import Chalice\nChalice()\n")

    assert problem.where == "app.py:2"
    assert "missing 1 required positional argument: 'app_name'" in problem.summary
    assert "\n" not in problem.summary


def test_the_text_of_an_error_is_visible_and_keeps_its_lines(tmp_path):
    problem = failure(tmp_path, "raise ValueError('a\\x1b[31m\\n\\tb')\n")

    assert problem.summary.splitlines() == [
        "`app.py` cannot be imported: ValueError: a\\x1b[31m",
        "    \\tb",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "__import__('no\\x1b[2J')",
        "import os; os.environ['\\x1b[2J']",
        "import sys; sys.exit(chr(27))",
        "exec(compile('def f(): 1/0', 'a', 'exec')); '\x1b'; f()",
        "'\x1b",
    ],
)
def test_no_failure_writes_to_the_terminal(tmp_path, line):
    problem = failure(tmp_path, f"{line}\n")

    assert problem.visible() == problem


def test_a_missing_chalicelib_is_no_library_to_install(tmp_path):
    problem = failure(tmp_path, "import chalicelib\n")

    assert problem.hint == (
        "put the modules of the application into the folder `chalicelib` beside `app.py`"
    )


@pytest.mark.parametrize(
    ("line", "summary", "hint"),
    [
        ("import no_such_module.x", "No module named 'no_such_module'", "`no_such_module`"),
        ("import db", "No module named 'db'", "write `from chalicelib import db`"),
        ("import os; os.environ['NO_SUCH_VARIABLE']", "NO_SUCH_VARIABLE", "environment_variables"),
        ("{}['key']", "KeyError: 'key'", "mend the line"),
        ("import sys; sys.exit(3)", "`sys.exit(3)`", "remove it"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", "remove it"),
        ("raise SyntaxError('of no file')", "SyntaxError: of no file", "mend"),
        ("raise GeneratorExit", "GeneratorExit", "mend"),
        ("def f(): f()\nf()", "RecursionError", "mend"),
        ("class E(Exception):\n  def __str__(self): 1/0\nraise E", ": E", "mend"),
    ],
)
def test_whatever_is_raised_is_a_problem_with_a_hint(tmp_path, line, summary, hint):
    problem = failure(tmp_path, f"{line}\n", {"chalicelib/db.py": ""})

    assert problem.code == "app-import"
    assert problem.where.startswith("app.py:")
    assert summary in problem.summary
    assert hint in problem.hint


@pytest.mark.parametrize(
    ("app", "code", "hint"),
    [
        ("x = 1\n", "app-object-missing", 'write `app = Chalice(app_name="NAME")`'),
        ("app = 5\n", "app-object-type", 'write `app = Chalice(app_name="NAME")`'),
        (
            "from chalice import Chalice\napplication = Chalice('x')\n",
            "app-object-missing",
            "rename `application` to `app`",
        ),
    ],
)
def test_a_module_without_an_application_is_a_problem(tmp_path, app, code, hint):
    problem = failure(tmp_path, app)

    assert (problem.code, problem.where) == (code, "app.py")
    assert hint in problem.hint


# --- what Lambda can reach -----------------------------------------------------------------------

UNREACHABLE = {
    "nested": (
        "def outer():\n    @app.lambda_function()\n    def inner(e, c): ...\nouter()",
        "app.py:4",
        "module `app` has no `inner`",
    ),
    "shadowed by a function": (
        "@app.lambda_function(name='a')\ndef work(e, c): ...\ndef work(): ...",
        "app.py:3",
        "another definition of `work`",
    ),
    "shadowed by a value": (
        "@app.authorizer()\ndef guard(request): ...\nguard = 'x'",
        "app.py:3",
        "`app.guard` is not callable",
    ),
    "shadowed by another function of the application": (
        (
            "@app.lambda_function(name='a')\ndef work(e, c): ...\n"
            "@app.lambda_function(name='b')\ndef work(e, c): ..."
        ),
        "app.py:3",
        "another definition of `work`",
    ),
    "renamed": (
        "@app.lambda_function()\ndef work(e, c): ...\nother = work\ndel work",
        "app.py:3",
        "module `app` has no `work`",
    ),
    "a blueprint of no module": (
        (
            "bp = Blueprint('elsewhere')\n@bp.lambda_function()\ndef work(e, c): ...\n"
            "app.register_blueprint(bp)"
        ),
        "app.py:4",
        "there is no module `elsewhere`",
    ),
}


@pytest.mark.parametrize(("lines", "where", "summary"), UNREACHABLE.values(), ids=UNREACHABLE)
def test_a_function_that_lambda_would_not_find_is_a_problem(tmp_path, lines, where, summary):
    loaded = load(write_project(tmp_path, application(lines)))

    [problem] = loaded.problems
    assert (problem.code, problem.where) == ("function-unreachable", where)
    assert summary in problem.summary


REACHED = {
    "scopes": "@app.authorizer()\ndef guard(r): ...\nguard = guard.with_scopes(['a'])",
    "a wrapper that says so": (
        "import functools\n@app.lambda_function()\ndef work(e, c): return 'in'\n"
        "inner = work\n@functools.wraps(inner, updated=())\n"
        "def work(e, c): return 'out ' + inner(e, c)"
    ),
    "a wrapper that does not": (
        "def traced(f):\n    def call(e, c): return 'out ' + f(e, c)\n    return call\n"
        "@traced\n@app.lambda_function()\ndef work(e, c): return 'in'"
    ),
}


@pytest.mark.parametrize("lines", REACHED.values(), ids=REACHED)
def test_a_wrapper_is_what_lambda_calls(tmp_path, lines):
    loaded = load(write_project(tmp_path, application(lines)))

    assert loaded.problems == ()
    if "work" in loaded.handlers:
        assert loaded.handlers["work"]({}, None) == "out in"


NOT_RUN = {
    "a view": ("@app.route('/a')\nasync def view(): ...", "view `view` is `async`"),
    "a view that yields": ("@app.route('/a')\ndef view(): yield 1", "view `view` has a `yield`"),
    "an object": (
        "class Serve:\n    async def __call__(self): ...\napp.route('/a', name='it')(Serve())",
        "view `it` is `async`",
    ),
    "a function": (
        "@app.lambda_function()\nasync def work(e, c): ...",
        "function `work` is `async`",
    ),
    "an authorizer": ("@app.authorizer()\nasync def door(r): ...", "function `door` is `async`"),
    "an asynchronous generator": (
        "@app.lambda_function()\nasync def work(e, c): yield 1",
        "function `work` is `async`",
    ),
    "middleware": (
        "@app.middleware('http')\nasync def mark(event, get_response): ...",
        "middleware `mark` is `async`",
    ),
}


@pytest.mark.parametrize(("lines", "summary"), NOT_RUN.values(), ids=NOT_RUN)
def test_what_a_call_does_not_run_is_a_problem(tmp_path, lines, summary):
    loaded = load(write_project(tmp_path, application(lines)))

    [problem] = loaded.problems
    assert problem.code in ("function-async", "function-generator")
    assert problem.where.startswith("app.py:")
    assert problem.summary.startswith(summary)


RUN = {
    "a view": (
        "import asyncio\ndef run(f):\n    return lambda: asyncio.run(f())\n"
        "async def view(): ...\napp.route('/a', name='view')(run(view))"
    ),
    "a function": (
        "import asyncio\ndef run(f):\n    return lambda e, c: asyncio.run(f(e, c))\n"
        "@run\n@app.lambda_function()\nasync def work(e, c): ..."
    ),
    "a function, by a wrapper that takes over its attributes": (
        "import asyncio, functools\ndef run(f):\n    @functools.wraps(f)\n"
        "    def wrapper(e, c):\n        return asyncio.run(f(e, c))\n    return wrapper\n"
        "@run\n@app.lambda_function()\nasync def work(e, c): ..."
    ),
}


@pytest.mark.parametrize("lines", RUN.values(), ids=RUN)
def test_a_wrapper_may_run_what_is_async(tmp_path, lines):
    loaded = load(write_project(tmp_path, application(lines)))

    assert loaded.problems == ()


def test_a_module_beside_app_py_is_no_part_of_the_package(tmp_path):
    write_project(tmp_path, application("import tables_of_mine"), files={"tables_of_mine.py": ""})

    [problem] = load(tmp_path).problems

    assert (problem.code, problem.severity) == ("module-not-packaged", "warning")
    assert problem.where == "tables_of_mine.py"


# --- the process ---------------------------------------------------------------------------------


def test_a_project_is_found_before_everything_that_is_installed(tmp_path):
    files = {"vendor/hypothesis_like.py": "FROM = 'vendor'", "chalicelib/a.py": "X = 1"}
    write_project(
        tmp_path, application("import hypothesis_like\nfrom chalicelib import a"), None, files
    )

    load(tmp_path)

    assert sys.path[:2] == [str(tmp_path), str(tmp_path / "vendor")]
    assert sys.modules["hypothesis_like"].FROM == "vendor"


def test_after_uninstalling_nothing_of_the_project_is_left(tmp_path):
    files = {"vendor/parcels/__init__.py": "", "vendor/parcels/a.py": "", "chalicelib/b.py": ""}
    lines = "import parcels.a\nfrom chalicelib import b"
    write_project(tmp_path, application(lines), None, files)
    before = (sys.path[:], sys.path_hooks[:], set(sys.modules))

    load(tmp_path)
    uninstall()

    assert (sys.path, sys.path_hooks) == before[:2]
    assert {"app", "chalicelib", "parcels"}.isdisjoint({*sys.modules} - before[2])
    assert not any(str(tmp_path) in entry for entry in sys.path_importer_cache)
    assert runtime.observer is None


def test_projects_do_not_see_each_others_modules(tmp_path):
    for name in ("one", "two"):
        files = {"chalicelib/which.py": f"NAME = '{name}'", "vendor/dep.py": f"NAME = '{name}'"}
        lines = (
            "import dep\nfrom chalicelib.which import NAME\n@app.route('/' + NAME + dep.NAME)\n"
            "def v(): ..."
        )
        write_project(tmp_path / name, application(lines), None, files)

    paths = [load(tmp_path / name).model.routes[0].path for name in ("one", "two", "one")]

    assert paths == ["/oneone", "/twotwo", "/oneone"]
    assert sys.path.count(str(tmp_path / "one")) == 1
    assert str(tmp_path / "two") not in sys.path


def test_an_edit_within_the_same_second_is_seen(tmp_path):
    first = load(write_project(tmp_path, application("@app.route('/a')\ndef v(): ...")))

    second = load(write_project(tmp_path, application("@app.route('/b')\ndef v(): ...")))

    assert [loaded.model.routes[0].path for loaded in (first, second)] == ["/a", "/b"]


def test_an_edit_of_the_library_within_the_same_second_is_seen(tmp_path):
    app = application("from chalicelib.paths import P\n@app.route(P)\ndef v(): ...")
    first = load(write_project(tmp_path, app, files={"chalicelib/paths.py": "P = '/a'"}))

    second = load(write_project(tmp_path, app, files={"chalicelib/paths.py": "P = '/b'"}))

    assert [loaded.model.routes[0].path for loaded in (first, second)] == ["/a", "/b"]


def test_no_bytecode_is_left_in_what_is_packaged(tmp_path):
    write_project(tmp_path, application("import chalicelib.a"), files={"chalicelib/a.py": ""})

    load(tmp_path)

    assert not list(tmp_path.rglob("*.pyc"))


def test_vendored_modules_are_kept_when_the_project_is_loaded_again(tmp_path):
    write_project(tmp_path, application("import dep"), files={"vendor/dep.py": ""})
    load(tmp_path)
    before = sys.modules["dep"]

    load(tmp_path)

    assert sys.modules["dep"] is before


def test_modules_of_the_same_names_come_back(tmp_path):
    stranger = type(sys)("app")
    sys.modules["app"] = stranger
    try:
        loaded = load(write_project(tmp_path, application(HELLO)))
        assert sys.modules["app"] is not stranger
        uninstall()

        assert sys.modules["app"] is stranger
        assert loaded.model.routes
    finally:
        del sys.modules["app"]


def test_a_library_inside_the_project_directory_is_not_the_projects(tmp_path):
    packages = tmp_path / ".venv" / "site-packages"
    write_project(packages, files={"inner_library.py": ""})
    sys.path.append(str(packages))
    try:
        load(write_project(tmp_path, application("import inner_library")))
        uninstall()

        assert "inner_library" in sys.modules
    finally:
        sys.path.remove(str(packages))
        sys.modules.pop("inner_library", None)


def test_variables_are_set_while_the_project_is_imported_and_only_then(tmp_path):
    app = application(
        "import os\n@app.route('/' + os.environ['TABLE_NAME'])\ndef v(): ...\n"
        "os.environ['OWN_NAME'] = 'own'\nos.environ['CHANGED_NAME'] = 'changed'"
    )
    given = {"TABLE_NAME": "users", "CHANGED_NAME": "given"}

    try:
        loaded = load(write_project(tmp_path, app), given)

        assert loaded.model.routes[0].path == "/users"
        assert "TABLE_NAME" not in os.environ
        assert (os.environ["OWN_NAME"], os.environ["CHANGED_NAME"]) == ("own", "changed")
    finally:
        os.environ.pop("OWN_NAME", None)
        os.environ.pop("CHANGED_NAME", None)


def test_a_variable_that_was_set_before_comes_back(tmp_path):
    os.environ["SHADOWED_NAME"] = "before"
    try:
        load(write_project(tmp_path, application(HELLO)), {"SHADOWED_NAME": "during"})

        assert os.environ["SHADOWED_NAME"] == "before"
    finally:
        del os.environ["SHADOWED_NAME"]


def test_a_project_that_changes_the_path_itself_can_be_taken_out(tmp_path):
    app = application("import sys\ndel sys.path[:2]\nsys.path_hooks.pop(0)")
    before = (sys.path[:], sys.path_hooks[:])

    load(write_project(tmp_path, app))
    uninstall()

    assert (sys.path, sys.path_hooks) == before


def test_a_declaration_outside_of_the_project_has_the_first_line_outside_of_chalice(tmp_path):
    place = Recorder(tmp_path / "elsewhere").here()

    assert place.file.endswith("test_model_load.py")
    assert place.line > 0


def test_the_observer_is_gone_after_a_failure(tmp_path):
    load(write_project(tmp_path, "1 / 0\n"))

    assert runtime.observer is None
