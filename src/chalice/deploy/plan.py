"""What a deploy would do, as data: from a change set and the two templates that it lies between."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from chalice.deploy import words
from chalice.deploy.causes import causes_of
from chalice.deploy.grants import Compared
from chalice.deploy.values import parameters_of
from chalice.expressions import resolved
from chalice.resources.kinds import API, FUNCTION, LOG_GROUP, MANAGED_POLICY, POLICY, ROLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalice.aws.cloudformation import Change
    from chalice.diagnostics import Problem

Action = Literal["add", "change", "replace", "delete", "retain"]

# What comes and goes with each release, and nobody outside knows of.
_INTERNAL = frozenset(
    {
        "AWS::ApiGateway::Deployment",
        MANAGED_POLICY,
        POLICY,
        "AWS::Lambda::LayerVersion",
        "AWS::Lambda::Permission",
        "AWS::Lambda::Version",
    }
)

# Types of Chalice's own resources: each of their properties changes in place or replaces, whatever
# its value. (An AWS on this machine says `Conditionally` of types that it knows nothing of.)
# Source: CloudFormation template reference, each type, "Update requires".
_KNOWN = frozenset(
    {
        *_INTERNAL,
        "AWS::ApiGateway::BasePathMapping",
        "AWS::ApiGateway::DomainName",
        API,
        "AWS::ApiGateway::Stage",
        ROLE,
        FUNCTION,
        LOG_GROUP,
    }
)

# What changes only as another resource does.
# Source: CloudFormation API reference, ResourceChangeDetail, "ChangeSource".
_OF_RESOURCES = frozenset({"ResourceAttribute", "ResourceReference"})

# When a change of a property makes another resource.
# Source: CloudFormation API reference, ResourceTargetDefinition, "RequiresRecreation".
_RECREATED = frozenset({"Always", "Conditionally"})

# The order of a plan: what may hurt first.
_ORDER: tuple[Action, ...] = ("delete", "replace", "retain", "change", "add")


@dataclass(frozen=True, slots=True)
class Item:
    """What becomes of one resource.

    Attributes:
        action: `retain` leaves it where it is, outside of the stack.
        kind: what it is, in words.
        logical_id: its name in the template.
        type: as CloudFormation spells it.
        details: what of it changes.
        lasting: whether users depend on it, and not only the release.
        where: `file:line` in the project, or empty.
    """

    action: Action
    kind: str
    logical_id: str
    type: str
    details: tuple[str, ...] = ()
    lasting: bool = True
    where: str = ""

    @property
    def asks(self) -> bool:
        """Whether somebody should agree first."""
        return bool(self.gone) or (self.lasting and self.action in {"delete", "replace"})

    @property
    def gone(self) -> tuple[str, ...]:
        """The routes of an API that stays that clients do not find any more: `GET /orders`."""
        if self.type != API or self.action != "change":
            return ()
        return tuple(line.removeprefix("- ") for line in self.details if line.startswith("- "))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a deploy would do to a stack.

    Attributes:
        stack: its name.
        items: what becomes of resources.
        warnings: what deserves a look before it is carried out.
        permissions: what roles gain and lose.
        files: so many of a bucket would be deleted for good.
        bucket: its name.
        adopts: whether the stack was made by something else, and becomes that of the application.
    """

    stack: str
    items: tuple[Item, ...]
    warnings: tuple[Problem, ...] = ()
    permissions: Compared = field(default_factory=Compared)
    files: int = 0
    bucket: str = ""
    adopts: bool = False

    @property
    def changes(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.items or self.files)

    @property
    def asks(self) -> bool:
        """Whether somebody should agree first."""
        return bool(self.questions or self.files or self.adopts)

    @property
    def questions(self) -> tuple[Item, ...]:
        """The resources that somebody should agree to first, those whose routes go among them."""
        return tuple(item for item in self.items if item.asks)

    def with_removal(self) -> Plan:
        """Return the plan that first removes what a failed creation has left of the stack."""
        type_name = "AWS::CloudFormation::Stack"
        details = ("what a failed first deploy left; nothing runs in it",)
        item = Item("delete", words.kind(type_name), self.stack, type_name, details, lasting=False)
        return replace(self, items=_ordered([*self.items, item]))

    def count(self, action: Action) -> int:
        """Return how many resources become that."""
        return sum(item.action == action for item in self.items)

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as `--json` prints it."""
        return {
            "stack": self.stack,
            "changes": [asdict(item) for item in self.items],
            "permissions": self.permissions.to_dict(),
            "warnings": [warning.to_dict() for warning in self.warnings],
        }


def given_back(plan: Plan, after: Mapping[str, Any], names: Iterable[str]) -> Plan:
    """Return *plan* with the functions whose code was synced, and comes to be that of the stack.

    CloudFormation knows nothing of it, so they are in no change set.

    Args:
        plan: what CloudFormation would do.
        after: the template that will be.
        names: the logical ids of functions.
    """
    told = {item.logical_id for item in plan.items}
    resources = after.get("Resources", {})
    items = [
        Item("change", words.kind(type_name), name, type_name, ("code, synced since",))
        for name in names
        if name not in told
        for type_name in [str(resources[name]["Type"])]
    ]
    return replace(plan, items=_ordered([*plan.items, *items]))


def plan_of(
    stack: str,
    changes: Iterable[Change],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    places: Mapping[str, str],
) -> Plan:
    """Return what *changes* come to.

    Args:
        stack: the stack's name.
        changes: those of a change set.
        before: the template that is deployed; empty where none is.
        after: the template that will be.
        places: where each resource comes from, by logical id.
    """
    old, new = _properties(before), _properties(after)
    every = tuple(changes)
    by_id = {change.logical_id: change for change in every}
    known_before = parameters_of(before, secret=False)
    known_after = parameters_of(after, secret=False)
    items = [
        _item(
            change,
            _told(change, old, known_before),
            _told(change, new, known_after),
            causes_of(change, by_id, before, after),
            places,
        )
        for change in every
        if not (_only_refers(change, old, new) and _causes_stay(change, by_id))
    ]
    return Plan(stack, _ordered(items))


def _only_refers(
    change: Change, old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]
) -> bool:
    """Return whether a resource is listed only because what it refers to changes.

    A parameter or a mapping that changes is told: properties may read the same all along.
    """
    same = old.get(change.logical_id) == new.get(change.logical_id)
    return (
        change.action == "Modify"
        and same
        and set(change.scope) <= {"Properties"}
        and bool(change.details)
        and all(
            one.source in _OF_RESOURCES and one.evaluation == "Dynamic" for one in change.details
        )
    )


def _causes_stay(change: Change, every: Mapping[str, Change]) -> bool:
    """Return whether what a resource refers to changes in place.

    CloudFormation does not know beforehand that an ARN stays what it is; where nothing is replaced
    it does.
    """
    return not any(
        _may_be_another(every.get(one.causing.partition(".")[0]), every) for one in change.details
    )


def _may_be_another(change: Change | None, every: Mapping[str, Change]) -> bool:
    """Return whether a resource may be replaced; None is one that nobody names."""
    if change is None:
        return any(other.replacement == "True" for other in every.values())
    if change.replacement == "True" or _may_replace(change):
        return True
    return any(
        _may_be_another(every.get(one.causing.partition(".")[0]), every)
        for one in change.details
        if one.source in _OF_RESOURCES and one.recreation in _RECREATED
    )


def creation(stack: str, template: Mapping[str, Any], places: Mapping[str, str]) -> Plan:
    """Return the plan for a stack that is not there: everything is added."""
    items = [
        _added(logical_id, str(item["Type"]), item.get("Properties", {}), places)
        for logical_id, item in template.get("Resources", {}).items()
    ]
    return Plan(stack, _ordered(items))


def removal(stack: str, resources: Iterable[tuple[str, str]], kept: Iterable[str] = ()) -> Plan:
    """Return the plan that removes *resources*, logical ids and types, but for those *kept*."""
    staying = frozenset(kept)
    items = [
        Item(
            "retain" if logical_id in staying else "delete",
            words.kind(type_name),
            logical_id,
            type_name,
            lasting=type_name not in _INTERNAL,
        )
        for logical_id, type_name in resources
    ]
    return Plan(stack, _ordered(items))


def _properties(template: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {
        logical_id: item.get("Properties", {})
        for logical_id, item in template.get("Resources", {}).items()
    }


def _told(
    change: Change, properties: Mapping[str, Mapping[str, Any]], values: Mapping[str, str]
) -> dict[str, Any]:
    """Return the properties of a resource; those that are told, with the values of parameters."""
    return {
        name: resolved(value, values) if words.is_shown(change.type, name) else value
        for name, value in properties.get(change.logical_id, {}).items()
    }


def _item(
    change: Change,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    causes: Mapping[str, str],
    places: Mapping[str, str],
) -> Item:
    if change.action in {"Add", "Import"}:
        return _added(change.logical_id, change.type, after, places)
    kind = words.kind(change.type)
    lasting = change.type not in _INTERNAL
    where = places.get(change.logical_id, "")
    if change.action == "Remove":
        action: Action = "retain" if change.policy.startswith("Retain") else "delete"
        return Item(action, kind, change.logical_id, change.type, lasting=lasting)
    details = tuple(words.differences(change.type, before, after, causes))
    if "Tags" in change.scope and not details:
        details = ("tags",)
    action = "replace" if change.replacement == "True" else "change"
    if _may_replace(change):
        action = "replace"
        details = (*details, "replaced or changed: CloudFormation decides by the new value")
    return Item(action, kind, change.logical_id, change.type, details, lasting, where)


def _may_replace(change: Change) -> bool:
    """Return whether it hangs on a value that is known, and that differs, what becomes of it.

    Where the value is not known, what is referred to hardly ever comes to another one, and a
    question that is asked each time is not read.
    """
    if change.type in _KNOWN:
        return False
    return change.replacement == "Conditional" and any(
        one.evaluation == "Static" and one.recreation in _RECREATED for one in change.details
    )


def _added(
    logical_id: str, type_name: str, properties: Mapping[str, Any], places: Mapping[str, str]
) -> Item:
    details = words.added_routes(properties.get("Body"))
    lasting = type_name not in _INTERNAL
    return Item(
        "add",
        words.kind(type_name),
        logical_id,
        type_name,
        details,
        lasting,
        places.get(logical_id, ""),
    )


def _ordered(items: Iterable[Item]) -> tuple[Item, ...]:
    def key(item: Item) -> tuple[int, bool, str, str]:
        return (_ORDER.index(item.action), not item.lasting, item.kind, item.logical_id)

    return tuple(sorted(items, key=key))
