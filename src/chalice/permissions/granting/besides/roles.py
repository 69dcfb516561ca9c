"""Which roles a call hands on to its service: where its operation takes some, and what is there.

Where operations take them is in a list that is written from botocore's models; what stands under
names that no model has is here.
"""

from __future__ import annotations

import ast
import functools
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from chalice.permissions.granting.besides.unknown import is_known
from chalice.permissions.granting.given import call_of
from chalice.permissions.granting.places import at, beside, names_of
from chalice.permissions.lists import lines
from chalice.permissions.reading.values import HOLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice.permissions.granting.given import Call

#: Roles that are no members of a structure, by operation. Sources: botocore's model of IAM,
#: "AddRoleToInstanceProfile": "The caller of this operation must be granted the PassRole
#: permission"; SNS API reference, attributes of "CreateTopic", "Subscribe",
#: "CreatePlatformApplication" and "SetSMSAttributes"; Systems Manager user guide, "Setting up
#: Automation" ("attach the iam:PassRole policy"); Config API reference, "RemediationConfiguration".
MORE: Mapping[tuple[str, str], str] = {
    ("config", "PutRemediationConfigurations"): (
        "RemediationConfigurations!.Parameters.AutomationAssumeRole.StaticValue.Values"
    ),
    ("iam", "AddRoleToInstanceProfile"): "RoleName!",
    ("lakeformation", "AssumeDecoratedRoleWithSAML"): "RoleArn!",
    ("sns", "CreatePlatformApplication"): "Attributes!.*RoleArn",
    ("sns", "CreateTopic"): "Attributes.*RoleArn",
    ("sns", "SetPlatformApplicationAttributes"): "Attributes!.*RoleArn",
    ("sns", "SetSMSAttributes"): "attributes!.DeliveryStatusIAMRole",
    ("sns", "Subscribe"): "Attributes.SubscriptionRoleArn",
    ("ssm", "CreateAssociation"): "Parameters.AutomationAssumeRole",
    ("ssm", "StartAutomationExecution"): "Parameters.AutomationAssumeRole",
    ("ssm", "StartChangeRequestExecution"): "Runbooks!.Parameters.AutomationAssumeRole",
    ("ssm", "UpdateAssociation"): "Parameters.AutomationAssumeRole",
}


class Pair(NamedTuple):
    """Two texts side by side, of which one says what the other is.

    Attributes:
        kind: the place of the one that says it.
        value: the place of the other.
        roles: how *kind* is where *value* is a role.
        profiles: how it is where that is an instance profile.
    """

    kind: str
    value: str
    roles: str
    profiles: str = ""


_PATCHED = ("patchOperations.path", "patchOperations.value")
_OPTIONS = Pair(
    "OptionSettings.OptionName", "OptionSettings.Value", "ServiceRole", "IamInstanceProfile"
)
_ATTRIBUTES = ("AttributeName", "AttributeValue")

#: Sources: API Gateway API reference, "PatchOperation" with "UpdateAccount", "UpdateAuthorizer" and
#: "UpdateIntegration"; Data Pipeline developer guide, "IAM roles"; Elastic Beanstalk developer
#: guide, "General options for all environments"; RDS user guide, "Support for native backup and
#: restore in SQL Server", "IAM_ROLE_ARN"; SNS API reference, "SetTopicAttributes" and
#: "SetSubscriptionAttributes"; Systems Manager API reference, "UpdateServiceSetting".
PAIRS: Mapping[tuple[str, str], Pair] = {
    ("apigateway", "UpdateAccount"): Pair(*_PATCHED, "/cloudwatchRoleArn"),
    ("apigateway", "UpdateAuthorizer"): Pair(*_PATCHED, "/authorizerCredentials"),
    ("apigateway", "UpdateIntegration"): Pair(*_PATCHED, "/credentials"),
    ("datapipeline", "PutPipelineDefinition"): Pair(
        "pipelineObjects.fields.key", "pipelineObjects.fields.stringValue", "role", "resourceRole"
    ),
    ("elasticbeanstalk", "CreateConfigurationTemplate"): _OPTIONS,
    ("elasticbeanstalk", "CreateEnvironment"): _OPTIONS,
    ("elasticbeanstalk", "UpdateConfigurationTemplate"): _OPTIONS,
    ("elasticbeanstalk", "UpdateEnvironment"): _OPTIONS,
    ("rds", "ModifyOptionGroup"): Pair(
        "OptionsToInclude.OptionSettings.Name",
        "OptionsToInclude.OptionSettings.Value",
        r"\w*IAM_ROLE_ARN",
    ),
    ("sns", "SetSubscriptionAttributes"): Pair(*_ATTRIBUTES, "SubscriptionRoleArn"),
    ("sns", "SetTopicAttributes"): Pair(*_ATTRIBUTES, r"\w*RoleArn"),
    ("ssm", "UpdateServiceSetting"): Pair(
        "SettingId",
        "SettingValue",
        r"(arn:.*:servicesetting)?/ssm/managed-instance/default-ec2-instance-management-role",
    ),
}

