"""Whole applications under moto's enforcement of IAM: a second opinion on what actions are asked.

moto 5 puts a call to the policies of the role that it was signed as. It knows which resource is
meant by calls of a few services, and asks all others for `*`: there, policies are put to it with
that as their resource, and the sandbox alone speaks of resources.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections import deque
from functools import cache

import pytest
from botocore.exceptions import ClientError
from botocore.session import get_session
from moto import mock_aws
from moto.core import authorization
from tests.permissions.applications import (
    DESK,
    MOTO,
    NOTES,
    REGION,
    document,
    is_denied,
    make_resources,
    without_each_part,
)
from tests.permissions.asked import load
from tests.projects import APPS

from chalice.permissions import of_functions, policy_of, read
from chalice.permissions.reading.services import Services
from chalice.test import Client

SERVICES = Services(load)
EXAMPLES = APPS.parent.parent / "examples"
SESSION = get_session()

# What moto asks, and what AWS asks in its place: see `applications.MOTO`.
CALLED = {
    "dynamodb:TransactWriteItems": {"dynamodb:DeleteItem", "dynamodb:PutItem"},
    "monitoring:PutMetricData": {"cloudwatch:PutMetricData"},
    "s3:HeadBucket": {"s3:ListBucket"},
    "sqs:GetQueueUrl": {"sqs:GetQueueUrl"},
}

# application, functions with a role of their own, what it is asked, how many parts of its policy
# come from the code, and those that moto asks nobody for.
ASKED = [
    ("notes", ("api_handler", "remind"), NOTES, 12, []),
    # The source of the copy, and what is deleted with others.
    ("desk", ("",), DESK, 29, ["s3:DeleteObject", "s3:GetObject"]),
]


class InMoto:
    """An application in this process, whose calls moto answers, each function with its role."""

    def __init__(self, name, functions, asks, parts, spare):
        folder = APPS / name
        config = json.loads((folder / ".chalice" / "config.json").read_text())
        self.environ = config["environment_variables"]
        modules = {
            str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.py")
        }
        reading = read(modules, self.environ, SERVICES)
        self.asks, self.parts, self.spare = asks, parts, spare
        self.documents = {}
        self.keys = {}
        for function in functions:
            one = of_functions(reading, (function,)) if function else reading
            role = f"{name}-{function}"
            self.documents[role] = in_account(policy_of(one).to_dict())
            self.keys[function] = keys_of_role(role)
            self.put(role, self.documents[role])

    def put(self, role, policy):
        put_policy(role, for_moto(policy))

    def ask(self, method, path, body):
        """Return what comes back, as text."""
        function = "api_handler" if path else method.lower()
        os.environ.update(self.keys.get(function) or self.keys[""])
        try:
            with authorization.enable_iam_authentication():
                if not path:
                    return str(self.client.lambda_.invoke(function, body).payload)
                data = json.dumps(body).encode() if body is not None else b""
                headers = {"Content-Type": "application/json"}
                answer = self.client.http.request(method, path, headers=headers, body=data)
                return answer.body.decode()
        except ClientError as error:
            return str(error)


@cache
def root(service):
    """Return a client, made once: that takes longer than most calls."""
    return SESSION.create_client(
        service, region_name=REGION, aws_access_key_id="root", aws_secret_access_key="root"
    )


def as_root(service, operation, **params):
    with authorization.disable_iam_authentication():
        return getattr(root(service), operation)(**params)


def keys_of_role(name):
    """Make a role and return variables with keys of it."""
    trust = {"Version": "2012-10-17", "Statement": []}
    role = as_root("iam", "create_role", RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))[
        "Role"
    ]
    made = as_root("sts", "assume_role", RoleArn=role["Arn"], RoleSessionName="one")
    keys = made["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
        "AWS_SESSION_TOKEN": keys["SessionToken"],
    }


def put_policy(role, policy):
    text = json.dumps(policy)
    as_root("iam", "put_role_policy", RoleName=role, PolicyName="p", PolicyDocument=text)


def in_account(policy):
    """Return a policy as CloudFormation makes it in moto's account."""
    values = {"Partition": "aws", "Region": REGION, "AccountId": "123456789012"}
    text = json.dumps(policy)
    for name, value in values.items():
        text = text.replace(f"${{AWS::{name}}}", value)
    return json.loads(text, object_hook=lambda found: found.get("Fn::Sub", found))


