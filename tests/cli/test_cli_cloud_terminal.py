"""Commands that call AWS, on a terminal: what moves, what asks, what Ctrl-C leaves."""

import json
import re
import sys
import urllib.request

import pytest
from tests import faulty, sandboxes

if sys.platform == "win32":
    pytest.skip("it has no such terminals", allow_module_level=True)
from tests.server.serving import wait_until
from tests.server.terminals import CHALICE, CTRL_C, Terminal

APP = """
from chalice import Chalice

app = Chalice(app_name="{name}")


@app.route("/")
def index():
    print("asked")
    return {{"hello": "{word}"}}
"""

REPORT = """

@app.lambda_function()
def report(event, context):
    print("reporting")
"""

# A stack whose operation has not come to an end, as far as it says.
NO_EVENTS = faulty.Answer(
    200,
    '<DescribeStackEventsResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">'
    "<DescribeStackEventsResult><StackEvents/></DescribeStackEventsResult>"
    "</DescribeStackEventsResponse>",
)


@pytest.fixture
def stage(chalice, monkeypatch, aws_url, sandbox_folder, tmp_path, tmp_path_factory, request):
    """Give a project, and ways to run commands on its stage."""
    environ = {
        "CHALICE_SANDBOX_DIR": str(sandbox_folder),
        "CHALICE_CACHE_DIR": str(tmp_path_factory.mktemp("cache")),
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
        "AWS_REGION": "us-east-1",
    }
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return Stage(tmp_path, aws_url, chalice, abs(hash(request.node.name)) % 10**8)


class Stage:
    """A project in a folder of its own, deployed to an AWS on loopback."""

    def __init__(self, folder, url, chalice, number):
        self.folder, self.url = folder, url
        self.name = f"seen{number}"
        self._chalice = chalice
        (folder / ".chalice").mkdir()
        config = {"version": "2.0", "app_name": self.name}
        (folder / ".chalice" / "config.json").write_text(json.dumps(config))
        self.write()

    def write(self, word="world", extra=""):
        (self.folder / "app.py").write_text(APP.format(name=self.name, word=word) + extra)

    def terminal(self, *arguments, **environ):
        """Return a terminal in which a command runs."""
        return Terminal(self.folder, *CHALICE, *arguments, environ=environ)

    def run(self, *arguments):
        """Run a command, without a terminal, and return what it says."""
        code, out, err = self._chalice(*arguments, "--sandbox")
        assert code == 0, err
        return out or err

    def function(self, logical_id="APIHandler"):
        found = sandboxes.functions(self.url, f"{self.name}-dev-{logical_id}")
        return found[0] if found else None

    def answer(self):
        with urllib.request.urlopen(self.run("url").strip(), timeout=30) as answer:
            return json.loads(answer.read())["hello"]


def lines(shown):
    """Return what stays on the screen: what passed is gone."""
    kept = re.sub(r"\r\x1b\[K[^\r\n]*(?=\r\x1b\[K)", "", shown)
    return [line.replace("\x1b[K", "").strip("\r") for line in kept.split("\n")]


def test_what_is_done_passes_and_what_was_done_stays(stage):
    with stage.terminal("deploy", "--sandbox") as terminal:
        terminal.wait_for("RestAPIId")
        code, shown = terminal.process.wait(30), terminal.shown

    assert code == 0
    assert "\r\x1b[KMaking function `APIHandler`\r\x1b[KMade function `APIHandler`\r\n" in shown
    assert "Made API `RestAPI`" in lines(shown)
    assert not any(line.startswith("Making function") for line in lines(shown))


def test_what_users_depend_on_is_asked_about_and_no_changes_nothing(stage):
    stage.write(extra=REPORT)
    stage.run("deploy")
    stage.write()

    with stage.terminal("deploy", "--sandbox") as terminal:
        terminal.wait_for("Go on? [y/N]:")
        terminal.type("n\n")
        refused = terminal.process.wait(30)
    kept = stage.function("Report")
    with stage.terminal("deploy", "--sandbox") as again:
        again.wait_for("Go on? [y/N]:")
        again.type("y\n")
        agreed = again.process.wait(30)

    assert "would be deleted or replaced: function `Report`, log group `Rep" in terminal.shown
    assert (refused, agreed) == (1, 0)
    assert "Error: Nothing was changed" in terminal.shown
    assert kept is not None
    assert stage.function("Report") is None


def test_ctrl_c_at_the_question_changes_nothing(stage):
    stage.run("deploy")

    with stage.terminal("delete", "--sandbox") as terminal:
        terminal.wait_for("Go on? [y/N]:")
        terminal.type(CTRL_C)
        code = terminal.process.wait(30)

    assert code == 130
    assert "Interrupted" in terminal.shown
    assert "goes on in the cloud" not in terminal.shown
    assert stage.function() is not None


