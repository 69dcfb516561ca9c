"""Resources and their properties, in the words of who writes applications."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chalice.config.reader import as_object
from chalice.diagnostics import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_KINDS = {
    "AWS::ApiGateway::BasePathMapping": "domain path",
    "AWS::ApiGateway::Deployment": "API deployment",
    "AWS::ApiGateway::DomainName": "custom domain",
    "AWS::ApiGateway::RestApi": "API",
    "AWS::ApiGateway::Stage": "API stage",
    "AWS::CloudFormation::Stack": "stack",
    "AWS::IAM::ManagedPolicy": "managed policy",
    "AWS::IAM::Role": "role",
    "AWS::Lambda::Function": "function",
    "AWS::Lambda::LayerVersion": "layer",
    "AWS::Lambda::Permission": "permission",
    "AWS::Logs::LogGroup": "log group",
    "AWS::S3::Bucket": "bucket",
    "AWS::S3::BucketPolicy": "bucket policy",
}

# Properties in words, and the unit of their values.
_PROPERTIES = {
    "Architectures": ("processor", ""),
    "MemorySize": ("memory", " MB"),
    "MinimumCompressionSize": ("smallest body that is compressed", " bytes"),
    "ReservedConcurrentExecutions": ("reserved concurrency", ""),
    "RetentionInDays": ("days that logs are kept", ""),
    "Timeout": ("timeout", " s"),
    "TracingConfig": ("tracing", ""),
    "VpcConfig": ("VPC", ""),
}

# Told by their names only: what they hold means nothing to anybody, or is told apart.
_NAMED_ONLY = {
    "Code": "code",
    "Content": "content",
    "DeploymentId": "takes the new deployment",
    "ManagedPolicyArns": "its policies",
    "Policies": "its policies",
    "PolicyDocument": "its statements",
}

# What is told in other words where it changes.
_WHOLE = {"Body": "definition", "DeploymentId": "deployment", "Environment": "environment"}

# The properties whose values are told. All others may be secret, wherever they come from:
# passwords, tokens, variables, connection strings, a description; of policies `grants` tells what
# they allow.
_SHOWN = {
    "AWS::ApiGateway::BasePathMapping": {"BasePath", "DomainName", "Stage"},
    "AWS::ApiGateway::DomainName": {
        "CertificateArn",
        "DomainName",
        "EndpointConfiguration",
        "RegionalCertificateArn",
        "SecurityPolicy",
    },
    "AWS::ApiGateway::RestApi": {
        "BinaryMediaTypes",
        "DisableExecuteApiEndpoint",
        "EndpointConfiguration",
        "MinimumCompressionSize",
        "Name",
    },
    "AWS::ApiGateway::Stage": {"StageName", "TracingEnabled"},
    "AWS::IAM::Role": {"ManagedPolicyArns", "PermissionsBoundary", "RoleName"},
    "AWS::Lambda::Function": {
        "Architectures",
        "EphemeralStorage",
        "FunctionName",
        "Handler",
        "Layers",
        "LoggingConfig",
        "MemorySize",
        "ReservedConcurrentExecutions",
        "Role",
        "Runtime",
        "SnapStart",
        "Timeout",
        "TracingConfig",
        "VpcConfig",
    },
    "AWS::Lambda::LayerVersion": {"CompatibleArchitectures", "CompatibleRuntimes", "LayerName"},
    "AWS::Lambda::Permission": {"Action", "FunctionName", "Principal", "SourceArn"},
    "AWS::Logs::LogGroup": {"LogGroupName", "RetentionInDays"},
}

_MAX_VALUE = 60
_MISSING = object()

# Source: API Gateway developer guide, "x-amazon-apigateway-any-method object".
_ANY = "x-amazon-apigateway-any-method"
_METHODS = frozenset(("get", "put", "post", "delete", "patch", "options", "head", _ANY))


def kind(type_name: str) -> str:
    """Return what a type of resource is called.

    >>> kind("AWS::Lambda::Function"), kind("AWS::SQS::Queue")
    ('function', 'queue')
    """
    return _KINDS.get(type_name) or type_name.rpartition("::")[2].lower()


def differences(
    type_name: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    causes: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Yield what differs between the properties of a resource, one sentence each.

    Args:
        type_name: the resource's type.
        before: the properties as they are deployed.
        after: as they will be.
        causes: what those refer to that CloudFormation says will change, for where they read the
            same; a text is empty where that is not known.
    """
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    for name in names:
        old, new = before.get(name, _MISSING), after.get(name, _MISSING)
        if name in _NAMED_ONLY:
            yield _NAMED_ONLY[name]
        elif name == "Body":
            yield from _routes(old, new)
        elif name == "Environment":
            yield from _variables(old, new)
        else:
            yield _changed(type_name, name, old, new)
    for name, cause in (causes or {}).items():
        if name not in names:
            word = property_of(name)
            yield f"{word}: refers to {cause}" if cause else f"{word}, with what it refers to"


