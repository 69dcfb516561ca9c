"""The API definition of an application: OpenAPI 3.0.1 with the extensions of API Gateway.

Waist 2 of the design. The document that is returned here is the one that is deployed and the one
that the local gateway serves. Account, region and function ARNs therefore stay `Fn::Sub`
expressions, to be resolved by CloudFormation; the order of everything is that of declaration.

Facts about the extensions: API Gateway developer guide, "OpenAPI extensions for API Gateway". Facts
about what AWS Chalice deploys: observed by packaging applications with AWS Chalice 1.34.0.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, assert_never

from chalice.diagnostics import InvalidApp, Problem
from chalice.headers import is_header_value
from chalice.model.declared import (
    BuiltinAuthorizer,
    CognitoAuthorizer,
    CustomAuthorizer,
    IamAuthorizer,
)
from chalice.model.names import API_HANDLER, logical_id
from chalice.rules.facts import DEFAULTS, VERBS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from chalice.config import Settings
    from chalice.model.declared import (
        AppModel,
        Authorizer,
        Cors,
        GatewayResponse,
        RequestValidation,
        Route,
    )

#: The security scheme that stands for "a key of a usage plan" (rule 5.2).
API_KEY_SCHEME = "api_key"

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
    schemes = _security_schemes(model)
    components: dict[str, Any] = {"securitySchemes": schemes} if schemes else {}
    if models:
        components["schemas"] = {name: json.loads(schema) for schema, name in models.items()}
    if components:
        definition["components"] = components
    definition["x-amazon-apigateway-binary-media-types"] = list(model.binary_types)
    used = dict.fromkeys(filter(None, (_validator(route) for route in model.routes)))
    if used:
        definition[f"{_VALIDATOR}s"] = {name: _VALIDATORS[name] for name in used}
    responses = _gateway_responses(model)
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
    security = _security(route)
    if security:
        operation["security"] = security
    name = _validator(route)
    if name is not None:
        operation[_VALIDATOR] = name
    operation["x-amazon-apigateway-integration"] = {
        "type": "aws_proxy",
        "httpMethod": "POST",
        "uri": _invocation_uri(API_HANDLER),
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


def _security(route: Route) -> list[dict[str, list[str]]]:
    """Return what a caller must show: API Gateway asks for every item of the list, not for one."""
    security: list[dict[str, list[str]]] = []
    if route.api_key_required:
        security.append({API_KEY_SCHEME: []})
    if route.authorizer is not None:
        security.append({route.authorizer: list(route.scopes)})
    return security


def _invocation_uri(function_name: str) -> dict[str, str]:
    # 2015-03-31 is the version of Lambda's Invoke API that every integration names.
    # Source: API Gateway developer guide, "x-amazon-apigateway-integration object", `uri`.
    return {
        "Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31"
        f"/functions/${{{logical_id(function_name)}.Arn}}/invocations"
    }


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


def _cors_of_gateway_responses(routes: Iterable[Route]) -> dict[str, str]:
    """Return CORS headers for the answers that the gateway makes itself: 401, 403, 413, 504, ...

    Without them a browser reports a CORS error in place of the status (rule 6.3). One static value
    serves the whole API, so where routes differ:

    - one origin: that origin, with credentials if any route admits them to it; never with `*`;
    - several, `*` among them: `*`, since any site may read a part of the API already;
    - several, all of them named: none, since no value would let in exactly those.

    Exposed headers are named where all routes agree.
    """
    configurations = list(dict.fromkeys(route.cors for route in routes if route.cors is not None))
    origins = {cors.allow_origin for cors in configurations}
    if not origins or (len(origins) > 1 and "*" not in origins):
        return {}
    origin = "*" if "*" in origins else origins.pop()
    headers = {"Access-Control-Allow-Origin": origin}
    exposed = {_exposed_headers(cors) for cors in configurations}
    if len(exposed) == 1 and (names := exposed.pop()):
        headers["Access-Control-Expose-Headers"] = names
    if origin != "*" and any(cors.allow_credentials for cors in configurations):
        headers["Access-Control-Allow-Credentials"] = "true"
    return headers


def _exposed_headers(cors: Cors) -> str:
    return dict(cors.headers).get("Access-Control-Expose-Headers", "")


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


# --- gateway responses -----------------------------------------------------------------------


def _gateway_responses(model: AppModel) -> dict[str, Any]:
    """Return the gateway responses that the application declares, and CORS headers for all.

    A response that is set takes nothing from its default (rule 2.24), so each of them has the CORS
    headers, unless the application names an origin there itself.
    """
    cors = _cors_of_gateway_responses(model.routes)
    declared = {item.type: item for item in model.gateway_responses}
    kinds = dict.fromkeys((*declared, *(DEFAULTS if cors else ())))
    return {kind: _gateway_response(declared.get(kind), cors) for kind in kinds}


def _gateway_response(declared: GatewayResponse | None, cors: Mapping[str, str]) -> dict[str, Any]:
    static = {} if declared is None else dict(declared.headers)
    mapped = {} if declared is None else dict(declared.mapped_headers)
    own = {name.lower() for name in (*static, *mapped)}
    # Who names an origin answers for all of it: credentials of ours may not go with theirs.
    ours: Mapping[str, str] = {} if "access-control-allow-origin" in own else cors
    added = {name: value for name, value in ours.items() if name.lower() not in own}
    parameters = {name: f"'{value}'" for name, value in (static | added).items()} | mapped
    response: dict[str, Any] = {}
    if declared is not None and declared.status_code is not None:
        response["statusCode"] = str(declared.status_code)
    if parameters:
        response["responseParameters"] = {
            f"gatewayresponse.header.{name}": value for name, value in parameters.items()
        }
    if declared is not None and declared.templates:
        response["responseTemplates"] = dict(declared.templates)
    return response


# --- authorizers -----------------------------------------------------------------------------


def _security_schemes(model: AppModel) -> dict[str, Any]:
    schemes = {item.name: _security_scheme(item) for item in model.authorizers}
    if any(route.api_key_required for route in model.routes):
        schemes[API_KEY_SCHEME] = {"type": "apiKey", "name": "x-api-key", "in": "header"}
    return schemes


def _security_scheme(authorizer: Authorizer) -> dict[str, Any]:
    match authorizer:
        case BuiltinAuthorizer() if authorizer.identity_sources is not None:
            return _request_scheme(authorizer, authorizer.identity_sources)
        case BuiltinAuthorizer():
            return _token_scheme(
                authorizer.header,
                _invocation_uri(authorizer.function),
                authorizer.execution_role,
                authorizer.ttl_seconds,
                authorizer.validation_expression,
            )
        case CustomAuthorizer():
            return _token_scheme(
                authorizer.header,
                authorizer.authorizer_uri,
                authorizer.invoke_role_arn,
                authorizer.ttl_seconds,
            )
        case CognitoAuthorizer():
            return _scheme(
                authorizer.header,
                "cognito_user_pools",
                {"type": "cognito_user_pools", "providerARNs": list(authorizer.provider_arns)},
            )
        case IamAuthorizer():
            return _scheme("Authorization", "awsSigv4")
        case _:
            assert_never(authorizer)


def _token_scheme(
    header: str,
    uri: str | Mapping[str, str],
    credentials: str | None,
    ttl_seconds: int | None,
    expression: str | None = None,
) -> dict[str, Any]:
    # A TOKEN authorizer's identity source is the header that the scheme names; `identitySource` is
    # for REQUEST authorizers.
    # Source: "x-amazon-apigateway-authorizer object".
    authorizer = _lambda_authorizer("token", uri, credentials, ttl_seconds)
    if expression is not None:
        authorizer["identityValidationExpression"] = expression
    return _scheme(header, "custom", authorizer)


def _request_scheme(authorizer: BuiltinAuthorizer, sources: Sequence[str]) -> dict[str, Any]:
    # The scheme has to name a header, which API Gateway does not look at here: its own examples
    # call it `Unused`. Source: "x-amazon-apigateway-authorizer object", examples.
    uri = _invocation_uri(authorizer.function)
    details = _lambda_authorizer("request", uri, authorizer.execution_role, authorizer.ttl_seconds)
    if sources:
        details["identitySource"] = ", ".join(sources)
    return _scheme("Unused", "custom", details)


def _lambda_authorizer(
    kind: str, uri: str | Mapping[str, str], credentials: str | None, ttl_seconds: int | None
) -> dict[str, Any]:
    """Return what both kinds have; an absent lifetime leaves API Gateway's 300 seconds."""
    authorizer: dict[str, Any] = {"type": kind, "authorizerUri": uri}
    if credentials is not None:
        authorizer["authorizerCredentials"] = credentials
    if ttl_seconds is not None:
        authorizer["authorizerResultTtlInSeconds"] = ttl_seconds
    return authorizer


def _scheme(header: str, kind: str, authorizer: Mapping[str, Any] | None = None) -> dict[str, Any]:
    scheme: dict[str, Any] = {
        "type": "apiKey",
        "name": header,
        "in": "header",
        "x-amazon-apigateway-authtype": kind,
    }
    if authorizer is not None:
        scheme["x-amazon-apigateway-authorizer"] = dict(authorizer)
    return scheme


# --- what cannot be written ------------------------------------------------------------------


def _unwritable(model: AppModel) -> Iterator[Problem]:
    for authorizer in model.authorizers:
        if authorizer.name == API_KEY_SCHEME:
            yield Problem(
                code="authorizer-name",
                summary=f"an authorizer is called `{API_KEY_SCHEME}`, as API keys are",
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
