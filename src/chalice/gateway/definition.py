"""Reads an API definition: OpenAPI 3.0 or 2.0 with the extensions of API Gateway.

What API Gateway would refuse to import, and what this gateway cannot serve, becomes a problem with
its place in the document; all of them are reported at once. Nothing that guards a method is ever
skipped: an authorizer of a kind that cannot be asked lets nobody in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from chalice import iam
from chalice.diagnostics import Problem, ToolError, nearest
from chalice.gateway import integrations, schemes, validation
from chalice.gateway.api import Api, GatewayResponse, Method, Resource
from chalice.gateway.document import Node
from chalice.gateway.stage import segments
from chalice.rules.facts import (
    ANY,
    MAX_COMPRESSION_SIZE_BYTES,
    MAX_STATUS,
    MIN_STATUS,
    RESPONSE_TYPES,
    VERBS,
)
from chalice.rules.paths import Variables, is_greedy, is_part

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from chalice.gateway.schemes import Schemes
    from chalice.gateway.stage import Stage

_X = "x-amazon-apigateway-"
#: Members of a path that are methods, and their verbs.
METHOD_KEYS = {verb.lower(): verb for verb in VERBS} | {f"{_X}any-method": ANY}


class InvalidDefinition(ToolError):
    """The definition cannot be served.

    Attributes:
        problems: every problem, with the JSON pointer of its place.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def read(document: Mapping[str, Any], stage: Stage) -> Api:
    """Return the API that *document* defines, as *stage* serves it.

    Raises:
        InvalidDefinition: something in it cannot be served.
    """
    api, problems = examine(document, stage)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise InvalidDefinition(errors)
    return api


def examine(document: Mapping[str, Any], stage: Stage) -> tuple[Api, list[Problem]]:
    """Return what can be read of the API that *document* defines, and what is wrong with it."""
    problems: list[Problem] = []
    root = Node(document, (), problems)
    _check_version(root)
    for item in root["security"].elements():
        item.refuse(
            "definition-security",
            "API Gateway ignores `security` at the root of the document",
            "write it on each operation",
        )
    endpoint_type = _endpoint_type(root, stage)
    known = schemes.read_schemes(root)
    paths = list(root["paths"].items())
    check_resources([(node.name, node) for node in paths])
    context = _Context(root, endpoint_type, known)
    resources = [_resource(context, node) for node in paths]
    api = Api(
        resources=tuple(resources),
        endpoint_type=endpoint_type,
        binary_media_types=tuple(
            filter(None, (item.text() for item in root[f"{_X}binary-media-types"].elements()))
        ),
        minimum_compression_size=root[f"{_X}minimum-compression-size"].integer(
            0,
            MAX_COMPRESSION_SIZE_BYTES,
            f"Invalid minimum compression size, must be between 0 and {MAX_COMPRESSION_SIZE_BYTES}",
        ),
        gateway_responses=dict(_gateway_responses(root[f"{_X}gateway-responses"])),
        policy=_policy(root[f"{_X}policy"], stage),
        key_from_authorizer=root[f"{_X}api-key-source"].choice(("HEADER", "AUTHORIZER"), "HEADER")
        == "AUTHORIZER",
    )
    return api, problems


def _check_version(root: Node) -> None:
    key = "swagger" if "swagger" in root else "openapi"
    version = root[key].text() or ""
    if version != "2.0" if key == "swagger" else not version.startswith("3.0"):
        root[key].refuse(
            "definition-version",
            f"{key} is `{version}`",
            "write an OpenAPI 3.0 document, or one of Swagger 2.0",
        )


def _endpoint_type(root: Node, stage: Stage) -> str:
    configuration = root[f"{_X}endpoint-configuration"]
    types = [
        item.choice(("EDGE", "REGIONAL", "PRIVATE"), "EDGE")
        for item in configuration["types"].elements()
    ]
    if stage.endpoint_type is not None:
        return stage.endpoint_type
    return types[0] if types else "EDGE"


# --- resources -------------------------------------------------------------------------------


