import json
from textwrap import dedent

import pytest

APP = """
    import boto3
    from chalice import Chalice

    app = Chalice(app_name="orders")
    topics = boto3.client("sns")

    @app.route("/")
    def index():
        return boto3.client("s3").get_object(Bucket="b", Key="k")["Body"].read()

    @app.lambda_function(name="tell")
    def told(event, context):
        topics.publish(TopicArn=event["topic"], Message="m")
"""

NOTE = "which resource is only known when it runs"
OBJECT = {"Fn::Sub": "arn:${AWS::Partition}:s3:::b/k"}


def test_the_policy_is_what_all_functions_need(chalice, project):
    project(APP)

    code, out, err = chalice("gen-policy")

    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": OBJECT},
            {"Effect": "Allow", "Action": ["sns:Publish"], "Resource": "*"},
        ],
    }


def test_one_function_needs_what_is_reached_from_it(chalice, project):
    project(APP)

    _, of_api, _ = chalice("gen-policy", "--function", "api_handler")
    _, of_other, _ = chalice("gen-policy", "--function", "tell")

    assert [item["Action"] for item in json.loads(of_api)["Statement"]] == [["s3:GetObject"]]
    assert [item["Action"] for item in json.loads(of_other)["Statement"]] == [["sns:Publish"]]


def test_the_reasons_are_places_expressions_and_notes(chalice, project):
    project(APP)
    expression = "topics.publish(TopicArn=event['topic'], Message='m')"

    assert chalice("gen-policy", "--explain", "--function", "tell") == (
        0,
        f"*\n  sns:Publish\n    app.py:13  {expression}  ({NOTE})\n",
        "",
    )


def test_an_unknown_function_is_told_with_the_nearest(chalice, project):
    project(APP)

    assert chalice("gen-policy", "--function", "tel") == (
        1,
        "",
        "Error: The application has no function `tel`; the nearest is `tell`\n",
    )


def test_what_cannot_be_known_is_a_warning_and_the_rest_is_printed(chalice, project):
    project("""
        import boto3

        def load(name):
            return getattr(boto3.client("s3"), name)()
    """)

    code, out, err = chalice("gen-policy")

    assert (code, json.loads(out)["Statement"]) == (0, [])
    assert err.startswith("app.py:4: warning: which operation of `s3` is called here")


def test_a_project_without_an_application_has_no_policy(chalice):
    code, out, err = chalice("gen-policy")

    assert (code, out) == (1, "")
    assert "[app-missing]" in err


def test_variables_are_those_of_the_stage(chalice, project):
    app = """
        import os, boto3

        def load():
            return boto3.client("s3").get_object(Bucket=os.environ["BUCKET"], Key="k")
    """
    stages = '{"prod": {"environment_variables": {"BUCKET": "real"}}}'
    project(app, f'{{"version": "2.0", "app_name": "x", "stages": {stages}}}')

    _, out, _ = chalice("gen-policy", "--stage", "prod")

    (statement,) = json.loads(out)["Statement"]
    assert statement["Resource"] == {"Fn::Sub": "arn:${AWS::Partition}:s3:::real/k"}


def test_a_stage_that_nobody_has_declared_has_no_policy(chalice, project):
    project("import boto3\n", '{"version": "2.0", "app_name": "a"}')

    code, out, err = chalice("gen-policy", "--stage", "nope")

    assert (code, out) == (1, "")
    assert "stage `nope` is not declared in `.chalice/config.json`" in err


UNUSED = """
    import boto3
    boto3.client("sqs").list_queues()
"""


@pytest.mark.parametrize("name", ["app.py", "./app.py", "chalicelib/../app.py"])
def test_a_file_is_read_with_what_it_imports_however_it_is_named(chalice, project, tmp_path, name):
    project(f"from chalicelib import used\n{dedent(APP)}")
    folder = tmp_path / "chalicelib"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "used.py").write_text("import boto3\nboto3.client('s3').list_buckets()\n")
    (folder / "unused.py").write_text(dedent(UNUSED))

    code, out, err = chalice("gen-policy", "--filename", name)
    _, whole, _ = chalice("gen-policy")
    _, empty, _ = chalice("gen-policy", "--filename", str(folder / "__init__.py"))

    assert (code, err) == (0, "")
    assert actions(out) == ["s3:GetObject", "s3:ListAllMyBuckets", "sns:Publish"]
    assert actions(whole) == [
        "s3:GetObject",
        "s3:ListAllMyBuckets",
        "sns:Publish",
        "sqs:ListQueues",
    ]
    assert actions(empty) == []


def actions(out):
    return [action for item in json.loads(out)["Statement"] for action in item["Action"]]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("../other.py", "`../other.py` is not in the project: name a file below"),
        ("app.txt", "`app.txt` is no module of Python: its name ends in `.py`"),
        ("missing.py", "missing.py`: No such file or directory"),
    ],
)
def test_a_file_that_is_no_module_of_the_project_is_told(chalice, project, name, told):
    project(APP)

    code, out, err = chalice("gen-policy", "--filename", name)

    assert (code, out) == (1, "")
    assert told in err


COMPUTED = """
    import boto3
    from chalice import Chalice

    app = Chalice(app_name="orders")

    def told(event, context):
        boto3.client("sns").publish(TopicArn="arn:aws:sns:us-east-1:123456789012:t", Message="m")

    app.lambda_function(name="te" + "ll")(told)

    @app.lambda_function()
    def quiet(event, context):
        boto3.client("sqs").list_queues()
"""


