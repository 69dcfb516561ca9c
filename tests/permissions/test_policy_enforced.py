"""Whole applications, deployed where IAM is enforced: their policies hold, and no part is spare."""

import json
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError
from botocore.session import get_session
from tests import sandboxes
from tests.permissions.applications import (
    DESK,
    MINISTACK,
    NOTES,
    STEPS,
    document,
    is_denied,
    make_resources,
    without_each_part,
)
from tests.projects import APPS

JSON = {"Content-Type": "application/json"}

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
        make_resources(session.call)
        yield url


@pytest.fixture(scope="module", params=DEPLOYED, ids=lambda item: f"{item[0]}-{item[1]}")
def deployed(url, tmp_path_factory, request):
    folder = tmp_path_factory.mktemp("deployed")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(APPS / request.param[0], folder, dirs_exist_ok=True, ignore=ignored)
    return Deployed(url, folder, *request.param)


def test_every_path_is_allowed(deployed):
    answers = [deployed.ask(*ask) for ask in deployed.asks]

    assert [answer for answer in answers if is_denied(answer)] == []
    assert [answer for answer in answers if "rror" in answer] == []


def test_without_any_part_of_its_policy_some_path_is_denied(deployed):
    spare, tried, last = [], 0, 0
    asks = list(enumerate(deployed.asks))

    for role, name, policy in deployed.roles():
        for part, reduced in without_each_part(policy):
            deployed.put(role, name, reduced)
            tried += 1
            # Parts and paths are in much the same order: what is near the last that was denied.
            near = sorted(asks, key=lambda item: (abs(item[0] - last), -item[0]))
            denied = next((at for at, ask in near if is_denied(deployed.ask(*ask))), None)
            last = last if denied is None else denied
            spare += [(role, part)] if denied is None else []
        deployed.put(role, name, policy)

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


@pytest.mark.parametrize("difference", MINISTACK, ids=lambda item: item.operation)
def test_the_sandbox_asks_otherwise_than_aws(url, difference):
    root = sandboxes.session(url)
    given = {**difference.params}
    if "Entries" in given:
        found = root.call("sqs", "get_queue_url", QueueName="notes-reminders")
        given["QueueUrl"] = found["QueueUrl"]
    caller = role_caller(root, url, f"different-{difference.operation}", difference.service)

    def refusal(grants):
        text = json.dumps(document(grants))
        name = f"different-{difference.operation}"
        root.call("iam", "put_role_policy", RoleName=name, PolicyName="p", PolicyDocument=text)
        try:
            getattr(caller, difference.operation)(**given)
        except ClientError as error:
            return str(error)
        return ""

    assert refusal(difference.here) == ""
    assert is_denied(refusal(difference.by_aws)) is not difference.is_less


def role_caller(root, url, name, service):
    """Make a role and return a client that calls as it."""
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
    }
    text = json.dumps(trust)
    role = root.call("iam", "create_role", RoleName=name, AssumeRolePolicyDocument=text)["Role"]
    keys = root.call("sts", "assume_role", RoleArn=role["Arn"], RoleSessionName="one")
    return get_session().create_client(
        service,
        region_name="us-east-1",
        endpoint_url=url,
        aws_access_key_id=keys["Credentials"]["AccessKeyId"],
        aws_secret_access_key=keys["Credentials"]["SecretAccessKey"],
        aws_session_token=keys["Credentials"]["SessionToken"],
    )
