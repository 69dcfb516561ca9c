"""CloudFormation, as far as stacks are made, watched and removed by change sets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from chalice.aws.errors import AwsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from chalice.aws.session import Session

# Of a template: as it was sent, or with its macros carried out.
# Source: CloudFormation API reference, GetTemplate, "TemplateStage".
Stage = Literal["Original", "Processed"]

_SERVICE = "cloudformation"

# IAM roles are made, some with names where a merged template says so; nested stacks of merged
# templates may hold macros. Source: CloudFormation API reference, CreateChangeSet, "Capabilities".
_CAPABILITIES = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND")


# Events of what is wrong before anything was made.
# Source: CloudFormation API reference, OperationEvent, "EventType".
_FOUND_BEFORE = frozenset({"VALIDATION_ERROR", "HOOK_INVOCATION_ERROR"})


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack as it is now."""

    id: str
    name: str
    status: str
    reason: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict[str, str])
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    updated: datetime | None = None
    protected: bool = False

    @property
    def in_progress(self) -> bool:
        """Whether something is being done to it; a stack that only has change sets is not."""
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"

    @property
    def is_new(self) -> bool:
        """Whether it is a name with change sets, and nothing else yet."""
        return self.status == "REVIEW_IN_PROGRESS"

    @property
    def revision(self) -> str:
        """What tells one state of this stack from the next, and from a stack made after it.

        It does not change by everything: neither a removal that failed nor undoing an update does.
        """
        return f"{self.id} {self.updated}"


@dataclass(frozen=True, slots=True)
class Detail:
    """Why a change set changes something of a resource.

    Attributes:
        attribute: what of the resource: `Properties`, `Tags`, `Metadata`, ...
        property: the name of the property, where it is one.
        source: `DirectModification`, `ParameterReference`, `ResourceReference`,
            `ResourceAttribute`, `Automatic`, `NoModification` or empty.
        evaluation: `Static` where it will change, `Dynamic` where that is seen as it is carried
            out.
        recreation: whether the change needs another resource: `Never`, `Conditionally`, `Always`.
    """

    attribute: str
    property: str = ""
    source: str = ""
    evaluation: str = ""
    recreation: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What a change set does to one resource.

    Attributes:
        action: `Add`, `Modify`, `Remove`, `Import`, `Dynamic` or `SyncWithActual`.
        replacement: `True`, `False`, `Conditional` or empty.
        properties: the names of those that change.
        scope: what of the resource changes: `Properties`, `Tags`, `Metadata`, ...
        policy: what becomes of a resource that is removed or replaced: `Delete`, `Retain`,
            `Snapshot`, `ReplaceAndDelete`, `ReplaceAndRetain` or `ReplaceAndSnapshot`.
        details: why it changes, as far as CloudFormation says it.
    """

    action: str
    logical_id: str
    type: str
    physical_id: str = ""
    replacement: str = ""
    properties: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    policy: str = ""
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """A change set.

    Attributes:
        status: `CREATE_COMPLETE` where it can be executed, `FAILED` with a *reason*.
        execution: `AVAILABLE` until it is executed, or may not be any more.
        description: what it was made with.
    """

    id: str
    name: str
    stack_id: str
    status: str
    execution: str
    reason: str
    description: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a stack or one of its resources."""

    id: str
    at: datetime
    logical_id: str
    physical_id: str
    type: str
    status: str
    reason: str
    token: str


@dataclass(frozen=True, slots=True)
class Member:
    """One resource of a stack."""

    logical_id: str
    physical_id: str
    type: str
    status: str
    drift: str = ""


@dataclass(frozen=True, slots=True)
class NewChangeSet:
    """A change set to make.

    Attributes:
        stack: the stack's name.
        name: its own; the same name for the same change, so that asking twice makes one.
        template: its text, or where in S3 it is: a URL.
        creates: whether the stack is not there yet.
        description: what people see beside it.
        tags: of the stack; all its resources get them.
    """

    stack: str
    name: str
    template: str
    creates: bool
    description: str
    tags: Mapping[str, str] = field(default_factory=dict[str, str])


