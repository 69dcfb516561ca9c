"""What IAM, Lambda and API Gateway take."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from chalice.config.reader import as_list, as_object
from chalice.expressions import filled, is_expression, template_of

if TYPE_CHECKING:
    from collections.abc import Mapping

# Characters of all inline policies of a role, and of one managed policy, white space not counted;
# managed policies that a role may have, of which AWS grants more on request.
# Source: IAM user guide, "IAM and AWS STS quotas": "IAM and AWS STS character limits", rows "Role
# policy" and "Managed policies"; "IAM object quotas", "Managed policies attached to an IAM role".
MAX_ROLE_POLICY, MAX_MANAGED_POLICY, MAX_MANAGED_POLICIES = 10_240, 6_144, 10

# The layers of one function. Source: Lambda developer guide, "Lambda quotas", "Function layers".
MAX_LAYERS = 5

# Where the certificates of domains of type `EDGE` are.
# Source: API Gateway developer guide, "Set up an edge-optimized custom domain name".
EDGE_REGION = "us-east-1"

# What an expression comes to is known to AWS alone; this is on the long side for the ARN of a log
# group.
_EXPRESSION_CHARACTERS = 256

# What pseudo parameters come to at most. Source: the AWS SDK's `partitions.json`, the longest names
# of partitions and regions; accounts have 12 digits.
_PSEUDO = {"AWS::Partition": 10, "AWS::Region": 14, "AWS::AccountId": 12}


def policy_size(document: Mapping[str, Any], *, least: bool = False) -> int:
    """Return the characters of a policy as IAM counts them, expressions estimated.

    Args:
        document: as a template has it.
        least: whether expressions count as nothing, so that there are no fewer characters.
    """
    plain = _resolved(document, 0 if least else 1)
    text = json.dumps(plain, separators=(",", ":"), ensure_ascii=False)
    return len("".join(text.split()))


def _resolved(value: Any, times: int) -> Any:
    if isinstance(value, list):
        return [_resolved(item, times) for item in as_list(cast("object", value))]
    members = as_object(value)
    found = template_of(value)
    if found is not None:
        return filled(
            found[0], lambda name: "x" * times * _PSEUDO.get(name, _EXPRESSION_CHARACTERS)
        )
    if is_expression(value):
        return "x" * times * _EXPRESSION_CHARACTERS
    return {key: _resolved(item, times) for key, item in members.items()} if members else value
