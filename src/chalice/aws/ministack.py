"""Where MiniStack, the AWS on loopback, answers in another form than AWS; all was observed.

`docs/deploying.md`, "The sandbox", says where it does other things than AWS.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from chalice.config.reader import as_object

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# What a service answered, within the reason of an event: `b'{"__type":"...","message":"..."}'`.
_WRAPPED = re.compile(r"b'(\{.*\})'", re.DOTALL)


def api_url(endpoint_url: str | None, api: str, url: str) -> str:
    """Return where an API answers that says *url*: below the address of an AWS on this machine.

    LocalStack does the same.

    Args:
        endpoint_url: where services answer, if it is not at AWS.
        api: the id of the API.
        url: what it says.

    >>> api_url("http://127.0.0.1:4566", "a1", "https://a1.execute-api.x.amazonaws.com/api/")
    'http://127.0.0.1:4566/_aws/execute-api/a1/api/'
    """
    if endpoint_url is None or urlsplit(endpoint_url).hostname not in _LOOPBACK:
        return url
    return f"{endpoint_url.rstrip('/')}/_aws/execute-api/{api}{urlsplit(url).path}"


def reason(text: str) -> str:
    r"""Return the reason of an event with what is said within it.

    >>> reason("No such layer"), reason('b\'{"message": "No such layer"}\'')
    ('No such layer', 'No such layer')
    """
    return _WRAPPED.sub(_unwrapped, text)


def _unwrapped(wrapped: re.Match[str]) -> str:
    try:
        # What was bytes in Python has its own quotes escaped.
        facts: Any = json.loads(wrapped[1].replace("\\'", "'"))
    except ValueError:
        return wrapped[0]
    said = as_object(facts)
    return str(said.get("message") or said.get("Message") or wrapped[0])


def line_id(line: Mapping[str, Any]) -> str:
    """Return what tells a line of a log group from all others: it has no id there."""
    made = f"{line['logStreamName']} {line['timestamp']} {line['message']}"
    return str(line.get("eventId") or made)
