"""CloudFormation, as far as stacks are made, watched and removed by change sets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from chalice.aws.errors import AwsError

# Of a template: as it was sent, or with its macros carried out.
# Source: CloudFormation API reference, GetTemplate, "TemplateStage".
Stage = Literal["Original", "Processed"]


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
        causing: what changes because of which it does: a parameter, a resource, or an attribute
            of one, `RESOURCE.ATTRIBUTE`; empty where the template itself does.
    """

    attribute: str
    property: str = ""
    source: str = ""
    evaluation: str = ""
    recreation: str = ""
    causing: str = ""


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
