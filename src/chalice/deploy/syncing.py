"""Code straight to the functions of a stack: seconds instead of a deploy, for development stages.

CloudFormation does not see it. So it is remembered beside the releases: `chalice status` says it,
and the next deploy gives all functions the code that the stack says they have.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from chalice.config.reader import as_object
from chalice.deploy import artifacts, releases
from chalice.deploy.functions import functions_of
from chalice.deploy.releases import Sync
from chalice.deploy.states import Way
from chalice.deploy.templates import deployed_template
from chalice.deploy.waiting import Pauses
from chalice.diagnostics import ToolError, visible
from chalice.resources.kinds import FUNCTION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalice.aws.account import Account
    from chalice.aws.cloudformation import Stack
    from chalice.aws.functions import FunctionState
    from chalice.deploy.artifacts import Bucket
    from chalice.deploy.deployment import Deployment, Look
    from chalice.deploy.releases import History
    from chalice.deploy.templates import Wanted
    from chalice.deploy.waiting import Clock


def codes_of(template: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return the bucket and the key of the code of each function, by logical id.

    Where a merged template has expressions for them only CloudFormation knows where it is.
    """
    resources = cast("dict[str, dict[str, Any]]", template.get("Resources", {}))
    found: dict[str, tuple[str, str]] = {}
    for logical_id, item in resources.items():
        code = as_object(as_object(item.get("Properties")).get("Code"))
        bucket, key = code.get("S3Bucket"), code.get("S3Key")
        if item.get("Type") == FUNCTION and isinstance(bucket, str) and isinstance(key, str):
            found[logical_id] = (bucket, key)
    return found


def give(account: Account, stack: Stack, template: Mapping[str, Any], clock: Clock) -> list[str]:
    """Give functions the code that *template* says they have, those that do not have it.

    Returns:
        their logical ids.

    Raises:
        ToolError: Lambda does not take it.
    """
    return _give(account, _lacking(account, stack, template, clock), clock)


@dataclass(frozen=True, slots=True)
class _Lacking:
    """A function that has other code than it should, and where that is."""

    logical_id: str
    name: str
    bucket: str
    key: str


def _lacking(
    account: Account, stack: Stack, template: Mapping[str, Any], clock: Clock
) -> list[_Lacking]:
    """Return the functions that do not have the code that *template* says they have.

    One whose last update failed is among them, whatever it has: that is how it is mended; so is one
    whose code is not content-addressed.
    """
    names = functions_of(account, stack)
    found: list[_Lacking] = []
    for logical_id, (bucket, key) in codes_of(template).items():
        if logical_id in names:
            now = _settled(account, names[logical_id], clock)
            wanted = artifacts.sha256_of(key, stack.name)
            if now.failed or not wanted or now.sha256 != wanted:
                found.append(_Lacking(logical_id, names[logical_id], bucket, key))
    return found


def _give(account: Account, functions: Sequence[_Lacking], clock: Clock) -> list[str]:
    for item in functions:
        account.functions.update_code(item.name, item.bucket, item.key)
    for item in functions:
        now = _settled(account, item.name, clock)
        if now.failed:
            raise ToolError(
                f"The function `{now.name}` does not take the code:"
                f" {visible(now.reason) or 'no reason was given'}"
            )
    return [item.logical_id for item in functions]


def _settled(account: Account, name: str, clock: Clock) -> FunctionState:
    """Return a function that nothing is done to any more, however that has ended."""
    pauses = Pauses(clock)
    while True:
        state = account.functions.describe(name)
        if state is None:
            raise ToolError(
                f"The function `{name}` is in the stack and not in Lambda: somebody removed it."
                " `chalice status --drift` says what else; `chalice deploy` cannot bring it back"
            )
        if state.update != "InProgress" and state.state != "Pending":
            return state
        if not pauses.wait():
            raise ToolError(f"The function `{name}` is being changed and does not get ready")


