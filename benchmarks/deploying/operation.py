"""Bring a stack to what `chalice package` wrote, with botocore and nothing else.

`python operation.py ENDPOINT STACK FOLDER BUCKET`, in an environment with credentials and a region.
It does what cannot be left out: upload the archive, make a change set, execute it, follow it.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

# Seconds between two looks: shorter than what the looks themselves take.
PAUSE = 0.02
# Source: CloudFormation API reference, CreateChangeSet, "TemplateBody".
MAX_INLINE_BYTES = 51_200


def main(endpoint: str, stack: str, folder: str, bucket: str) -> int:
    """Make the change set, execute it, and return when the stack has settled."""
    session = botocore.session.get_session()
    client: Any = session.create_client("cloudformation", endpoint_url=endpoint)
    config = Config(s3={"addressing_style": "path"})
    store: Any = session.create_client("s3", endpoint_url=endpoint, config=config)
    change_set = client.create_change_set(
        StackName=stack,
        ChangeSetName=f"bare-{time.time_ns()}",
        ChangeSetType="UPDATE" if exists(client, stack) else "CREATE",
        Capabilities=["CAPABILITY_IAM"],
        **placed(store, f"{endpoint}/{bucket}", Path(folder), bucket),
    )["Id"]
    while client.describe_change_set(ChangeSetName=change_set)["Status"] != "CREATE_COMPLETE":
        time.sleep(PAUSE)
    client.execute_change_set(ChangeSetName=change_set)
    while (status := state(client, stack)).endswith(("_IN_PROGRESS", "CLEANUP")):
        time.sleep(PAUSE)
    return 0 if status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"} else 1


def placed(store: Any, url: str, folder: Path, bucket: str) -> dict[str, str]:
    """Upload the archive, and return the template that says where it is."""
    key = str(time.time_ns())
    store.put_object(Bucket=bucket, Key=key, Body=(folder / "deployment.zip").read_bytes())
    document: dict[str, Any] = json.loads((folder / "sam.json").read_text(encoding="utf-8"))
    for resource in document["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Function":
            resource["Properties"]["Code"] = {"S3Bucket": bucket, "S3Key": key}
    text = json.dumps(document, separators=(",", ":"))
    if len(text) <= MAX_INLINE_BYTES:
        return {"TemplateBody": text}
    store.put_object(Bucket=bucket, Key=f"{key}.json", Body=text.encode())
    return {"TemplateURL": f"{url}/{key}.json"}


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