#: Texts that are JSON or YAML, by operation: the place of each, and what a role is called in it.
#: Sources: botocore's models of CloudWatch Logs, "PutAccountPolicy", "policyDocument", and of
#: Service Catalog, "CreateConstraint", "Parameters"; API Gateway developer guide,
#: "x-amazon-apigateway-integration" and "x-amazon-apigateway-authorizer"; Systems Manager user
#: guide, "Data elements and parameters".
DOCUMENTS: Mapping[tuple[str, str], tuple[str, str]] = {
    **{
        ("apigateway", name): ("body!", "credentials|authorizerCredentials")
        for name in ("ImportRestApi", "PutRestApi")
    },
    **{
        ("apigatewayv2", name): ("Body!", "credentials|authorizerCredentials")
        for name in ("ImportApi", "ReimportApi")
    },
    ("logs", "PutAccountPolicy"): ("policyDocument!", "RoleArn"),
    ("servicecatalog", "CreateConstraint"): ("Parameters!", "RoleArn|LocalRoleName"),
    ("servicecatalog", "UpdateConstraint"): ("Parameters", "RoleArn|LocalRoleName"),
    ("ssm", "CreateDocument"): ("Content!", "assumeRole"),
    ("ssm", "UpdateDocument"): ("Content!", "assumeRole"),
}

#: Operations of ECS that start tasks of a definition. Source: ECS developer guide, "Grant
#: permissions to pass a role": of the roles that the definition names.
OF_TASKS = frozenset({"CreateService", "CreateTaskSet", "RunTask", "StartTask", "UpdateService"})


@dataclass(frozen=True, slots=True)
class Listed:
    """Where the operations of a service take roles.

    Attributes:
        roles: the places of roles, by operation.
        profiles: the places of instance profiles, by operation.
        linked: operations that have the service make a role for itself.
        nameless: operations that hand on a role that none of their parameters names.
    """

    roles: Mapping[str, list[str]]
    profiles: Mapping[str, list[str]]
    linked: frozenset[str]
    nameless: frozenset[str]


@functools.cache
def listed(service: str) -> Listed:
    """Return where the operations of a service, as botocore calls it, take roles."""
    roles, profiles, *others = json.loads(lines("roles").get(service, '[{},{},"",""]'))
    linked, nameless = (frozenset(names.split()) for names in others)
    return Listed(_by_operation(roles), _by_operation(profiles), linked, nameless)


