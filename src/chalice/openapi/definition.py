"""The definition of an API, from its paths to what the whole API has."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from chalice.diagnostics import InvalidApp, Problem
from chalice.headers import is_header_value
from chalice.model.names import API_HANDLER, logical_id
from chalice.openapi.answers import gateway_responses
from chalice.openapi.schemes import API_KEY, invocation_uri, security, security_schemes
from chalice.rules.facts import VERBS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from chalice.config import Settings
    from chalice.model.declared import AppModel, RequestValidation, Route

# The verbs that `ANY` stands for in a preflight answer: `ANY` itself means nothing to a browser.
# OPTIONS follows as the last one, as for every path.
ANY_VERBS = tuple(sorted({*VERBS} - {"OPTIONS"}))

ANY_METHOD = "x-amazon-apigateway-any-method"

_VALIDATOR = "x-amazon-apigateway-request-validator"
_VALIDATORS = {
    name: {"validateRequestBody": body, "validateRequestParameters": parameters}
    for name, body, parameters in (
        ("all", True, True),
        ("body-only", True, False),
        ("params-only", False, True),
    )
}


def api_definition(model: AppModel, settings: Settings) -> dict[str, Any]:
    """Return the API definition of *model* as one stage deploys it.

    `{proxy+}` is API Gateway's own syntax: its parameter is declared as `proxy`, as API Gateway
    wants it, where a strict reader of OpenAPI would expect the name `proxy+`.

    Raises:
        InvalidApp: a name or a header value cannot be written in a definition. What `check` refuses
            is not looked for again.
    """
    problems = list(_unwritable(model))
    if problems:
        raise InvalidApp(problems)
    definition: dict[str, Any] = {
        "openapi": "3.0.1",
        "info": {"title": model.name, "version": "1.0"},
    }
    if settings.endpoint_vpce:
        # In OpenAPI 3 this extension belongs to a server object.
        # Source: "x-amazon-apigateway-endpoint-configuration object".
        endpoint = {"vpcEndpointIds": list(settings.endpoint_vpce)}
        definition["servers"] = [
            {
                "url": f"/{settings.api_gateway_stage}",
                "x-amazon-apigateway-endpoint-configuration": endpoint,
            }
        ]
    models = _body_models(model.routes)
    definition["paths"] = _paths(model.routes, models)
    schemes = security_schemes(model)
    components: dict[str, Any] = {"securitySchemes": schemes} if schemes else {}
    if models:
        components["schemas"] = {name: json.loads(schema) for schema, name in models.items()}
    if components:
        definition["components"] = components
    definition["x-amazon-apigateway-binary-media-types"] = list(model.binary_types)
    used = dict.fromkeys(filter(None, (_validator(route) for route in model.routes)))
    if used:
        definition[f"{_VALIDATOR}s"] = {name: _VALIDATORS[name] for name in used}
    responses = gateway_responses(model)
    if responses:
        definition["x-amazon-apigateway-gateway-responses"] = responses
    if settings.minimum_compression_size is not None:
        size = settings.minimum_compression_size
        definition["x-amazon-apigateway-minimum-compression-size"] = size
    if settings.resource_policy is not None:
        definition["x-amazon-apigateway-policy"] = settings.resource_policy
    return definition


# --- paths -----------------------------------------------------------------------------------


def _paths(routes: Sequence[Route], models: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    paths: dict[str, dict[str, Any]] = {}
    with_cors: dict[str, list[Route]] = {}
    for route in routes:
        key = ANY_METHOD if route.method == "ANY" else route.method.lower()
        paths.setdefault(route.path, {})[key] = _operation(route, models)
        if route.cors is not None:
            with_cors.setdefault(route.path, []).append(route)
    for path, answered in with_cors.items():
        paths[path].setdefault("options", _preflight(answered))
    return paths


def _operation(route: Route, models: Mapping[str, str]) -> dict[str, Any]:
    # No operationId: API Gateway would show it to the function, as `requestContext.operationName`
    # (rule 1.23), which events of AWS Chalice's APIs do not have.
    operation = _path_parameters(route.path)
    if route.validation is not None:
        operation = _checked(operation, route.validation, models)
    operation["responses"] = {"200": {"description": "200 response"}}
    shown = security(route)
    if shown:
        operation["security"] = shown
    name = _validator(route)
    if name is not None:
        operation[_VALIDATOR] = name
    operation["x-amazon-apigateway-integration"] = {
        "type": "aws_proxy",
        "httpMethod": "POST",
        "uri": invocation_uri(API_HANDLER),
        "passthroughBehavior": "when_no_match",
        "contentHandling": "CONVERT_TO_TEXT",
        "responses": {"default": {"statusCode": "200"}},
    }
    return operation


def _path_parameters(path: str) -> dict[str, Any]:
    """Return an operation that declares the captures of *path*, as each operation has to."""
    names: list[str] = re.findall(r"\{([^{}]+?)\+?\}", path)
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in names
    ]
    return {"parameters": parameters} if parameters else {}


# --- CORS ------------------------------------------------------------------------------------


def _preflight(routes: Sequence[Route]) -> dict[str, Any]:
    """Return the OPTIONS method that answers for those *routes* of one path that have CORS.

    It invokes nothing: a MOCK integration with literal headers, as AWS Chalice deploys it (rule
    6.2). Without `CONVERT_TO_TEXT` a preflight fails where the binary types hold `*/*`.
    """
    cors = next(route.cors for route in routes if route.cors is not None)
    headers = {"Access-Control-Allow-Methods": ",".join(_allowed_methods(routes))}
    headers.update(cors.headers)
    return {
        **_path_parameters(routes[0].path),
        "responses": {
            "200": {
                "description": "200 response",
                "headers": {name: {"schema": {"type": "string"}} for name in headers},
            }
        },
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "passthroughBehavior": "when_no_match",
            "contentHandling": "CONVERT_TO_TEXT",
            "requestTemplates": {"application/json": '{"statusCode": 200}'},
            "responses": {
                "default": {
                    "statusCode": "200",
                    "responseParameters": {
                        f"method.response.header.{name}": f"'{value}'"
                        for name, value in headers.items()
                    },
                }
            },
        },
    }


def _allowed_methods(routes: Iterable[Route]) -> Iterator[str]:
    seen: set[str] = set()
    for route in routes:
        for verb in ANY_VERBS if route.method == "ANY" else (route.method,):
            if verb not in seen:
                seen.add(verb)
                yield verb
    yield "OPTIONS"


# --- request validation ----------------------------------------------------------------------


def _validator(route: Route) -> str | None:
    """Return the name of the validator that looks at what *route* declares, None for none."""
    declared = route.validation
    if declared is None:
        return None
    if declared.headers or declared.query_params:
        return "all" if declared.bodies else "params-only"
    return "body-only" if declared.bodies else None


def _body_models(routes: Iterable[Route]) -> dict[str, str]:
    """Return the schemas of all bodies, as JSON, and the names of their models.

    A model is called after the first view that has it, in letters and digits only.
    Source: API Gateway developer guide, "Amazon API Gateway important notes": names of models.
    """
    models: dict[str, str] = {}
    for route in routes:
        for _, schema in route.validation.bodies if route.validation else ():
            if schema in models:
                continue
            name = f"{logical_id(route.view)}Body"
            taken = sum(re.fullmatch(rf"{name}\d*", other) is not None for other in models.values())
            models[schema] = f"{name}{taken + 1}" if taken else name
    return models


def _checked(
    operation: dict[str, Any], declared: RequestValidation, models: Mapping[str, str]
) -> dict[str, Any]:
    """Return *operation* with the parameters and the body that *declared* asks for."""
    parameters = [
        *operation.get("parameters", ()),
        *(_parameter("header", name) for name in declared.headers),
        *(_parameter("query", name) for name in declared.query_params),
    ]
    checked: dict[str, Any] = {"parameters": parameters} if parameters else {}
    if declared.bodies:
        content = {
            kind: {"schema": {"$ref": f"#/components/schemas/{models[schema]}"}}
            for kind, schema in declared.bodies
        }
        checked["requestBody"] = {"required": True, "content": content}
    return checked


def _parameter(place: str, name: str) -> dict[str, Any]:
    return {"name": name, "in": place, "required": True, "schema": {"type": "string"}}


# --- what cannot be written ------------------------------------------------------------------


def _unwritable(model: AppModel) -> Iterator[Problem]:
    for authorizer in model.authorizers:
        if authorizer.name == API_KEY:
            yield Problem(
                code="authorizer-name",
                summary=f"an authorizer is called `{API_KEY}`, as API keys are",
                where=str(authorizer.where),
                hint="give it another name",
            )
    for route in model.routes:
        for name, value in route.cors.headers if route.cors else ():
            # Static header values travel in quotes, `'*'`: a quote would end the value.
            # Source: API Gateway developer guide, "data mapping reference".
            if "'" in value or not is_header_value(value):
                yield Problem(
                    code="cors-value",
                    summary=f"{name} `{value}` holds a quote or a control character",
                    where=str(route.where),
                    hint="write it without: API Gateway sends it as a quoted, static value",
                )
