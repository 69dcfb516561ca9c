"""Whole applications, deployed where IAM is enforced: their policies hold, and no part is spare."""

import json
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections import deque

import pytest
from tests import sandboxes
from tests.projects import APPS

JSON = {"Content-Type": "application/json"}

# What each application is asked: every path that it has, in an order in which each finds what it
# needs. Left out is what MiniStack 1.5.33 asks IAM otherwise than AWS does: `SendMessageBatch` for
# an action of that name, `GetParametersByPath` for all resources, a `PutObject` with tags for no
# more than one without.
NOTES = (
    ("PUT", "/notes/1", {"author": "ann", "text": "first"}),
    ("GET", "/notes/1", None),
    ("GET", "/authors/ann", None),
    ("PUT", "/files/1", {"text": "attached"}),
    ("GET", "/files", None),
    ("GET", "/files/1", None),
    ("DELETE", "/notes/1", None),
    ("Remind", "", {"text": "soon"}),
)
STEPS = (
    *("metrics", "update", "scan", "batch", "transact", "events", "stream", "copy", "parts"),
    *("tag", "bucket", "secret", "queue", "parameter"),
)
DESK = tuple(("Work", "", {"step": step}) for step in STEPS)

# application, stage, what it is asked, and how many parts of its policy come from the code.
DEPLOYED = [
    ("notes", "dev", NOTES, 12),
    ("notes", "apart", NOTES, 12),
    ("desk", "dev", DESK, 29),
]

COMMAND = "from chalice.cli.start import main; raise SystemExit(main())"


class Deployed:
    """A stage on an AWS where nobody but root may do what no policy allows."""

    def __init__(self, url, folder, app, stage, asks, parts):
        self.session = sandboxes.session(url)
        self.stack = f"{app}-{stage}"
        self.asks, self.parts = asks, parts
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "sandbox",
            "AWS_SECRET_ACCESS_KEY": "sandbox",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        self.folder = folder
        printed = self.run("deploy", "--stage", stage, "--yes")
        self.url = printed.partition("\n")[0].rstrip("/")
        self.functions = sandboxes.functions(url, f"{self.stack}-")

    def run(self, *arguments):
        """Return what a command prints that comes to its end."""
        ended = subprocess.run(
            [sys.executable, "-c", COMMAND, *arguments],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr + ended.stdout
        return ended.stdout

    def ask(self, method, path, body):
        """Return what comes back, as text."""
        data = json.dumps(body).encode() if body is not None else None
        if not path:
            (name,) = (name for name in self.functions if f"-{method}-" in name)
            answer = self.session.call("lambda", "invoke", FunctionName=name, Payload=data)
            return answer["Payload"].read().decode()
        request = urllib.request.Request(self.url + path, data, JSON, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.read().decode()

    def roles(self):
        """Return the inline policies of the stack's roles: role, name and document of each."""
        found = self.session.call("iam", "list_roles", MaxItems=1000)["Roles"]
        names = [item["RoleName"] for item in found if item["RoleName"].startswith(self.stack)]
        return [
            (role, name, self._document(role, name))
            for role in names
            for name in self.session.call("iam", "list_role_policies", RoleName=role)["PolicyNames"]
        ]

    def _document(self, role, name):
        found = self.session.call("iam", "get_role_policy", RoleName=role, PolicyName=name)
        return found["PolicyDocument"]

    def put(self, role, name, document):
        self.session.call(
            "iam",
            "put_role_policy",
            RoleName=role,
            PolicyName=name,
            PolicyDocument=json.dumps(document),
        )


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    missing = sandboxes.installed()
    if missing:
        pytest.skip(missing)
    with sandboxes.enforcing(tmp_path_factory.mktemp("enforcing")) as url:
        session = sandboxes.session(url)
        session.call("s3", "create_bucket", Bucket="notes-files")
        session.call("s3", "create_bucket", Bucket="desk-files")
        session.call("sqs", "create_queue", QueueName="notes-reminders")
        session.call("sqs", "create_queue", QueueName="desk-jobs")
        session.call("secretsmanager", "create_secret", Name="desk/key", SecretString="x")
        session.call("ssm", "put_parameter", Name="/desk/name", Value="x", Type="String")
        session.call("events", "create_event_bus", Name="desk-bus")
        session.call("kinesis", "create_stream", StreamName="desk-stream", ShardCount=1)
        session.call(
            "dynamodb",
            "create_table",
            TableName="desk",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        )
        session.call(
            "dynamodb",
            "create_table",
            TableName="notes",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "number", "KeyType": "HASH"}],
            AttributeDefinitions=[
                {"AttributeName": "number", "AttributeType": "S"},
                {"AttributeName": "author", "AttributeType": "S"},
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by-author",
                    "KeySchema": [{"AttributeName": "author", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
        )
        yield url


@pytest.fixture(scope="module", params=DEPLOYED, ids=lambda item: f"{item[0]}-{item[1]}")
def deployed(url, tmp_path_factory, request):
    folder = tmp_path_factory.mktemp("deployed")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(APPS / request.param[0], folder, dirs_exist_ok=True, ignore=ignored)
    return Deployed(url, folder, *request.param)


def is_denied(answer):
    # Source: IAM user guide, "Troubleshoot access denied error messages"; an answer to HEAD has no
    # body, so that botocore only knows its status.
    return "is not authorized to perform" in answer or "(403) when calling" in answer


def without_each_part(document):
    """Yield *document* without one action or resource that comes from the code, and which."""
    for at, statement in enumerate(document["Statement"]):
        if statement["Action"][0].startswith("logs:"):
            continue
        others = document["Statement"][:at] + document["Statement"][at + 1 :]
        for key in ("Action", "Resource"):
            parts = statement[key] if isinstance(statement[key], list) else [statement[key]]
            for part in parts if key == "Action" or len(parts) > 1 else ():
                left = [other for other in parts if other != part]
                statements = [*others, {**statement, key: left}] if left else others
                yield part, {**document, "Statement": statements}


def test_every_path_is_allowed(deployed):
    answers = [deployed.ask(*ask) for ask in deployed.asks]

    assert [answer for answer in answers if is_denied(answer)] == []
    assert [answer for answer in answers if "rror" in answer] == []


def test_without_any_part_of_its_policy_some_path_is_denied(deployed):
    spare, tried = [], 0
    asks = deque(deployed.asks)

    for role, name, document in deployed.roles():
        for part, reduced in without_each_part(document):
            deployed.put(role, name, reduced)
            tried += 1
            # Parts and paths are in much the same order: what was denied last is asked first.
            for _ in range(len(asks)):
                if is_denied(deployed.ask(*asks[0])):
                    break
                asks.rotate(-1)
            else:
                spare.append((role, part))
        deployed.put(role, name, document)

    assert spare == []
    assert tried == deployed.parts


@pytest.mark.parametrize("deployed", [DEPLOYED[-1]], indirect=True, ids=["desk"])
def test_the_certificate_says_the_same(deployed):
    variables = {"TABLE": "desk", "BUCKET": "desk-files", "BUS": "desk-bus"}
    steps = f"""
import os
os.environ.update({variables!r})
import app
for step in {STEPS!r}:
    app.work({{"step": step}}, None)
"""
    (deployed.folder / "steps.py").write_text(steps)

    out = deployed.run("policy", "prove", "--strict", "--json", "--", sys.executable, "steps.py")

    found = json.loads(out)
    assert (found["denied"], found["spare"], found["calls_of_tests"]) == ([], [], 0)
