"""`chalice invoke`: one function, called once, whole output and exit code."""

import io
import json
import subprocess
import sys
from textwrap import dedent

import pytest

APP = """
    import os
    import sys

    from chalice import AuthResponse, Chalice

    app = Chalice(app_name="shop")

    @app.route("/")
    def index():
        return {"level": os.environ["LEVEL"]}

    @app.authorizer()
    def door(request):
        return AuthResponse(routes=["*"], principal_id=request.token)

    @app.lambda_function(name="report")
    def nightly(event, context):
        print("printed")
        print("said", file=sys.stderr)
        return {"event": event, "level": os.environ["LEVEL"], "name": context.function_name}

    @app.lambda_function()
    def broken(event, context):
        raise KeyError("no")

    @app.lambda_function()
    def slow(event, context):
        import time
        time.sleep(1.2)
"""
CONFIG = """
    {
      "environment_variables": {"LEVEL": "top"},
      "stages": {
        "dev": {
          "lambda_functions": {
            "report": {"environment_variables": {"LEVEL": "of the report"}},
            "slow": {"lambda_timeout": 1}
          }
        },
        "prod": {"environment_variables": {"LEVEL": "of prod"}}
      }
    }
"""


@pytest.fixture
def shop(project):
    project(APP, CONFIG)


@pytest.fixture
def in_process(chalice, shop):
    """Return a function that invokes in this process."""

    def run(*arguments):
        return chalice("invoke", "--local", "--in-process", *arguments)

    return run


@pytest.fixture
def stdin(monkeypatch):
    """Return a function that says what is read from stdin."""

    def give(data):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return give


def test_the_result_is_data_and_everything_else_talk(in_process):
    code, out, err = in_process("report")

    assert code == 0
    assert json.loads(out) == {"event": {}, "level": "of the report", "name": "shop-dev-report"}
    assert not out.endswith("\n")
    assert err == "printed\nsaid\n"


def test_the_payload_is_a_file(in_process, tmp_path):
    (tmp_path / "event.json").write_text('{"key": "\u00e9"}')

    _, out, _ = in_process("report", "--payload", "event.json")

    assert json.loads(out)["event"] == {"key": "\u00e9"}


def test_the_payload_is_read_from_stdin(in_process, stdin):
    stdin(b"[1, 2]")

    _, out, _ = in_process("-n", "report", "--payload", "-")

    assert json.loads(out)["event"] == [1, 2]


def test_the_stage_configures_the_function(in_process):
    _, out, _ = in_process("report", "--stage", "prod")

    assert json.loads(out)["level"] == "of prod"
    assert json.loads(out)["name"] == "shop-prod-report"


def test_an_authorizer_is_a_function_too(in_process, tmp_path):
    arn = "arn:aws:execute-api:us-east-1:123456789012:a/api/GET/"
    event = {"type": "TOKEN", "methodArn": arn, "authorizationToken": "ann"}
    (tmp_path / "event.json").write_text(json.dumps(event))

    code, out, _ = in_process("door", "--payload", "event.json")

    assert (code, json.loads(out)["principalId"]) == (0, "ann")


def test_an_error_is_reported_as_lambda_does(in_process):
    code, out, err = in_process("broken")

    error = json.loads(out)
    assert code == 1
    assert list(error) == ["errorMessage", "errorType", "requestId", "stackTrace"]
    assert (error["errorMessage"], error["errorType"]) == ("'no'", "KeyError")
    assert err.startswith("[ERROR] KeyError: 'no'\nTraceback (most recent call last):\n")
    assert err.endswith("Error: `broken` failed; what it returned is the error\n")


def test_a_timeout_is_reported_as_lambda_does(in_process):
    code, out, err = in_process("slow")

    error = json.loads(out)
    assert (code, error["errorType"]) == (1, "Sandbox.Timedout")
    assert error["errorMessage"].endswith("Error: Task timed out after 1.00 seconds")
    assert "Task timed out after 1.00 seconds\n" in err


