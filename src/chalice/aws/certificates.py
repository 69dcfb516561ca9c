"""Certificate Manager, as far as it is asked for a certificate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from chalice.aws.errors import AwsError

if TYPE_CHECKING:
    from chalice.aws.session import Session


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate.

    Attributes:
        status: `ISSUED` where it can be used, `PENDING_VALIDATION`, `EXPIRED`, ...
        names: the domain names that it is for; one may begin with `*.`.
    """

    status: str
    names: tuple[str, ...]


class Certificates(Protocol):
    """The calls; every one may raise what `Session.call` raises."""

    def certificate(self, arn: str) -> Certificate | None:
        """Return a certificate of the region that its ARN names; None where there is none."""
        ...


class SdkCertificates:
    """`Certificates` by the SDK."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def certificate(self, arn: str) -> Certificate | None:
        """Return a certificate, or None."""
        region = arn.split(":")[3]
        try:
            answer = self._session.call(
                "acm", "describe_certificate", region=region, CertificateArn=arn
            )
        except AwsError as error:
            if error.code == "ResourceNotFoundException":
                return None
            raise
        found = answer["Certificate"]
        names = [found.get("DomainName", ""), *found.get("SubjectAlternativeNames", ())]
        return Certificate(str(found["Status"]), tuple(dict.fromkeys(names)))
