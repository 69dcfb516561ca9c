import json
import os
import subprocess
import sys
from textwrap import dedent

import pytest
from tests.permissions.asked import KEEPING, load

from chalice.permissions import of_functions, policy_of, read
from chalice.permissions.proving import Grants, prove
from chalice.permissions.proving.recorded import called, environment, plan
from chalice.permissions.reading.services import Services

# Models are read once for all tests.
SERVICES = Services(load)

APP = """
    import boto3
    from chalice import Chalice

    app = Chalice(app_name="orders")
    files = boto3.client("s3")

    @app.route("/")
    def index():
        return files.get_object(Bucket="b", Key="k")

    @app.lambda_function(name="tell")
    def told(event, context):
        boto3.client("sns").publish(TopicArn=event["topic"], Message="m")
"""
INDEX = ["app.py", 9, 7, "index"]
TOLD = ["app.py", 13, 11, "told"]


def call(service, operation, chain=(INDEX,), **params):
    """Return a call as the recorder writes it."""
    region = params.pop("_region", "us-east-1")
    return {
        "service": service,
        "operation": operation,
        "params": params,
        "region": region,
        "default_region": "us-east-1",
        "variables": params.pop("_variables", {}),
        "chain": list(chain),
    }


GET = call("s3", "GetObject", Bucket="b", Key="k")
TOPIC = "arn:aws:sns:us-east-1:123456789012:orders"
PUBLISH = call("sns", "Publish", [TOLD], TopicArn=TOPIC)


def certificate(calls, app=APP, *, documents=(), apart=False, function=None, environ=None):
    source = {"app.py": dedent(app).lstrip().encode()}
    lines = [json.dumps(item).encode() for item in calls]
    found, lost = called(lines)
    assert lost == []
    environ = environ or {}

    def grants(variables):
        reading = read(source, {**environ, **variables}, SERVICES)
        if not apart:
            return [Grants("R", ("api_handler", "tell"), policy_of(reading).statements, documents)]
        return [
            Grants(name, (name,), policy_of(of_functions(reading, (name,))).statements)
            for name in ("api_handler", "tell")
            if function in (None, name)
        ]

    engine = read(source, environ, SERVICES).engine
    return prove(found, grants, engine, function=function)


def pairs(items):
    return [(item.action, item.resource) for item in items]


OBJECT = "arn:${AWS::Partition}:s3:::b/k"


def test_what_is_called_as_the_code_says_is_sufficient_and_nothing_is_spare():
    found = certificate([GET, GET, PUBLISH])

    assert found.sufficient
    assert (found.calls, found.denied, found.spare) == (3, (), ())


def test_a_call_that_nobody_could_read_is_denied_with_its_line():
    found = certificate([call("s3", "DeleteObject", Bucket="b", Key="other")])

    (denied,) = found.denied
    assert (denied.action, denied.resource, denied.where) == (
        "s3:DeleteObject",
        "arn:${AWS::Partition}:s3:::b/other",
        "app.py:9",
    )


def test_what_nothing_has_used_is_spare_with_the_lines_that_need_it():
    (spare,) = certificate([PUBLISH]).spare

    assert (spare.action, spare.resource, spare.places) == ("s3:GetObject", OBJECT, ("app.py:9",))


def test_for_everything_the_narrower_statement_is_proposed():
    (wide,) = certificate([GET, PUBLISH]).wide

    arn = "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:orders"
    assert wide.statement() == {
        "Effect": "Allow",
        "Action": ["sns:Publish"],
        "Resource": {"Fn::Sub": arn},
    }


def test_of_many_resources_the_narrower_statement_names_what_they_have_in_common():
    app = """
        import boto3

        def load(where):
            boto3.client("s3").get_object(**where)
    """
    frame = ["app.py", 4, 3, "load"]
    gets = [call("s3", "GetObject", [frame], Bucket="b", Key=str(key)) for key in range(9)]

    (wide,) = certificate(gets, app).wide

    assert wide.statement()["Resource"] == {"Fn::Sub": "arn:${AWS::Partition}:s3:::b/*"}


def test_calls_of_the_tests_themselves_do_not_count():
    found = certificate([call("s3", "CreateBucket", [], Bucket="b"), GET])

    assert (found.calls, found.by_others, found.sufficient) == (1, 1, True)


