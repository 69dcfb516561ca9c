"""CloudFormation by the SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.aws.cloudformation import (
    Change,
    ChangeSet,
    Detail,
    Event,
    Member,
    Stack,
    is_missing,
)
from chalice.aws.errors import NOT_BY_THIS_CALL, AwsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalice.aws.cloudformation import NewChangeSet, Stage
    from chalice.aws.session import Session

_SERVICE = "cloudformation"

# IAM roles are made, some with names where a merged template says so; nested stacks of merged
# templates may hold macros. Source: CloudFormation API reference, CreateChangeSet, "Capabilities".
_CAPABILITIES = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND")

# What it says of a stack that is not to be removed. Source: ekristen/aws-nuke#821.
_PROTECTED = "while TerminationProtection is enabled"

# Events of what is wrong before anything was made.
# Source: CloudFormation API reference, OperationEvent, "EventType".
_FOUND_BEFORE = frozenset({"VALIDATION_ERROR", "HOOK_INVOCATION_ERROR"})


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
        try:
            self._call("delete_stack", StackName=name, ClientRequestToken=token)
        except AwsError as error:
            if _PROTECTED not in error.reason:
                raise
            plain = name.split("/")[1] if "/" in name else name
            raise error.told(
                f"The stack `{plain}` is protected from being removed{NOT_BY_THIS_CALL}. Lift"
                " the protection (`aws cloudformation update-termination-protection"
                f" --no-enable-termination-protection --stack-name {plain}`), and run the command"
                " again"
            ) from error

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
        item.get("CausingEntity", ""),
    )
