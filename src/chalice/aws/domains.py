"""API Gateway, as far as it is asked for custom domains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from chalice.aws.errors import AwsError

if TYPE_CHECKING:
    from chalice.aws.session import Session

_SERVICE = "apigateway"

# On a page. Source: API Gateway API reference, GetBasePathMappings, "limit": "the maximum value is
# 500".
_MOST_LISTED = 500


@dataclass(frozen=True, slots=True)
class BasePathMapping:
    """A path of a domain, and what answers there."""

    path: str
    api: str
    stage: str


class Domains(Protocol):
    """The calls; every one may raise what `Session.call` raises."""

    def has_domain(self, name: str) -> bool:
        """Return whether the account has that custom domain in the region."""
        ...

    def mappings(self, name: str) -> tuple[BasePathMapping, ...]:
        """Return what a domain leads to."""
        ...


class SdkDomains:
    """`Domains` by the SDK."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def has_domain(self, name: str) -> bool:
        """Return whether the domain is there."""
        try:
            self._session.call(_SERVICE, "get_domain_name", domainName=name)
        except AwsError as error:
            if error.code == "NotFoundException":
                return False
            raise
        return True

    def mappings(self, name: str) -> tuple[BasePathMapping, ...]:
        """Return the mappings of a domain, page by page."""
        found: list[BasePathMapping] = []
        place: dict[str, Any] = {}
        while True:
            page = self._session.call(
                _SERVICE, "get_base_path_mappings", domainName=name, limit=_MOST_LISTED, **place
            )
            found += (
                BasePathMapping(
                    item.get("basePath", ""), item.get("restApiId", ""), item.get("stage", "")
                )
                for item in page.get("items", ())
            )
            if not page.get("position"):
                return tuple(found)
            place = {"position": page["position"]}