def test_the_account_of_a_stand_in_for_aws_is_the_applications_own():
    app = """
        import boto3

        def send(event):
            queues = boto3.client("sqs")
            url = queues.get_queue_url(QueueName="jobs")["QueueUrl"]
            queues.send_message(QueueUrl=url, MessageBody="m")
    """
    frame = ["app.py", 6, 3, "send"]
    urls = [
        "http://localhost:4566/000000000000/jobs",
        "https://sqs.us-east-1.amazonaws.com/123456789012/jobs",
    ]
    sends = [call("sqs", "SendMessage", [frame], QueueUrl=url) for url in urls]

    assert certificate(sends, app).sufficient


def test_the_account_of_others_is_not():
    app = """
        import boto3

        def send(event):
            boto3.client("sns").create_topic(Name="jobs")
    """
    chain = [["app.py", 4, 3, "send"]]
    other = call("sns", "CreateTopic", chain, TopicArn="arn:aws:sns:us-east-1:999999999999:jobs")

    assert not certificate([other], app).sufficient


def test_a_region_that_is_not_the_default_one_is_another_resource():
    app = """
        import boto3

        def send(event):
            boto3.client("dynamodb").get_item(TableName="users", Key={})
    """
    chain = [["app.py", 4, 3, "send"]]
    here = call("dynamodb", "GetItem", chain, TableName="users")
    there = {**here, "region": "eu-west-1"}

    assert certificate([here], app).sufficient
    assert not certificate([there], app).sufficient


def test_variables_may_have_other_values_in_the_tests():
    app = """
        import boto3, os

        def load(key):
            return boto3.client("s3").get_object(Bucket=os.environ["BUCKET"], Key=key)
    """
    chain = [["app.py", 4, 3, "load"]]
    get = {
        **call("s3", "GetObject", chain, Bucket="test", Key="k"),
        "variables": {"BUCKET": "test"},
    }

    found = certificate([get], app, environ={"BUCKET": "real"})

    assert (found.sufficient, found.spare) == (True, ())
    assert not certificate([{**get, "variables": {}}], app, environ={"BUCKET": "real"}).sufficient


def test_each_function_is_asked_about_its_own_role():
    found = certificate([call("s3", "GetObject", [TOLD], Bucket="b", Key="k")], apart=True)

    (denied,) = found.denied
    assert (denied.role, denied.action) == ("tell", "s3:GetObject")


def test_the_function_is_that_of_the_outermost_handler():
    inner = ["app.py", 9, 7, "index"]

    found = certificate([call("s3", "GetObject", [inner, TOLD], Bucket="b", Key="k")], apart=True)

    assert [item.role for item in found.denied] == ["tell"]


def test_a_call_of_no_function_that_is_known_may_be_any_functions():
    helper = ["app.py", 9, 1, "helper"]

    found = certificate([call("s3", "GetObject", [helper], Bucket="b", Key="k")], apart=True)

    assert found.sufficient


def test_what_is_called_while_a_module_is_imported_each_function_calls():
    module = ["app.py", 5, 0, "<module>"]

    found = certificate([call("s3", "GetObject", [module], Bucket="b", Key="k")], apart=True)

    assert [item.role for item in found.denied] == ["tell"]


def test_of_one_function_only_its_calls_count():
    found = certificate([GET, PUBLISH], apart=True, function="tell")

    assert (found.calls, found.of_others, found.sufficient) == (1, 1, True)
    assert found.spare == ()


def test_a_policy_that_somebody_wrote_counts_and_may_deny():
    statement = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [statement]}

    (denied,) = certificate([GET], documents=(document,)).denied

    assert denied.because == "explicit deny"


def test_a_policy_file_may_allow_what_the_code_does_not_say():
    resource = {"Fn::Sub": "arn:${AWS::Partition}:s3:::b/*"}
    statement = {"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": resource}
    document = {"Version": "2012-10-17", "Statement": [statement]}

    found = certificate([call("s3", "DeleteObject", Bucket="b", Key="x")], documents=(document,))

    assert found.sufficient


def test_a_transfer_needs_what_the_reader_says_of_it():
    app = """
        import boto3

        def save(file):
            boto3.client("s3").upload_file(file, "b", "k")
    """
    upload = call("s3", "upload_file", [["app.py", 4, 3, "save"]], Bucket="b", Key="k")

    found = certificate([upload], app)

    assert (found.sufficient, found.spare) == (True, ())


