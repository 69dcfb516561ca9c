"""Why an operation on a stack failed: the first real cause, and the line that it comes from."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from chalice.aws import ministack
from chalice.config.reader import as_object
from chalice.deploy import words
from chalice.diagnostics import InvalidApp, Problem, ToolError, ordered, visible

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence

    from chalice.aws.cloudformation import Event, Stack
    from chalice.aws.errors import AwsError

# What failed only because something else had: resources that were cancelled, and the stack's own
# event, which lists them. Source: coreos/coreos-kubernetes#454, which leaves the text out, too.
_AFTERMATH = re.compile(r"^Resource (creation|update|deletion) cancelled|^The following resource")

# Source: org-formation/aws-resource-providers#124, which quotes `Resource handler returned message:
# "..." (RequestToken: ..., HandlerErrorCode: ...)`.
_HANDLER = re.compile(r'returned message: "(.*)" \(RequestToken: ', re.DOTALL)
_BUSY = re.compile(r"\b[A-Z_]+_IN_PROGRESS state\b")

# Properties that are called otherwise in what services say of them.
# Source: Lambda API reference, VpcConfig: "SubnetIds", "SecurityGroupIds".
_ALSO = {"VpcConfig": ("vpc", "subnet"), "TracingConfig": ("tracing", "xray")}
# Source: velomash/aws-git-backed-gatsby-static-site#1 quotes CloudFormation: "Template format
# error: Unrecognized resource types: [AWS::CodeBuild::Project]".
_UNKNOWN_TYPES = re.compile(r"Unrecognized resource types: \[([^\]]*)\]")

_CAPITAL = re.compile("(?<=.)(?=[A-Z])")
_ENDS = re.compile(r"(Ids?|ies|s|Config)$")

# What a failed operation left, by the state of the stack.
_LEFT = {
    "ROLLBACK_COMPLETE": (
        "All of it was undone, and nothing is deployed",
        "fix it and run `chalice deploy` again",
    ),
    "UPDATE_ROLLBACK_COMPLETE": (
        "The update was undone, and what ran before runs on",
        "fix it and run `chalice deploy` again",
    ),
    "UPDATE_ROLLBACK_FAILED": (
        "Undoing the update failed, too: some resources may be the new ones, some the old",
        "`chalice rollback` tries to undo it again",
    ),
    "ROLLBACK_FAILED": (
        "Undoing it failed, too, so parts of it are there",
        "`chalice delete` removes them",
    ),
    "DELETE_FAILED": (
        "What could be removed is gone, the rest is there",
        "remove what is in the way and run `chalice delete` again",
    ),
}


class StackFailed(ToolError):
    """An operation on a stack failed.

    Attributes:
        stack: the stack as it is now.
        cause: the event of the first real cause, if there is one.
        where: `file:line` in the project that it comes from, or empty.
    """

    def __init__(self, stack: Stack, events: Sequence[Event], places: Mapping[str, str]) -> None:
        self.stack = stack
        self.cause = first_cause(events)
        self.where = place_of(self.cause, places) if self.cause else ""
        left, following = _LEFT.get(
            stack.status,
            (f"The stack is in the state {stack.status}", "`chalice status` says more"),
        )
        super().__init__(f"{self._what()}. {left}; {following}")

    def _what(self) -> str:
        cause = self.cause
        if cause is None:
            reason = f": {visible(self.stack.reason)}" if self.stack.reason else ""
            return f"CloudFormation failed on the stack `{self.stack.name}`{reason}"
        place = f"{self.where}: " if self.where else ""
        verb = _verb(cause.status)
        noun = words.kind(cause.type)
        return (
            f"{place}{noun} `{cause.logical_id}` ({cause.type}) could not be {verb}:"
            f" {plain(cause.reason)}"
        )


def _verb(status: str) -> str:
    verbs = {"CREATE": "made", "UPDATE": "changed", "DELETE": "removed"}
    return verbs.get(status.partition("_")[0], "made")


def first_cause(events: Iterable[Event]) -> Event | None:
    """Return the first event that failed by itself, of *events* in the order of time."""
    failed = [event for event in events if event.status.endswith("_FAILED")]
    own = [event for event in failed if event.reason and not _AFTERMATH.search(event.reason)]
    return next(iter(own or failed), None)


def place_of(cause: Event, places: Mapping[str, str]) -> str:
    """Return where the project has what failed: a property that the reason names, or its resource.

    Args:
        cause: the failure.
        places: by logical id, and by logical id and property, as `Graph.places` returns.
    """
    said = plain(cause.reason)
    named = [
        (len(name), place)
        for key, place in places.items()
        for logical_id, _, name in [key.partition(".")]
        if logical_id == cause.logical_id and name and _is_named(name, said)
    ]
    return max(named)[1] if named else places.get(cause.logical_id, "")


def _is_named(name: str, said: str) -> bool:
    """Return whether a sentence is about a property: `memorySize`, "memory size", "layer"."""
    last = name.rpartition(".")[2]
    words = _CAPITAL.sub("[^a-z]?", _ENDS.sub("", last))
    every = "|".join((words, *_ALSO.get(last, ())))
    return re.search(f"(?<![a-z])({every})", said, re.IGNORECASE) is not None


def plain(reason: str) -> str:
    """Return the sentence within what CloudFormation says, without ids that help nobody.

    >>> plain('Resource handler returned message: "Bad layer" (RequestToken: 1, ...)')
    'Bad layer'
    """
    found = _HANDLER.search(reason)
    text = found.group(1) if found else reason
    return visible(ministack.reason(text).strip()).rstrip(".") or "no reason was given"


def not_possible(stack: str, reason: str, wrong: Sequence[Event]) -> ToolError:
    """Return what is said where CloudFormation sees beforehand that a change cannot be made.

    Args:
        stack: its name.
        reason: what the change set says.
        wrong: what is said of single resources.
    """
    listed = [
        f"{words.kind(event.type)} `{event.logical_id}` ({event.type}): {plain(event.reason)}"
        for event in wrong
    ]
    said = "; ".join(listed) or plain(reason)
    return ToolError(
        f"CloudFormation cannot carry out the template for `{stack}`: {said}. Nothing was changed"
    )


def refused(stack: str, error: AwsError) -> ToolError:
    """Return what is said where CloudFormation does not take a template at all."""
    # Source: jenseickmeyer/todo-app-nodejs#5: "Stack:ARN is in STATE state and can not be updated".
    if _BUSY.search(error.reason):
        return ToolError(
            f"The stack `{stack}` is being worked on by somebody else since a moment ago"
            f" ({error.reason}). Nothing was changed; `chalice status` says how far it is, then run"
            " the command again"
        )
    if error.code not in {
        "ValidationError",
        "InsufficientCapabilitiesException",
        "LimitExceededException",
    }:
        return error
    return ToolError(
        f"CloudFormation refuses the template for `{stack}`: {error.reason}. Nothing was changed"
    )


@contextmanager
def locating(document: Mapping[str, Any], places: Mapping[str, str]) -> Generator[None]:
    """Tell where a template has the types that CloudFormation does not know, where it says so.

    Args:
        document: the template.
        places: where each resource comes from, by logical id.

    Raises:
        InvalidApp: in place of an error that is about such types.
    """
    try:
        yield
    except ToolError as error:
        found = _UNKNOWN_TYPES.search(str(error))
        problems = _unknown_types(found[1], document, places) if found is not None else []
        if not problems:
            raise
        raise InvalidApp(ordered(problems)) from error


def _unknown_types(
    listed: str, document: Mapping[str, Any], places: Mapping[str, str]
) -> list[Problem]:
    unknown = {name.strip() for name in listed.split(",")}
    return [
        Problem(
            "resource-type",
            f"CloudFormation has no type `{visible(str(facts['Type']))}` here, that of resource"
            f" `{logical_id}`; nothing was changed",
            places.get(logical_id, ""),
            "write one that its resource reference lists for the region, and run the command again",
        )
        for logical_id, facts in as_object(document.get("Resources")).items()
        if facts.get("Type") in unknown
    ]
