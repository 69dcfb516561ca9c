"""The list of what the sandbox does other than AWS holds: each entry, and nothing beside it."""

import json
import os
import signal
import urllib.request
from pathlib import Path

import pytest
from tests import sandboxes
from tests.deploy import manners
from tests.deploy.answering import answers_in_the_sandbox
from tests.deploy.asking import Ask, answer, answers
from tests.deploy.differences import ANSWERS, CLOUD, in_the_sandbox, table
from tests.deploy.stories import STORIES
from tests.projects import write_project
from tests.server.serving import Program

from chalice import sandbox

PAGE = Path(__file__).parents[2] / "docs" / "deploying.md"

APP = """
from chalice import Chalice

app = Chalice(app_name="{name}")


@app.route("/")
def index():
    return "{word}"
"""


def write(directory, name, word="one", extra="", **keys):
    """Write an application of one route."""
    config = {"version": "2.0", "app_name": name, **keys}
    write_project(directory, APP.format(name=name, word=word) + extra, config)


def deployed(run, *arguments):
    """Deploy, and return the URL."""
    return run("deploy", *arguments)[0].splitlines()[0]


def word(url):
    with urllib.request.urlopen(url, timeout=30) as got:
        return got.read()


def test_each_difference_in_answers_holds_and_there_is_no_other(in_sandbox, aws_url, tmp_path):
    write_project(tmp_path, manners.APP, manners.CONFIG)
    with Program(tmp_path) as local:
        right = answers(local.url, manners.ASKS)
    with Program(tmp_path, "--package") as packaged:
        assert answers(packaged.url, manners.ASKS) == right
    (tmp_path / "merged.json").write_text(json.dumps(manners.IMPATIENT))

    url = deployed(in_sandbox, "--merge-template", "merged.json")

    # Neither the time nor the permission that the merged template takes away are missed.
    found = answers_in_the_sandbox(aws_url, url, manners.ASKS)
    for ask in manners.ASKS:
        assert found[ask.name] == in_the_sandbox("manners", ask, right[ask.name]), ask.name


def shows_no_timeout_and_no_permission(_run, _aws_url, _directory):
    """Leave it to the test above: the function of `/slow` is asked, and answers."""
    assert "slow" in {ask.name for ask in manners.ASKS}
    assert manners.IMPATIENT["Resources"]["APIHandlerInvokePermission"] is None


def shows_a_new_api(run, _aws_url, directory):
    write(directory, "newapi")
    before = deployed(run)
    write(directory, "newapi", extra='\n@app.route("/more")\ndef more():\n    return 1\n')

    after = deployed(run)

    assert after != before
    assert answer(before, Ask("old", "GET", "/")).status == 404


def shows_what_a_failed_update_leaves(run, _aws_url, directory):
    write(directory, "failed")
    url = deployed(run)
    write(directory, "failed", "two")
    # A name that nobody knows before: what can be known to be missing is refused.
    layer = {"Fn::Sub": "arn:aws:lambda:us-east-1:000000000000:layer:${DefaultRole}:9"}
    merged = {"Resources": {"APIHandler": {"Properties": {"Layers": [layer]}}}}
    (directory / "merged.json").write_text(json.dumps(merged))

    _, err = run("deploy", "--merge-template", "merged.json", code=1)

    assert "The update was undone" in err

    assert word(url) == b"two"


def shows_events_of_all(run, _aws_url, directory):
    write(directory, "events")
    deployed(run)
    write(directory, "events", "two")

    assert "Changed role `DefaultRole`" in run("deploy")[1]


def shows_that_change_sets_are_not_whole(run, aws_url, directory):
    function = "\n@app.lambda_function()\ndef {}(event, context):\n    return {{}}\n"
    write(directory, "renamed", extra=function.format("one"))
    deployed(run)
    write(directory, "renamed", extra=function.format("two"))

    told = {item["logical_id"] for item in json.loads(run("plan", "--json")[0])["changes"]}
    before = _role(aws_url)
    run("deploy", "--yes")

    assert told == {"APIHandler", "One", "OneLogGroup", "Two", "TwoLogGroup"}
    assert _role(aws_url) != before


def _role(aws_url):
    return sandboxes.account(aws_url).stacks.template("renamed-dev")["Resources"]["DefaultRole"]


def shows_that_bad_input_is_taken(run, _aws_url, directory):
    role = "arn:aws:iam::000000000000:role/missing"
    merged = {"Resources": {"APIHandler": {"Properties": {"Role": role, "Runtime": "python2.6"}}}}
    write(directory, "badinput")
    (directory / "merged.json").write_text(json.dumps(merged))

    assert word(deployed(run, "--merge-template", "merged.json")) == b"one"


def shows_that_reserved_concurrency_is_not_looked_at(run, _aws_url, directory):
    function = "\n@app.lambda_function()\ndef none(event, context):\n    return 1\n"
    none = {"none": {"reserved_concurrency": 0}}
    write(directory, "reserved", extra=function, lambda_functions=none)
    run("deploy")

    assert json.loads(run("invoke", "none")[0]) == 1


def shows_errors_of_one_type(run, _aws_url, directory):
    function = "\n@app.lambda_function()\ndef broken(event, context):\n    raise KeyError('no')\n"
    write(directory, "errortype", extra=function)
    run("deploy")

    error = json.loads(run("invoke", "broken", code=1)[0])

    assert (error["errorType"], "stackTrace" in error) == ("Runtime.HandlerError", False)


SHOWN = {
    "timeout": shows_no_timeout_and_no_permission,
    "permission": shows_no_timeout_and_no_permission,
    "new-api": shows_a_new_api,
    "failed-update": shows_what_a_failed_update_leaves,
    "events": shows_events_of_all,
    "change-set": shows_that_change_sets_are_not_whole,
    "bad-input": shows_that_bad_input_is_taken,
    "reserved": shows_that_reserved_concurrency_is_not_looked_at,
    "error-type": shows_errors_of_one_type,
}


@pytest.mark.parametrize("name", SHOWN)
def test_each_difference_elsewhere_holds(in_sandbox, aws_url, tmp_path, name):
    SHOWN[name](in_sandbox, aws_url, tmp_path)


def test_killing_the_sandbox_loses_what_is_in_it(sandbox_folder, tmp_path):
    assert sandbox_folder  # it is installed
    folder, state = tmp_path / "own", tmp_path / "state"
    killed = sandboxes.started(folder, state=state)
    sandboxes.session(killed.endpoint_url).call("s3", "create_bucket", Bucket="lost")
    os.kill(killed.pid, signal.SIGKILL)
    os.waitpid(killed.pid, 0)

    again = sandboxes.started(folder, state=state)
    try:
        assert sandboxes.session(again.endpoint_url).call("s3", "list_buckets")["Buckets"] == []
    finally:
        sandbox.stop(folder)


def test_each_difference_is_asked_for():
    asked = {f"{story.name}/{ask.name}" for story in STORIES for ask in story.asks}
    asked |= {f"manners/{ask.name}" for ask in manners.ASKS}

    for item in ANSWERS:
        assert item.where is not None or item.asks, item.name
        assert set(item.asks) <= asked, item.name
    assert len({item.name for item in (*ANSWERS, *CLOUD)}) == len((*ANSWERS, *CLOUD))
    # What killing it loses has a test without commands.
    assert {*SHOWN, "killed"} == {item.name for item in CLOUD}


def test_the_page_has_the_list():
    assert f"\n{table()}\n" in PAGE.read_text(encoding="utf-8")
