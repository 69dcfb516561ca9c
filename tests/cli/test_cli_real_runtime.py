"""Commands that run the package under Lambda's own runtime client."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

import pytest

from chalice.invoke.lambda_runtime.folders import OwnFolder

APP = """
    import os

    from chalice import Chalice

    app = Chalice(app_name="shop")

    @app.route("/")
    def index():
        return {}

    @app.lambda_function()
    def report(event, context):
        print("printed")
        return {
            "event": event,
            "root": os.environ["LAMBDA_TASK_ROOT"],
            "home": "HOME" in os.environ,
            "file": os.path.basename(__file__),
        }

    @app.lambda_function()
    def broken(event, context):
        raise KeyError("no")
"""
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
INIT_START = (
    "INIT_START Runtime Version: python:VERSION\t"
    "Runtime Version ARN: arn:aws:lambda:us-east-1::runtime:local"
)
REPORT = (
    "REPORT RequestId: ID\tDuration: N ms\tBilled Duration: N ms\tMemory Size: N MB"
    "\tMax Memory Used: N MB\tInit Duration: N ms\t"
)
FIGURE = re.compile(r"\b[\d.]+ (ms|MB)")


@pytest.fixture(autouse=True)
def cache(tmp_path_factory, monkeypatch):
    """Keep what is kept between builds apart from what the user keeps."""
    monkeypatch.setenv("CHALICE_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))


def tidy(text):
    """Return a log without ids, figures and the version of the interpreter."""
    text = FIGURE.sub(r"N \1", UUID.sub("ID", text))
    return re.sub(r"python:[\d.]+", "python:VERSION", text)


def test_a_function_runs_as_on_lambda(chalice, project, tmp_path):
    project(APP)
    (tmp_path / "event.json").write_text('{"key": 1}')

    code, out, err = chalice("invoke", "--local", "report", "--payload", "event.json")

    answer = json.loads(out)
    assert code == 0
    assert (answer["event"], answer["home"], answer["file"]) == ({"key": 1}, False, "app.py")
    assert [line for line in tidy(err).splitlines() if not line.startswith("Warning: ")] == [
        INIT_START,
        "START RequestId: ID Version: $LATEST",
        "printed",
        "END RequestId: ID",
        REPORT,
    ]


def test_the_error_is_the_one_of_the_runtime_client(chalice, project):
    project(APP)

    code, out, err = chalice("invoke", "--local", "broken")

    error = json.loads(out)
    assert code == 1
    assert (error["errorType"], error["errorMessage"]) == ("KeyError", "'no'")
    assert error["stackTrace"][-1].startswith('  File "/var/task/app.py", line ')
    assert err.endswith("Error: `broken` failed; what it returned is the error\n")


def test_a_name_is_looked_up_before_anything_is_built(chalice, project, tmp_path):
    project(APP)
    (tmp_path / "requirements.txt").write_text("no-such-package-anywhere\n")

    assert chalice("invoke", "--local", "reprot") == (
        1,
        "",
        "Error: The application has no function `reprot`; the nearest is `report`\n",
    )


def test_cold_starts_are_measured(chalice, project):
    project(APP)

    code, out, err = chalice("package", "out", "--check-start", "--budget", "9000")

    starts, imports = out.split("\n\n")[3:]
    rows = [re.split(r" {2,}", line) for line in starts.splitlines()]
    assert code == 0
    assert rows[0] == [
        *("FUNCTION", "COLD START", "FASTEST", "SLOWEST", "CPU", "MEMORY", "MODULES")
    ]
    assert [row[0] for row in rows[1:]] == [
        *("api_handler", "report", "broken", "(the runtime client alone)")
    ]
    assert imports.startswith("IMPORTED BY api_handler, report, broken")
    assert "\nchalice.app " in imports
    assert "Error" not in err


def test_a_budget_that_is_broken_is_an_error(chalice, project):
    project(APP)

    code, out, err = chalice(
        *("package", "out", "--check-start", "--json", "--budget-modules", "1", "--budget", "0.5")
    )

    starts = json.loads(out)["cold_starts"]
    modules = starts["functions"][0]["modules"]
    assert code == 1
    assert len(starts["over_budget"]) == 6
    # That of the function's process, not of this one.
    assert 5 < starts["functions"][0]["peak_mb"] < 40
    assert starts["functions"][0]["median_ms"] > starts["client_ms"] / 2 > 0
    assert (
        f"Error: `report` imports {modules} modules, {modules - 1} over the budget of 1\n"
    ) in err


def test_a_function_that_does_not_start_is_told(chalice, project):
    project("""
        import os
        from chalice import Chalice
        if "AWS_CHALICE_CLI_MODE" not in os.environ:
            raise ValueError("only on Lambda")
        app = Chalice(app_name="shop")
        @app.lambda_function()
        def report(event, context):
            return event
    """)

    code, _, err = chalice("package", "out", "--check-start")

    json_code, out, _ = chalice("package", "out", "--check-start", "--json")

    assert code == json_code == 1
    assert err.endswith("Error: `report` does not start: ValueError: only on Lambda\n")
    assert "\nTraceback (most recent call last):\n  File " in err
    assert "\\r" not in err
    assert "\\xa0" not in err
    assert json.loads(out)["error"] == "`report` does not start: ValueError: only on Lambda"
    assert json.loads(out)["archives"]


def test_what_is_killed_at_a_start_leaves_what_the_next_run_removes(project, tmp_path, monkeypatch):
    project(APP)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with subprocess.Popen(
        [sys.executable, "-m", "chalice.cli.main", "package", "out", "--check-start"],
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(scratch)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        until = time.monotonic() + 60
        while not [*scratch.glob("*/tmp-*")] and time.monotonic() < until:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    left = sorted(path.name for path in scratch.iterdir())
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))

    OwnFolder("chalice-package-").remove()

    assert [name.rpartition("-")[0] for name in left] == ["chalice-package"]
    assert not [*scratch.iterdir()]


BLUEPRINT = """\
from chalice import Blueprint