# --- what is kept of a call -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "given", "expected"),
    [
        (
            "PutItem",
            {"TableName": "users", "Item": {"Name": {"S": "secret"}, "Key": "secret"}},
            {"TableName": "users", "Item": False},
        ),
        ("GetItem", {"Key": {"pk": "secret"}}, {"Key": False}),
        (
            "ExecuteStatement",
            {"Statement": "SELECT * FROM users WHERE name = 'it''s secret'"},
            {"Statement": "SELECT * FROM users WHERE name = ''"},
        ),
        (
            "TransactWriteItems",
            {"TransactItems": [{"Put": {"TableName": "users", "Item": {"Name": "secret"}}}]},
            {"TransactItems": [{"Put": {"TableName": "users"}}]},
        ),
        (
            "BatchWriteItem",
            {"RequestItems": {"users": [{"PutRequest": {"Item": {"Name": "secret"}}}]}},
            {"RequestItems": {"users": False}},
        ),
    ],
)
def test_nothing_that_may_be_secret_is_recorded(operation, given, expected):
    assert KEEPING.kept(given, "dynamodb", operation) == expected


def test_what_is_written_is_not_recorded():
    put = {"Bucket": "b", "Key": "k", "Body": b"secret", "Metadata": {"a": "secret"}}

    assert KEEPING.kept(put, "s3", "PutObject") == {
        "Bucket": "b",
        "Key": "k",
        "Body": False,
        "Metadata": False,
    }
    assert (
        KEEPING.kept({"Name": "n", "SecretString": "secret"}, "secretsmanager", "CreateSecret")[
            "SecretString"
        ]
        is False
    )


def test_of_what_is_nested_only_roles_that_are_handed_on_are_recorded():
    role = "arn:aws:iam::123456789012:role/run"
    item = {"Item": {"Role": "secret", "RoleArn": "secret", "roleArn": {"S": role}}}
    targets = {"Targets": [{"Id": "1", "Input": "secret", "RoleArn": role}, {"Id": "2"}]}
    run = {"overrides": {"containerOverrides": [{"name": "secret"}], "taskRoleArn": role}}

    assert KEEPING.kept(item, "dynamodb", "PutItem") == {"Item": False}
    assert KEEPING.kept(targets, "events", "PutTargets") == {
        "Targets": [{"RoleArn": role}, {"Id": False}]
    }
    assert KEEPING.kept(run, "ecs", "RunTask") == {"overrides": {"taskRoleArn": role}}


def test_of_what_may_be_a_role_or_a_secret_roles_are_recorded():
    role = "arn:aws:iam::123456789012:role/run"
    options = [{"OptionName": "ServiceRole", "Value": role}, {"OptionName": "P", "Value": "secret"}]

    kept = KEEPING.kept({"OptionSettings": options}, "elasticbeanstalk", "CreateEnvironment")

    assert kept == {"OptionSettings": [{"Value": role}, False]}


@pytest.mark.parametrize(
    ("operation", "given", "expected"),
    [
        (
            ("codebuild", "CreateProject"),
            {"encryptionKey": "k", "environment": {"environmentVariables": [{"value": "secret"}]}},
            {"encryptionKey": "k", "environment": False},
        ),
        (
            ("dynamodb", "UpdateTable"),
            {
                "ReplicaUpdates": [
                    {"Create": {"KMSMasterKeyId": "k", "TableClassOverride": "secret"}}
                ]
            },
            {"ReplicaUpdates": [{"Create": {"KMSMasterKeyId": "k"}}]},
        ),
        (
            ("codepipeline", "CreatePipeline"),
            {
                "pipeline": {
                    "artifactStores": {"r": {"location": "secret", "encryptionKey": {"id": "k"}}}
                }
            },
            {"pipeline": {"artifactStores": {"r": {"encryptionKey": {"id": "k"}}}}},
        ),
        (
            ("cloudformation", "CreateStack"),
            {"TemplateURL": "https://b.s3.amazonaws.com/k?X-Amz-Signature=secret"},
            {"TemplateURL": "https://b.s3.amazonaws.com/k"},
        ),
        (
            ("rds", "CreateDBInstance"),
            {
                "ManageMasterUserPassword": False,
                "MasterUserPassword": "secret",
                "MultiTenant": True,
            },
            {"ManageMasterUserPassword": None, "MasterUserPassword": False, "MultiTenant": False},
        ),
    ],
)
def test_of_what_is_listed_only_that_is_recorded(operation, given, expected):
    assert KEEPING.kept(given, *operation) == expected


