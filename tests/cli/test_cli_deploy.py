"""The life of a stage, by the commands that a person types, against an AWS on loopback."""

import json
import os
import urllib.error
import urllib.request

import pytest
from tests import sandboxes

from chalice.cli.cloud import Talk
from chalice.cli.console import Console

APP = """
from chalice import AuthResponse, Chalice, Response

app = Chalice(app_name="{name}")
app.api.binary_types.append("image/png")


@app.authorizer()
def door(request):
    allowed = ["*"] if request.token == "open" else []
    return AuthResponse(routes=allowed, principal_id="visitor")


@app.route("/", cors=True)
def index():
    return {{"hello": "{word}"}}


@app.route("/secret", authorizer=door)
def secret():
    return {{"secret": True}}


@app.route("/picture")
def picture():
    return Response(b"\\x89PNG\\xff", headers={{"Content-Type": "image/png"}})


@app.lambda_function()
def report(event, context):
    print("reporting on", event["of"])
    return {{"of": event["of"]}}
"""


BUCKET = {
    "Resources": {
        "Taken": {
            "Type": "AWS::S3::Bucket",
            "Properties": {"BucketName": "taken-by-another"},
            "DependsOn": "RestAPI",
        }
    }
}


@pytest.fixture
def life(chalice, project, monkeypatch, sandbox_folder, tmp_path, request):
    """Return a function that runs a command against the sandbox, and one that writes the app."""
    monkeypatch.setenv("CHALICE_SANDBOX_DIR", str(sandbox_folder))
    monkeypatch.setenv("CHALICE_CACHE_DIR", str(tmp_path / "cache"))
    # An application of its own for each test: the sandbox is shared.
    name = f"life{abs(hash(request.node.name)) % 10**8}"
    config = {"version": "2.0", "app_name": name}

    def write(word="world", extra="", **keys):
        (tmp_path / ".chalice").mkdir(exist_ok=True)
        (tmp_path / "app.py").write_text(APP.format(name=name, word=word) + extra)
        (tmp_path / ".chalice" / "config.json").write_text(json.dumps({**config, **keys}))

    def run(command, *arguments):
        return chalice(command, "--sandbox", *arguments)

    write()
    return run, write, f"{name}-dev"


