"""What an API in the sandbox answers to clients that have a key of it, and to others."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests import sandboxes
from tests.deploy.asking import Ask, Seen, answers
from tests.deploy.stories import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator


def answers_in_the_sandbox(
    aws_url: str, url: str, asks: tuple[Ask, ...], *, fresh: bool = True
) -> dict[str, Seen]:
    """Return what is answered below *url*, to clients with and without an API key."""
    with _admitted(aws_url, url):
        return answers(url, asks, fresh=fresh)


@contextmanager
def _admitted(aws_url: str, url: str) -> Iterator[None]:
    """Have the API at *url* know the key `KEY`: keys belong to no stack."""
    session = sandboxes.session(aws_url)
    api, stage = url.rstrip("/").split("/")[-2:]

    def call(operation: str, **parameters: object) -> str:
        answer = session.call("apigateway", operation, **parameters)
        return str(answer.get("id", ""))

    key = call("create_api_key", name="story", value=KEY, enabled=True)
    stages = [{"apiId": api, "stage": stage}]
    plan = call("create_usage_plan", name="story", apiStages=stages)
    call("create_usage_plan_key", usagePlanId=plan, keyId=key, keyType="API_KEY")
    try:
        yield
    finally:
        call("delete_usage_plan_key", usagePlanId=plan, keyId=key)
        call("delete_usage_plan", usagePlanId=plan)
        call("delete_api_key", apiKey=key)
