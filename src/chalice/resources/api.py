"""The REST API, its deployment and stage, and who may invoke functions for it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from chalice.model.declared import BuiltinAuthorizer
from chalice.model.names import API_HANDLER, logical_id
from chalice.openapi import api_definition
from chalice.resources.parts import Resource, arn, ref

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice.config import Settings
    from chalice.model.declared import AppModel
    from chalice.resources.parts import Value, Written

REST_API = "RestAPI"
DEPLOYMENT = "RestAPIDeployment"

# Properties of an API that reach its clients with the next deployment only.
# Source: API Gateway developer guide, "Updates to REST APIs that require redeployment": RestApi
# and disableExecuteApiEndpoint.
_DEPLOYED = (
    "ApiKeySourceType",
    "BinaryMediaTypes",
    "Body",
    "BodyS3Location",
    "DisableExecuteApiEndpoint",
    "MinimumCompressionSize",
    "Policy",
)


def rest_api(model: AppModel, settings: Settings, written: Written) -> Iterator[Resource]:
    """Yield the API with its deployment and its stage.

    Raises:
        InvalidApp: the application cannot be written as an API definition.
    """
    api = Resource(
        REST_API,
        "AWS::ApiGateway::RestApi",
        _api_properties(model, settings),
        where=str(model.where),
        written=_places(model, written),
    )
    deployment = deployment_id(api.properties)
    yield api
    yield Resource(
        deployment,
        "AWS::ApiGateway::Deployment",
        {"RestApiId": ref(REST_API), "Description": "Made by Chalice"},
        where=str(model.where),
    )
    yield Resource(
        stage_id(settings.api_gateway_stage),
        "AWS::ApiGateway::Stage",
        {
            "RestApiId": ref(REST_API),
            "DeploymentId": ref(deployment),
            "StageName": settings.api_gateway_stage,
        },
        where=written("api_gateway_stage", API_HANDLER) or str(model.where),
    )


def _api_properties(model: AppModel, settings: Settings) -> dict[str, Any]:
    endpoint: dict[str, Any] = {"Types": [settings.endpoint_type]}
    if settings.endpoint_vpce:
        endpoint["VpcEndpointIds"] = list(settings.endpoint_vpce)
    properties: dict[str, Any] = {
        "Body": api_definition(model, settings),
        # An import without it makes an EDGE endpoint first.
        # Source: API Gateway API reference, ImportRestApi, "parameters".
        "Parameters": {"endpointConfigurationTypes": settings.endpoint_type},
        "EndpointConfiguration": endpoint,
        "BinaryMediaTypes": list(model.binary_types),
    }
    if settings.minimum_compression_size is not None:
        properties["MinimumCompressionSize"] = settings.minimum_compression_size
    return properties


def _places(model: AppModel, written: Written) -> dict[str, str]:
    keys = {
        "EndpointConfiguration": "api_gateway_endpoint_type",
        "EndpointConfiguration.VpcEndpointIds": "api_gateway_endpoint_vpce",
        "MinimumCompressionSize": "minimum_compression_size",
    }
    places = {name: written(key, API_HANDLER) for name, key in keys.items()}
    for item in model.authorizers:
        places[f"Body.components.securitySchemes.{item.name}"] = str(item.where)
    return {name: place for name, place in places.items() if place}


def deployment_id(properties: Mapping[str, Any]) -> str:
    """Return the logical id of the deployment of an API: another one when the API is another.

    A deployment is a snapshot that never changes, so a changed API takes a new one; the order in
    which routes are declared is no change.
    """
    content = {name: properties[name] for name in _DEPLOYED if name in properties}
    text = json.dumps(content, sort_keys=True)
    return DEPLOYMENT + hashlib.sha256(text.encode()).hexdigest()[:10]


def stage_id(stage: str) -> str:
    """Return the logical id of a stage of the API, as the Serverless transform makes it.

    >>> stage_id("api"), stage_id("v-1_x")
    ('RestAPIapiStage', 'RestAPIStageccfdab4669')
    """
    if stage.isalnum():
        return f"{REST_API}{stage}Stage"
    # Observed of aws-sam-translator 1.115. Nothing secret is hashed.
    return f"{REST_API}Stage{hashlib.sha1(stage.encode(), usedforsecurity=False).hexdigest()[:10]}"


def permissions(model: AppModel) -> Iterator[Resource]:
    """Yield what lets the API, and nothing else, invoke its functions."""
    handler = next(item for item in model.functions if item.name == API_HANDLER)
    yield _permission(API_HANDLER, ref(logical_id(API_HANDLER)), str(handler.where))
    for item in model.authorizers:
        if isinstance(item, BuiltinAuthorizer):
            yield _permission(item.function, arn(logical_id(item.function)), str(item.where))


def _permission(function_name: str, function: Value, where: str) -> Resource:
    # Each property that differs from AWS Chalice's template, even in how it is written, would have
    # the permission replaced when a stack of its is updated.
    api_arn = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${RestAPIId}/*"
    return Resource(
        f"{logical_id(function_name)}InvokePermission",
        "AWS::Lambda::Permission",
        {
            "FunctionName": function,
            "Action": "lambda:InvokeFunction",
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": {"Fn::Sub": [api_arn, {"RestAPIId": ref(REST_API)}]},
        },
        where=where,
    )


def outputs(settings: Settings) -> dict[str, Value]:
    """Return what a stack says of its API, under the names of AWS Chalice."""
    handler = logical_id(API_HANDLER)
    domain = "${RestAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}"
    return {
        "RestAPIId": ref(REST_API),
        "APIHandlerName": ref(handler),
        "APIHandlerArn": arn(handler),
        "EndpointURL": {"Fn::Sub": f"https://{domain}/{settings.api_gateway_stage}/"},
    }