def get(url, **headers):
    """Return the status, the body and the headers of an answer."""
    wanted = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(wanted, timeout=30) as answer:
            return answer.status, answer.read(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, error.read(), dict(error.headers)


def deployed(run, *arguments):
    """Deploy and return the URL."""
    code, out, err = run("deploy", *arguments)
    assert code == 0, err
    return out.splitlines()[0]


def answers_all(url):
    """Request everything that the application answers."""
    status, body, headers = get(url)
    assert (status, json.loads(body)) == (200, {"hello": "world"})
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert get(f"{url}secret")[0] == 401
    assert get(f"{url}secret", Authorization="open")[0] == 200
    assert get(f"{url}secret", Authorization="shut")[0] == 403
    assert get(f"{url}picture", Accept="image/png")[1] == b"\x89PNG\xff"
    assert get(f"{url}nowhere")[0] in {403, 404}


def test_the_life_of_a_stage(life, aws_url, tmp_path):
    run, write, stack = life
    sandboxes.session(aws_url).call("s3", "create_bucket", Bucket="taken-by-another")

    code, out, _ = run("plan", "--exit-code")
    assert code == 3
    assert "+ function APIHandler" in out
    assert "    + GET /secret" in out

    url = deployed(run)
    assert url.startswith(aws_url)
    answers_all(url)
    assert run("url")[1] == f"{url}\n"

    code, out, err = run("deploy")
    assert (code, err) == (0, f"Nothing changed in the stack `{stack}`\n")
    assert run("plan", "--exit-code")[:2] == (0, "Nothing would change\n")

    write(word="there", lambda_memory_size=256)
    code, out, _ = run("plan", "--json")
    assert [(item["action"], item["logical_id"]) for item in json.loads(out)["changes"]] == [
        ("change", "APIHandler"),
        ("change", "Door"),
        ("change", "Report"),
    ]
    assert json.loads(get(deployed(run))[1]) == {"hello": "there"}

    write(word="broken")
    (tmp_path / "taken.json").write_text(json.dumps(BUCKET))
    code, out, err = run("deploy", "--merge-template", "taken.json")
    assert (code, out) == (1, "")
    assert "bucket `Taken` (AWS::S3::Bucket) could not be" in err
    assert "The update was undone, and what ran before runs on" in err
    assert json.loads(get(run("url")[1].strip())[1]) == {"hello": "there"}

    code, out, err = run("rollback")
    assert code == 0, err
    assert "Went back to the release of" in err
    assert json.loads(get(run("url")[1].strip())[1]) == {"hello": "world"}

    code, out, _ = run("status", "--json")
    facts = json.loads(out)
    assert [item["kind"] for item in facts["releases"]] == ["deploy", "deploy", "rollback"]
    assert (facts["state"], facts["synced"]) == ("UPDATE_COMPLETE", None)

    code, out, err = run("delete")
    assert code == 1
    assert "Users may depend on what would be deleted" in err
    assert "`--yes` agrees" in err
    assert run("delete", "--yes")[0] == 0
    assert run("status")[0] == 1
    assert run("delete")[2] == f"Nothing is deployed: there is no stack `{stack}`\n"
    assert sandboxes.functions(aws_url, f"{stack}-") == []
    assert sandboxes.log_groups(aws_url, stack) == []


def test_a_plan_in_a_file_is_carried_out_once_and_only_while_it_holds(life):
    run, write, stack = life
    assert run("plan", "--out", "plan.json")[0] == 0
    code, _, err = run("deploy", "--plan", "plan.json")
    assert code == 0, err
    code, _, err = run("deploy", "--plan", "plan.json")
    assert (code, "following it" in err) == (0, True)

    write(word="two")
    assert run("plan", "--out", "two.json")[0] == 0
    write(word="three")
    deployed(run)
    code, _, err = run("deploy", "--plan", "two.json")

    assert code == 1
    assert f"The stack `{stack}` was changed since the plan was made" in err


@pytest.mark.parametrize("content", [None, "{", "[]", '{"form": 1}', '{"form": 0}'])
def test_a_file_that_is_no_plan_is_refused(life, tmp_path, content):
    run, _, _ = life
    (tmp_path / "plans").mkdir()
    if content is not None:
        (tmp_path / "plans" / "a.json").write_text(content)

    code, out, err = run("deploy", "--plan", "plans/a.json")

    assert (code, out) == (1, "")
    assert err.startswith(("Error: `plans/a.json` is no plan", "Error: Cannot read `plans/a.json`"))


def test_functions_are_invoked_synced_and_their_logs_read(life, tmp_path):
    run, write, _ = life
    url = deployed(run)
    (tmp_path / "event.json").write_text('{"of": "May"}')

    code, out, err = run("invoke", "report", "--payload", "event.json")
    assert (code, json.loads(out)) == (0, {"of": "May"})
    assert "reporting on May" in err
    code, out, err = run("invoke", "report")
    assert (code, "KeyError" in err) == (1, True)
    assert "errorType" in json.loads(out)
    code, _, err = run("invoke", "reprot")
    assert (code, "the nearest is `Report`" in err) == (1, True)

    code, out, _ = run("logs", "-n", "report", "--filter", "reporting", "--json")
    assert [json.loads(line)["message"] for line in out.splitlines()][:1] == ["reporting on May"]
    code, out, _ = run("logs", "--since", "1h", "--num-entries", "1")
    assert (code, len(out.splitlines())) == (0, 1)
    code, _, err = run("logs", "--since", "yesterday")
    assert (code, "is no time" in err) == (1, True)

    write(word="synced")
    assert run("sync")[2].endswith("Synced `APIHandler`, `Door`, `Report`\n")
    assert run("sync")[2].endswith("Nothing changed: the functions have this code already\n")
    assert json.loads(get(url)[1]) == {"hello": "synced"}
    assert "a deploy reconciles" in run("status")[1]
    write(word="world")
    code, out, _ = run("plan", "--exit-code", "--json")
    assert (code, [item["details"] for item in json.loads(out)["changes"]]) == (
        3,
        [["code, synced since"]] * 3,
    )
    code, _, err = run("deploy")
    assert (code, "they get the code of this one" in err) == (0, True)
    assert run("plan", "--exit-code")[:2] == (0, "Nothing would change\n")
    assert json.loads(get(url)[1]) == {"hello": "world"}
    assert "reconciles" not in run("status")[1]

    write(word="more", lambda_timeout=7)
    code, _, err = run("sync")
    assert (code, "More than code differs from what is deployed" in err) == (1, True)


def test_a_merged_template_is_named_for_a_sync_too(life, tmp_path):
    run, write, _ = life
    merged = tmp_path / "extras.json"
    merged.write_text(json.dumps({"Resources": {"Items": {"Type": "AWS::SQS::Queue"}}}))
    url = deployed(run, "--merge-template", str(merged))
    write(word="edited")

    refused = run("sync")
    synced = run("sync", "--merge-template", str(merged))

    assert (refused[0], "`--merge-template FILE`" in refused[2]) == (1, True)
    assert synced[0] == 0, synced[2]
    assert json.loads(get(url)[1]) == {"hello": "edited"}


def test_logs_may_be_kept(life, aws_url):
    run, _, stack = life
    deployed(run)

    code, _, err = run("delete", "--keep-logs", "--yes")

    assert code == 0
    assert len(sandboxes.log_groups(aws_url, stack)) == 3
    assert err.count("Kept the log group") == 3


def test_what_a_failed_first_deploy_left_is_removed_by_the_next(life, aws_url):
    run, write, stack = life
    write(layers=["arn:aws:lambda:us-east-1:000000000000:layer:missing:9"])
    code, _, err = run("deploy")
    assert code == 1
    assert err.splitlines()[-1].startswith("Error: .chalice/config.json:1: function `APIHandler`")
    assert "All of it was undone, and nothing is deployed" in err
    assert sandboxes.account(aws_url).stacks.stack(stack).status == "ROLLBACK_COMPLETE"

    write()
    code, out, err = run("deploy")

    assert code == 0, err
    assert "is what a failed first deploy left; it is removed first" in err
    assert get(out.splitlines()[0])[0] == 200


def test_a_stack_of_another_application_is_left_alone(life, tmp_path):
    run, write, stack = life
    deployed(run)
    write(app_name="another", deploy={"stack_name": stack})

    code, _, err = run("deploy")

    assert code == 1
    assert f"The stack `{stack}` belongs to another application" in err


def test_commands_on_what_is_not_deployed_say_so(life):
    run, _, stack = life

    for command in (["url"], ["logs"], ["invoke", "report"]):
        code, out, err = run(*command)
        assert (code, out) == (1, "")
        assert f"there is no stack `{stack}` in us-east-1. `chalice deploy` makes it" in err
    code, _, err = run("sync")
    assert (code, "run `chalice deploy`" in err) == (1, True)
    code, _, err = run("rollback")
    assert (code, "nothing is deployed" in err) == (1, True)


def test_an_application_with_problems_is_not_deployed(life, tmp_path):
    run, write, _ = life
    write(extra='\n@app.route("/a/")\ndef a():\n    return {}\n')

    code, out, err = run("deploy")

    assert (code, out) == (1, "")
    assert "[route-trailing-slash]" in err


def test_a_template_that_is_merged_is_deployed(life, tmp_path, aws_url):
    run, _, _ = life
    (tmp_path / "more.yaml").write_text(
        "Resources: {Orders: {Type: AWS::SQS::Queue}}\nOutputs: {Queue: {Value: !Ref Orders}}\n"
    )

    code, out, err = run("deploy", "--merge-template", "more.yaml")

    assert code == 0, err
    assert "Queue" in out
    assert "Made queue `Orders`" in err


def test_what_is_about_another_account_than_the_sandbox_is_told_in_a_sentence(life, tmp_path):
    run, write, _ = life
    write(deploy={"artifact_bucket": "our-bucket"})
    (tmp_path / ".chalice" / "deployed.json").write_text('{"dev": {"rest_api_id": "a1"}}')

    (tmp_path / "event.json").write_text('{"of": "May"}')
    told = {
        command: run(*command.split())[2]
        for command in (
            *("plan", "deploy", "url", "status", "logs", "sync", "rollback"),
            *("invoke report --payload event.json", "delete --yes"),
        )
    }

    for command, err in told.items():
        where = (command, err)
        assert err.count("`deploy.artifact_bucket`, `our-bucket`, is in another account") == 1, (
            where
        )
        assert err.count("`.chalice/deployed.json` says that AWS Chalice has") == 1, where


def test_without_a_sandbox_the_command_to_start_it_is_named(
    chalice, project, monkeypatch, tmp_path
):
    monkeypatch.setenv("CHALICE_SANDBOX_DIR", str(tmp_path / "none"))
    project("", '{"version": "2.0", "app_name": "a"}')

    code, out, err = chalice("deploy", "--sandbox")

    assert (code, out, err) == (
        1,
        "",
        "Error: No sandbox runs; start one: `chalice sandbox start`\n",
    )


def test_without_credentials_the_ways_are_named(chalice, project, monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    project("", '{"version": "2.0", "app_name": "a"}')

    without_region = chalice("deploy")
    without_credentials = chalice("deploy", "--region", "eu-central-1")

    assert without_region[:2] == without_credentials[:2] == (1, "")
    assert without_region[2].startswith("Error: No AWS region is chosen")
    assert without_credentials[2].startswith("Error: No AWS credentials were found")


def test_who_interrupts_is_told_what_goes_on(capsys):
    talk = Talk(Console.of_process({}), yes=False)
    end = KeyboardInterrupt()
    end.add_note("It goes on")

    for raised in (KeyboardInterrupt(), end):
        with pytest.raises(KeyboardInterrupt), talk.telling():
            raise raised

    assert capsys.readouterr().err == "It goes on\n"


def test_the_sandbox_is_started_found_and_stopped(chalice, monkeypatch, sandbox_folder, tmp_path):
    own = tmp_path / "own"
    for name, value in sandboxes.environment_of(own).items():
        monkeypatch.setenv(name, value)
    port = str(sandboxes.free_port())

    started = chalice("sandbox", "start", "--port", port)
    again = chalice("sandbox", "start")
    status = chalice("sandbox", "status", "--json")
    stopped = chalice("sandbox", "stop")

    assert started[:2] == again[:2] == (0, f"http://127.0.0.1:{port}\n")
    assert "runs already" in again[2]
    assert (status[0], json.loads(status[1])["status"]) == (0, "running")
    assert stopped == (0, "", "Stopped the sandbox; what was in it is gone\n")
    assert chalice("sandbox", "status")[0] == 1
    assert chalice("sandbox", "stop") == (0, "", "No sandbox runs\n")


def test_a_sandbox_may_ask_for_permissions_and_says_so(
    chalice, monkeypatch, sandbox_folder, tmp_path
):
    for name, value in sandboxes.environment_of(tmp_path / "own").items():
        monkeypatch.setenv(name, value)
    says = "Functions do there only what their roles allow"

    started = chalice("sandbox", "start", "--enforce-iam", "--port", str(sandboxes.free_port()))
    again = chalice("sandbox", "start", "--enforce-iam")
    plain = chalice("sandbox", "status")
    facts = json.loads(chalice("sandbox", "status", "--json")[1])
    chalice("sandbox", "stop")

    assert says in started[2]
    assert "stop it to start it in another way" not in again[2]
    assert says in plain[2]
    assert facts["enforces_iam"] is True


def test_a_sandbox_that_asks_for_nothing_does_not_begin_to(
    chalice, monkeypatch, sandbox_folder, tmp_path
):
    for name, value in sandboxes.environment_of(tmp_path / "own").items():
        monkeypatch.setenv(name, value)
    chalice("sandbox", "start", "--port", str(sandboxes.free_port()))

    again = chalice("sandbox", "start", "--enforce-iam")

    chalice("sandbox", "stop")
    assert "It runs as it was started; stop it to start it in another way" in again[2]
    assert "Functions do there" not in again[2]


PART = """
from chalice import Blueprint

part = Blueprint(__name__)


@part.lambda_function()
def clean(event, context):
    return {"app": part.current_app.app_name}
"""
REGISTERED = """
from chalicelib.part import part

app.register_blueprint(part)


@app.middleware("pure_lambda")
def audit(event, get_response):
    return {**get_response(event), "audited": True}
"""


def test_a_function_of_a_blueprint_that_was_deployed_by_its_module_is_updated(life, tmp_path):
    run, write, stack = life
    write(extra=REGISTERED)
    (tmp_path / "chalicelib").mkdir()
    (tmp_path / "chalicelib" / "__init__.py").write_text("")
    (tmp_path / "chalicelib" / "part.py").write_text(PART)
    merged = tmp_path / "before.json"
    before = {"Clean": {"Properties": {"Handler": "chalicelib.part.clean"}}}
    merged.write_text(json.dumps({"Resources": before}))
    deployed(run, "--merge-template", str(merged))
    failed = run("invoke", "clean")

    code, out, _ = run("plan", "--json")
    deployed(run)

    [change] = [item for item in json.loads(out)["changes"] if item["logical_id"] == "Clean"]
    assert (failed[0], "Blueprint.current_app" in failed[1]) == (1, True)
    assert (code, change["details"]) == (
        0,
        ["Handler: chalicelib.part.clean -> chalice.functions.clean"],
    )
    answer = {"app": stack.removesuffix("-dev"), "audited": True}
    assert json.loads(run("invoke", "clean")[1]) == answer
