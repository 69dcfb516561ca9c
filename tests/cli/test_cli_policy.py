import json
import os
import subprocess
import sys
from textwrap import dedent

import pytest

from chalice.permissions.proving.recorded import environment

APP = """
    import os

    from botocore.session import get_session
    from chalice import Chalice

    app = Chalice(app_name="orders")
    files = get_session().create_client("s3", region_name="us-east-1")

    @app.route("/{name}")
    def index(name):
        return {"length": files.get_object(Bucket=os.environ["BUCKET"], Key="k")["ContentLength"]}

    @app.lambda_function(name="tell")
    def told(event, context):
        topics = get_session().create_client("sns", region_name="us-east-1")
        topics.publish(TopicArn=event["topic"], Message="m")
"""
CONFIG = '{"version": "2.0", "app_name": "orders", "environment_variables": {"BUCKET": "real"}}'

# A script whose calls are answered where botocore lets others answer, in the place of AWS.
HEAD = """
    import os
    os.environ.update(AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x", BUCKET="test")
    from types import SimpleNamespace
    from botocore import handlers
    answer = SimpleNamespace(status_code=200), {"ContentLength": 1}
    handlers.BUILTIN_HANDLERS.append(("before-call", lambda **_: answer))
    import app
"""
GET = 'app.index("n")\n'
TELL = 'app.told({"topic": "arn:aws:sns:us-east-1:123456789012:orders"}, None)\n'
OTHER = "files = app.files; files.list_buckets()\n"

NOTE = """
Granted on `*` for app.py:16; what was touched is less. In a policy file:
{
  "Effect": "Allow",
  "Action": [
    "sns:Publish"
  ],
  "Resource": {
    "Fn::Sub": "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:orders"
  }
}

"""


@pytest.fixture
def prove(chalice, project, tmp_path):
    """Return a function that has a script prove the policy of an application."""

    def run(lines, *options, app=APP, config=CONFIG):
        project(app, config)
        (tmp_path / "script.py").write_text(dedent(HEAD).lstrip() + lines)
        return chalice("policy", "prove", *options, "--", sys.executable, "script.py")

    return run


def test_modules_of_vendor_are_found(prove, tmp_path):
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "ours_alone.py").write_text("VALUE = 1\n")

    code, _, err = prove("import ours_alone\n" + GET + TELL)

    assert code == 0, err


def test_a_policy_is_sufficient_where_all_that_is_called_is_allowed(prove):
    assert prove(GET + TELL + OTHER) == (
        0,
        NOTE.lstrip()
        + "Sufficient, and nothing in it is spare"
        + " (2 calls of the application, without 1 made by the tests themselves)\n",
        "",
    )


def test_what_is_spare_is_told_and_fails_where_it_is_to(prove):
    code, out, err = prove(GET, "--strict")

    assert (code, err) == (1, "")
    assert out == (
        "Spare: granted, and nothing has used it\n"
        "ACTION       RESOURCE  NEEDED BY\n"
        "sns:Publish  *         app.py:16\n"
        "\n"
        "Sufficient, and more than was used (1 call of the application)\n"
    )


def test_what_is_denied_is_told_with_the_line_that_called(prove):
    app = f"{APP}\n    def odd(name):\n        getattr(files, name)(Bucket='b', Key='k')\n"

    code, out, _ = prove(GET + TELL + 'app.odd("delete_object")\n', app=app)

    assert code == 1
    assert out.splitlines()[:3] == [
        "Denied: the code calls what its policy does not allow",
        "WHERE      ACTION           RESOURCE                        BECAUSE",
        "app.py:19  s3:DeleteObject  arn:${AWS::Partition}:s3:::b/k  no statement allows it",
    ]
    assert out.endswith("Not sufficient: 1 need is denied (3 calls of the application)\n")


