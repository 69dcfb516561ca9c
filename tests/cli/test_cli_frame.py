import os
import platform
import re
import signal
import subprocess
import sys

import click
import pytest

from chalice import __version__
from chalice.cli.console import Console
from chalice.cli.main import COMMANDS, NOT_AVAILABLE, CommandTable
from chalice.cli.main import chalice as group
from chalice.diagnostics import InvalidApp, Problem, ToolError
from chalice.gateway.definition import InvalidDefinition

HELP = """\
Usage: chalice [OPTIONS] COMMAND [ARGS]...

  Write, check, serve and deploy AWS Lambda applications.

  `chalice COMMAND --help` explains a command and its options.

Options:
  --project-dir DIRECTORY  The directory of the project; the current one
                           unless given.
  --debug / --no-debug     Print debug logs and tracebacks to stderr.
  --version                Print the versions of Chalice, Python and the
                           system, and exit.
  -h, --help               Show this message and exit.

Commands:
  authz        Print who may call which route.
  check        Check the application and its configuration.
  delete       Remove what was deployed.
  deploy       Deploy the application.
  gateway      Serve an API definition with Python functions.
  gen-policy   Print the IAM policy that the code needs.
  invoke       Invoke a function of the application.
  local        Serve the application on this machine.
  logs         Print what the deployed functions have logged.
  new-project  Create a project in a new directory.
  openapi      Print the API definition that is deployed.
  package      Write the archives and the template that deploy.
  plan         Print what a deploy would change.
  policy       Prove the IAM policy by what the tests call.
  rollback     Deploy the release before again.
  routes       List the routes of the application.
  sandbox      Start and stop an AWS on this machine.
  status       Print what is deployed.
  sync         Give the deployed functions the code as it is now.
  url          Print the URL of the deployed API.
"""


def test_help_names_every_command(chalice):
    assert chalice("--help") == (0, HELP, "")


def test_without_a_command_the_help_is_shown_and_nothing_was_done(chalice):
    assert chalice() == (2, "", HELP)


def test_the_version_names_python_and_the_system(chalice):
    code, out, err = chalice("--version")

    system = f"{platform.system().lower()} {platform.release()}"
    assert (code, err) == (0, "")
    assert out == f"chalice {__version__}, python {platform.python_version()}, {system}\n"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_option_has_a_sentence_of_help(name):
    context = click.Context(group)

    command = CommandTable.get_command(group, context, name)

    assert command.name == name
    assert command.short_help == COMMANDS[name][1]
    assert (command.help or "").split("\n")[0].endswith(".")
    options = [item for item in command.params if isinstance(item, click.Option)]
    assert all((option.help or "").endswith(".") for option in options)


def test_an_unknown_command_names_the_nearest_one(chalice):
    assert chalice("rotues") == (
        2,
        "",
        (
            "Error: No command `rotues`; the nearest is `routes`\n"
            "`chalice --help` lists what there is\n"
        ),
    )


def test_an_unknown_command_that_is_near_to_none_names_none(chalice):
    code, _, err = chalice("zzz")

    assert code == 2
    assert err.startswith("Error: No command `zzz`\n")


@pytest.mark.parametrize("name", sorted(NOT_AVAILABLE))
def test_a_command_of_aws_chalice_that_is_not_here_says_so_and_what_is(chalice, name):
    instead = f"; {NOT_AVAILABLE[name]}" if NOT_AVAILABLE[name] else ""

    assert chalice(name, "--stage", "prod") == (
        2,
        "",
        (
            f"Error: `{name}` is not available in this version of Chalice{instead}\n"
            "`chalice --help` lists what there is\n"
        ),
    )


# What each command of AWS Chalice 1.34 takes. Source: its `--help` (observed).
OPTIONS = {
    "delete": ["--profile", "--stage"],
    "deploy": [
        *("--autogen-policy", "--no-autogen-policy", "--profile", "--api-gateway-stage"),
        *("--stage", "--connection-timeout"),
    ],
    "invoke": ["-n", "--name", "--profile", "--stage"],
    "local": ["--host", "--port", "--stage", "--autoreload", "--no-autoreload"],
    "logs": [
        *("--num-entries", "--include-lambda-messages", "--no-include-lambda-messages"),
        *("--stage", "-n", "--name", "-s", "--since", "-f", "--follow", "--no-follow"),
        "--profile",
    ],
    "new-project": ["--profile", "-t", "--project-type"],
    "package": [
        *("--pkg-format", "--stage", "--single-file", "--merge-template"),
        *("--template-format", "--profile"),
    ],
    "url": ["--stage"],
}