def sync(deployment: Deployment, look: Look, wanted: Wanted) -> list[str]:
    """Give the functions the code of *wanted*, those that do not have it, and remember that.

    Returns:
        their logical ids; none where all have it.

    Raises:
        Busy: somebody else is at it.
        ToolError: the stack is not there; more than code differs from what is deployed; or
            Lambda does not take it.
    """
    stack = look.stack
    if look.way is Way.BUSY:
        from chalice.deploy.whose import busy_with  # noqa: PLC0415 - seldom

        raise busy_with(deployment, stack)
    if stack is None or look.way is not Way.UPDATE:
        raise ToolError(
            f"The stack `{deployment.target.stack_name}` is"
            f" {f'in the state {stack.status}' if stack is not None else 'not there'}: there are no"
            " functions to give code to. Nothing was changed; run `chalice deploy`"
        )
    account, caller = deployment.account, look.caller
    bucket = deployment.bucket(caller)
    placed = wanted.placed(stack.name, bucket.name)
    before = deployed_template(account.stacks, stack)
    differing = _more_than_code(before, placed.document)
    if differing:
        listed = ", ".join(f"`{name}`" for name in differing)
        raise ToolError(
            f"More than code differs from what is deployed: {listed}. Nothing was changed;"
            f" {_advice(before, placed.document)}"
        )
    lacking = _lacking(account, stack, placed.document, deployment.clock)
    if not lacking and (before == placed.document or _is_noted(bucket, stack, wanted)):
        return []
    at = deployment.clock.today().isoformat(timespec="seconds")
    note = Sync(wanted.code.sha256, at, caller.arn, wanted.commit)

    def remember(history: History) -> History:
        return replace(history, synced=note)

    # First the note, then the code: a run that is killed between the two leaves a note too many,
    # which the next deploy takes for a reason to give the functions their code again.
    for key, path in wanted.archives(stack.name).items():
        artifacts.upload(bucket, key, path)
    releases.update(bucket.objects, stack.name, remember)
    return _give(account, lacking, deployment.clock)


def _is_noted(bucket: Bucket, stack: Stack, wanted: Wanted) -> bool:
    """Return whether it is remembered already that functions were given the code of *wanted*."""
    synced = releases.read(bucket.objects, stack.name).synced
    return synced is not None and synced.sha256 == wanted.code.sha256


def _more_than_code(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return what differs in more than where code is: resources, by logical id, and sections."""
    old, new = _without_code(before), _without_code(after)
    sections = [name for name in {**before, **after} if name != "Resources"]
    return [
        *(name for name in {**old, **new} if old.get(name) != new.get(name)),
        *(name for name in sections if before.get(name) != after.get(name)),
    ]


# Services of which Chalice makes resources itself, so that they come and go with what is declared.
_OURS = ("AWS::ApiGateway::", "AWS::IAM::", "AWS::Lambda::", "AWS::Logs::")


def _advice(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Return what to do where more than code differs: no deploy that removes what was merged."""
    resources = cast("dict[str, dict[str, Any]]", before.get("Resources", {}))
    gone = [
        f"`{name}`"
        for name, item in resources.items()
        if name not in after.get("Resources", {}) and not str(item.get("Type")).startswith(_OURS)
    ]
    if gone:
        return (
            f"name the template that has {', '.join(gone)}, `--merge-template FILE`: a deploy"
            " without it removes what it made"
        )
    return "run `chalice deploy`, with each `--merge-template` that it was deployed with"


def _without_code(template: Mapping[str, Any]) -> dict[str, Any]:
    resources = cast("dict[str, dict[str, Any]]", template.get("Resources", {}))
    found: dict[str, Any] = {}
    for name, item in resources.items():
        if item.get("Type") == FUNCTION:
            properties = {
                key: value for key, value in item.get("Properties", {}).items() if key != "Code"
            }
            found[name] = {**item, "Properties": properties}
        else:
            found[name] = item
    return found
