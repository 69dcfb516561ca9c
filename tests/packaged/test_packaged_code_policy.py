"""What the code of a project needs, by function, and that it is read only when it has changed."""

from __future__ import annotations

import pytest
from tests.projects import write_project

from chalice.bundle.build import collect
from chalice.bundle.recipe import Recipe
from chalice.bundle.store import Store
from chalice.bundle.target import Target
from chalice.diagnostics import ToolError
from chalice.packaged.code_policy import policies_in
from chalice.packaged.shipped import Functions, Shipped, modules, services_of
from chalice.permissions.reading.services import service

APP = """
    import boto3, os
    from chalice import Chalice

    app = Chalice(app_name="shop")

    def bucket():
        return os.environ["BUCKET"]

    @app.route("/")
    def index():
        boto3.client("s3").get_object(Bucket=bucket(), Key="k")

    @app.lambda_function()
    def report(event, context):
        boto3.client("s3").put_object(Bucket=bucket(), Key="k")

    def late(event, context):
        boto3.client("sns").publish(TopicArn="arn:aws:sns:us-east-1:123456789012:t", Message="m")

    register = app.lambda_function(name="late")
    register(late)
"""
ONE, TWO = {"BUCKET": "one"}, {"BUCKET": "two"}


@pytest.fixture
def needs(tmp_path):
    """Return a function that makes the needs of a project, and its store."""
    store = Store(tmp_path / "store")

    def make(variables, files=None, include=()):
        directory = write_project(tmp_path / "project", APP, None, files)
        found = collect(directory, Recipe(Target((3, 13), "arm64"), include=include), directory)
        places = dict.fromkeys(variables, "app.py:1")
        functions = Functions(variables, places, ONE)
        return policies_in(modules(found), functions, store)

    return make


def granted(found):
    """Return the actions of each resource, shown in short."""
    return sorted(
        (action, str(statement["Resource"]).rpartition(":")[2].strip("'}"))
        for statement in found.statements
        for action in statement["Action"]
    )


def test_all_functions_together_need_all_that_the_code_needs(needs):
    found = needs({"api_handler": ONE, "report": ONE})

    together = found(["api_handler", "report"])

    assert granted(together) == [
        ("s3:GetObject", "one/k"),
        ("s3:PutObject", "one/k"),
        ("sns:Publish", "t"),
    ]
    assert together.places["s3:GetObject"] == {"arn:${AWS::Partition}:s3:::one/k": "app.py:12"}
    assert not together.problems


def test_some_need_what_is_reached_from_them_and_what_is_handed_on(needs):
    found = needs({"api_handler": ONE, "report": ONE})

    assert granted(found(["report"])) == [("s3:PutObject", "one/k"), ("sns:Publish", "t")]


def test_each_is_read_with_variables_of_its_own(needs):
    found = needs({"api_handler": ONE, "report": TWO})

    assert granted(found(["api_handler", "report"])) == [
        ("s3:GetObject", "one/k"),
        ("s3:PutObject", "two/k"),
        ("sns:Publish", "t"),
    ]


def test_a_variable_is_missing_only_where_a_function_asks_for_it_that_does_not_have_it(needs):
    other = "from app import app\n@app.lambda_function()\ndef other(event, context): pass\n"
    files = {"chalicelib/other.py": other}
    every = ["api_handler", "report", "other"]

    set_where_asked = needs({"api_handler": ONE, "report": TWO, "other": {}}, files)
    missing_of_one = needs({"api_handler": {}, "report": TWO, "other": {}}, files)

    assert [set_where_asked(names).problems for names in (every, ["other"])] == [(), ()]
    assert [problem.where for problem in missing_of_one(every).problems] == ["app.py:8"]
    assert [len(missing_of_one([name]).problems) for name in every] == [1, 0, 0]


LIBRARY = {
    "vendor/ours.py": "import boto3\ndef tidy():\n"
    "    boto3.client('s3').delete_object(Bucket='old', Key='k')\n",
    "vendor/theirs/__init__.py": "def wait(): ...\n",
    "chalicelib/jobs.py": "import ours, theirs\nours.tidy()\ntheirs.wait()\n",
}


def test_what_is_in_vendor_and_calls_aws_is_told(needs):
    [problem] = needs({"report": ONE}, LIBRARY)(["report"]).problems

    assert (problem.code, problem.where) == ("policy-outside-sdk", "chalicelib/jobs.py:2")
    assert problem.summary == "what `ours` calls of AWS by itself is not in the policy"
    assert problem.hint.startswith("name it in `package.include` to have it read, or")


def test_what_is_in_vendor_and_included_is_read(needs):
    found = needs({"report": ONE}, LIBRARY, include=("vendor/ours.py",))(["report"])

    assert ("s3:DeleteObject", "old/k") in granted(found)
    assert found.places["s3:DeleteObject"] == {
        "arn:${AWS::Partition}:s3:::old/k": "vendor/ours.py:3"
    }
    assert not found.problems


def test_a_function_whose_code_is_not_found_may_do_what_all_may_and_that_is_told(needs):
    found = needs({"api_handler": ONE, "late": ONE})(["late"])

    assert len(found.statements) == 2
    [problem] = found.problems
    assert (problem.code, problem.where, problem.severity) == (
        "policy-function-unread",
        "app.py:1",
        "warning",
    )


def test_what_was_found_is_kept_with_its_problems_until_the_code_changes(needs):
    variables = {"api_handler": {}, "report": {}}
    before = needs(variables)(["api_handler", "report"])

    kept = needs(variables)(["api_handler", "report"])
    changed = needs(
        variables, {"chalicelib/more.py": "import boto3\nboto3.client('sqs').list_queues()\n"}
    )
    after = changed(["api_handler", "report"])

    assert kept == before
    assert {problem.code for problem in kept.problems} == {"policy-variable-missing"}
    assert ("sqs:ListQueues", "*") in granted(after)


def test_code_that_no_function_reaches_counts_for_all_together_with_the_stages_variables(needs):
    call = "boto3.client('s3').delete_object(Bucket=os.environ['BUCKET'], Key='k')"
    unused = f"import boto3, os\ndef f():\n  {call}\n"
    files = {"chalicelib/__init__.py": "from . import unused", "chalicelib/unused.py": unused}
    found = needs({"api_handler": TWO, "report": {"BUCKET": "three"}}, files)

    together, one = found(["api_handler", "report"]), found(["report"])

    assert ("s3:DeleteObject", "one/k") in granted(together)
    assert ("s3:DeleteObject", "three/k") not in granted(together)
    assert "s3:DeleteObject" not in {action for action, _ in granted(one)}


def test_services_that_were_kept_are_known_as_before(tmp_path):
    asked = []

    def load(name):
        asked.append(name)
        return service(name)

    store = Store(tmp_path / "store")
    first = services_of(store, load).get("s3")

    again = services_of(store, load).get("s3")

    assert asked == ["s3"]
    assert again == first


def test_a_file_that_is_gone_is_told(tmp_path):
    code = Shipped({"app.py": tmp_path / "app.py"}, Store(tmp_path / "store"))

    with pytest.raises(ToolError, match="No such file"):
        code.reading({})