def test_ctrl_c_during_a_deploy_says_what_goes_on_and_how_to_come_back(stage):
    stage.run("deploy")
    stage.write("there")
    with faulty.proxy(stage.url) as proxy:
        begun = []
        proxy.fault = lambda _number, name: (
            begun.append(name) or NO_EVENTS if name == "DescribeStackEvents" else None
        )
        with stage.terminal("deploy", AWS_ENDPOINT_URL=proxy.url) as terminal:
            terminal.wait_for("1 to change")
            wait_until(lambda: begun)
            terminal.type(CTRL_C)
            code = terminal.process.wait(30)

    assert code == 130
    said = (
        "What was begun goes on in the cloud without this command. `chalice status` says how far"
        " it is; the same command takes it up again\r\nInterrupted"
    )
    assert said in terminal.shown
    assert "Traceback" not in terminal.shown
    assert stage.answer() == "there"
    assert stage.run("plan") == "Nothing would change\n"


def test_sync_watches_goes_on_after_a_broken_edit_and_ends_with_a_sentence(stage):
    stage.run("deploy")

    with stage.terminal("sync", "--watch", "--sandbox") as terminal:
        terminal.wait_for("Watching for edits; Ctrl-C ends it")
        stage.write("edited")
        terminal.wait_for("Synced `APIHandler`")
        edited = stage.answer()
        stage.write("broken", extra="\nx = ")
        terminal.wait_for("Error: 1 problem")
        stage.write("more", extra=REPORT)
        terminal.wait_for("More than code differs")
        stage.write("mended")
        terminal.wait_for("Synced `APIHandler`", 2)
        mended = stage.answer()
        terminal.type(CTRL_C)
        code = terminal.process.wait(30)

    assert (edited, mended, code) == ("edited", "mended", 0)
    assert "`app.py` has a syntax error" in terminal.shown
    assert "Stopped watching; the functions keep the code that they were given" in terminal.shown
    assert "Traceback" not in terminal.shown


def test_logs_are_followed_in_the_order_of_time_with_a_colour_for_each_function(stage):
    stage.write(extra=REPORT)
    stage.run("deploy")
    stage.run("invoke", "report")

    with stage.terminal("logs", "--follow", "--sandbox", TERM="xterm") as terminal:
        terminal.wait_for("reporting")
        stage.answer()
        terminal.wait_for("asked")
        stage.run("invoke", "report")
        terminal.wait_for("reporting", 2)
        terminal.type(CTRL_C)
        code = terminal.process.wait(30)

    told = re.findall(r"(\S+Z|\S+\+00:00) \x1b\[(\d+)m(\w+)\x1b\[0m (\w+)", terminal.shown)
    assert [(name, text) for _, _, name, text in told] == [
        ("Report", "reporting"),
        ("APIHandler", "asked"),
        ("Report", "reporting"),
    ]
    assert [time for time, *_ in told] == sorted(time for time, *_ in told)
    colours = [colour for _, colour, _, _ in told]
    assert colours[0] == colours[2] != colours[1]
    assert code == 0
    assert "Traceback" not in terminal.shown


def test_logs_are_followed_as_json_lines(stage):
    stage.run("deploy")
    stage.answer()

    with stage.terminal("logs", "--follow", "--json", "--sandbox", TERM="xterm") as terminal:
        terminal.wait_for('"asked"')
        terminal.type(CTRL_C)
        code = terminal.process.wait(30)

    first = json.loads(terminal.shown.splitlines()[0])
    assert code == 0
    assert (first["function"], first["message"]) == ("APIHandler", "asked")
    assert first.keys() == {"time", "function", "message", "stream"}


def test_drift_names_what_others_have_changed(stage):
    stage.run("deploy")
    before = stage.run("status", "--drift")
    sandboxes.session(stage.url).call(
        "lambda",
        "update_function_configuration",
        FunctionName=stage.function(),
        MemorySize=512,
    )

    after = json.loads(stage.run("status", "--drift", "--json"))

    assert "IN_SYNC" in before
    assert (after["drift"], after["drifted"]) == ("DRIFTED", {"APIHandler": "MODIFIED"})


def test_an_import_that_is_under_way_is_interrupted_at_once(stage):
    (stage.folder / "app.py").write_text(
        "import time\nprint('importing', flush=True)\ntime.sleep(60)\n"
    )

    with stage.terminal("deploy", "--sandbox") as terminal:
        terminal.wait_for("importing")
        terminal.type(CTRL_C)
        code = terminal.process.wait(30)

    assert code == 130
    assert "Interrupted: the import of `app.py` stood at app.py:3" in terminal.shown