def for_moto(policy):
    """Return a policy with what moto asks, and `*` where it knows no resource."""
    allowed = {action for statement in policy["Statement"] for action in statement["Action"]}
    statements = [
        {**statement, "Resource": statement["Resource"] if is_known(statement) else "*"}
        for statement in policy["Statement"]
    ]
    known = [name for name, meant in CALLED.items() if meant <= allowed]
    more = {"Effect": "Allow", "Action": known, "Resource": "*"}
    return {**policy, "Statement": [*statements, *([more] if known else [])]}


def is_known(statement):
    """Return whether moto knows the resource. Source: moto, `_determine_resource`."""
    return statement["Action"][0].startswith(("s3:", "sqs:"))


@pytest.fixture(scope="module")
def account():
    """Give an account whose calls moto answers, with what the applications work on."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            patch.setenv(name, "none")
        make_resources(as_root)
        yield


@pytest.fixture(scope="module", params=ASKED, ids=lambda item: item[0])
def application(account, request):
    made = InMoto(*request.param)
    before = set(sys.modules)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(APPS / request.param[0]))
        for name, value in made.environ.items():
            patch.setenv(name, value)
        try:
            module = importlib.import_module("app")
            with Client(module.app) as made.client:
                yield made
        finally:
            for name in set(sys.modules) - before:
                if name.partition(".")[0] in ("app", "chalicelib"):
                    del sys.modules[name]


def test_every_path_is_allowed(application):
    answers = [application.ask(*ask) for ask in application.asks]

    assert [answer for answer in answers if is_denied(answer)] == []
    assert [answer for answer in answers if "rror" in answer] == []


def test_without_any_part_of_its_policy_some_path_is_denied(application):
    spare, tried = [], 0
    asks = deque(application.asks)

    for role, policy in application.documents.items():
        for part, reduced in without_each_part(policy):
            application.put(role, reduced)
            tried += 1
            for _ in range(len(asks)):
                if is_denied(application.ask(*asks[0])):
                    break
                asks.rotate(-1)
            else:
                spare.append(part)
        application.put(role, policy)

    assert sorted(spare) == application.spare
    assert tried == application.parts


@pytest.fixture(scope="module")
def keys(account):
    return keys_of_role("different")


@pytest.mark.parametrize("difference", MOTO, ids=lambda item: item.operation)
def test_moto_asks_otherwise_than_aws(keys, difference):
    given = {**difference.params}
    if "Entries" in given:
        found = as_root("sqs", "get_queue_url", QueueName="notes-reminders")
        given["QueueUrl"] = found["QueueUrl"]
    names = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
    caller = SESSION.create_client(
        difference.service, region_name=REGION, **dict(zip(names, keys.values(), strict=True))
    )

    def refusal(grants):
        put_policy("different", document(grants))
        try:
            with authorization.enable_iam_authentication():
                getattr(caller, difference.operation)(**given)
        except ClientError as error:
            return str(error)
        return ""

    assert refusal(difference.here) == ""
    assert is_denied(refusal(difference.by_aws)) is not difference.is_less


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir()))
def test_the_examples_call_nothing_of_aws(name):
    modules = {
        str(path.relative_to(EXAMPLES / name)): path.read_bytes()
        for path in (EXAMPLES / name).rglob("*.py")
    }

    assert policy_of(read(modules, {}, SERVICES)).to_dict()["Statement"] == []