def _by_operation(places: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for place, operations in places.items():
        for operation in operations.split():
            found.setdefault(operation, []).append(place)
    return found


# --- what a call hands on ------------------------------------------------------------------------


@dataclass(slots=True)
class HandedOn:
    """What a call hands on.

    Attributes:
        roles: ARNs and names of roles.
        profiles: ARNs and names of instance profiles whose roles are handed on.
        unknown: where there is a role, or an instance profile, that is not known.
        possible: where there may be one.
    """

    roles: list[str] = field(default_factory=list[str])
    profiles: list[str] = field(default_factory=list[str])
    unknown: list[str] = field(default_factory=list[str])
    possible: list[str] = field(default_factory=list[str])


def handed_on(call: Call) -> HandedOn:
    """Return what *call* hands on, and what a call of the program says that it names."""
    use = call.use
    found = HandedOn()
    of_service = listed(use.service)
    more = MORE.get((use.service, use.operation))
    for place in (*of_service.roles.get(use.operation, ()), *([more] if more else [])):
        found.roles += _known(call, place, found)
    for place in of_service.profiles.get(use.operation, ()):
        found.profiles += _known(call, place, found)
    pair = PAIRS.get((use.service, use.operation))
    if pair is not None:
        _add_pair(call, pair, found)
    document = DOCUMENTS.get((use.service, use.operation))
    if document is not None:
        _add_document(call, *document, found)
    for definition in definitions(call):
        found.roles += handed_on(definition).roles
    profiles, found.profiles = found.profiles, []
    for profile in dict.fromkeys(profiles):
        inside = _roles_in(call, profile)
        found.roles += inside
        found.profiles += [] if inside else [profile]
    found.roles = list(dict.fromkeys(found.roles))
    return found


def _known(call: Call, place: str, found: HandedOn) -> list[str]:
    given = at(call, place)
    if not all(map(_is_known, given.texts)):
        found.unknown.append(place)
    elif given.is_possible:
        found.possible.append(place)
    return [text for text in given.texts if text and _is_known(text)]


def _is_known(text: str) -> bool:
    """Return whether *text* is empty, as where a role is taken away, or says which role it is."""
    is_arn = text.startswith("arn:")
    return HOLE not in text or is_known(text if is_arn else f"arn:aws:iam:::role/{text}")


def _add_pair(call: Call, pair: Pair, found: HandedOn) -> None:
    """Add what stands beside a text that says that it is a role.

    Of a call that was recorded little else is kept: roles are told by their form.
    """
    holder, _, kind_of = pair.kind.rpartition(".")
    for kind_found, value in beside(call, holder, kind_of, pair.value.rpartition(".")[2]):
        kinds, is_open = kind_found.texts, kind_found.is_possible or value.is_possible
        wanted = {text for text in value.texts if text and _is_known(text)}
        if not kinds and not isinstance(call.use.node, ast.Call):
            found.roles += sorted(text for text in wanted if ":role/" in text)
        elif any(kind == HOLE or re.fullmatch(pair.roles, kind) for kind in kinds):
            # Of what may be something else, only what looks like a role is one.
            is_sure = HOLE not in kinds
            found.roles += sorted(text for text in wanted if is_sure or ":role/" in text)
        elif any(re.fullmatch(pair.profiles, kind) for kind in kinds):
            found.profiles += sorted(wanted)
        else:
            found.possible += [pair.value] if is_open and not kinds else []
            continue
        found.unknown += [] if all(map(_is_known, value.texts)) else [pair.value]


def _add_document(call: Call, place: str, names: str, found: HandedOn) -> None:
    """Add the roles in a text. Of policies of accounts only those for subscriptions have one."""
    kinds = call.given("policyType")
    if kinds and not {HOLE, "SUBSCRIPTION_FILTER_POLICY"} & set(kinds):
        return
    given = at(call, place)
    is_open = given.is_possible
    for text in given.texts:
        named = re.findall(rf"""["']?\b(?:{names})["']?\s*:\s*["']?([^"',}}\s]+)""", text)
        # What a parameter of the document says is handed on by who gives it.
        inside = [name for name in named if not name.startswith("{")]
        found.roles += filter(_is_known, inside)
        found.unknown += [] if all(map(_is_known, inside)) else [place]
        is_open = is_open or (not named and HOLE in text)
    found.possible += [place] if is_open else []


# --- what other calls of the program say ---------------------------------------------------------


def definitions(call: Call) -> list[Call]:
    """Return the calls of the program that register the task definition which *call* starts."""
    if call.use.service != "ecs" or call.use.operation not in OF_TASKS:
        return []
    families = set(map(family, call.given("taskDefinition")))
    return [
        other
        for other in _others(call, "ecs", "RegisterTaskDefinition")
        if families and families & {HOLE, *other.given("family")}
    ]


def family(definition: str) -> str:
    """Return the family of a task definition.

    >>> family("web:3"), family("arn:aws:ecs:eu-west-1:123456789012:task-definition/web:3")
    ('web', 'web')
    """
    return definition.rpartition("task-definition/")[2].partition(":")[0]


def _roles_in(call: Call, profile: str) -> list[str]:
    """Return the roles that the program puts into an instance profile."""
    name = profile.rpartition("/")[2]
    return [
        role
        for other in _others(call, "iam", "AddRoleToInstanceProfile")
        if name in other.given("InstanceProfileName")
        for role in other.given("RoleName")
        if role and _is_known(role)
    ]


def _others(call: Call, service: str, operation: str) -> Iterator[Call]:
    for use, engine in call.others():
        if (use.service, use.operation) == (service, operation):
            yield call_of(use, engine)


# --- what is asked of others ---------------------------------------------------------------------


def places_of(service: str) -> Iterator[tuple[str, str]]:
    """Yield each operation of a service with the places of roles and of instance profiles."""
    of_service = listed(service)
    for by_operation in (of_service.roles, of_service.profiles):
        for operation, found in by_operation.items():
            yield from ((operation, place) for place in found)
    yield from ((name, place) for (other, name), place in MORE.items() if other == service)
    # What says whether there are any.
    yield from ((name, "policyType") for other, name in DOCUMENTS if other == service == "logs")
    if service == "ecs":
        yield from ((name, "taskDefinition") for name in OF_TASKS)
        yield "RegisterTaskDefinition", "family"


def beside_others() -> frozenset[str]:
    """Return the names under which there is a role or anything else, which may be a secret."""
    return frozenset(names_of(pair.value)[-1] for pair in PAIRS.values())
