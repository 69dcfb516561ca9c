"""Reads a definition from a file: JSON or YAML, by itself or in a CloudFormation template."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn, cast

from chalice.diagnostics import Problem, ToolError
from chalice.gateway.definition import InvalidDefinition

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

# Far above every definition that API Gateway imports (6 MB), so that a wrong file is told at once.
# Source: API Gateway developer guide, quotas, "Size of API definition".
_MAX_BYTES = 10_000_000
# What the values of a document come to once its YAML aliases are written out.
_MAX_VALUES = 1_000_000
_MAX_DEPTH = 100

# Resources that are a REST API, and the property that holds the definition.
_API_TYPES = {"AWS::Serverless::Api": "DefinitionBody", "AWS::ApiGateway::RestApi": "Body"}
# Properties beside the definition that change what the API answers, and what says the same inside.
_X = "x-amazon-apigateway-"
_BESIDE = {
    "ApiKeySourceType": f"{_X}api-key-source",
    "Auth": "security schemes",
    "BinaryMediaTypes": f"{_X}binary-media-types",
    "BodyS3Location": "the definition itself",
    "Cors": "OPTIONS methods",
    "DefinitionUri": "the definition itself",
    "EndpointConfiguration": f"{_X}endpoint-configuration",
    "GatewayResponses": f"{_X}gateway-responses",
    "MinimumCompressionSize": f"{_X}minimum-compression-size",
    "Policy": f"{_X}policy",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A definition, and where it stands.

    Attributes:
        document: the definition.
        place: what the pointers of its problems are put behind: `template.yaml#/Resources/Api/...`.
        variables: the stage variables of a template, of which some may be no texts.
    """

    document: dict[str, Any]
    place: str
    variables: Mapping[str, object] = field(default_factory=dict[str, object])

    def located(self, problems: Iterable[Problem]) -> InvalidDefinition:
        """Return the error that tells *problems*, their pointers with the file in front."""
        return InvalidDefinition(
            [
                Problem(
                    item.code,
                    item.summary,
                    self.place + item.where.removeprefix("#"),
                    item.hint,
                    item.severity,
                )
                for item in problems
            ]
        )


def read(path: Path) -> Source:
    """Return the definition in the file *path*.

    Raises:
        ToolError: it cannot be read.
        InvalidDefinition: it holds no definition.
    """
    try:
        with path.open("rb") as stream:
            raw = stream.read(_MAX_BYTES + 1)
    except OSError as error:
        raise ToolError(f"Cannot read `{path}`: {error.strerror or error}") from error
    name = str(path)
    if len(raw) > _MAX_BYTES:
        raise _refused(name, f"the file has over {_MAX_BYTES} bytes", "name an API definition")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(name, "the file is not UTF-8", "save it as UTF-8") from None
    in_yaml = path.suffix.lower() in {".yaml", ".yml"} or not text.lstrip().startswith("{")
    value = _from_yaml(text, name) if in_yaml else _from_json(text, name)
    return _found(_plain(value, name), name)


def _refused(where: str, summary: str, hint: str) -> InvalidDefinition:
    return InvalidDefinition([Problem("definition-file", summary, where, hint)])


def _from_json(text: str, name: str) -> object:
    def no_constant(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is not JSON")

    def members(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in found if keys.count(key) > 1)
            raise ValueError(f"the key `{twice}` is written twice in one object")
        return found

    try:
        return json.loads(text, parse_constant=no_constant, object_pairs_hook=members)
    except json.JSONDecodeError as error:
        where = f"{name}:{error.lineno}"
        raise _refused(where, f"the file is not JSON: {error.msg}", "mend it") from None
    except (ValueError, RecursionError) as error:
        raise _refused(name, f"the file is not JSON: {error}", "mend it") from None


def _from_yaml(text: str, name: str) -> object:
    # Only definitions in YAML load what reads it.
    from chalice.definitions import yaml_text  # noqa: PLC0415

    try:
        return yaml_text.load(text)
    except yaml_text.NotYaml as error:
        where = f"{name}:{error.line}" if error.line else name
        raise _refused(where, f"the file is not YAML: {error}", "mend it") from None


def _plain(value: object, name: str) -> object:
    """Return *value* as JSON would have it: keys are text, nothing contains itself."""
    left = _MAX_VALUES

    def plain(item: object, depth: int) -> object:
        nonlocal left
        left -= 1
        if left < 0 or depth > _MAX_DEPTH:
            raise _refused(
                name,
                f"the document has over {_MAX_VALUES} values, or nests over {_MAX_DEPTH} deep",
                "write it without such aliases",
            )
        if isinstance(item, dict):
            members = cast("dict[object, object]", item).items()
            return {_key(key): plain(member, depth + 1) for key, member in members}
        if isinstance(item, list):
            return [plain(element, depth + 1) for element in cast("list[object]", item)]
        return item

    return plain(value, 0)


def _key(key: object) -> str:
    # `200:` in YAML is a number, and `true:` a boolean; JSON has texts alone.
    return key if isinstance(key, str) else json.dumps(key)


def _found(value: object, name: str) -> Source:
    if not isinstance(value, dict):
        raise _refused(name, "the file holds no object", "name an API definition")
    document = cast("dict[str, Any]", value)
    if "openapi" in document or "swagger" in document:
        return Source(document, f"{name}#")
    resources: object = document.get("Resources")
    if not isinstance(resources, dict):
        raise _refused(name, "the file is neither OpenAPI nor a template", "name an API definition")
    return _in_template(cast("dict[str, Any]", resources), name)


def _in_template(resources: dict[str, Any], name: str) -> Source:
    kinds = tuple(_API_TYPES)
    apis = {key: item for key, item in resources.items() if _object(item).get("Type") in kinds}
    if len(apis) != 1:
        found = ", ".join(apis) or "none"
        raise _refused(
            f"{name}#/Resources",
            f"a template is served that has one REST API; this one has {found}",
            "name the file of the definition itself",
        )
    [(key, api)] = apis.items()
    place = f"{name}#/Resources/{key}/Properties"
    properties = _object(_object(api).get("Properties"))
    beside = [
        Problem(
            "template-property",
            f"`{item}` changes the API and is not read from templates",
            f"{place}/{item}",
            f"write {_BESIDE[item]} into the definition",
        )
        for item in _BESIDE
        if item in properties
    ]
    if beside:
        raise InvalidDefinition(beside)
    member = _API_TYPES[_object(api)["Type"]]
    body = _object(properties.get(member))
    if not body or "Fn::Transform" in body:
        raise _refused(
            f"{place}/{member}",
            f"`{member}` does not hold a definition",
            "write it there, or export the deployed API and name the exported file",
        )
    return Source(body, f"{place}/{member}", _object(properties.get("Variables")))


def _object(value: object) -> dict[str, Any]:
    """Return *value* if it is an object, else an empty one."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
