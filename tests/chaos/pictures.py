"""What an account holds, seen from outside: alike after runs that end alike."""

from __future__ import annotations

import hashlib
import json
import time
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from tests.chaos.machines import STACK

BUCKET_STACK = "chalice-artifacts"
Picture = dict[str, Any]


class Observer:
    """Looks into accounts of an AWS on loopback: an access key of twelve digits is an account."""

    def __init__(self, url: str) -> None:
        from botocore.session import Session

        self._url = url
        self._session = Session()
        self._session.set_credentials("0" * 12, "sandbox")
        self._clients: dict[str, Any] = {}

    def client(self, service: str, account: str) -> Any:
        """Return a client that calls as *account*, until the next one is asked for."""
        self._session.get_credentials().access_key = account
        if service not in self._clients:
            self._clients[service] = self._session.create_client(
                service, region_name="us-east-1", endpoint_url=self._url
            )
        return self._clients[service]

    def make_bucket(self, account: str) -> None:
        """Make the bucket of artifacts as an earlier deploy of another application has."""
        from chalice.deploy.artifacts import template
        from chalice.deploy.target import TAG

        api = self.client("cloudformation", account)
        tags = [{"Key": TAG, "Value": BUCKET_STACK}]
        body = json.dumps(template())
        api.create_stack(StackName=BUCKET_STACK, TemplateBody=body, Tags=tags)
        for _ in range(100):
            if self._stacks(account).get(BUCKET_STACK) == "CREATE_COMPLETE":
                return
            time.sleep(0.02)
        raise AssertionError("the bucket of artifacts is not made")

    def _stacks(self, account: str) -> dict[str, str]:
        found = self.client("cloudformation", account).describe_stacks()["Stacks"]
        return {item["StackName"]: item["StackStatus"] for item in found}

    def picture(self, account: str) -> Picture:
        """Return all that *account* holds, without the names that AWS has made up."""
        cloudformation = self.client("cloudformation", account)
        stacks = self._stacks(account)
        found: Picture = {"stacks": stacks, "template": None, "members": [], "answers": []}
        found["change sets"] = [
            (stack, item["ExecutionStatus"])
            for stack in stacks
            for item in cloudformation.list_change_sets(StackName=stack)["Summaries"]
            if item["ExecutionStatus"] == "AVAILABLE"
        ]
        buckets = [item["Name"] for item in self.client("s3", account).list_buckets()["Buckets"]]
        found["buckets"] = len(buckets)
        found |= self._artifacts(account, buckets[0] if buckets else "")
        if STACK in stacks:
            template = cloudformation.get_template(StackName=STACK)["TemplateBody"]
            found["template"] = _told(template, buckets)
            members = cloudformation.list_stack_resources(StackName=STACK)
            found["members"] = sorted(
                (item["LogicalResourceId"], item["ResourceStatus"].partition("_")[2])
                for item in members["StackResourceSummaries"]
            )
        logs = self.client("logs", account).describe_log_groups()["logGroups"]
        found["log groups"] = len(logs)
        found["roles"] = len(self.client("iam", account).list_roles()["Roles"])
        functions = self.client("lambda", account).list_functions()["Functions"]
        found["functions"] = len(functions)
        apis = self.client("apigateway", account).get_rest_apis()["items"]
        found["answers"] = [self._answer(account, item["id"]) for item in apis]
        return found

    def _artifacts(self, account: str, bucket: str) -> Picture:
        """Return what the bucket of artifacts holds, and which releases it remembers."""
        if not bucket:
            return {"releases": [], "objects": [], "only versions": []}
        s3 = self.client("s3", account)
        keys = [item["Key"] for item in s3.list_objects_v2(Bucket=bucket).get("Contents", ())]
        texts = {
            key: s3.get_object(Bucket=bucket, Key=key)["Body"].read()
            for key in keys
            if key.endswith(".json")
        }
        names = {
            key: f"{key.rpartition('/')[0]}/{_told(json.loads(data), [bucket])}"
            for key, data in texts.items()
            if "/templates/" in key
        }
        history = json.loads(texts.get(f"{STACK}/releases.json", b'{"releases": []}'))
        released = [
            (item["kind"], sorted(names.get(key, key) for key in item["files"]))
            for item in history["releases"]
        ]
        listed = s3.list_object_versions(Bucket=bucket)
        versions = [*listed.get("Versions", ()), *listed.get("DeleteMarkers", ())]
        return {
            "releases": released,
            "objects": sorted(names.get(key, key) for key in keys),
            "only versions": sorted({item["Key"] for item in versions} - set(keys)),
        }

    def _answer(self, account: str, api: str) -> tuple[int, str]:
        """Return what a deployed API answers at its root."""
        place = urlsplit(self._url)
        connection = HTTPConnection(place.hostname or "", place.port, timeout=60)
        scope = f"{account}/20260101/us-east-1/execute-api/aws4_request"
        signature = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"
        try:
            path = f"/_aws/execute-api/{api}/api/"
            connection.request("GET", path, headers={"Authorization": signature})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


def _told(template: Any, buckets: list[str]) -> str:
    """Return the hash of a template wherever its archives are."""
    text = template if isinstance(template, str) else json.dumps(template)
    text = json.dumps(json.loads(text), sort_keys=True)
    for name in buckets:
        text = text.replace(name, "BUCKET")
    return hashlib.sha256(text.encode()).hexdigest()[:12]
