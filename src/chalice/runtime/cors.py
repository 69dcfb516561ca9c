"""Cross-origin resource sharing: what a route's answers carry."""

from __future__ import annotations

from chalice.runtime.http import split_headers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

# What a signed or authorized request carries; always allowed.
# Source: AWS Chalice, first API reference, `CORSConfig.allow_headers`.
REQUIRED_HEADERS = (
    "Authorization",
    "Content-Type",
    "X-Amz-Date",
    "X-Amz-Security-Token",
    "X-Api-Key",
)


class CORSConfig:
    """CORS configuration of a route.

    Attributes:
        allow_origin: one origin, or `*`.
        allow_headers: the allowed request headers as sent: sorted, joined by commas, those that
            AWS clients need included.
        expose_headers: the response headers that a script may read.
        max_age: seconds for which a browser may keep the preflight answer.
        allow_credentials: whether cookies and the like may be sent.
    """

    def __init__(
        self,
        allow_origin: str = "*",
        allow_headers: Sequence[str] | None = None,
        expose_headers: Sequence[str] | None = None,
        max_age: int | None = None,
        allow_credentials: bool | None = None,  # noqa: FBT001 - AWS Chalice's signature
    ) -> None:
        self.allow_origin = allow_origin
        self._allow_headers = {*REQUIRED_HEADERS, *(allow_headers or ())}
        self.expose_headers: Sequence[str] = [] if expose_headers is None else expose_headers
        self.max_age = max_age
        self.allow_credentials = allow_credentials
        self._sendable: tuple[dict[str, str], dict[str, list[str]]] | None = None

    @property
    def allow_headers(self) -> str:
        """The value of Access-Control-Allow-Headers."""
        return ",".join(sorted(self._allow_headers))

    def get_access_control_headers(self) -> dict[str, str]:
        """Return the headers of an answer; a preflight answer adds Access-Control-Allow-Methods."""
        headers = {
            "Access-Control-Allow-Origin": self.allow_origin,
            "Access-Control-Allow-Headers": self.allow_headers,
        }
        if self.expose_headers:
            headers["Access-Control-Expose-Headers"] = ",".join(self.expose_headers)
        if self.max_age is not None:
            headers["Access-Control-Max-Age"] = str(self.max_age)
        if self.allow_credentials is True:
            headers["Access-Control-Allow-Credentials"] = "true"
        return headers

    def add_to(self, result: dict[str, Any]) -> None:
        """Add to a Lambda *result* the headers that the view has not set itself.

        The configuration is read when this first happens.

        Raises:
            ValueError: a value cannot be sent as a header.
        """
        if self._sendable is None:
            self._sendable = split_headers(self.get_access_control_headers())
        single, several = self._sendable
        headers, lists = result["headers"], result["multiValueHeaders"]
        if headers or lists:
            present = {name.lower() for name in (*headers, *lists)}
            single = {name: value for name, value in single.items() if name.lower() not in present}
            several = {
                name: value for name, value in several.items() if name.lower() not in present
            }
        headers.update(single)
        for name, values in several.items():
            lists[name] = [*values]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, CORSConfig):
            return self.get_access_control_headers() == other.get_access_control_headers()
        return False

    __hash__ = None  # type: ignore[assignment]  # mutable, as in AWS Chalice