part = Blueprint(__name__)


@part.lambda_function()
def clean(event, context):
    part.log.error("cleaned")
    return {"app": part.current_app.app_name}
"""
WITH_BLUEPRINT = """
    from chalice import Chalice

    from chalicelib.part import part

    app = Chalice(app_name="shop")
    app.register_blueprint(part, name_prefix="nightly_")

    @app.middleware("all")
    def audit(event, get_response):
        return {**get_response(event), "audited": True}
"""


def with_blueprint(project, folder):
    """Write a project with a blueprint that has a function."""
    project(WITH_BLUEPRINT)
    (folder / "chalicelib").mkdir()
    (folder / "chalicelib" / "__init__.py").write_text("")
    (folder / "chalicelib" / "part.py").write_text(BLUEPRINT)


def test_a_function_of_a_blueprint_is_called_with_its_application(chalice, project, tmp_path):
    with_blueprint(project, tmp_path)

    packaged, out, err = chalice("invoke", "--local", "nightly_clean")
    here, out_here, err_here = chalice("invoke", "--local", "--in-process", "nightly_clean")

    assert (packaged, here) == (0, 0), (err, err_here)
    assert json.loads(out) == json.loads(out_here) == {"app": "shop", "audited": True}
    assert "shop - ERROR - cleaned" in err


def test_the_package_has_what_calls_a_function_of_a_blueprint(chalice, project, tmp_path):
    with_blueprint(project, tmp_path)

    code, _, err = chalice("package", "out", "--check-start")

    template = json.loads((tmp_path / "out" / "sam.json").read_text())
    assert code == 0, err
    function = template["Resources"]["NightlyClean"]["Properties"]
    assert function["Handler"] == "chalice.functions.nightly_clean"
