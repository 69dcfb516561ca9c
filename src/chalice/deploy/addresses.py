"""Where what is deployed answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.aws import ministack

if TYPE_CHECKING:
    from collections.abc import Mapping


def url_of(outputs: Mapping[str, str], endpoint_url: str | None) -> str | None:
    """Return the URL of a deployed API, or None where there is none.

    Args:
        outputs: those of the stack.
        endpoint_url: where services answer, if it is not at AWS.

    >>> url_of({"EndpointURL": "https://a1.execute-api.x.amazonaws.com/api/"}, None)
    'https://a1.execute-api.x.amazonaws.com/api/'
    >>> outputs = {"RestAPIId": "a1", "EndpointURL": "https://a1.x/api/"}
    >>> url_of(outputs, "http://127.0.0.1:4566")
    'http://127.0.0.1:4566/_aws/execute-api/a1/api/'
    """
    url = outputs.get("EndpointURL")
    if url is None or "RestAPIId" not in outputs:
        return url
    return ministack.api_url(endpoint_url, outputs["RestAPIId"], url)
