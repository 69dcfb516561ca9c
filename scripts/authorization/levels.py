"""Which actions may be granted on everything where a call needs them besides its own.

By the access level that AWS's reference gives each action (service authorization reference, "Access
levels in policy summaries"): `List` shows what there is, `Read` what it is like, or what is in it;
`Write` changes it, `Permissions management` gives rights. Only those are listed that some call
needs besides its own action.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.permissions.granting.besides.listed import rows
from chalice.permissions.lists import lines
from scripts.authorization.reference import access_levels, actions_of
from scripts.authorization.written import OF_ACCOUNTS

if TYPE_CHECKING:
    from pathlib import Path

#: What the rules of `granting.besides.by_caller` ask for that lists or reads.
_BY_RULES = frozenset(
    {
        "cloudwatch:DescribeAlarms",
        "dynamodb:DescribeTable",
        "ecr:GetRepositoryPolicy",
        "ecs:DescribeServices",
        "lambda:GetProvisionedConcurrencyConfig",
        "s3tables:GetTable",
        "sqs:GetQueueAttributes",
    }
)

#: What reads and shows data, which AWS's level does not tell from what shows how something is set
#: up: objects, items, records, secrets, parameters, code, images, people; and what is handed on.
#: Reviewed with each action of level `Read` in `dependents.tsv`.
_DATA = re.compile(
    r"\w+(-\w+)*:(Pass|Use|Retrieve|Reveal|Render|Select|Query|Scan|Search|Invoke)\w*|"
    r"(cassandra|kinesis|s3vectors|sqs|timestream|dataexchange):(Batch)?(Get(?!Queue)|Receive)\w*|"
    r"dynamodb:(BatchGet|Get)\w*|kms:\w+|"
    r"s3:Get(Object|BucketPolicy)\w*|secretsmanager:Get(Secret|Batch)\w*|"
    r"ssm:Get(Parameter|Document|Command|History)\w*|ecr:(BatchGetImage|GetDownloadUrlForLayer)|"
    r"lambda:Get(Layer|Function$)\w*|cloudformation:GetTemplate|iot:GetThingShadow|"
    r"(identitystore|ds-data):Describe(User|Group)|connect:DescribeContact(Evaluation)?|"
    r"profile:GetSnapshot|wisdom:Get(MessageTemplate|QuickResponse)|cloudwatch:GetMetricData|"
    r"logs:Unmask|mediapackagev2:GetObject|organizations:DescribeAccount|"
    r"rekognition:ListDatasetEntries|s3tables:GetTableData|"
    r"kinesisvideo:GetDataEndpoint|billing:GetBillingViewData|partnercentral:Get\w+"
)


def levels(packages: Path) -> list[str]:
    """Return a line for each service: its prefix, a tab, its actions."""
    every_row = [row for name in lines("dependents") for of in rows(name).values() for row in of]
    asked = {*_BY_RULES, *(action for row in every_row for action in row.actions)}
    # What an ARN decides is told where that is not known: it would be all that it may be.
    nameless = {action for row in every_row if not row.paths for action in row.actions}
    known, every = access_levels(packages), actions_of(packages)
    found: dict[str, list[str]] = {}
    for action in sorted(asked):
        prefix, _, name = action.partition(":")
        takes_none = action in nameless and not every.get(prefix, {}).get(name.lower())
        if _is_harmless(action, known.get(action.lower(), ""), takes_none=takes_none):
            found.setdefault(prefix, []).append(name)
    return [f"{prefix}\t{' '.join(names)}" for prefix, names in sorted(found.items())]


def _is_harmless(action: str, level: str, *, takes_none: bool) -> bool:
    if level == "List" or (level == "Read" and (takes_none or not _DATA.fullmatch(action))):
        return True
    return takes_none and level in ("Write", "Tagging") and not action.startswith(OF_ACCOUNTS)
