"""Whole applications, deployed where IAM is enforced: their policies hold, and no part is spare."""

import json
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from tests import sandboxes
from tests.projects import APPS

JSON = {"Content-Type": "application/json"}

# Every path of the application `notes`, in an order in which each finds what it needs.
ASKS = (
    ("PUT", "/notes/1", {"author": "ann", "text": "first"}),
    ("GET", "/notes/1", None),
    ("GET", "/authors/ann", None),
    ("PUT", "/files/1", {"text": "attached"}),
    ("GET", "/files", None),
    ("GET", "/files/1", None),
    ("DELETE", "/notes/1", None),
    ("remind", "", {"text": "soon"}),
)

COMMAND = "from chalice.cli.start import main; raise SystemExit(main())"


class Deployed:
    """A stage of `notes`, on an AWS where nobody but root may do what no policy allows."""

    def __init__(self, url, folder, stage):
        self.session = sandboxes.session(url)
        self.stack = f"notes-{stage}"
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "sandbox",
            "AWS_SECRET_ACCESS_KEY": "sandbox",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        ended = subprocess.run(
            [sys.executable, "-c", COMMAND, "deploy", "--stage", stage, "--yes"],
            cwd=folder,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        self.url = ended.stdout.splitlines()[0].rstrip("/")
        names = sandboxes.functions(url, f"{self.stack}-Remind")
        self.function = names[0]

    def ask(self, method, path, body):
        """Return what comes back, as text."""
        data = json.dumps(body).encode() if body is not None else None
        if method == "remind":
            answer = self.session.call("lambda", "invoke", FunctionName=self.function, Payload=data)
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
        session.call("sqs", "create_queue", QueueName="notes-reminders")
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


@pytest.fixture(scope="module", params=["dev", "apart"], ids=["a shared role", "a role for each"])
def deployed(url, tmp_path_factory, request):
    folder = tmp_path_factory.mktemp("notes")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(APPS / "notes", folder, dirs_exist_ok=True, ignore=ignored)
    return Deployed(url, folder, request.param)


def is_denied(answer):
    # Source: IAM user guide, "Troubleshoot access denied error messages".
    return "is not authorized to perform" in answer


def without_each_action(document):
    """Yield *document* without one action of a statement that comes from the code, and which."""
    for at, statement in enumerate(document["Statement"]):
        for action in statement["Action"]:
            if action.startswith("logs:"):
                continue
            left = [other for other in statement["Action"] if other != action]
            others = document["Statement"][:at] + document["Statement"][at + 1 :]
            statements = [*others, {**statement, "Action": left}] if left else others
            yield action, {**document, "Statement": statements}


def test_every_path_is_allowed(deployed):
    answers = [deployed.ask(*ask) for ask in ASKS]

    assert [answer for answer in answers if is_denied(answer)] == []
    assert [json.loads(answer) for answer in answers] == [
        {"written": "1"},
        {"number": "1", "author": "ann", "text": "first"},
        {"numbers": ["1"]},
        {"size": 8},
        {"keys": ["notes/1.txt"]},
        {"text": "attached"},
        {"removed": "1"},
        {"reminded": True},
    ]


def test_without_any_action_of_its_policy_some_path_is_denied(deployed):
    spare, tried = [], 0

    for role, name, document in deployed.roles():
        for action, reduced in without_each_action(document):
            deployed.put(role, name, reduced)
            if not any(is_denied(deployed.ask(*ask)) for ask in ASKS):
                spare.append((role, action))
            tried += 1
        deployed.put(role, name, document)

    assert spare == []
    assert tried == 12
