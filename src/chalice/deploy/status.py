"""What is known of a stage that is deployed: its stack, its releases, what differs from both."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from chalice.deploy import artifacts, former, releases
from chalice.deploy.addresses import url_of
from chalice.deploy.templates import deployed_template
from chalice.deploy.waiting import Pauses
from chalice.diagnostics import ToolError

if TYPE_CHECKING:
    from chalice.aws.cloudformation import Stack
    from chalice.deploy.deployment import Deployment
    from chalice.deploy.releases import History, Release

_DRIFTED = frozenset({"DELETED", "MODIFIED"})


@dataclass(frozen=True, slots=True)
class Status:
    """A stage as it is.

    Attributes:
        stack: its stack; None where nothing is deployed.
        url: where its API answers.
        release: what is deployed, as far as it was remembered.
        history: all that was remembered.
        drift: `IN_SYNC`, `DRIFTED`, ...; empty where it was not asked for.
        drifted: the resources that were changed by others: logical id and how.
        former: other buckets that have releases of it: the configuration named another one since.
    """

    stack: Stack | None
    url: str | None = None
    release: Release | None = None
    history: History | None = None
    drift: str = ""
    drifted: tuple[tuple[str, str], ...] = ()
    former: tuple[str, ...] = ()

    @property
    def region(self) -> str:
        """The region of the stack; empty where there is none."""
        return self._of_id(3)

    @property
    def account(self) -> str:
        """The account of the stack; empty where there is none."""
        return self._of_id(4)

    def _of_id(self, place: int) -> str:
        # Source: CloudFormation API reference, Stack, "StackId": an ARN.
        parts = self.stack.id.split(":") if self.stack is not None else []
        return parts[place] if len(parts) > place else ""

    def to_dict(self) -> dict[str, Any]:
        """Return the status as `--json` prints it."""
        stack, history = self.stack, self.history
        if stack is None:
            return {"stack": None}
        return {
            "stack": stack.name,
            "state": stack.status,
            "region": self.region,
            "account": self.account,
            "updated": stack.updated.isoformat() if stack.updated is not None else None,
            "url": self.url,
            "outputs": dict(stack.outputs),
            "release": asdict(self.release) if self.release is not None else None,
            "releases": [asdict(item) for item in history.releases] if history else [],
            "synced": asdict(history.synced) if history and history.synced else None,
            "former_buckets": list(self.former),
            "drift": self.drift or None,
            "drifted": dict(self.drifted),
        }


def status_of(deployment: Deployment, *, drift: bool) -> Status:
    """Return what is known of the stage; with *drift*, what others have changed of it, too.

    A list of releases that cannot be read is told, and the rest is returned.

    Raises:
        ToolError: AWS cannot be asked.
    """
    caller, stack = deployment.standing(adopting=True)
    if stack is None or stack.is_new:
        return Status(None)
    account = deployment.account
    url = url_of(stack.outputs, account.endpoint_url)
    bucket = artifacts.find(account, deployment.target, caller)
    history = None
    if bucket is not None:
        try:
            history = releases.read(bucket.objects, stack.name)
        except releases.Unreadable as error:
            deployment.watching.say(str(error))
    before = deployed_template(account.stacks, stack)
    release = None
    if history is not None:
        sha256 = artifacts.digest(artifacts.canonical(before))
        known = (item for item in reversed(history.releases) if item.sha256 == sha256)
        release = next(known, None)
    state, drifted = _drift(deployment, stack) if drift else ("", ())
    others = former.known(before, stack.name, history, bucket.name if bucket is not None else "")
    return Status(stack, url, release, history, state, drifted, others)


def _drift(deployment: Deployment, stack: Stack) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Have CloudFormation compare the stack with what is there."""
    api = deployment.account.stacks
    detection = api.detect_drift(stack.name)
    pauses = Pauses(deployment.clock)
    while (state := api.drift(detection)) == "DETECTION_IN_PROGRESS":
        if not pauses.wait():
            raise ToolError("CloudFormation does not finish looking for drift; try again later")
    members = api.resources(stack.id)
    return state, tuple((item.logical_id, item.drift) for item in members if item.drift in _DRIFTED)
