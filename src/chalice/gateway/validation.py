"""Request validators: what a method wants of parameters and bodies (rule 2.21)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.gateway.api import RequiredParameter
from chalice.gateway.responses import BAD_REQUEST_BODY, BAD_REQUEST_PARAMETERS, Refusal
from chalice.media import media_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice.gateway.api import Method
    from chalice.gateway.call import Call
    from chalice.gateway.document import Node
    from chalice.rules.schemas import Schema

_VALIDATOR = "x-amazon-apigateway-request-validator"

# The content type of a model for all others.
# Source: API Gateway developer guide, "Request validation for REST APIs in API Gateway".
_ANY_TYPE = "$default"


def check(call: Call, method: Method) -> None:
    """Raise the refusal of a request that the method's validator does not let pass.

    It names every required parameter that is missing or empty; only then the body is looked at, if
    there is a schema for its content type. Source: API Gateway developer guide, "Request validation
    for REST APIs in API Gateway": without one validation is not performed.
    """
    missing = [parameter for parameter in method.required if not _value(call, parameter)]
    if missing:
        names = ", ".join(parameter.name for parameter in missing)
        raise Refusal(
            BAD_REQUEST_PARAMETERS,
            message=f"Missing required request parameters: [{names}]",
            reason=_lacking(missing),
        )
    if method.bodies:
        _check_body(call, method.bodies)


def _lacking(missing: list[RequiredParameter]) -> str:
    places = {"header": "header", "query": "query parameter"}
    shown = [f"{places[parameter.place]} `{parameter.name}`" for parameter in missing]
    are = "is" if len(shown) == 1 else "are"
    return f"{' and '.join(shown)} {are} required, and missing or empty"


def _value(call: Call, parameter: RequiredParameter) -> str | None:
    if parameter.place == "header":
        return call.arrival.header(parameter.name.lower())
    return (call.query.last or {}).get(parameter.name)


def _check_body(call: Call, bodies: Mapping[str, Schema]) -> None:
    content_type = call.arrival.media_type
    schema = bodies.get(content_type) or bodies.get(_ANY_TYPE)
    errors = _errors(schema, call.body) if schema is not None else ()
    if errors:
        told = f"[{', '.join(errors)}]"
        # As the logs of a deployed API have it.
        reason = f"Request body does not match model schema for content type {content_type}: {told}"
        raise Refusal(BAD_REQUEST_BODY, reason=reason, validation=told)


def _errors(schema: Schema, body: bytes) -> list[str]:
    if not schema.has_patterns:
        return schema.errors(body)
    # Most schemas have no patterns.
    from chalice.gateway.matching import NOT_EMULATED  # noqa: PLC0415
    from chalice.rules.patterns import OutOfTimeError  # noqa: PLC0415

    try:
        return schema.errors(body)
    except OutOfTimeError as error:
        # Nobody has recorded what API Gateway answers then.
        raise Refusal(
            BAD_REQUEST_BODY,
            reason=f"Request body is refused: {error.told}",
            validation=f"[{error.told}]",
            not_emulated=NOT_EMULATED,
        ) from None


# --- reading -----------------------------------------------------------------------------------


def read(
    root: Node, path: Node, node: Node
) -> tuple[tuple[RequiredParameter, ...], dict[str, Schema]]:
    """Return what the request validator of a method wants: parameters, and bodies by content type.

    Args:
        root: the document.
        path: the path that the method is on.
        node: the method.
    """
    chosen = node[_VALIDATOR] if _VALIDATOR in node else root[_VALIDATOR]
    name = chosen.text()
    if name is None:
        return (), {}
    validator = root[f"{_VALIDATOR}s"][name]
    if validator.value is None:
        chosen.refuse(
            "validator-unknown",
            f"request validator `{name}` is not defined",
            f"define it in {_VALIDATOR}s",
        )
        return (), {}
    parameters: dict[tuple[str, str], Node] = {}
    for item in (*path["parameters"].elements(), *node["parameters"].elements()):
        parameter = _dereference(root, item)
        parameters[parameter["in"].text() or "", parameter["name"].text() or ""] = parameter
    required: tuple[RequiredParameter, ...] = ()
    bodies: dict[str, Schema] = {}
    if validator["validateRequestParameters"].flag():
        required = tuple(_required(parameters))
    if validator["validateRequestBody"].flag():
        for kind, schema in _schemas(root, node, parameters):
            bodies[kind if kind == _ANY_TYPE else media_type(kind)] = _schema(root, schema)
    return required, bodies


def _required(parameters: Mapping[tuple[str, str], Node]) -> Iterator[RequiredParameter]:
    for (place, name), parameter in parameters.items():
        if place in ("header", "query") and parameter["required"].flag():
            yield RequiredParameter("header" if place == "header" else "query", name)


def _schemas(
    root: Node, node: Node, parameters: Mapping[tuple[str, str], Node]
) -> Iterator[tuple[str, Node]]:
    """Yield the content types of a method's bodies, and their schemas."""
    for item in _dereference(root, node["requestBody"])["content"].items():
        if "schema" in item:
            yield item.name, item["schema"]
    for (place, _), parameter in parameters.items():
        if place == "body":  # Swagger 2.0
            consumed = node["consumes"] if "consumes" in node else root["consumes"]
            kinds = [kind for kind in (item.text() for item in consumed.elements()) if kind]
            for kind in kinds or ("application/json",):
                yield kind, parameter["schema"]


def _schema(root: Node, node: Node) -> Schema:
    from chalice.rules import schemas  # noqa: PLC0415 - most APIs check no bodies

    schema, faults = schemas.parse(node.value, lambda reference: root.at(reference).value)
    for fault in faults:
        place = _place(root, node, fault.pointer)
        if fault.unread:
            # API Gateway takes such definitions, and passes over what it does not support.
            hint = "its bodies are not checked for it here"
            place.warn("validator-schema", fault.summary, hint)
        elif fault.severity == "warning":
            place.warn("validator-schema", fault.summary, fault.hint)
        else:
            place.refuse("validator-schema", fault.summary, fault.hint)
    return schema


def _place(root: Node, node: Node, pointer: tuple[str, ...]) -> Node:
    """Return the node at *pointer*, where what it refers to stands by itself."""
    for index, part in enumerate(pointer, start=1):
        reference = node["$ref"].value if part == "$ref" and index < len(pointer) else None
        node = root.at(reference) if isinstance(reference, str) else node[part]
    return node


def _dereference(root: Node, node: Node) -> Node:
    reference = node["$ref"].text()
    if reference is None:
        return node
    target = root.at(reference)
    if target.value is None:
        node.refuse("definition-reference", f"`{reference}` leads nowhere", "mend the reference")
    return target
