"""The template of a graph with what users merge into it: `complete(graph, templates)`.

Roles whose policy is generated get what the merged templates have Lambda do as them: dead-letter
targets, event sources, destinations, log groups, the network, X-Ray. What that comes to is not
always known; it is a warning then, and nothing is granted.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalice.config.reader import as_list, as_object
from chalice.diagnostics import Problem, ordered
from chalice.expressions import as_text, reference_of
from chalice.iam import by_lambda
from chalice.iam.arns import parts_of
from chalice.resources.kinds import FUNCTION, LOG_GROUP, ROLE
from chalice.resources.parts import arn, both, ref, role_in
from chalice.template.document import cloudformation
from chalice.template.granting import Given, untangled, with_policies
from chalice.template.merging import merge, opened
from chalice.template.references import references_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalice.resources import Graph, Resource
    from chalice.template.merging import Theirs

_MAPPING, _INVOKE_CONFIG = "AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig"
_CONSUMER = "AWS::Kinesis::StreamConsumer"
_OTHER_NAMES = frozenset({"AWS::Lambda::Alias", "AWS::Lambda::Version"})

# The service of what a template makes, which is named by its ARN.
_SERVICES = {
    "AWS::DynamoDB::GlobalTable": "dynamodb",
    "AWS::DynamoDB::Table": "dynamodb",
    "AWS::Events::EventBus": "events",
    "AWS::Kinesis::Stream": "kinesis",
    FUNCTION: "lambda",
    **dict.fromkeys(_OTHER_NAMES, "lambda"),
    "AWS::S3::Bucket": "s3",
    "AWS::SNS::Topic": "sns",
    "AWS::SQS::Queue": "sqs",
}
# Of these `Ref` is an ARN. Source: CloudFormation template reference, "Return values" of each.
_REF_IS_ARN = frozenset({*_OTHER_NAMES, "AWS::SNS::Topic"})


@dataclass(frozen=True, slots=True)
class Complete:
    """A template with all that is merged into it.

    Attributes:
        document: the template.
        graph: what was made from the application, its roles with what else they were given.
        places: where resources and properties come from, as `Graph.places` has them.
        merged: what was merged.
        warnings: what roles may need besides, and nobody knows.
    """

    document: Mapping[str, Any]
    graph: Graph
    places: Mapping[str, str]
    merged: tuple[Theirs, ...] = ()
    warnings: tuple[Problem, ...] = ()


def complete(graph: Graph, templates: Sequence[Path | Theirs]) -> Complete:
    """Return the template of *graph* with *templates* merged into it, in their order.

    Args:
        graph: what was made from the application.
        templates: of users; opened or not.

    Raises:
        ToolError: a file cannot be read.
        InvalidApp: one is no template, or does not fit.
    """
    document: Mapping[str, Any] = cloudformation(graph)
    places = graph.places()
    merged = tuple(opened(one) if isinstance(one, Path) else one for one in templates)
    for theirs in merged:
        known = document["Resources"]
        document = merge(document, theirs, places=places)
        places.update(theirs.places(known))
    granting = _Granting(document, places)
    granting.look()
    resources: list[Resource] = []
    warnings: list[Problem] = []
    for item in graph.resources:
        known = document["Resources"]
        # Who sets the policies of a role in a template has written them.
        if _is_generated(item) and _policies(known.get(item.logical_id)) == _policies(
            {"Properties": item.properties}
        ):
            given = granting.given.get(item.logical_id, ())
            document, apart = untangled(document, item.logical_id)
            places.update(dict.fromkeys(apart, item.where))
            document, made = with_policies(document, item.logical_id, given)
            places.update(made)
            item = replace(item, reasons=both(_reasons(given), item.reasons))  # noqa: PLW2901
            warnings += granting.unknown.get(item.logical_id, ())
        resources.append(item)
    whole = replace(graph, resources=tuple(resources))
    return Complete(document, whole, places, merged, tuple(ordered(warnings)))


# --- what functions need ---------------------------------------------------------------------


@dataclass(slots=True)
class _Granting:
    """What the functions of a template need of their roles, by the role.

    Attributes:
        document: the template, as merged.
        places: where its resources and properties come from.
        given: what is known.
        unknown: what is not, by the role.
    """

    document: Mapping[str, Any]
    places: Mapping[str, str]
    given: dict[str, list[Given]] = field(default_factory=dict[str, list[Given]])
    unknown: dict[str, list[Problem]] = field(default_factory=dict[str, list[Problem]])

    def look(self) -> None:
        """Go through all resources."""
        for name, item in self._resources.items():
            properties = as_object(as_object(item).get("Properties"))
            kind = self._type(name)
            if kind == FUNCTION:
                self._function(name, properties)
            elif kind in (_MAPPING, _INVOKE_CONFIG):
                self._of_function(name, properties)

    @property
    def _resources(self) -> dict[str, Any]:
        return as_object(self.document.get("Resources"))

    def _type(self, name: str) -> str:
        return str(as_object(self._resources.get(name)).get("Type"))

    def _properties(self, name: str) -> dict[str, Any]:
        return as_object(as_object(self._resources.get(name)).get("Properties"))

    def _function(self, name: str, properties: Mapping[str, Any]) -> None:
        target = as_object(properties.get("DeadLetterConfig")).get("TargetArn")
        if target is not None:
            self._reached(name, f"{name}.DeadLetterConfig", target, by_lambda.TARGETS)
        for setting in by_lambda.settings(properties):
            self._give(name, setting.statement, f"{name}.{setting.name}")
        if properties.get("FileSystemConfigs"):
            self._unknown(name, f"{name}.FileSystemConfigs")
        group = as_object(properties.get("LoggingConfig")).get("LogGroup")
        if group is None:
            # Lambda makes one, which has the name of the function.
            self._unknown(name, f"{name}.LoggingConfig")
        elif group != ref(f"{name}LogGroup"):
            statement = _allow(by_lambda.LOGS, self._log_group(group))
            self._give(name, statement, f"{name}.LoggingConfig")

    def _log_group(self, group: object) -> Any:
        """Return the ARN of the log streams of a group, of which *group* is the name."""
        # Source: CloudFormation template reference, AWS::Logs::LogGroup, "Return values": `Arn`
        # ends in `:*`.
        name, attribute = reference_of(group)
        if self._type(name) == LOG_GROUP and not attribute:
            return arn(name)
        begin = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:"
        if isinstance(group, str):
            return {"Fn::Sub": f"{begin}{group.replace('${', '${!')}:*"}
        text = as_object(group).get("Fn::Sub")
        if isinstance(text, str):
            return {"Fn::Sub": f"{begin}{text}:*"}
        return {"Fn::Sub": [f"{begin}${{Group}}:*", {"Group": group}]}

    def _of_function(self, name: str, properties: Mapping[str, Any]) -> None:
        by_role = {self._role(one): one for one in self._named(properties.get("FunctionName"))}
        for function in by_role.values():
            if len(by_role) == 1:
                self._of_one(name, properties, function)
            else:
                # Only CloudFormation knows which.
                self._unknown(function, f"{name}.FunctionName")

    def _of_one(self, name: str, properties: Mapping[str, Any], function: str) -> None:
        if self._type(name) == _MAPPING:
            # Kafka, message brokers and databases need a network and secrets besides.
            place = f"{name}.EventSourceArn"
            source: object = properties.get("EventSourceArn")
            stream = self._stream(source)
            if stream is not None:
                self._give(function, _allow(by_lambda.CONSUMER, source), place)
            self._reached(function, place, stream or source, by_lambda.SOURCES)
        for destination in as_object(properties.get("DestinationConfig")).values():
            target = as_object(destination).get("Destination")
            if target is not None:
                place = f"{name}.DestinationConfig"
                self._reached(function, place, target, by_lambda.TARGETS)

    def _stream(self, source: object) -> object:
        """Return the stream of what is a consumer of one; None for anything else."""
        name = reference_of(source)[0]
        if name:
            is_consumer = self._type(name) == _CONSUMER
            return self._properties(name).get("StreamARN") if is_consumer else None
        template = as_object(source).get("Fn::Sub")
        text = template if isinstance(template, str) else source
        if not isinstance(text, str) or "/consumer/" not in text:
            return None
        stream = text.partition("/consumer/")[0]
        return stream if text is source else {"Fn::Sub": stream}

    def _named(self, value: object, seen: frozenset[str] = frozenset()) -> dict[str, None]:
        """Return which functions of the template an expression names, in its order."""
        found: dict[str, None] = {}
        for name, _ in references_in(value):
            if self._type(name) == FUNCTION:
                found[name] = None
            elif self._type(name) in _OTHER_NAMES and name not in seen:
                of_other = self._properties(name).get("FunctionName")
                found |= self._named(of_other, seen | {name})
        return found

    def _reached(
        self, function: str, key: str, target: object, actions: Mapping[str, Sequence[str]]
    ) -> None:
        found = actions.get(self._service(target), ())
        if not found:
            self._unknown(function, key)
        for on in ("", "/*", "*"):
            names = [name.partition(" ")[0] for name in found if name.partition(" ")[2] == on]
            resource: Any = {"": target, "*": "*", "/*": _inside(target)}[on]
            if names:
                self._give(function, _allow(names, resource), key)

    def _service(self, target: object) -> str:
        """Return the service of what an ARN names, or an expression that comes to one."""
        arms = as_list(as_object(target).get("Fn::If"))[1:]
        if arms:
            services = set(map(self._service, arms))
            return services.pop() if len(services) == 1 else ""
        name, attribute = reference_of(target)
        if name:
            is_arn = bool(attribute) or self._type(name) in _REF_IS_ARN
            return _SERVICES.get(self._type(name), "") if is_arn else ""
        text = target if isinstance(target, str) else as_object(target).get("Fn::Sub")
        parts = parts_of(text) if isinstance(text, str) else []
        return parts[2] if parts[:1] == ["arn"] and len(parts) > 5 else ""

    def _role(self, function: str) -> str:
        name = role_in(self._properties(function))
        return name if self._type(name) == ROLE else ""

    def _give(self, function: str, statement: Mapping[str, Any], key: str) -> None:
        given = self.given.setdefault(self._role(function), [])
        item = next((other for other in given if other.statement == statement), None)
        if item is None:
            item = Given(statement, self._where(key))
            given.append(item)
        user = key.partition(".")[0]
        if user not in item.users:
            item.users.append(user)

    def _unknown(self, function: str, key: str) -> None:
        role = self._role(function)
        name, _, of = key.partition(".")
        summary = f"what `{role}` has to allow for `{of}` of `{name}` is not known, nor granted"
        hint = 'write it into a policy file, with `autogen_policy` set to `"merge"`'
        problem = Problem("merge-permissions", summary, self._where(key), hint, "warning")
        told = self.unknown.setdefault(role, [])
        if problem not in told:
            told.append(problem)

    def _where(self, key: str) -> str:
        return self.places.get(key) or self.places.get(key.partition(".")[0], "")


def _inside(bucket: object) -> Any:
    if isinstance(bucket, str):
        return f"{bucket}/*"
    text = as_object(bucket).get("Fn::Sub")
    if isinstance(text, str):
        return {"Fn::Sub": f"{text}/*"}
    return {"Fn::Sub": ["${Bucket}/*", {"Bucket": bucket}]}


def _allow(actions: Sequence[str], resource: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


# --- into roles ------------------------------------------------------------------------------


def _is_generated(item: Resource) -> bool:
    """Return whether *item* is a role that is generated; so are managed policies of such a one."""
    return item.generated and item.type == ROLE


def _policies(role: object) -> list[Any] | None:
    """Return what *role* has; None where a template has removed it."""
    if role is None:
        return None
    properties = as_object(as_object(role).get("Properties"))
    return [properties.get(key) for key in ("Policies", "ManagedPolicyArns")]


def _reasons(given: Sequence[Given]) -> dict[str, Mapping[str, str]]:
    """Return the places of what is given, as `Resource.reasons` has them."""
    found: dict[str, Mapping[str, str]] = {}
    for item in given:
        shown = as_text(item.statement["Resource"], {})
        for action in item.statement["Action"] if item.where else ():
            found[action] = {shown: item.where, **found.get(action, {})}
    return found
