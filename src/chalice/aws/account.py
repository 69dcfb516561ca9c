"""One account in one region, as one caller sees it: all seams of deploying in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from chalice.aws.certificates import SdkCertificates
from chalice.aws.cloudformation_sdk import SdkCloudFormation
from chalice.aws.domains import SdkDomains
from chalice.aws.functions import SdkFunctions
from chalice.aws.identity import SdkIdentity
from chalice.aws.logs import SdkLogs
from chalice.aws.network import SdkNetwork
from chalice.aws.s3 import Advice, SdkBucket
from chalice.aws.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice.aws.certificates import Certificates
    from chalice.aws.cloudformation import CloudFormation
    from chalice.aws.domains import Domains
    from chalice.aws.functions import Functions
    from chalice.aws.identity import Identity
    from chalice.aws.logs import Logs
    from chalice.aws.network import Network
    from chalice.aws.s3 import S3
    from chalice.aws.session import Access


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the account's id, and the ARN of the user or the role."""

    account: str
    arn: str


class Account(Protocol):
    """What deploying needs of AWS."""

    @property
    def region(self) -> str:
        """The region of all calls."""
        ...

    @property
    def endpoint_url(self) -> str | None:
        """Where services answer, if it is not at AWS."""
        ...

    @property
    def stacks(self) -> CloudFormation:
        """CloudFormation."""
        ...

    @property
    def functions(self) -> Functions:
        """Lambda."""
        ...

    @property
    def logs(self) -> Logs:
        """CloudWatch Logs."""
        ...

    @property
    def identity(self) -> Identity:
        """IAM."""
        ...

    @property
    def network(self) -> Network:
        """EC2."""
        ...

    @property
    def certificates(self) -> Certificates:
        """Certificate Manager."""
        ...

    @property
    def domains(self) -> Domains:
        """API Gateway."""
        ...

    def bucket(self, name: str, owner: str, advice: Advice | None = None) -> S3:
        """Return the bucket *name*, which has to belong to the account *owner*.

        Args:
            name: its name.
            owner: the account.
            advice: what is said to do where it is not there, or not the account's; None says it in
                general.
        """
        ...

    def caller(self) -> Caller:
        """Ask AWS who calls."""
        ...


class SdkAccount:
    """`Account` by the SDK."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._stacks = SdkCloudFormation(session)
        self._functions = SdkFunctions(session)
        self._logs = SdkLogs(session)
        self._identity = SdkIdentity(session)
        self._network = SdkNetwork(session)
        self._certificates = SdkCertificates(session)
        self._domains = SdkDomains(session)

    @property
    def region(self) -> str:
        """The region of all calls."""
        return self._session.region

    @property
    def endpoint_url(self) -> str | None:
        """Where services answer, if it is not at AWS."""
        return self._session.endpoint_url

    @property
    def stacks(self) -> CloudFormation:
        """CloudFormation."""
        return self._stacks

    @property
    def functions(self) -> Functions:
        """Lambda."""
        return self._functions

    @property
    def logs(self) -> Logs:
        """CloudWatch Logs."""
        return self._logs

    @property
    def identity(self) -> Identity:
        """IAM."""
        return self._identity

    @property
    def network(self) -> Network:
        """EC2."""
        return self._network

    @property
    def certificates(self) -> Certificates:
        """Certificate Manager."""
        return self._certificates

    @property
    def domains(self) -> Domains:
        """API Gateway."""
        return self._domains

    def bucket(self, name: str, owner: str, advice: Advice | None = None) -> S3:
        """Return the bucket *name*."""
        return SdkBucket(self._session, name, owner, advice or Advice())

    def caller(self) -> Caller:
        """Ask STS who calls."""
        found = self._session.call("sts", "get_caller_identity")
        return Caller(str(found["Account"]), str(found["Arn"]))


def connect(access: Access, environ: Mapping[str, str]) -> Account:
    """Return the account that *access* leads to; nothing is called yet."""
    return SdkAccount(Session(access, environ))