@pytest.mark.parametrize("name", ["reprot", "Report", "REPORT"])
def test_a_name_that_nobody_has_names_the_nearest(in_process, name):
    assert in_process(name) == (
        1,
        "",
        f"Error: The application has no function `{name}`; the nearest is `report`\n",
    )


def test_a_name_that_is_near_to_none_lists_all(in_process):
    assert in_process("zzz") == (
        1,
        "",
        (
            "Error: The application has no function `zzz`; it has `api_handler`, `door`, `report`,"
            " `broken`, `slow`\n"
        ),
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "The payload in `event.json` is not JSON: "),
        (b"\xff", "The payload in `event.json` is not JSON: "),
        ('{"a": 1}'.encode("utf-16"), "The payload in `event.json` is not JSON: "),
        (
            b"\xef\xbb\xbf{}",
            "The payload in `event.json` begins with a byte order mark; save it as UTF-8 without",
        ),
        (b'{"a": NaN}', "The payload in `event.json` is not JSON: it has `NaN`"),
        (b"[-Infinity]", "The payload in `event.json` is not JSON: it has `-Infinity`"),
        (
            b"[" * 200_000 + b"]" * 200_000,
            "The payload in `event.json` is nested too deeply: Python does not read it,",
        ),
        (
            b"[-" + b"1" * 5_000 + b"]",
            "The payload in `event.json` has a whole number of 5000 digits: Python reads up to",
        ),
        (
            b'"' + b"x" * 6_291_456 + b'"',
            "The payload in `event.json` has 6291458 bytes; Lambda takes 6291456\n",
        ),
    ],
    ids=[
        "no JSON",
        "no text",
        "UTF-16",
        "byte order mark",
        "NaN",
        "Infinity",
        "too deep",
        "too long a number",
        "too large",
    ],
)
def test_a_payload_that_lambda_would_not_take_is_refused(in_process, tmp_path, content, message):
    (tmp_path / "event.json").write_bytes(content)

    code, out, err = in_process("report", "--payload", "event.json")

    assert (code, out) == (1, "")
    assert err.startswith(f"Error: {message}")


def test_who_quits_the_debugger_gets_no_error(in_process, project, tmp_path):
    app = APP.replace('        raise KeyError("no")', "        import bdb; raise bdb.BdbQuit")
    (tmp_path / "app.py").write_text(dedent(app).lstrip())

    assert in_process("broken") == (1, "", "The debugger was quit\n")


@pytest.mark.skipif(sys.platform == "win32", reason="it has no such terminals")
def test_a_debugger_has_the_terminal_once_the_payload_is_read(shop, tmp_path):
    code = """if True:
        import os, pty, sys
        pid, terminal = pty.fork()
        if not pid:
            piped = 'echo 1 | "$0" -m chalice.cli.main invoke --local --in-process'
            os.execv("/bin/sh", ["sh", "-c", piped + " asking --payload -", sys.argv[1]])
        os.write(terminal, b"typed\\n")
        said = b""
        try:
            while data := os.read(terminal, 4096):
                said += data
        except OSError:
            pass
        print(said.decode())
    """
    with (tmp_path / "app.py").open("a") as file:
        file.write(
            "\n@app.lambda_function()\ndef asking(event, context): return [event, input()]\n"
        )

    done = subprocess.run(
        [sys.executable, "-c", code, sys.executable],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert '[1,"typed"]' in done.stdout.replace(" ", ""), done


def test_a_payload_that_is_not_there_is_told(in_process):
    assert in_process("report", "--payload", "no.json") == (
        1,
        "",
        "Error: `no.json` cannot be read: No such file or directory\n",
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("report", "--in-process"),
            "`--in-process` goes with `--local`",
        ),
        (("--local",), "No function is named; write `chalice invoke NAME`"),
        (("--local", "a", "-n", "b"), "Two functions are named, `a` and `b`"),
    ],
)
def test_a_wrong_use_is_told(chalice, shop, arguments, message):
    assert chalice("invoke", *arguments) == (
        2,
        "",
        f"Error: {message}\n`chalice invoke --help` lists what there is\n",
    )
