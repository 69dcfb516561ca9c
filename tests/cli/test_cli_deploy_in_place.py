"""A stack that AWS Chalice's template made takes ours as an update, and answers all the while."""

import io
import json
import shutil
import threading
import zipfile
from collections import Counter

import pytest
from tests import sandboxes
from tests.deploy.asking import Ask, answer
from tests.deploy.deployments import Watcher, deployment
from tests.resources.graphs import STORE, graph_in, their_template

from chalice.bundle.parts import Archive
from chalice.deploy import preparing
from chalice.deploy.templates import Wanted

# Whatever users know by name or address.
LASTING = {
    "AWS::ApiGateway::BasePathMapping",
    "AWS::ApiGateway::DomainName",
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::Stage",
    "AWS::IAM::Role",
    "AWS::Lambda::Function",
    "AWS::Lambda::Permission",
}
# Stages whose layers are elsewhere are left out: the sandbox misses them.
STAGES = ("dev", "edge", "private", "policies", "mixed", "given", "odd")

THEIRS = """
def app(event, context):
    return {"statusCode": 200, "headers": {}, "body": "theirs", "isBase64Encoded": False}


def my_auth(event, context):
    allow = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [allow]}
    return {"principalId": "user", "policyDocument": policy}


another = nightly_report = my_auth
"""
ASKS = (
    Ask("open", "GET", "/"),
    Ask("guarded", "GET", "/mine", {"Authorization": "token"}),
    Ask("guarded by another", "GET", "/second", {"Authorization": "token"}),
)


@pytest.fixture
def theirs(aws_url):
    """Return a function that has the stack of a stage made from AWS Chalice's template."""
    session, account = sandboxes.session(aws_url), sandboxes.account(aws_url)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("app.py", THEIRS)
    session.call("s3", "create_bucket", Bucket="theirs")
    session.call("s3", "put_object", Bucket="theirs", Key="code", Body=buffer.getvalue())

    def make(name, stage):
        template = their_template(stage, code={"S3Bucket": "theirs", "S3Key": "code"})
        session.call(
            "cloudformation", "create_stack", StackName=name, TemplateBody=json.dumps(template)
        )
        until_made(account, name)
        return template

    return make


def until_made(account, name):
    for _ in range(200):
        stack = account.stacks.stack(name)
        if not stack.in_progress:
            break
        threading.Event().wait(0.05)
    assert stack.status == "CREATE_COMPLETE", stack


def breaches(changes):
    """Return the changes that users notice: what comes, goes or is replaced of what lasts."""
    return [
        item
        for item in changes
        if item.replacement == "True" or (item.type in LASTING and item.action != "Modify")
    ]


@pytest.mark.parametrize("stage", STAGES)
def test_an_update_of_their_stack_neither_adds_removes_nor_replaces(
    aws_url, theirs, tmp_path, stage
):
    name = f"theirs-{stage}"
    theirs(name, stage)
    code = tmp_path / "code.zip"
    code.write_bytes(b"")
    archive = Archive(code, "0" * 64, 0, 0, ())
    made = deployment(aws_url, name, Watcher())

    prepared = preparing.prepare(made, made.look(), Wanted(graph_in(STORE, stage), archive, None))

    changes = prepared.change_set.changes
    assert changes
    assert breaches(changes) == []
    assert not [item for item in prepared.plan.items if item.action == "replace"]


class Asking(threading.Thread):
    """Asks one API all the time, and counts the answers."""

    def __init__(self, url):
        super().__init__(daemon=True)
        self.url = url
        self.found = Counter()
        self.done = threading.Event()

    def run(self):
        while not self.done.is_set():
            for ask in ASKS:
                seen = answer(self.url, ask)
                self.found[ask.name, seen.status, seen.body] += 1

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.join()


def test_their_stack_is_deployed_over_and_answers_before_during_and_after(
    in_sandbox, aws_url, theirs, tmp_path
):
    name = "theirs-over"
    theirs(name, "dev")
    shutil.copytree(STORE, tmp_path, dirs_exist_ok=True)
    config = tmp_path / ".chalice" / "config.json"
    facts = {**json.loads(config.read_text()), "deploy": {"stack_name": name}}
    config.write_text(json.dumps(facts))
    url = in_sandbox("url")[0].strip()
    before = {ask.name: answer(url, ask) for ask in ASKS}
    resources = sandboxes.account(aws_url).stacks.resources(name)

    with Asking(url) as asking:
        out, err = in_sandbox("deploy", "--yes")

    assert out.splitlines()[0] == url
    assert {(seen.status, seen.body) for seen in before.values()} == {(200, b"theirs")}
    # Either code answers, and nothing else does.
    assert {(status, body) for _, status, body in asking.found} == {(200, b"theirs"), (200, b"{}")}
    after = {ask.name: answer(url, ask) for ask in ASKS}
    assert {(seen.status, seen.body) for seen in after.values()} == {(200, b"{}")}
    assert "Deployed the stack `theirs-over`" in err
    kept = {item.logical_id: item.physical_id for item in resources if item.type in LASTING}
    now = sandboxes.account(aws_url).stacks.resources(name)
    assert kept.items() <= {item.logical_id: item.physical_id for item in now}.items()
    assert in_sandbox("plan")[0] == "Nothing would change\n"


NEEDS = """

@app.lambda_function()
def read(event, context):
    from botocore.session import get_session

    get_session().create_client("s3").get_object(Bucket="b", Key="k")
"""


def test_permissions_are_compared_with_those_of_their_stack(in_sandbox, theirs, tmp_path):
    name = "theirs-compared"
    theirs(name, "dev")
    shutil.copytree(STORE, tmp_path, dirs_exist_ok=True)
    config = tmp_path / ".chalice" / "config.json"
    facts = {**json.loads(config.read_text()), "deploy": {"stack_name": name}}
    config.write_text(json.dumps(facts))
    app = tmp_path / "app.py"
    app.write_text(app.read_text() + NEEDS)
    line = len(app.read_text().splitlines())

    out, err = in_sandbox("gen-policy", "--diff", "dev", "--json")
    text, _ = in_sandbox("gen-policy", "--diff", "dev")

    assert "Nothing is deployed" not in err
    found = json.loads(out)
    assert found["stack"] == name
    [gained] = found["gained"]
    assert (gained["role"], gained["action"]) == ("DefaultRole", "s3:GetObject")
    assert (gained["resource"], gained["where"]) == ("arn:aws:s3:::b/k", f"app.py:{line}")
    # AWS Chalice lets functions make log groups, and write into those of others.
    assert {(item["role"], item["action"]) for item in found["lost"]} == {
        ("DefaultRole", f"logs:{action}")
        for action in ("CreateLogGroup", "CreateLogStream", "PutLogEvents")
    }
    assert f"+ DefaultRole: s3:GetObject on arn:aws:s3:::b/k  app.py:{line}" in text
