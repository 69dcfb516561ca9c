"""What Lambda does as the roles of a template's functions: `Acting.of(document, places)`.

Dead-letter targets, event sources, destinations, log groups, the network, X-Ray. What that comes to
is not always known; it is told then.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalice.config.reader import as_list, as_object
from chalice.diagnostics import Problem
from chalice.expressions import reference_of
from chalice.iam import by_lambda
from chalice.iam.arns import parts_of
from chalice.resources.kinds import FUNCTION, LOG_GROUP, ROLE
from chalice.resources.parts import arn, ref, role_in
from chalice.template.granting import Given
from chalice.template.references import references_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
class Asked:
    """Something that a function needs of its role.

    Attributes:
        function: its logical id.
        key: what asks for it: the logical id of a resource, a dot, and its property.
        where: the place of that.
        statement: that allows it; None where nobody knows.
    """

    function: str
    key: str
    where: str
    statement: Mapping[str, Any] | None

    @property
    def what(self) -> str:
        """What asks for it, as people read it: `DeadLetterConfig of Tell`."""
        name, _, of = self.key.partition(".")
        return f"{of} of {name}"


@dataclass(slots=True)
class Acting:
    """What the functions of a template need of their roles.

    Attributes:
        document: the template, as merged.
        places: where its resources and properties come from.
        asked: what they need, in the order of the template.
    """

    document: Mapping[str, Any]
    places: Mapping[str, str]
    asked: list[Asked] = field(default_factory=list[Asked])

    @classmethod
    def of(cls, document: Mapping[str, Any], places: Mapping[str, str]) -> Acting:
        """Return what is found by going through all resources of *document*."""
        found = cls(document, places)
        found._look()
        return found

    def given(self, role: str) -> list[Given]:
        """Return what is known that *role* has to allow, each once."""
        found: list[Given] = []
        for asked in self.asked:
            if asked.statement is None or self._role(asked.function) != role:
                continue
            item = next((one for one in found if one.statement == asked.statement), None)
            if item is None:
                item = Given(asked.statement, asked.where)
                found.append(item)
            user = asked.key.partition(".")[0]
            if user not in item.users:
                item.users.append(user)
        return found

    def unknown(self, role: str) -> list[Problem]:
        """Return what *role* may have to allow, and nobody knows."""
        found = (
            self.told(asked)
            for asked in self.asked
            if asked.statement is None and self._role(asked.function) == role
        )
        return list(dict.fromkeys(found))

    def told(self, asked: Asked) -> Problem:
        """Return how it is told that nobody knows what something needs."""
        role = self._role(asked.function)
        whose = f"`{role}`" if role else "its role"
        name, _, of = asked.key.partition(".")
        summary = f"what {whose} has to allow for `{of}` of `{name}` is not known, nor granted"
        hint = 'write it into a policy file, with `autogen_policy` set to `"merge"`'
        return Problem("merge-permissions", summary, asked.where, hint, "warning")

    def _look(self) -> None:
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
        self.asked.append(Asked(function, key, self._where(key), statement))

    def _unknown(self, function: str, key: str) -> None:
        self.asked.append(Asked(function, key, self._where(key), None))

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
