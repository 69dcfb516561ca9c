"""What a graph is made of, as data, and how its parts name each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from chalice.expressions import reference_of
from chalice.resources.kinds import FUNCTION

if TYPE_CHECKING:
    from chalice.diagnostics import Problem

#: The layer of `automatic_layer`; AWS Chalice calls it so.
MANAGED_LAYER = "ManagedLayer"

#: An expression that CloudFormation resolves, or what it would come to.
Value: TypeAlias = "str | Mapping[str, Any]"

#: Tells where the configuration sets a key, as one function sees it; empty where nothing does.
Written: TypeAlias = Callable[[str, str], str]

#: `app.py:12` by action, then by resource as people read it: `arn:${AWS::Partition}:s3:::bucket/*`.
Places: TypeAlias = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class CodePolicy:
    """What code needs of AWS.

    Attributes:
        statements: as they are in a document.
        places: where the code needs what is granted.
        problems: what could not be read or known, all of them warnings.
    """

    statements: tuple[Mapping[str, Any], ...] = ()
    places: Places = field(default_factory=dict[str, "Mapping[str, str]"])
    problems: tuple[Problem, ...] = ()


#: Returns what the code of some functions needs, by their names.
PolicyOf: TypeAlias = Callable[[Sequence[str]], CodePolicy]


@dataclass(frozen=True, slots=True)
class Code:
    """Where the archives are.

    Attributes:
        function: that of the functions: a path beside the template, or `S3Bucket` and `S3Key`.
        layer: that of the layer, in the same form; None where there is no layer.
    """

    function: Value
    layer: Value | None = None

    @classmethod
    def local(cls, *, layer: bool) -> Code:
        """Return the archives as they lie beside a template.

        `aws cloudformation package` uploads such paths, and writes the place in S3 instead.
        Source: AWS CLI, description of `cloudformation package`: `Code` of AWS::Lambda::Function
        and `Content` of AWS::Lambda::LayerVersion are among the properties that it takes.
        """
        return cls("./deployment.zip", "./layer-deployment.zip" if layer else None)


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource.

    Attributes:
        logical_id: its name in the stack.
        type: as CloudFormation spells it.
        properties: as CloudFormation takes them.
        depends_on: the logical ids that must be there first and that no property names.
        attributes: what stands beside the properties: `DeletionPolicy`, ...
        where: `app.py:12` or `.chalice/config.json:7`: what of the project it was made from.
        generated: whether it is a role, or its policy, that is written from the code.
        written: where single properties were set, by their names: `VpcConfig.SecurityGroupIds`.
        reasons: where the code needs what a role grants.
    """

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    depends_on: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict[str, Any])
    where: str = ""
    generated: bool = False
    written: Mapping[str, str] = field(default_factory=dict[str, str])
    reasons: Places = field(default_factory=dict[str, "Mapping[str, str]"])


@dataclass(frozen=True, slots=True)
class Graph:
    """Everything that one stage deploys.

    Attributes:
        resources: in an order that is the same for the same application and settings.
        outputs: expressions by name.
        parameters: as CloudFormation declares them.
        warnings: what deserves a look: what the policies of roles were written of.
        functions: the names of functions and authorizers, as `chalice.functions` has them.
    """

    resources: tuple[Resource, ...]
    outputs: Mapping[str, Value] = field(default_factory=dict[str, Value])
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    warnings: tuple[Problem, ...] = ()
    functions: tuple[str, ...] = ()

    def places(self) -> dict[str, str]:
        """Return where each resource comes from, by logical id, and what is set by itself.

        The latter by logical id and property: `APIHandler.Layers`.
        """
        found = {item.logical_id: item.where for item in self.resources if item.where}
        for item in self.resources:
            found.update((f"{item.logical_id}.{name}", at) for name, at in item.written.items())
        return found


def ref(logical_id: str) -> dict[str, str]:
    """Return what CloudFormation knows a resource by: a name, an id, an ARN."""
    return {"Ref": logical_id}


def arn(logical_id: str) -> dict[str, list[str]]:
    """Return the ARN of a resource."""
    return {"Fn::GetAtt": [logical_id, "Arn"]}


def both(first: Places, second: Places) -> dict[str, Mapping[str, str]]:
    """Return *first* and *second*; where they are about the same, the second counts."""
    found = dict(first)
    for action, places in second.items():
        found[action] = {**found.get(action, {}), **places}
    return found


def role_in(properties: Mapping[str, Any]) -> str:
    """Return the logical id of the role of the template that a function runs as; empty for others.

    Args:
        properties: of the function.
    """
    name, attribute = reference_of(properties.get("Role"))
    return name if attribute == "Arn" else ""


def located(whole: Graph, code: Code) -> Graph:
    """Return *whole* with its archives at *code*; without the layer where that has none.

    Args:
        whole: a graph that was made with a layer, or that needs none.
        code: where the archives are now.
    """
    return replace(whole, resources=tuple(_relocated(whole.resources, code)))


def _relocated(resources: Sequence[Resource], code: Code) -> Iterator[Resource]:
    for item in resources:
        if item.type == FUNCTION:
            properties = {**item.properties, "Code": code.function}
            if code.layer is None and "Layers" in properties:
                kept = [one for one in properties["Layers"] if one != ref(MANAGED_LAYER)]
                properties["Layers"] = kept
                if not kept:
                    del properties["Layers"]
            yield replace(item, properties=properties)
        elif item.logical_id != MANAGED_LAYER:
            yield item
        elif code.layer is not None:
            yield replace(item, properties={**item.properties, "Content": code.layer})
