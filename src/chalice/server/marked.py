"""`--auth=open`: every answer says that no authorizer was asked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalice.gateway.http import HttpRequest, HttpResponse
    from chalice.server.deployment import Deployments
    from chalice.server.hosts import Hosts

#: What the answers of a gateway with open authorizers carry.
MARK = ("x-chalice-auth", "open")
_REASON = "auth open"
_NOT_EMULATED = "4: authorizers, opened by --auth=open"


def marked(response: HttpResponse) -> HttpResponse:
    """Return *response* with `MARK`, and with a reason for the log that says so, too."""
    reason = f"{_REASON}; {response.reason}" if response.reason else _REASON
    others = [header for header in response.headers if header[0].lower() != MARK[0]]
    return replace(response, headers=(*others, MARK), reason=reason)


class Marked:
    """Deployments whose answers carry `MARK`, and say it in the log, too."""

    def __init__(self, deployments: Deployments) -> None:
        self._deployments = deployments

    @property
    def hosts(self) -> Hosts:
        """The names under which the server may be called."""
        return self._deployments.hosts

    async def answer(self, request: HttpRequest) -> HttpResponse:
        """Answer as the deployments do, with the mark."""
        response = marked(await self._deployments.answer(request))
        return replace(response, not_emulated=(*response.not_emulated, _NOT_EMULATED))

    async def close(self) -> None:
        """Stop what runs in the background."""
        await self._deployments.close()