@pytest.mark.parametrize(
    ("name", "kept"),
    [("private", "-"), ("arn:aws:billing::1:billingview/v", "arn:aws:billing::1:billingview/v")],
)
def test_of_what_is_sensitive_and_may_be_an_arn_nothing_else_is_recorded(name, kept):
    given = {"name": name, "description": "private"}

    found = KEEPING.kept(given, "billing", "CreateBillingView")

    assert found == {"name": kept, "description": False}


def test_that_a_parameter_is_given_is_recorded():
    given = {"ObjectLockMode": "GOVERNANCE", "Tagging": None}

    assert KEEPING.kept(given, "s3", "PutObject") == {"ObjectLockMode": False, "Tagging": None}


def test_a_call_that_was_not_noted_whole_is_told():
    found, lost = called([json.dumps(GET).encode(), b'{"service": "s3', b'{"error": "GetObject"}'])

    assert ([item.where for item in found], lost) == (
        ["app.py:9"],
        ["what was noted is not whole", "GetObject"],
    )


# --- in the program ---------------------------------------------------------------------------


def recorded(folder, lines, app="def do(f):\n    return f()\n"):
    """Return the calls of a program whose module `app` ships."""
    (folder / "app.py").write_text(app)
    (folder / "program.py").write_text(dedent(lines))
    told = plan(folder / "log", {"app.py": folder / "app.py"}, {"BUCKET": "real"})
    (folder / "plan.json").write_text(json.dumps(told))
    (folder / "log").touch()
    keys = {
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }
    subprocess.run(
        [sys.executable, "program.py"],
        cwd=folder,
        env=environment({**os.environ, **keys}, folder / "plan.json"),
        check=True,
    )
    return called((folder / "log").read_bytes().splitlines())


# Nothing is sent: the SDK finds what is missing before.
CLIENT = """
    import importlib.util
    importlib.util.find_spec("botocore.client")
    import app, contextlib, threading
    from concurrent.futures import ThreadPoolExecutor
    import botocore.session, botocore.exceptions
    s3 = botocore.session.get_session().create_client("s3")
    quiet = contextlib.suppress(botocore.exceptions.ParamValidationError)
"""


def test_a_call_is_noted_with_its_place_before_anything_is_sent(tmp_path):
    lines = (
        CLIENT
        + """
    with quiet:
        app.do(lambda: s3.get_object(Bucket="b"))
    with quiet:
        s3.get_object(Bucket="mine")
    """
    )

    (of_app, of_test), lost = recorded(tmp_path, lines)

    assert (of_app.where, of_app.use.operation, of_app.region, lost) == (
        "app.py:2",
        "GetObject",
        "eu-west-1",
        [],
    )
    assert of_test.chain == ()


def test_what_a_pool_of_threads_does_is_called_where_it_was_given_to_it(tmp_path):
    lines = (
        CLIENT
        + """
    def work():
        with quiet:
            s3.get_object(Bucket="b")
    with ThreadPoolExecutor() as pool, ThreadPoolExecutor() as other:
        app.do(lambda: pool.submit(lambda: other.submit(work).result())).result()
    """
    )

    (found,), _ = recorded(tmp_path, lines)

    assert found.where == "app.py:2"


def test_a_signed_url_is_a_call_of_its_operation(tmp_path):
    lines = (
        CLIENT
        + """
    app.do(lambda: s3.generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"}))
    app.do(lambda: s3.generate_presigned_post("b", "k"))
    """
    )

    found, _ = recorded(tmp_path, lines)

    assert [item.use.operation for item in found] == ["GetObject", "PutObject"]
    assert dict(found[1].use.params) == {"Bucket": frozenset("b"), "Key": frozenset("k")}


def test_fields_of_a_signed_post_are_parameters_of_its_operation(tmp_path):
    lines = (
        CLIENT
        + """
    fields = {"acl": "private", "x-amz-server-side-encryption-aws-kms-key-id": "key"}
    app.do(lambda: s3.generate_presigned_post("b", "k", fields, [{"tagging": "secret"}, ["x"]]))
    """
    )

    (found,), _ = recorded(tmp_path, lines)

    params = dict(found.use.params)
    assert params["ACL"] == {"private"}
    assert params["SSEKMSKeyId"] == {"key"}
    assert params.keys() == {"Bucket", "Key", "ACL", "SSEKMSKeyId", "Tagging"}
    assert "secret" not in str(found)