def check_resources(paths: Iterable[tuple[str, Node]]) -> None:
    """Note at each path why API Gateway would not create its resource (rules 3.13 and 3.14)."""
    taken: set[tuple[str, ...]] = set()
    variables = Variables()
    for path, node in paths:
        parts = tuple(segments(path))
        refusal = _path_refusal(path, parts, variables)
        if refusal is None and parts in taken:
            refusal = (
                "resource-duplicate",
                (
                    "Another resource with the same parent already has this name:"
                    f" {parts[-1] if parts else '/'}"
                ),
                "write the path once",
            )
        if refusal is not None:
            node.refuse(*refusal)
        taken.add(parts)


def _path_refusal(
    path: str, parts: tuple[str, ...], variables: Variables
) -> tuple[str, str, str] | None:
    if not path.startswith("/"):
        return "resource-path", f"path `{path}` does not begin with `/`", f"write `/{path}`"
    for part, parent in zip(parts, ("", *parts), strict=False):
        if is_greedy(parent):
            return (
                "resource-greedy-child",
                f"Cannot create a child of a resource with a greedy path variable: {parent}",
                "end the path with it",
            )
        if not is_part(part):
            return (
                "resource-path-part",
                f"path part `{part}` cannot be created",
                "use letters, digits, `_ - . , :`, and braces around a whole part",
            )
    for clash in variables.add(path):
        return (
            "resource-variable-sibling",
            (
                f"A sibling ({clash.first}) of this resource already has a variable path part"
                " -- only one is allowed"
            ),
            f"use {clash.first} here, too",
        )
    return None


@dataclass(frozen=True, slots=True)
class _Context:
    """What the methods of a document share: the document, and what it says for all of them."""

    root: Node
    endpoint_type: str
    schemes: Schemes


def _resource(context: _Context, node: Node) -> Resource:
    methods: dict[str, Method] = {}
    for item in node.items():
        if item.name in ("trace", "$ref"):
            item.refuse(
                "method-verb",
                f"`{item.name}` is not served",
                f"write one of {', '.join(METHOD_KEYS)}",
            )
        verb = METHOD_KEYS.get(item.name)
        if verb is not None:
            method = _method(context, node, item, verb)
            if method is not None:
                methods[verb] = method
    return Resource("/" + "/".join(segments(node.name)), methods)


def _method(context: _Context, path: Node, node: Node, verb: str) -> Method | None:
    integration = integrations.read(node[f"{_X}integration"], context.endpoint_type)
    authorizer, api_key_required, scopes = schemes.read_security(node, context.schemes)
    required, bodies = validation.read(context.root, path, node)
    operation_name = node["operationId"].text() or ""
    if integration is None:
        return None
    return Method(
        verb=verb,
        integration=integration,
        authorizer=authorizer,
        api_key_required=api_key_required,
        required=required,
        operation_name=operation_name,
        scopes=scopes,
        bodies=bodies,
    )


# --- what belongs to the whole API -----------------------------------------------------------


def _gateway_responses(node: Node) -> Iterable[tuple[str, GatewayResponse]]:
    for item in node.items():
        if item.name not in RESPONSE_TYPES:
            near = nearest(item.name, RESPONSE_TYPES)
            item.refuse(
                "gateway-response-type",
                f"gateway response type `{item.name}` does not exist",
                f"write `{near}`" if near else f"write one of {', '.join(sorted(RESPONSE_TYPES))}",
            )
            continue
        yield (
            item.name,
            GatewayResponse(
                status=item["statusCode"].integer(MIN_STATUS, MAX_STATUS),
                headers=integrations.read_headers(
                    item["responseParameters"], "gatewayresponse.header."
                ),
                templates=integrations.read_templates(item["responseTemplates"]),
            ),
        )


def _policy(node: Node, stage: Stage) -> iam.Policy | None:
    if node.value is None:
        return None
    prefix = stage.arn.removesuffix(stage.name)
    try:
        return iam.parse(_expanded(node.value, prefix), resource_based=True)
    except iam.PolicyError as error:
        node.refuse("policy-malformed", f"the resource policy is not valid: {error}", "mend it")
        return None


def _expanded(value: object, prefix: str) -> object:
    """Return a policy with `execute-api:/stage/...` written out as an ARN of this API."""
    match value:
        case str() if value.startswith("execute-api:/"):
            return prefix + value.removeprefix("execute-api:/")
        case list():
            return [_expanded(item, prefix) for item in cast("list[object]", value)]
        case dict():
            items = cast("dict[str, object]", value).items()
            return {key: _expanded(item, prefix) for key, item in items}
        case _:
            return value
