"""The template of a deploy: with its archives where they are in the bucket."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from chalice.deploy.artifacts import archive_key, canonical, digest, template_key
from chalice.deploy.releases import Release
from chalice.deploy.target import adopts
from chalice.diagnostics import InvalidApp
from chalice.resources import Code, located
from chalice.template.document import cloudformation, problems_of
from chalice.template.writing import serialize

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from chalice.aws.cloudformation import CloudFormation, Stack, Stage
    from chalice.bundle.parts import Archive
    from chalice.resources import Graph
    from chalice.resources.parts import Places
    from chalice.template.merging import Theirs


@dataclass(frozen=True, slots=True)
class Placed:
    """A template whose archives have a place.

    Attributes:
        document: the template.
        text: the same as it is sent.
        sha256: that of its canonical form.
        places: where each resource comes from, by logical id, and where single properties are set.
        files: the keys of all that it needs, itself among them.
        reasons: where the code needs what a role may do, by role, then by action and resource.
    """

    document: Mapping[str, Any]
    text: str
    sha256: str
    places: Mapping[str, str]
    files: tuple[str, ...]
    reasons: Mapping[str, Places] = field(default_factory=dict[str, "Places"])

    @classmethod
    def of(
        cls, document: Mapping[str, Any], stack_name: str, files: tuple[str, ...] = ()
    ) -> Placed:
        """Return a template whose archives have their place already."""
        sha256 = digest(canonical(document))
        text = serialize(document, "json", compact=True)
        return cls(document, text, sha256, {}, files or (template_key(stack_name, sha256),))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be deployed.

    Attributes:
        graph: the resources, with the archives anywhere.
        code: the archive of the functions.
        layer: that of the layer, if there is one.
        merged: templates that are merged into ours.
        commit: that of the project; may be empty.
        version: that of Chalice.
    """

    graph: Graph
    code: Archive
    layer: Archive | None
    merged: tuple[Theirs, ...] = ()
    commit: str = ""
    version: str = ""

    def archives(self, stack_name: str) -> dict[str, Path]:
        """Return the archives by the keys that they get."""
        found = [item for item in (self.code, self.layer) if item is not None]
        return {archive_key(stack_name, item.sha256): item.path for item in found}

    def placed(self, stack_name: str, bucket: str) -> Placed:
        """Return the template with its archives in *bucket*.

        Raises:
            InvalidApp: CloudFormation does not take it.
        """
        keys = tuple(self.archives(stack_name))
        at = [{"S3Bucket": bucket, "S3Key": key} for key in keys]
        graph = located(self.graph, Code(at[0], at[1] if len(at) > 1 else None))
        places: Mapping[str, str] = graph.places()
        document: Mapping[str, Any] = cloudformation(graph)
        if self.merged:
            from chalice.template.completing import complete  # noqa: PLC0415 - most have none

            whole = complete(graph, self.merged)
            graph, places, document = whole.graph, whole.places, whole.document
        text = serialize(document, "json", compact=True)
        problems = list(problems_of(document, text))
        if problems:
            raise InvalidApp(problems)
        sha256 = digest(canonical(document))
        files = (template_key(stack_name, sha256), *keys)
        return Placed(document, text, sha256, places, files, reasons_in(graph))

    def release(self, placed: Placed) -> Release:
        """Return what is remembered of it, but for when and by whom."""
        return Release(placed.sha256, placed.files, "", "", self.commit, self.version)


def reasons_in(graph: Graph) -> dict[str, Places]:
    """Return where the code needs what each role may do."""
    return {item.logical_id: item.reasons for item in graph.resources if item.reasons}


def deployed_template(
    stacks: CloudFormation, stack: Stack | None, stage: Stage = "Original"
) -> dict[str, Any]:
    """Return the template that a stack was last made from; an empty one where there is none.

    Args:
        stacks: CloudFormation.
        stack: the stack.
        stage: as it was sent, which says whether it is ours; or with its macros carried out.
    """
    if stack is None or stack.is_new:
        return {}
    found = stacks.template(stack.id, stage)
    if isinstance(found, str):
        from chalice.definitions import yaml_text  # noqa: PLC0415 - what others deployed

        try:
            loaded = yaml_text.load(found)
        except yaml_text.NotYaml:
            return {}
        return cast("dict[str, Any]", loaded) if isinstance(loaded, dict) else {}
    return found or {}


def standing_template(stacks: CloudFormation, stack: Stack | None) -> dict[str, Any]:
    """Return the template that a stack is compared by; an empty one where there is none.

    What macros made of the template of somebody else says more than the macros do.
    """
    return deployed_template(stacks, stack, "Processed" if adopts(stack) else "Original")