@pytest.mark.parametrize("name", sorted(OPTIONS))
def test_a_command_takes_all_options_of_aws_chalice(name):
    command = CommandTable.get_command(group, click.Context(group), name)

    options = [item for item in command.params if isinstance(item, click.Option)]
    known = {word for item in options for word in (*item.opts, *item.secondary_opts)}

    assert set(OPTIONS[name]) <= known


@pytest.mark.parametrize(
    ("arguments", "message", "where"),
    [
        (
            ("--projct-dir", "x"),
            "No option `--projct-dir`; the nearest is `--project-dir`",
            "chalice",
        ),
        (
            ("routes", "--stge", "x"),
            "No option `--stge`; the nearest is `--stage`",
            "chalice routes",
        ),
        (("check", "--zzz"), "No option `--zzz`", "chalice check"),
    ],
)
def test_an_unknown_option_names_the_nearest_one(chalice, arguments, message, where):
    assert chalice(*arguments) == (
        2,
        "",
        f"Error: {message}\n`{where} --help` lists what there is\n",
    )


def test_a_project_directory_that_does_not_exist_is_wrong_usage(chalice):
    code, out, err = chalice("--project-dir", "nowhere", "routes")

    assert (code, out) == (2, "")
    assert "'nowhere' does not exist" in err


@pytest.mark.skipif(sys.platform == "win32", reason="a directory in use is not removed there")
def test_a_directory_that_was_removed_is_told(tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    code = (
        "import os, sys; from chalice.cli.main import main; os.rmdir(os.getcwd());"
        " sys.exit(main(['check']))"
    )

    result = run_python(code, cwd=gone)

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: The directory `.` cannot be entered: No such file or directory; go to another one,"
        " or name it with `--project-dir`\n"
    )


@pytest.fixture
def failing(monkeypatch):
    """Add a command to the table that fails as it is told, or returns its exit code."""

    def add(failure):
        @click.command("fail", short_help="Fail.")
        def fail():
            if isinstance(failure, BaseException):
                raise failure
            return failure

        module = type(sys)("tests_cli_failing")
        module.command = fail
        monkeypatch.setitem(sys.modules, "tests_cli_failing", module)
        monkeypatch.setitem(COMMANDS, "fail", ("tests_cli_failing", "Fail."))

    return add


def test_a_failure_that_the_user_can_fix_is_a_sentence_without_a_traceback(chalice, failing):
    failing(ToolError("port 8000 is taken; use `--port 8001`"))

    assert chalice("fail") == (1, "", "Error: port 8000 is taken; use `--port 8001`\n")


def test_problems_of_any_failure_are_listed(chalice, failing):
    failing(InvalidDefinition([Problem("a-code", "what is wrong", "/paths/~1a", "write this")]))

    assert chalice("fail") == (
        1,
        "",
        "/paths/~1a: what is wrong [a-code]\n    write this\nError: 1 problem\n",
    )


def problem(severity: str) -> Problem:
    return Problem("a-code", "what is wrong", "", "", severity)


@pytest.mark.parametrize(
    ("problems", "counted"),
    [
        ([problem("error")] * 2, "2 problems"),
        ([problem("warning"), problem("error")], "1 problem, 1 warning"),
        ([problem("error"), problem("warning"), problem("warning")], "1 problem, 2 warnings"),
    ],
)
def test_warnings_among_the_problems_are_counted_apart(chalice, failing, problems, counted):
    failing(InvalidApp(problems))

    _, _, err = chalice("fail")

    assert err.endswith(f"Error: {counted}\n")


def test_debug_shows_where_a_fixable_failure_came_from(chalice, failing):
    failing(ToolError("no"))

    code, _, err = chalice("--debug", "fail")

    assert code == 1
    assert err.startswith("Traceback (most recent call last):")
    assert err.endswith("ToolError: no\nError: no\n")


def test_anything_else_is_a_bug_with_a_traceback_and_what_to_do(chalice, failing):
    failing(RuntimeError("boom"))

    code, out, err = chalice("fail")

    assert (code, out) == (70, "")
    assert "Traceback (most recent call last):" in err
    assert "RuntimeError: boom\nError: This is a bug in Chalice; report it" in err


@pytest.mark.parametrize(("returned", "code"), [(None, 0), (0, 0), (130, 130)])
def test_a_command_can_return_its_exit_code(chalice, failing, returned, code):
    failing(returned)

    assert chalice("fail") == (code, "", "")


