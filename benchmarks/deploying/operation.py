"""Bring a stack to a template with botocore, and nothing else.

`python operation.py ENDPOINT STACK TEMPLATE_URL`, in an environment with credentials and a region.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import botocore.session
from botocore.exceptions import ClientError

# Seconds between two looks: shorter than what the looks themselves take.
PAUSE = 0.02


def main(endpoint: str, stack: str, template_url: str) -> int:
    """Make the change set, execute it, and return when the stack has settled."""
    session = botocore.session.get_session()
    client: Any = session.create_client("cloudformation", endpoint_url=endpoint)
    change_set = client.create_change_set(
        StackName=stack,
        ChangeSetName=f"bare-{time.time_ns()}",
        ChangeSetType="UPDATE" if exists(client, stack) else "CREATE",
        TemplateURL=template_url,
        Capabilities=["CAPABILITY_IAM"],
    )["Id"]
    while client.describe_change_set(ChangeSetName=change_set)["Status"] != "CREATE_COMPLETE":
        time.sleep(PAUSE)
    client.execute_change_set(ChangeSetName=change_set)
    while (status := state(client, stack)).endswith(("_IN_PROGRESS", "CLEANUP")):
        time.sleep(PAUSE)
    return 0 if status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"} else 1


def exists(client: Any, stack: str) -> bool:
    """Return whether there is such a stack."""
    try:
        state(client, stack)
    except ClientError:
        return False
    return True


def state(client: Any, stack: str) -> str:
    """Return the state of *stack*."""
    found: str = client.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
    return found


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
