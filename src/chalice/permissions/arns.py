"""Which resources a call is about, as ARNs; none where that cannot be known.

An ARN here has `*` for parts that are not known, and `pseudo(...)` for what CloudFormation knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalice.permissions import formats, services, table
from chalice.permissions.values import (
    ACCOUNT,
    HOLE,
    PARTITION,
    REGION,
    Box,
    Generator,
    Record,
    Tuple,
    Use,
    Value,
    texts,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from chalice.permissions.engine import Engine

_QUEUE = re.compile(
    r"https?://(?:sqs\.([^./]+)\.[^/]+|([^./]+)\.queue\.[^/]+|[^/]*)/([^/]+)/([^/]+)"
)
_ACCOUNT_ID = re.compile(r"[0-9]{12}|\x01AWS::AccountId\x02")


@dataclass(frozen=True, slots=True)
class Call:
    """A use, with what is known of its parameters.

    Attributes:
        use: the use.
        engine: what is in containers.
        params: values by name.
    """

    use: Use
    engine: Engine
    params: dict[str, Value] = field(default_factory=dict[str, Value])

    def has(self, name: str) -> bool:
        """Return whether a parameter is given."""
        return any(atom is not None for atom in self.params.get(name, ()))

    def given(self, name: str) -> list[str]:
        """Return the texts that a parameter may be; `HOLE` where there is anything else."""
        value = self.params.get(name)
        if value is None:
            return [HOLE] if "**" in self.params and name in self._possible() else []
        return self._texts(value)

    def inside(self, names: Collection[str]) -> list[str]:
        """Return the texts that members called one of *names* may be.

        A name that ends in `Arn` is looked for at any depth, others among the parameters alone, or
        in what they name as their holder: `JobUpdate.Role`.
        """
        found: set[str] = set()
        seen: set[Value] = set()
        left = [("", name, value) for name, value in self.params.items()] if names else []
        while left:
            holder, name, value = left.pop()
            is_known = name in names and (not holder or name.lower().endswith("arn"))
            if is_known or f"{holder}.{name}" in names:
                found.update(self._texts(value) if value else ())
            elif value not in seen:
                seen.add(value)
                left += ((name, key, item) for key, item in self.entries(value))
                left += ((holder, name, item) for item in self.items(value))
        return sorted(found)

    def _texts(self, value: Value) -> list[str]:
        found = frozenset(atom for atom in value if atom is not None)
        if not found:
            return [] if value else [HOLE]
        flat = [item for atom in found for item in self._flat(atom)]
        return sorted(set(flat))

    def _possible(self) -> frozenset[str]:
        service = self.engine.services.get(self.use.service)
        return service.inputs.get(self.use.operation, frozenset()) if service else frozenset()

    def _flat(self, atom: object) -> list[str]:
        if isinstance(atom, str):
            return [atom]
        if isinstance(atom, Box | Tuple):
            items = list(self.items(frozenset([atom])))
            if items:
                return [text for item in items for text in texts(item) or [HOLE]]
        return [HOLE]

    def items(self, value: Value) -> Iterator[Value]:
        """Yield what is in lists."""
        for atom in value:
            if isinstance(atom, Tuple):
                yield from (*atom.items, *([atom.rest] if atom.rest else []))
            elif isinstance(atom, Generator):
                yield atom.items
            elif isinstance(atom, Box):
                for key in self.engine.look(("keys", atom)):
                    yield self.engine.look(("item", atom, key))

    def entries(self, value: Value) -> Iterator[tuple[str, Value]]:
        """Yield what is in dicts, by key; `HOLE` is a key that is not known."""
        for atom in value:
            if isinstance(atom, Record):
                yield from atom.items
            elif isinstance(atom, Box):
                for key in self.engine.look(("keys", atom)):
                    item = self.engine.look(("item", atom, key))
                    yield (key if isinstance(key, str) else HOLE), item
            else:
                yield HOLE, frozenset()


def call_of(use: Use, engine: Engine) -> Call:
    """Return *use* as a call whose parameters can be asked for."""
    return Call(use, engine, dict(use.params))


def resources(call: Call, prefix: str, action: str) -> list[str]:
    """Return the ARNs that *action* is needed on; empty where they cannot be known."""
    own = _OWN.get(call.use.service)
    if own is not None:
        return own(call, prefix, action) or formats.resources(call, prefix, action, arn)
    for name, template in table.RESOURCES.get(call.use.service, ()):
        found = call.given(name)
        if found:
            return [arn(call, text, template) for text in found]
    return formats.resources(call, prefix, action, arn) or _named_arns(call)


def _named_arns(call: Call) -> list[str]:
    """Return the one parameter that is an ARN by its name and in its text."""
    found = [
        text
        for name in call.params
        if name.lower().endswith("arn") and "role" not in name.lower()
        for text in call.given(name)
    ]
    plain = all(text.startswith("arn:") for text in found)
    return [text.replace(HOLE, "*") for text in found] if plain else []


def arn(call: Call, name: str, template: str) -> str:
    """Return the ARN of what is called *name*, which may be one; `*` where nothing is known."""
    if name.startswith("arn:"):
        return name.replace(HOLE, "*")
    if name == HOLE or not name or not template:
        return "*"
    region = call.use.region or REGION
    service, where, account, rest = template.split(":", 3)
    made = ":".join(
        (
            "arn",
            PARTITION,
            service,
            region if where == "R" else where,
            ACCOUNT if account == "A" else account,
            rest.replace("{}", name),
        )
    )
    return made.replace(HOLE, "*")


def _each(call: Call, parameter: str, template: str) -> list[str]:
    return [arn(call, text, template) for text in call.given(parameter)]


# --- services whose resources take more than one look ------------------------------------------


def _s3(call: Call, prefix: str, action: str) -> list[str]:
    if prefix == "s3express":
        # Source: S3 user guide, "Resources" of directory buckets.
        return _each(call, "Bucket", "s3express:R:A:bucket/{}")
    if prefix != "s3":
        return []
    types = (services.actions_of(prefix) or {}).get(action.lower(), frozenset())
    of_object = "object" in types
    keys = call.given("Key") or [HOLE]
    if call.use.operation == "DeleteObjects":
        wanted = action == "DeleteObjectVersion"
        keys = [key for key, has_version in deleted(call) if has_version is wanted]
    found: list[str] = []
    for bucket in call.given("Bucket") or [HOLE]:
        if bucket.startswith("arn:"):
            # An access point: objects are below `object/`.
            found += [f"{bucket}/object/{key}" for key in keys] if of_object else [bucket]
        elif bucket == HOLE:
            found.append("*")
        elif of_object:
            found += [f"arn:{PARTITION}:s3:::{bucket}/{key}" for key in keys]
        else:
            found.append(f"arn:{PARTITION}:s3:::{bucket}")
    return [item.replace(HOLE, "*") for item in found]


def deleted(call: Call) -> list[tuple[str, bool]]:
    """Return the keys of the objects that are deleted together, and whether of one version each."""
    found: list[tuple[str, bool]] = []
    for name, value in call.entries(call.params.get("Delete", frozenset())):
        for item in call.items(value) if name == "Objects" else ():
            members = list(call.entries(item))
            has_version = any(key == "VersionId" and inner != {None} for key, inner in members)
            keys = [text for key, inner in members if key == "Key" for text in texts(inner)]
            found += ((key, has_version) for key in keys or [HOLE])
    return list(dict.fromkeys(found)) or [(HOLE, False)]


def _dynamodb(call: Call, prefix: str, action: str) -> list[str]:
    del prefix, action
    tables = call.given("TableName")
    indexes = call.given("IndexName")
    if call.use.operation in ("BatchWriteItem", "BatchGetItem"):
        entries = call.entries(call.params.get("RequestItems", frozenset()))
        tables = sorted({name for name, _ in entries}) or [HOLE]
    found: list[str] = []
    for name in tables or call.given("ResourceArn") or call.given("TableArn"):
        whole = arn(call, name, "dynamodb:R:A:table/{}")
        if whole == "*" or not indexes:
            found.append(whole)
        else:
            found += [f"{whole}/index/{item.replace(HOLE, '*')}" for item in indexes]
    return found


def table_arn(call: Call, name: str) -> str:
    """Return the ARN of a table of DynamoDB."""
    return arn(call, name, "dynamodb:R:A:table/{}")


def _sqs(call: Call, prefix: str, action: str) -> list[str]:
    del prefix, action
    found: list[str] = []
    for url in call.given("QueueUrl"):
        match = _QUEUE.fullmatch(url)
        if match is None:
            found.append(arn(call, url if url.startswith("arn:") else HOLE, ""))
            continue
        region = match.group(1) or match.group(2) or call.use.region or REGION
        account = match.group(3) if _ACCOUNT_ID.fullmatch(match.group(3)) else ACCOUNT
        whole = f"arn:{PARTITION}:sqs:{region}:{account}:{match.group(4)}"
        found.append(whole.replace(HOLE, "*"))
    return found + _each(call, "QueueName", "sqs:R:A:{}")


def _sns(call: Call, prefix: str, action: str) -> list[str]:
    del prefix, action
    for name, template in table.RESOURCES["sns"]:
        if call.given(name):
            return _each(call, name, template)
    # Source: SNS developer guide: a text message to a phone number is published to no topic.
    return []


def _lambda(call: Call, prefix: str, action: str) -> list[str]:
    del prefix
    found: list[str] = []
    for name in call.given("FunctionName"):
        # Source: Lambda API reference, "FunctionName": a name, an ARN, or ACCOUNT:function:NAME.
        plain = name.partition(":function:")[2] if not name.startswith("arn:") else ""
        whole = arn(call, plain or name, "lambda:R:A:function:{}")
        qualified = action == "InvokeFunction" and whole != "*" and whole.count(":") == 6
        if qualified and call.has("Qualifier"):
            found += [f"{whole}:{item}".replace(HOLE, "*") for item in call.given("Qualifier")]
        else:
            found.append(whole)
    return found + _each(call, "LayerName", "lambda:R:A:layer:{}")


def _secretsmanager(call: Call, prefix: str, action: str) -> list[str]:
    del prefix, action
    # Source: Secrets Manager user guide, "Permissions policy examples": the ARN ends in six random
    # characters, which `??????` stands for.
    names = call.given("SecretId") or call.given("Name") or call.given("SecretIdList")
    return [arn(call, name, "secretsmanager:R:A:secret:{}-??????") for name in names]


def _ssm(call: Call, prefix: str, action: str) -> list[str]:
    del prefix
    found: list[str] = []
    names = call.given("Name") + call.given("Names") if "Parameter" in action else []
    for name in names:
        # Source: SSM API reference, "GetParameter": a version or label follows a colon.
        plain = name if name.startswith("arn:") else name.partition(":")[0].lstrip("/")
        found.append(arn(call, plain, "ssm:R:A:parameter/{}"))
    for path in call.given("Path"):
        # Source: Systems Manager user guide, "Restricting access to parameters": who may read a
        # path may read what is below it.
        whole = arn(call, path.strip("/"), "ssm:R:A:parameter/{}")
        found += [whole] if whole == "*" else [whole, f"{whole}/*"]
    return found or _named_arns(call)


def _kms(call: Call, prefix: str, action: str) -> list[str]:
    del prefix
    parameter = {"ReEncryptFrom": "SourceKeyId", "ReEncryptTo": "DestinationKeyId"}.get(
        action, "KeyId"
    )
    return [key_arn(call, name) for name in call.given(parameter)]


def key_arn(call: Call, name: str) -> str:
    """Return the ARN of a key of KMS.

    Source: KMS developer guide, "Using aliases": a policy cannot name a key by its alias.
    """
    alias = name.startswith("alias/") or ":alias/" in name
    return arn(call, HOLE if alias else name, "kms:R:A:key/{}")


def _events(call: Call, prefix: str, action: str) -> list[str]:
    del prefix
    if action == "PutEvents":
        entries = [
            dict(call.entries(entry))
            for entry in call.items(call.params.get("Entries", frozenset()))
        ]
        return [
            arn(call, name, "events:R:A:event-bus/{}")
            for inner in entries
            for name in texts(inner.get("EventBusName", frozenset()))
            or [HOLE if HOLE in inner else "default"]
        ]
    buses = [name for name in call.given("EventBusName") if name != "default"]
    start = [f"{name}/" for name in buses] or [""]
    rules = call.given("Rule") or (call.given("Name") if "Rule" in action else [])
    return [arn(call, bus + rule, "events:R:A:rule/{}") for bus in start for rule in rules]


def _logs(call: Call, prefix: str, action: str) -> list[str]:
    types = (services.actions_of(prefix) or {}).get(action.lower(), frozenset())
    names = call.given("logGroupName") + call.given("logGroupNames")
    groups = [arn(call, name, "logs:R:A:log-group:{}") for name in names]
    if types != {"log-stream"}:
        return groups or _named_arns(call)
    streams = call.given("logStreamName") or [HOLE]
    return [
        group if group == "*" else f"{group}:log-stream:{stream}".replace(HOLE, "*")
        for group in groups
        for stream in streams
    ]


def _ses(call: Call, prefix: str, action: str) -> list[str]:
    del prefix, action
    found: list[str] = []
    for sender in call.given("Source") or call.given("FromEmailAddress"):
        address = sender.partition("<")[2].partition(">")[0] or sender
        domain = address.partition("@")[2]
        # Source: SES developer guide, "Creating and verifying identities": a mail is sent under
        # its address, or under the domain where that is what was verified.
        names = [address, domain] if domain else [HOLE]
        found += [arn(call, name, "ses:R:A:identity/{}") for name in names]
    sets = call.given("ConfigurationSetName")
    found += [arn(call, name, "ses:R:A:configuration-set/{}") for name in sets]
    template = call.given("Template")
    found += [arn(call, name, "ses:R:A:template/{}") for name in template if name != HOLE]
    return found


def _bedrock(call: Call, prefix: str, action: str) -> list[str]:
    del prefix, action
    found: list[str] = []
    for name in call.given("modelId"):
        # Source: SAR, "Amazon Bedrock"; user guide, "Prerequisites for inference profiles": a
        # profile needs its models too, in each region that it leads to.
        parts = name.split(".")
        if not name.startswith("arn:") and parts[0] in ("us", "eu", "apac", "global", "us-gov"):
            model = ".".join(parts[1:])
            found.append(arn(call, name, "bedrock:R:A:inference-profile/{}"))
            found.append(f"arn:{PARTITION}:bedrock:*::foundation-model/{model}".replace(HOLE, "*"))
        else:
            found.append(arn(call, name, "bedrock:R::foundation-model/{}"))
    return found


def _apigateway(call: Call, prefix: str, action: str) -> list[str]:
    del prefix, action
    service = call.engine.services.get(call.use.service)
    path = service.requests[call.use.operation][1] if service is not None else "/*"
    # Source: SAR, "Amazon API Gateway Management V2", "Resource types": `/apis`, without `/v2`.
    names = {name.lower(): name for name in call.params}

    def part(match: re.Match[str]) -> str:
        name = names.get(match.group(1).replace("_", "").lower())
        found = call.given(name) if name else []
        return found[0] if len(found) == 1 else "*"

    path = re.sub(r"\{(\w+)\+?\}", part, path.partition("?")[0]).removeprefix("/v2")
    whole = f"arn:{PARTITION}:apigateway:{call.use.region or REGION}::{path}"
    return [whole.replace(HOLE, "*")]


def _management(call: Call, prefix: str, action: str) -> list[str]:
    del prefix, action
    verb = {"DeleteConnection": "DELETE", "GetConnection": "GET"}.get(call.use.operation, "POST")
    # Which API is in the client's address, which only the deployment knows.
    region = call.use.region or REGION
    return [f"arn:{PARTITION}:execute-api:{region}:{ACCOUNT}:*/*/{verb}/@connections/*"]


def _scheduler(call: Call, prefix: str, action: str) -> list[str]:
    del prefix, action
    groups = call.given("GroupName") or ["default"]
    names = call.given("Name")
    return [
        arn(call, f"{group}/{name}", "scheduler:R:A:schedule/{}")
        for group in groups
        for name in names
    ]


_OWN: dict[str, Callable[[Call, str, str], list[str]]] = {
    "apigateway": _apigateway,
    "apigatewaymanagementapi": _management,
    "apigatewayv2": _apigateway,
    "bedrock-runtime": _bedrock,
    "dynamodb": _dynamodb,
    "events": _events,
    "kms": _kms,
    "lambda": _lambda,
    "logs": _logs,
    "s3": _s3,
    "scheduler": _scheduler,
    "secretsmanager": _secretsmanager,
    "ses": _ses,
    "sesv2": _ses,
    "sns": _sns,
    "sqs": _sqs,
    "ssm": _ssm,
}