def test_an_interrupt_ends_with_130_and_no_traceback(chalice, failing):
    failing(KeyboardInterrupt())

    code, out, err = chalice("fail")

    assert (code, out) == (130, "")
    assert err.strip() == "Interrupted"


def run_python(code, **options):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, **options
    )


def test_a_reader_that_goes_away_ends_the_command_quietly():
    chalice = subprocess.Popen(
        [sys.executable, "-m", "chalice.cli.main", "--help"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    chalice.stdout.close()

    err = chalice.stderr.read()
    chalice.stderr.close()

    assert (chalice.wait(), err) == (141, b"")


def test_a_shell_can_ask_for_completions():
    result = subprocess.run(
        [sys.executable, "-c", "from chalice.cli.main import main; main()"],
        env={
            **os.environ,
            "_CHALICE_COMPLETE": "bash_complete",
            "COMP_WORDS": "chalice ro",
            "COMP_CWORD": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.stdout == "plain,rollback\nplain,routes\n"


def test_ctrl_c_in_a_real_process_ends_with_130():
    code = (
        "import sys, time, click\n"
        "from chalice.cli import main\n"
        "@click.command('wait')\n"
        "def wait():\n"
        "    print('waiting', flush=True)\n"
        "    time.sleep(60)\n"
        "sys.modules['waiting'] = type(sys)('waiting')\n"
        "sys.modules['waiting'].command = wait\n"
        "main.COMMANDS['wait'] = ('waiting', 'Wait.')\n"
        "sys.exit(main.main(['wait']))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    process.stdout.readline()

    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=10)

    assert process.returncode == 130
    assert err.strip() == "Interrupted"


# What takes long to import, and what says that a command has begun to work.
HEAVY = (
    *("rich", "aiohttp", "watchfiles", "asyncio", "botocore", "yaml"),
    *("chalice.model", "chalice.app", "chalice.config", "chalice.bundle", "chalice.aws"),
    *("chalice.deploy", "chalice.sandbox", "chalice.template"),
)


@pytest.mark.parametrize(
    "command", [[], ["deploy"], ["plan"], ["delete"], ["status"], ["logs"], ["sync"], ["sandbox"]]
)
def test_help_imports_click_and_nothing_heavy(command):
    code = (
        f"import sys; from chalice.cli.main import main; main([*{command}, '--help'])\n"
        "print(sorted(sys.modules), file=sys.stderr)"
    )

    loaded = run_python(code).stderr

    assert "'click'" in loaded
    assert [heavy for heavy in HEAVY if f"'{heavy}'" in loaded] == []


@pytest.mark.parametrize("variable", ["NO_COLOR", "TERM"])
def test_colour_can_be_turned_off(variable):
    class Terminal:
        def __init__(self):
            self.text = ""

        def isatty(self):
            return True

        def write(self, text):
            self.text += text

        def flush(self):
            pass

    plain, painted = Terminal(), Terminal()
    value = "dumb" if variable == "TERM" else "1"

    Console(plain, plain, {variable: value}).error("no")
    Console(painted, painted, {}).error("no")

    assert plain.text == "Error: no\n"
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted.text) == "Error: no\n"
    assert painted.text != plain.text


def test_a_warning_is_said_and_named(capsys):
    Console.of_process({}).warning("mind this")

    assert capsys.readouterr() == ("", "Warning: mind this\n")


def test_debug_prints_the_logs_of_tools():
    code = (
        "import sys, click, logging\n"
        "from chalice.cli import main\n"
        "@click.command('talk')\n"
        "def talk():\n"
        "    logging.getLogger('tool').debug('details')\n"
        "sys.modules['talking'] = type(sys)('talking')\n"
        "sys.modules['talking'].command = talk\n"
        "main.COMMANDS['talk'] = ('talking', 'Talk.')\n"
        "main.main([*sys.argv[1:], 'talk'])\n"
    )

    quiet = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loud = subprocess.run(
        [sys.executable, "-c", code, "--debug"], capture_output=True, text=True, check=True
    )

    assert quiet.stderr == ""
    assert "DEBUG:tool:details" in loud.stderr


def test_what_the_encoding_cannot_write_is_escaped():
    code = (
        "import os\nfrom chalice.cli.console import Console\nConsole.of_process({}).data('\\u00e9')"
    )

    result = run_python(code, env={**os.environ, "PYTHONIOENCODING": "ascii"})

    assert (result.returncode, result.stdout) == (0, "\\xe9\n")