class CloudFormation(Protocol):
    """The calls; every one may raise what `Session.call` raises."""

    def stack(self, name: str) -> Stack | None:
        """Return a stack by name, or by id (then deleted ones, too); None where there is none."""
        ...

    def template(self, name: str, stage: Stage = "Original") -> dict[str, Any] | str | None:
        """Return the template that a stack was last made from; YAML stays text.

        What is not ASCII in it has become `?`, unless it was escaped as it was sent.
        Source: aws-cloudformation/cloudformation-coverage-roadmap#1220.

        Args:
            name: the stack's name or id.
            stage: as it was sent, or with its macros carried out.
        """
        ...

    def resources(self, name: str) -> tuple[Member, ...]:
        """Return all resources of a stack."""
        ...

    def events(self, name: str) -> Iterator[Event]:
        """Yield what happened to a stack, the latest first; further pages are asked for late."""
        ...

    def validations(self, *, stack: str = "", change_set: str = "") -> tuple[Event, ...]:
        """Return what CloudFormation found wrong before it began, the earliest first.

        Args:
            stack: the id of a stack.
            change_set: the id of a change set, instead.
        """
        ...

    def validate(self, template: str) -> None:
        """Have CloudFormation read a template, a text or a URL; it raises what is wrong."""
        ...

    def create_change_set(self, wanted: NewChangeSet) -> None:
        """Have a change set made; it is not there at once."""
        ...

    def change_set(self, stack: str, name: str) -> ChangeSet | None:
        """Return a change set with all its changes, or None where there is none."""
        ...

    def change_sets(self, stack: str) -> tuple[str, ...]:
        """Return the names of all change sets of a stack that can be, or are being, looked at."""
        ...

    def execute(self, stack: str, change_set: str) -> None:
        """Begin to carry a change set out; its name is the token of the events that follow."""
        ...

    def delete_change_set(self, stack: str, name: str) -> None:
        """Remove a change set; one that is not there is fine."""
        ...

    def delete_stack(self, name: str, token: str) -> None:
        """Begin to remove a stack with its resources."""
        ...

    def continue_rollback(self, name: str, token: str) -> None:
        """Try again to undo an update whose undoing failed: from UPDATE_ROLLBACK_FAILED."""
        ...

    def rollback_stack(self, name: str, token: str) -> None:
        """Undo what failed and was kept as it was: from CREATE_FAILED or UPDATE_FAILED.

        A stack that was never well is removed.
        """
        ...

    def detect_drift(self, name: str) -> str:
        """Begin to compare a stack with what is there; return the id of the detection."""
        ...

    def drift(self, detection: str) -> str:
        """Return `DETECTION_IN_PROGRESS`, or what it found: `IN_SYNC`, `DRIFTED`, ..."""
        ...


def is_missing(error: AwsError) -> bool:
    """Return whether a refusal says that there is no such stack or change set."""
    if error.code in {"ChangeSetNotFound", "ChangeSetNotFoundException", "StackNotFoundException"}:
        return True
    # Source: boto/boto3#2807, "Stack with id foo does not exist".
    return error.code == "ValidationError" and "does not exist" in error.reason


