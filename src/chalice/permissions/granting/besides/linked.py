"""Roles that services make for themselves: `iam:CreateServiceLinkedRole` for who has them made."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.permissions.granting import arns
from chalice.permissions.granting.besides.roles import listed
from chalice.permissions.granting.places import at
from chalice.permissions.reading.values import HOLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalice.permissions.granting.given import Call, Granted

_ANY = ".*"

#: What asks for one only where something is given: its place, and how it is then. Sources: Cost
#: Management user guide, "Service-linked roles for Budgets"; botocore's models of CloudWatch,
#: "PutMetricAlarm" and "PutCompositeAlarm", of DataSync, "CreateTask", "TaskMode", and of
#: Keyspaces, "UpdateKeyspace"; DynamoDB developer guide, "Using IAM with global tables", of the
#: first replica; KMS developer guide, "Authorizing AWS KMS to synchronize multi-Region keys";
#: OpenSearch Service developer guide, "Using service-linked roles to create VPC domains".
CONDITIONAL: Mapping[tuple[str, str], tuple[str, str]] = {
    ("budgets", "CreateBudget"): ("Budget!.BillingViewArn", _ANY),
    ("budgets", "UpdateBudget"): ("NewBudget!.BillingViewArn", _ANY),
    ("cloudwatch", "PutCompositeAlarm"): ("AlarmActions", "arn:[^:]*:ssm:.*"),
    ("cloudwatch", "PutMetricAlarm"): (
        "AlarmActions",
        "arn:[^:]*:(automate|ssm):.*|arn:[^:]*:swf:.*AWS_EC2.*",
    ),
    ("datasync", "CreateTask"): ("TaskMode", "ENHANCED"),
    ("dynamodb", "UpdateTable"): ("ReplicaUpdates.Create.RegionName", _ANY),
    ("es", "CreateElasticsearchDomain"): ("VPCOptions.SubnetIds", _ANY),
    ("keyspaces", "UpdateKeyspace"): ("replicationSpecification!.regionList", _ANY),
    ("kms", "CreateKey"): ("MultiRegion", _ANY),
    ("opensearch", "CreateDomain"): ("VPCOptions.SubnetIds", _ANY),
}


def linked(call: Call) -> Iterator[Granted]:
    """Yield what has a service make a role for itself, where it has none yet."""
    if _asks(call):
        # Source: IAM user guide, "Create a service-linked role": the path of all of them.
        every = arns.arn(call, "aws-service-role/*", "iam::A:role/{}")
        yield "iam", "CreateServiceLinkedRole", [every]


def _asks(call: Call) -> bool:
    use = call.use
    condition = CONDITIONAL.get((use.service, use.operation))
    if condition is None:
        return use.operation in listed(use.service).linked
    place, wanted = condition
    found = at(call, place)
    return found.is_possible or any(
        text == HOLE or re.fullmatch(wanted, text) for text in found.texts
    )
