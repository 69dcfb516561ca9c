"""Deploys without a command line: what is wanted, who watches, and runs that are killed."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests import sandboxes
from tests.resources.graphs import graph_of

from chalice.aws.account import SdkAccount
from chalice.aws.session import Session
from chalice.bundle.parts import Archive
from chalice.deploy import artifacts, carrying_out
from chalice.deploy.deployment import Deployment
from chalice.deploy.target import Target
from chalice.deploy.templates import Wanted

if TYPE_CHECKING:
    from pathlib import Path

    from chalice.aws.cloudformation import Event
    from chalice.aws.s3 import S3
    from chalice.deploy.plan import Plan

APP = """
    from chalice import Chalice

    app = Chalice(app_name="demo")

    @app.route("/")
    def index():
        return {}
"""

# What Lambda runs: it answers with what the test wrote into it.
HANDLER = """
def app(event, context):
    return {"statusCode": 200, "headers": {}, "body": %r, "isBase64Encoded": False}


# Whatever functions an application has.
def __getattr__(name):
    return app
"""


@dataclass
class Watcher:
    """Remembers what it is told, and agrees to everything unless it is told not to."""

    agrees: Exception | None = None
    said: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)

    def say(self, text: str) -> None:
        self.said.append(text)

    def event(self, event: Event) -> None:
        self.events.append(event)

    def agree(self, plan: Plan) -> None:
        self.plans.append(plan)
        if self.agrees is not None:
            raise self.agrees


def wanted(folder: Path, body: str = "one", config=None, app: str = APP) -> Wanted:
    """Return what is deployed of an application whose function answers *body*."""
    folder.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("app.py"), HANDLER % body)
    data = buffer.getvalue()
    path = folder / "deployment.zip"
    path.write_bytes(data)
    sha256 = hashlib.sha256(data).hexdigest()
    graph = graph_of(folder, config, app)
    return Wanted(graph, Archive(path, sha256, len(data), len(data), ()), None, commit="c0ffee")


def target(url: str, name: str, bucket: str | None = None) -> Target:
    """Return a stage of an application called *name*."""
    return Target("demo", "dev", name, bucket, None, sandboxes.access(url), sandbox=True)


def deployment(url: str, name: str, watcher: Watcher | None = None, session=None) -> Deployment:
    """Return the deployment of the stack *name* by whatever answers at *url*."""
    account = SdkAccount(session or sandboxes.session(url))
    return Deployment(account, target(url, name), watcher or Watcher())


def deploy(made: Deployment, what: Wanted):
    """Look and deploy, as `chalice deploy` does."""
    return carrying_out.deploy(made, made.look(), what)


def bucket_of(url: str, name: str) -> S3:
    """Return the bucket of the artifacts of the stack *name*."""
    made = deployment(url, name)
    found = artifacts.find(made.account, made.target, made.account.caller())
    assert found is not None
    return found.objects


# --- runs that are killed ------------------------------------------------------------------------


class Killed(BaseException):
    """The process is gone: nothing but the machine could have seen to that."""


class DyingSession(Session):
    """A session that is killed at one of its calls.

    Args:
        url: where AWS is.
        at: the number of the call, from 1.
        after: whether the call arrives before.
    """

    def __init__(self, url: str, at: int, *, after: bool) -> None:
        super().__init__(sandboxes.access(url), {})
        self._living = sandboxes.session(url)
        self._left = at
        self._after = after
        self.dead = False

    def call(self, service, operation, **parameters):
        if self.dead:
            raise Killed
        self._left -= 1
        self.dead = self._left == 0
        if self.dead and not self._after:
            raise Killed
        answer = self._living.call(service, operation, **parameters)
        if self.dead:
            raise Killed
        return answer