class SdkCloudFormation:
    """`CloudFormation` by the SDK."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def _call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        return self._session.call(_SERVICE, operation, **parameters)

    def _found(self, operation: str, **parameters: Any) -> dict[str, Any] | None:
        try:
            return self._call(operation, **parameters)
        except AwsError as error:
            if is_missing(error):
                return None
            raise

    def stack(self, name: str) -> Stack | None:
        """Return a stack, or None."""
        found = self._found("describe_stacks", StackName=name)
        stacks: list[dict[str, Any]] = found["Stacks"] if found else []
        return _stack(stacks[0]) if stacks else None

    def template(self, name: str, stage: Stage = "Original") -> dict[str, Any] | str | None:
        """Return a stack's template."""
        # A stack that only has change sets is refused, as one that does not exist.
        found = self._found("get_template", StackName=name, TemplateStage=stage)
        if found is None:
            return None
        body: str | dict[str, Any] = found.get("TemplateBody") or ""
        return body if isinstance(body, str) else dict(body)

    def resources(self, name: str) -> tuple[Member, ...]:
        """Return all resources of a stack, those that are gone left out."""
        found = self._pages("list_stack_resources", "StackResourceSummaries", StackName=name)
        members = (
            Member(
                item["LogicalResourceId"],
                item.get("PhysicalResourceId", ""),
                item["ResourceType"],
                item["ResourceStatus"],
                item.get("DriftInformation", {}).get("StackResourceDriftStatus", ""),
            )
            for item in found
        )
        return tuple(item for item in members if item.status != "DELETE_COMPLETE")

    def events(self, name: str) -> Iterator[Event]:
        """Yield events, page by page."""
        for item in self._pages("describe_stack_events", "StackEvents", StackName=name):
            yield Event(
                item["EventId"],
                item["Timestamp"],
                item["LogicalResourceId"],
                item.get("PhysicalResourceId", ""),
                item["ResourceType"],
                item["ResourceStatus"],
                item.get("ResourceStatusReason", ""),
                item.get("ClientRequestToken", ""),
            )

    def _pages(self, operation: str, items: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        while True:
            page = self._call(operation, **parameters)
            yield from page[items]
            following = page.get("NextToken")
            if not following:
                return
            parameters["NextToken"] = following

    def validations(self, *, stack: str = "", change_set: str = "") -> tuple[Event, ...]:
        """Return what early validation and hooks found."""
        about = {"StackName": stack} if stack else {"ChangeSetName": change_set}
        found = [
            Event(
                item["EventId"],
                item["Timestamp"],
                item.get("LogicalResourceId", ""),
                item.get("PhysicalResourceId", ""),
                item.get("ResourceType", ""),
                "CREATE_FAILED",
                item.get("ValidationStatusReason") or item.get("HookStatusReason", ""),
                item.get("ClientRequestToken", ""),
            )
            for item in self._pages(
                "describe_events", "OperationEvents", Filters={"FailedEvents": True}, **about
            )
            if item.get("EventType") in _FOUND_BEFORE
            and "WARN" not in {item.get("ValidationFailureMode"), item.get("HookFailureMode")}
        ]
        return tuple(sorted(found, key=lambda event: event.at))

    def validate(self, template: str) -> None:
        """Have a template read."""
        self._call("validate_template", **_template(template))

    def create_change_set(self, wanted: NewChangeSet) -> None:
        """Have a change set made."""
        self._call(
            "create_change_set",
            StackName=wanted.stack,
            ChangeSetName=wanted.name,
            ChangeSetType="CREATE" if wanted.creates else "UPDATE",
            Description=wanted.description,
            Capabilities=list(_CAPABILITIES),
            Tags=[{"Key": key, "Value": value} for key, value in wanted.tags.items()],
            ClientToken=wanted.name,
            **_template(wanted.template),
        )

    def change_set(self, stack: str, name: str) -> ChangeSet | None:
        """Return a change set, or None."""
        found = self._found("describe_change_set", StackName=stack, ChangeSetName=name)
        if found is None:
            return None
        changes = list(found.get("Changes", ()))
        page = found
        while page.get("NextToken"):
            page = self._call(
                "describe_change_set",
                StackName=stack,
                ChangeSetName=name,
                NextToken=page["NextToken"],
            )
            changes += page.get("Changes", ())
        return ChangeSet(
            found["ChangeSetId"],
            found["ChangeSetName"],
            found["StackId"],
            found["Status"],
            found.get("ExecutionStatus", ""),
            found.get("StatusReason", ""),
            found.get("Description", ""),
            tuple(_change(item["ResourceChange"]) for item in changes if "ResourceChange" in item),
        )

    def change_sets(self, stack: str) -> tuple[str, ...]:
        """Return the names of change sets, those that failed or go away left out."""
        found = self._pages("list_change_sets", "Summaries", StackName=stack)
        return tuple(
            item["ChangeSetName"]
            for item in found
            if item["Status"] != "FAILED" and not item["Status"].startswith("DELETE_")
        )

    def execute(self, stack: str, change_set: str) -> None:
        """Begin to carry a change set out."""
        self._call(
            "execute_change_set",
            StackName=stack,
            ChangeSetName=change_set,
            ClientRequestToken=change_set,
        )

    def delete_change_set(self, stack: str, name: str) -> None:
        """Remove a change set."""
        self._found("delete_change_set", StackName=stack, ChangeSetName=name)

    def delete_stack(self, name: str, token: str) -> None:
        """Begin to remove a stack."""
        self._call("delete_stack", StackName=name, ClientRequestToken=token)

    def continue_rollback(self, name: str, token: str) -> None:
        """Begin to undo again."""
        self._call("continue_update_rollback", StackName=name, ClientRequestToken=token)

    def rollback_stack(self, name: str, token: str) -> None:
        """Begin to undo what failed."""
        self._call("rollback_stack", StackName=name, ClientRequestToken=token)

    def detect_drift(self, name: str) -> str:
        """Begin to compare."""
        return str(self._call("detect_stack_drift", StackName=name)["StackDriftDetectionId"])

    def drift(self, detection: str) -> str:
        """Return how far the comparison is, or what it found."""
        found = self._call("describe_stack_drift_detection_status", StackDriftDetectionId=detection)
        status = str(found["DetectionStatus"])
        return str(found.get("StackDriftStatus", status)) if status.endswith("COMPLETE") else status


def _template(text: str) -> dict[str, str]:
    by_url = text.startswith(("https://", "http://"))
    return {"TemplateURL" if by_url else "TemplateBody": text}


def _stack(item: dict[str, Any]) -> Stack:
    return Stack(
        item["StackId"],
        item["StackName"],
        item["StackStatus"],
        item.get("StackStatusReason", ""),
        {one["OutputKey"]: one["OutputValue"] for one in item.get("Outputs", ())},
        {one["Key"]: one["Value"] for one in item.get("Tags", ())},
        item.get("LastUpdatedTime") or item.get("CreationTime"),
        bool(item.get("EnableTerminationProtection")),
    )


def _change(item: dict[str, Any]) -> Change:
    details = tuple(map(_detail, item.get("Details", ())))
    names = (one.property for one in details if one.attribute == "Properties" and one.property)
    return Change(
        item["Action"],
        item["LogicalResourceId"],
        item["ResourceType"],
        item.get("PhysicalResourceId", ""),
        item.get("Replacement", ""),
        tuple(dict.fromkeys(names)),
        tuple(item.get("Scope", ())),
        item.get("PolicyAction", ""),
        details,
    )


def _detail(item: dict[str, Any]) -> Detail:
    target = item.get("Target", {})
    return Detail(
        target.get("Attribute", ""),
        target.get("Name", ""),
        item.get("ChangeSource", ""),
        item.get("Evaluation", ""),
        target.get("RequiresRecreation", ""),
    )