@pytest.mark.parametrize("command", [("gen-policy",), ("policy", "prove", "true")])
def test_a_configured_function_whose_code_is_not_found_is_told(chalice, project, command):
    own = '{"tell": {"environment_variables": {"BUCKET": "1"}}}'
    config = (
        f'{{"version": "2.0", "app_name": "x", "stages": {{"dev": {{"lambda_functions": {own}}}}}}}'
    )
    project(COMPUTED, config)

    _, _, err = chalice(*command)

    assert err.startswith(
        ".chalice/config.json:1: warning: where the code of function `tell` begins cannot be read"
    )


def test_an_application_that_cannot_be_read_has_no_policy(chalice, project):
    project("import boto3\nboto3.client('s3'.\n")

    code, out, err = chalice("gen-policy")

    assert (code, out) == (1, "")
    assert "[policy-unreadable]" in err
    assert err.endswith("Error: What the code needs is not known: `app.py` cannot be read\n")


def test_a_module_that_cannot_be_read_is_a_warning(chalice, project, tmp_path):
    project(APP)
    (tmp_path / "chalicelib").mkdir()
    (tmp_path / "chalicelib" / "broken.py").write_text("def\n")

    code, out, err = chalice("gen-policy")

    assert (code, len(json.loads(out)["Statement"])) == (0, 2)
    assert err.startswith("chalicelib/broken.py:1: warning:")


def test_exit_code_is_about_a_difference(chalice, project):
    project(APP)

    code, out, err = chalice("gen-policy", "--exit-code")

    assert (code, out) == (2, "")
    assert "`--exit-code` is about what would change: it goes with `--diff`" in err


def test_functions_are_told_where_none_is_near(chalice, project):
    project(APP)

    assert chalice("gen-policy", "--function", "index") == (
        1,
        "",
        "Error: The application has no function `index`; it has `api_handler`, `tell`\n",
    )


def test_a_line_is_explained_once_where_it_is_about_several_resources(chalice, project):
    project("""
        import boto3

        def load(near):
            bucket = "a" if near else "b"
            boto3.client("s3").get_object(Bucket=bucket, Key="k")
    """)

    _, out, _ = chalice("gen-policy", "--explain")

    lines = [line for line in out.splitlines() if "app.py:5" in line]
    assert lines == ["    app.py:5  boto3.client('s3').get_object(Bucket=bucket, Key='k')"]


@pytest.mark.parametrize("option", [("--profile", "p"), ("--region", "eu-west-1"), ("--sandbox",)])
def test_where_a_stage_is_deployed_is_asked_with_diff_only(chalice, project, option):
    project(APP)

    code, out, err = chalice("gen-policy", *option)

    assert (code, out) == (2, "")
    assert f"`{option[0]}` is about where a stage is deployed: it goes with `--diff`" in err


def test_two_stages_are_not_compared_at_once(chalice, project):
    project(APP)

    code, out, err = chalice("gen-policy", "--diff", "prod", "--stage", "dev")

    assert (code, out) == (2, "")
    assert "`--diff prod` says which stage is meant: leave `--stage` out" in err


TASKS = """
    import os, boto3
    from chalice import Chalice

    app = Chalice(app_name="jobs")
    ecs = boto3.client("ecs", region_name="eu-west-1")

    @app.lambda_function()
    def register(event, context):
        ecs.register_task_definition(
            family="web", taskRoleArn=os.environ["ROLE"], containerDefinitions=[]
        )

    @app.lambda_function()
    def run(event, context):
        ecs.run_task(cluster="c", taskDefinition="web")

    @app.lambda_function()
    def start(event, context):
        boto3.client("ec2").run_instances(
            MinCount=1, MaxCount=1, ImageId="ami-1", IamInstanceProfile={"Name": "p"}
        )

    @app.lambda_function()
    def prepare(event, context):
        boto3.client("iam").add_role_to_instance_profile(
            InstanceProfileName="p", RoleName=os.environ["ROLE"]
        )
"""


@pytest.mark.parametrize(
    ("function", "own"),
    [("run", {}), ("run", {"ROLE": "another"}), ("start", {}), ("start", {"ROLE": "another"})],
    ids=["task", "task, other variables", "profile", "profile, other variables"],
)
def test_roles_that_another_function_of_the_project_registers_are_known(
    chalice, project, function, own
):
    ours = {"environment_variables": {"ROLE": "worker"}}
    configured = {"register": ours, "prepare": ours, function: {"environment_variables": own}}
    config = {"version": "2.0", "app_name": "jobs", "iam_role": "per_function"}
    stages = {"dev": {"lambda_functions": configured}}
    project(TASKS, json.dumps({**config, "stages": stages}))

    _, out, err = chalice("gen-policy", "--function", function)
    code, checked, _ = chalice("check")

    (passed,) = (one for one in json.loads(out)["Statement"] if "iam:PassRole" in one["Action"])
    names = [one["Fn::Sub"].rpartition(":")[2] for one in passed["Resource"]]
    assert (err, names) == ("", ["role/*/worker", "role/worker"])
    assert (code, "[policy-role-passed]" in checked) == (0, False)