def test_a_policy_file_is_asked_in_the_place_of_the_code(prove, tmp_path):
    (tmp_path / ".chalice").mkdir()
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::test/*"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    (tmp_path / ".chalice" / "policy-dev.json").write_text(json.dumps(document))

    code, out, _ = prove(
        GET + TELL, "--json", config=CONFIG.replace("}}", '}, "autogen_policy": false}')
    )

    found = json.loads(out)
    assert (code, found["sufficient"], found["calls"]) == (1, False, 2)
    assert [item["action"] for item in found["denied"]] == ["sns:Publish"]


def test_a_policy_file_may_lie_anywhere(prove, tmp_path):
    file = tmp_path / "elsewhere.json"
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::test/*"}
    file.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    configured = json.dumps({"autogen_policy": False, "iam_policy_file": str(file)})

    code, out, err = prove(GET, config=CONFIG.replace("}}", "}, " + configured[1:]))

    assert (code, err) == (0, "")
    assert out.startswith("Sufficient")


def test_functions_that_have_a_role_each_are_asked_about_their_own(prove):
    each = CONFIG.replace("}}", '}, "iam_role": "per_function"}')

    code, out, _ = prove(GET, config=each)

    assert code == 0
    assert "TellRole  sns:Publish  *         app.py:16" in out


def test_one_function_may_be_asked_about(prove):
    code, out, _ = prove(GET + TELL, "--function", "api_handler")

    assert (code, out) == (
        0,
        (
            "Sufficient, and nothing in it is spare"
            " (1 call of the application, without 1 of other functions)\n"
        ),
    )


def test_an_unknown_function_is_told_before_anything_runs(prove):
    assert prove("1 / 0\n", "--function", "tel") == (
        1,
        "",
        "Error: The application has no function `tel`; the nearest is `tell`\n",
    )


def test_a_program_that_fails_proves_nothing(prove):
    code, out, err = prove(f"{GET}{TELL}raise SystemExit(3)\n")

    assert code == 1
    assert "\nSufficient for what the program came to before it failed (2 calls" in out
    assert err.endswith("ended with 3: what it did not come to is not proved\n")


def test_calls_that_could_not_be_written_down_prove_nothing(prove):
    lines = "import json; plan = json.load(open(os.environ['CHALICE_RECORDING']))\n"

    code, _, err = prove(f"{lines}os.remove(plan['log'])\n{GET}")

    assert code == 1
    assert "A call could not be recorded: the file that calls are written to has gone" in err


@pytest.mark.parametrize(("app", "expected"), [(APP, 1), (APP.partition("files =")[0], 0)])
def test_where_nothing_is_called_nothing_is_proved_unless_nothing_is_granted(prove, app, expected):
    code, out, _ = prove("", app=app)

    assert code == expected
    assert out.endswith(
        "Nothing is proved: the code has called nothing of AWS (0 calls of the application)\n"
    )


def test_without_tests_a_program_has_to_be_named(chalice, project):
    project(APP, CONFIG)

    code, out, err = chalice("policy", "prove")

    assert (code, out) == (1, "")
    assert err.endswith(
        "Error: pytest finds no test: name what calls the application,"
        " `chalice policy prove -- python script.py`\n"
    )


def test_tests_are_where_pytest_finds_them(chalice, project, tmp_path):
    project(APP, CONFIG)
    (tmp_path / "spec").mkdir()
    (tmp_path / "spec" / "test_app.py").write_text("def test_nothing():\n    pass\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = spec\n")

    _, out, err = chalice("policy", "prove")

    assert "1 passed" in err
    assert out.endswith("the code has called nothing of AWS (0 calls of the application)\n")


def test_a_stage_that_nobody_has_declared_is_told_before_anything_runs(prove):
    code, out, err = prove("1 / 0\n", "--stage", "nope")

    assert (code, out) == (1, "")
    assert "stage `nope` is not declared in `.chalice/config.json`" in err


def test_the_tests_of_the_project_run_unless_a_program_is_named(chalice, project, tmp_path):
    project(APP, CONFIG)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_app.py").write_text(
        dedent("""
            from botocore.stub import Stubber
            from chalice.test import Client

            import app

            def test_index(monkeypatch):
                monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
                monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
                with Stubber(app.files) as stub, Client(app.app) as client:
                    stub.add_response("get_object", {"ContentLength": 1})
                    assert client.http.get("/n").json_body == {"length": 1}
        """)
    )

    code, out, err = chalice("policy", "prove")

    assert code == 0, err
    assert "1 passed" in err
    assert out.endswith("Sufficient, and more than was used (1 call of the application)\n")


def test_a_program_that_is_not_there_is_told(chalice, project):
    project(APP, CONFIG)

    code, out, err = chalice("policy", "prove", "missing-program")

    assert (code, out) == (1, "")
    assert err == "Error: `missing-program` cannot be started: No such file or directory\n"


def test_the_sandbox_is_called_where_it_is_to_be(
    chalice, project, tmp_path, sandbox_folder, aws_url, monkeypatch
):
    monkeypatch.setenv("CHALICE_SANDBOX_DIR", str(sandbox_folder))
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
    project(APP, CONFIG)
    (tmp_path / "script.py").write_text(
        dedent(f"""
            import os
            os.environ["BUCKET"] = "proved"
            import app
            assert os.environ["AWS_ENDPOINT_URL"] == {aws_url!r}
            app.files.create_bucket(Bucket="proved")
            app.files.put_object(Bucket="proved", Key="k", Body=b"x")
            assert app.index("n") == {{"length": 1}}
        """)
    )

    code, out, err = chalice("policy", "prove", "--sandbox", sys.executable, "script.py")

    assert (code, err) == (0, "")
    assert out.endswith("(1 call of the application, without 2 made by the tests themselves)\n")


def test_another_sitecustomize_is_imported_all_the_same(tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.was_here = True\n")
    environ = environment({**os.environ, "PYTHONPATH": str(tmp_path)}, tmp_path / "missing.json")

    ended = subprocess.run(
        [sys.executable, "-c", "import sys; print(sys.was_here)"],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout == "True\n"


def test_statements_of_a_policy_file_are_proved_end_to_end(prove, tmp_path):
    (tmp_path / ".chalice").mkdir()
    topics = {"Fn::Sub": "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:orders"}
    statements = [
        {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
        {"Effect": "Allow", "Action": ["sns:Publish", "sqs:SendMessage"], "Resource": topics},
    ]
    (tmp_path / ".chalice" / "policy-dev.json").write_text(
        json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=1)
    )

    code, out, err = prove(GET + TELL, config=CONFIG.replace("}}", '}, "autogen_policy": false}'))

    assert (code, err) == (0, "")
    assert out.count("arn:${AWS::Partition}:sns:") == 1
    assert "ApiHandlerRole, TellRole  sqs:SendMessage  arn:${AWS::Partition}:sns:" in out
    assert ".chalice/policy-dev.json:9\n" in out
    assert (
        "Granted on `*` of ApiHandlerRole, TellRole for .chalice/policy-dev.json:4;"
        " what was touched is less. In a policy file:\n"
    ) in out
    assert out.endswith("Sufficient, and more than was used (2 calls of the application)\n")


def test_a_role_that_chalice_does_not_make_is_told_apart(prove):
    role = "arn:aws:iam::123456789012:role/theirs"
    config = CONFIG.replace("}}", f'}}, "manage_iam_role": false, "iam_role_arn": "{role}"}}')

    code, out, err = prove(GET + TELL, config=config)

    assert (code, out.endswith("(2 calls of the application)\n")) == (0, True)
    assert err == (
        f"Warning: `{role}` is not made by Chalice (`manage_iam_role` is false): what is proved is"
        " what it would have to allow, and not what it allows\n"
    )
