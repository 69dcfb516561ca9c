"""What a definition invokes, and where it says so: for those who bind functions to its names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalice.diagnostics import Problem
from chalice.gateway import integrations
from chalice.gateway.api import ClosedAuthorizer, LambdaAuthorizer
from chalice.gateway.definition import METHOD_KEYS
from chalice.gateway.document import Node
from chalice.gateway.schemes import security_schemes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice.gateway.api import Api

_KEY_OF_VERB = {verb: key for key, verb in METHOD_KEYS.items()}


@dataclass(frozen=True, slots=True)
class Invoked:
    """One place of a definition that invokes a function.

    Attributes:
        function: as `Invocation.function` names it.
        pointer: the JSON pointer of the uri.
    """

    function: str
    pointer: str


def functions(document: Mapping[str, Any]) -> Iterator[Invoked]:
    """Yield what a definition invokes: its methods, then the authorizers that guard one."""
    root = Node(document, (), [])
    guards: set[str] = set()
    for method in _methods(root):
        integration = method["x-amazon-apigateway-integration"]
        if str(integration["type"].value).lower() == "aws_proxy":
            yield from _invoked(integration["uri"])
        for requirement in method["security"].elements():
            guards.update(item.name for item in requirement.items())
    for scheme in security_schemes(root).items():
        if scheme.name in guards:
            yield from _invoked(scheme["x-amazon-apigateway-authorizer"]["authorizerUri"])


def _methods(root: Node) -> Iterator[Node]:
    for path in root["paths"].items():
        yield from (item for item in path.items() if item.name in METHOD_KEYS)


def _invoked(uri: Node) -> Iterator[Invoked]:
    function = None if uri.value is None else integrations.function_of(uri)
    if function is not None:
        yield Invoked(function, uri.pointer)


def other_kinds(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield a problem for each method that is one of an HTTP API: its function wants other events.

    A REST API takes no notice of the member, and so the function would get what it cannot read.
    """
    root = Node(document, (), [])
    for method in _methods(root):
        version = method["x-amazon-apigateway-integration"]["payloadFormatVersion"]
        if str(version.value or "1.0") != "1.0":
            yield Problem(
                "integration-payload",
                f"payloadFormatVersion is `{version.value}`: HTTP APIs are not served",
                version.pointer,
                "remove it if the function takes the events of a REST API",
            )


def unguarded(api: Api) -> Iterator[Problem]:
    """Yield a problem for each method whose authorizer cannot be asked here.

    Such a method lets nobody in; who serves a definition by hand is told so before.
    """
    for resource in api.resources:
        for verb, method in resource.methods.items():
            declared = method.authorizer
            if isinstance(declared, ClosedAuthorizer):
                place = Node(None, ("paths", resource.path, _KEY_OF_VERB[verb], "security"), [])
                yield Problem(
                    "authorizer-kind",
                    f"`{declared.name}` is of kind {declared.kind}, which is not evaluated",
                    place.pointer,
                    "guard the method by a Lambda authorizer, Cognito, JWT or AWS_IAM",
                )


def unset_variables(api: Api, variables: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a warning for each authorizer that identifies callers by a variable nobody has set."""
    guards = {
        method.authorizer.name: method.authorizer
        for resource in api.resources
        for method in resource.methods.values()
        if isinstance(method.authorizer, LambdaAuthorizer)
    }
    for declared in guards.values():
        for source in declared.sources:
            if source.kind == "stageVariables" and source.name not in variables:
                yield Problem(
                    "authorizer-variable",
                    f"`{declared.name}` identifies callers by stage variable `{source.name}`, which"
                    " is not set: every call is answered 401",
                    "#",
                    f"write `--stage-variable {source.name}=VALUE`",
                    "warning",
                )