def test_a_token_for_a_database_is_a_call_though_nothing_is_sent(tmp_path):
    lines = """
    import boto3
    import app

    rds = boto3.client("rds")
    app.do(lambda: rds.generate_db_auth_token("h", 3306, "app", Region="us-east-1"))
    app.do(lambda: rds.generate_db_auth_token("h", 3306, "app"))
    """

    found, _ = recorded(tmp_path, lines)

    assert [(item.use.operation, item.use.region) for item in found] == [
        ("generate_db_auth_token", "us-east-1"),
        ("generate_db_auth_token", ""),
    ]


def test_what_names_something_is_recorded_and_what_it_holds_is_not():
    given = {"JobName": "j", "Arguments": {"--key": "secret"}, "SecurityConfiguration": "s"}

    found = KEEPING.kept(given, "glue", "StartJobRun")

    assert found == {"JobName": "j", "Arguments": False, "SecurityConfiguration": False}


def test_a_variable_that_led_to_a_call_and_is_set_otherwise_is_noted(tmp_path):
    lines = (
        CLIENT
        + """
    import os
    with quiet:
        os.environ["BUCKET"] = "test"
        app.do(lambda: s3.get_object(Bucket="test-files"))
    """
    )

    (found,), _ = recorded(tmp_path, lines)

    assert found.variables == (("BUCKET", "test"),)


def test_variables_of_the_stage_are_nowhere_written_in_clear(tmp_path):
    told = plan(tmp_path / "log", {}, {"PASSWORD": "open sesame"})

    assert "open sesame" not in json.dumps(told)


IN_A_CHILD = (
    CLIENT
    + """
    import os, subprocess, sys
    child = "import program as p; p.call()"
    def call():
        with quiet:
            app.do(lambda: s3.get_object(Bucket="b"))
    def start(**more):
        subprocess.run([sys.executable, "-c", child], check=True, **more)
"""
)
KEYS = 'dict(AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x", AWS_DEFAULT_REGION="eu-west-1")'


@pytest.mark.parametrize(
    "line",
    [
        "start()",
        f"start(env={KEYS})",
        f'start(env={{**{KEYS}, "PYTHONPATH": "elsewhere"}})',
        'os.environ["PYTHONPATH"] = "elsewhere"; start()',
        'os.environ.pop("CHALICE_RECORDING"); start()',
    ],
    ids=["as it is", "another environment", "another path", "path changed", "recording removed"],
)
def test_a_python_that_the_program_starts_is_recorded_whatever_environment_it_gets(tmp_path, line):
    main = f'if __name__ == "__main__":\n        {line}'

    found, lost = recorded(tmp_path, f"{IN_A_CHILD}\n    {main}\n")

    assert ([item.where for item in found], lost) == (["app.py:2"], [])


def test_what_a_program_gives_its_own_is_there_beside_the_recorder(tmp_path):
    lines = """
        import json, subprocess, sys
        script = "import json, os; json.dump(dict(os.environ), open('seen', 'w'))"
        env = {"PYTHONPATH": "elsewhere", b"BYTES": b"x"}
        subprocess.run([sys.executable, "-c", script], env=env, check=True)
        assert sorted(env, key=str) == ["PYTHONPATH", b"BYTES"], env
        try:
            subprocess.run([sys.executable, "-c", ""], env={"A": 1})
        except TypeError:
            pass
        else:
            raise SystemExit("what the program does wrong is not told")
    """

    (tmp_path / "log").touch()
    recorded(tmp_path, lines)

    seen = json.loads((tmp_path / "seen").read_text())
    assert seen["BYTES"] == "x"
    assert seen["PYTHONPATH"].endswith(f"{os.pathsep}elsewhere")


def test_where_nothing_can_be_noted_the_program_goes_on_and_the_log_says_so_by_its_absence(
    tmp_path,
):
    lines = (
        CLIENT
        + """
    import os, pathlib
    def get():
        with quiet:
            app.do(lambda: s3.get_object(Bucket="b"))
    get()
    os.remove("log")
    os.mkdir("log")
    get()
    os.rmdir("log")
    get()
    """
    )

    with pytest.raises(FileNotFoundError):
        recorded(tmp_path, lines)

    assert not (tmp_path / "log").exists()