def property_of(name: str) -> str:
    """Return what a property is called.

    >>> property_of("MemorySize"), property_of("Body"), property_of("SourceArn")
    ('memory', 'definition', 'SourceArn')
    """
    if name in _PROPERTIES:
        return _PROPERTIES[name][0]
    return _WHOLE.get(name) or _NAMED_ONLY.get(name) or visible(name)


def is_shown(type_name: str, name: str) -> bool:
    """Return whether the values of a property are told."""
    return name in _SHOWN.get(type_name, ())


def _changed(type_name: str, name: str, old: object, new: object) -> str:
    word, unit = _PROPERTIES.get(name, (visible(name), ""))
    if not is_shown(type_name, name):
        if new is _MISSING:
            return f"{word}: not set any more"
        return f"{word}: set" if old is _MISSING else word
    if new is _MISSING:
        return f"{word}: {_shown(old)}{unit} -> not set"
    before = "not set" if old is _MISSING else _shown(old)
    return f"{word}: {before} -> {_shown(new)}{unit}"


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = visible(text)
    return text if len(text) <= _MAX_VALUE else f"{text[:_MAX_VALUE]}..."


def _variables(old: Any, new: Any) -> Iterator[str]:
    """Yield which variables change; their values may be secret."""
    before = as_object(as_object(old).get("Variables"))
    after = as_object(as_object(new).get("Variables"))
    for name in sorted({*before, *after}):
        if name not in before:
            yield f"+ environment variable {visible(name)}"
        elif name not in after:
            yield f"- environment variable {visible(name)}"
        elif before[name] != after[name]:
            yield f"~ environment variable {visible(name)}"


def routes(body: Any) -> dict[str, Any]:
    """Return the operations of an API definition, as `GET /path`."""
    paths = as_object(as_object(body).get("paths"))
    return {
        f"{'ANY' if method == _ANY else method.upper()} {path}": operation
        for path, item in paths.items()
        for method, operation in as_object(item).items()
        if method in _METHODS
    }


def added_routes(body: Any) -> tuple[str, ...]:
    """Return the operations of an API definition that is all new, one sentence each."""
    return tuple(f"+ {_route(name, operation)}" for name, operation in routes(body).items())


def _route(name: str, operation: Any) -> str:
    """Return what a route is told as; nobody writes those that answer preflights by themselves."""
    integration = as_object(as_object(operation).get("x-amazon-apigateway-integration"))
    preflight = name.startswith("OPTIONS ") and integration.get("type") == "mock"
    return f"{visible(name)} (CORS preflight)" if preflight else visible(name)


def _routes(old: Any, new: Any) -> Iterator[str]:
    before, after = routes(old), routes(new)
    for name in sorted({*before, *after}, key=lambda route: route.split(" ")[::-1]):
        if name not in before:
            yield f"+ {_route(name, after[name])}"
        elif name not in after:
            yield f"- {_route(name, before[name])}"
        elif before[name] != after[name]:
            yield f"~ {_route(name, after[name])}"
    if before == after:
        yield "the definition apart from its routes"
