"""What a user is told when AWS cannot be called, or refuses a call.

ToolError
├── NoAccess          there is nobody to call as, or nowhere to call
├── Unreachable       nothing answered, however often it was tried
└── AwsError          AWS answered, and refused; carries the code
    ├── Denied        the caller may not do it
    └── Elsewhere     a bucket is in another region
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from chalice.diagnostics import ToolError, nearest, visible
from chalice.regions import dns_suffix, partition_of

if TYPE_CHECKING:
    from collections.abc import Collection

#: What a denied call says of itself. Where something was begun before it would mislead.
NOT_BY_THIS_CALL = ". Nothing was changed by this call"

_WAYS = (
    "Give credentials in one of three ways: a profile (`aws configure sso` or `aws configure`"
    " writes one; name it with `--profile NAME`), the variables AWS_ACCESS_KEY_ID and"
    " AWS_SECRET_ACCESS_KEY, or the role of the machine or CI job. To deploy without an account,"
    " run `chalice sandbox start` and add `--sandbox`"
)

# What AWS says of credentials that have run out.
# Source: "Common Error Types" of the AWS STS and CloudFormation API references, and for S3 its
# "List of error codes".
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"})
# What it says of a request whose date is too far from its own.
# Source: the same: "more than 15 minutes after the date stamp on the request".
SKEWED = frozenset({"RequestExpired", "RequestTimeTooSkewed"})
# The same by services whose code is `SignatureDoesNotMatch`: "Signature expired: TIME is now
# earlier than TIME", "Signature not yet current: TIME is still later than TIME".
# Source: aws/aws-cli#6676, EngineerBetter/control-tower#51.
_SKEW = re.compile(r"\ASignature (expired|not yet current)\b")
# What it says of an account that a service, or a region, is not open to. Source: "Common Error
# Types"; boto/boto3#2022 has it of a region that is not enabled.
NOT_OPEN = frozenset({"OptInRequired", "SubscriptionRequiredException"})
# What it says of credentials that it does not know, or that sign wrongly. Source: the same.
UNKNOWN = frozenset(
    {
        "AuthFailure",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidToken",
        "MissingAuthenticationToken",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
# What it says of callers that may not do what they ask for. Source: the same.
DENIED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AllAccessDisabled",
        "Forbidden",
        "NotAuthorized",
        "UnauthorizedOperation",
        "403",
    }
)

# Source: AWS IAM user guide, "Access denied error messages": "User: ARN is not authorized to
# perform: ACTION on resource: RESOURCE because ...".
_SENTENCE = re.compile(r"not authorized to perform:? (\S+)(?: on resource:? (\S+))?")


class NoAccess(ToolError):
    """There is nobody to call AWS as, or no region to call it in."""


class Unreachable(ToolError):
    """Nothing answered."""


class AwsError(ToolError):
    """AWS refused a call.

    Attributes:
        code: as AWS has it: `ValidationError`, `NoSuchBucket`.
        operation: the API's name of the call: `CreateChangeSet`.
        reason: what AWS says.
        status: the HTTP status.
    """

    def __init__(
        self, code: str, operation: str, reason: str, *, status: int = 0, text: str | None = None
    ) -> None:
        self.code = code
        self.operation = operation
        self.reason = visible(reason)
        self.status = status
        super().__init__(text or f"AWS refused `{operation}`: {self.reason or code}")

    def told(self, text: str) -> Self:
        """Return the same refusal, told in other words."""
        found = type(self).__new__(type(self), text)
        found.__dict__.update(self.__dict__)
        return found


class Denied(AwsError):
    """The caller may not do it.

    Attributes:
        action: the IAM action: `cloudformation:CreateChangeSet`.
        resource: the ARN, as far as AWS says it.
    """

    def __init__(
        self, code: str, operation: str, reason: str, *, service: str, on: str = ""
    ) -> None:
        found = _SENTENCE.search(reason)
        self.action = found.group(1) if found else _action(service, operation)
        said = (found.group(2) or "").rstrip(".,") if found else ""
        self.resource = said or on
        place = f" on `{visible(self.resource)}`" if self.resource else ""
        text = f"Access denied: the credentials in use may not `{self.action}`{place}"
        if reason and not found:
            text += f" (AWS says: {visible(reason)})"
        text += (
            f"{NOT_BY_THIS_CALL}. Let an administrator allow it, or use other credentials:"
            " `--profile NAME`"
        )
        super().__init__(code, operation, reason, status=403, text=text)


def _action(service: str, operation: str) -> str:
    """Return the IAM action of an operation that is refused without a word.

    What is asked with HEAD has no answer but its status. Source: S3 API reference, HeadObject and
    HeadBucket, "Permissions".
    """
    actions = {"HeadBucket": "ListBucket", "HeadObject": "GetObject"}
    return f"{service}:{actions.get(operation, operation)}"


class Elsewhere(AwsError):
    """A bucket is in another region than the one that is called.

    Attributes:
        region: that of the bucket.
        called: the one that is called.
    """

    def __init__(self, operation: str, *, region: str, called: str, status: int) -> None:
        self.region = visible(region)
        self.called = called
        reason = f"the bucket is in `{self.region}`, and `{called}` is deployed to"
        super().__init__("PermanentRedirect", operation, reason, status=status)


def no_credentials(detail: str = "") -> NoAccess:
    """Return what is said where there are no credentials at all."""
    lead = f"No AWS credentials: {visible(detail)}" if detail else "No AWS credentials were found"
    return NoAccess(f"{lead}. {_WAYS}")


def no_profile(name: str, known: Collection[str]) -> NoAccess:
    """Return what is said where the configuration of AWS lacks the profile that is asked for.

    Args:
        name: the profile.
        known: those that there are.
    """
    near = nearest(name, known)
    what = f"There is no profile `{visible(name)}`"
    if near:
        what += f"; the nearest is `{near}`"
    elif known:
        what += "; there are " + ", ".join(f"`{visible(item)}`" for item in sorted(known))
    else:
        what += ": the AWS configuration has none"
    return NoAccess(
        f"{what}. Name another with `--profile NAME`, AWS_PROFILE or the key `profile` of"
        " `.chalice/config.json`, or make it: `aws configure sso --profile NAME`"
    )


def unusable(detail: str) -> NoAccess:
    """Return what is said where what is configured leads to no credentials."""
    return NoAccess(
        f"The credentials of the AWS configuration cannot be had: {visible(detail)}. A profile, or"
        " a variable whose name begins with AWS_, says so: correct it, or name another with"
        " `--profile NAME`; `aws sts get-caller-identity` tries it alone"
    )


# How the SDK asks for a code. Source: botocore, `credentials.py`, AssumeRoleCredentialFetcher.
_CODE_FOR = re.compile(r"\AEnter MFA code for (.+?):? *\Z")


def nobody_to_ask(prompt: str) -> NoAccess:
    """Return what is said where the SDK asks for a code and there is no terminal.

    Args:
        prompt: how it asks.
    """
    found = _CODE_FOR.match(prompt)
    of = f" of the device `{visible(found.group(1))}`" if found else ""
    return NoAccess(
        f"The credentials in use need a code{of}, and there is no terminal to ask for it. Give"
        " credentials that were made with one (`aws sts get-session-token`, `aws sts assume-role`)"
        " by the variables AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or name"
        " a profile that needs none: `--profile NAME`"
    )


_ENDPOINT = "AWS_ENDPOINT_URL, or `endpoint_url` of the profile, names it: correct or unset it"


def no_endpoint(text: str) -> NoAccess:
    """Return what is said where calls are to go to something that is no URL."""
    return NoAccess(
        f"AWS cannot be called: {visible(text)}. {_ENDPOINT}; it is like `http://127.0.0.1:4566`"
    )


def bad_region(name: str) -> NoAccess:
    """Return what is said where the name of the region cannot be one."""
    return NoAccess(
        f"`{visible(name)}` is no region; name one as AWS does, `--region eu-central-1`"
    )


_AGAIN = "run the command again: it goes on from where things are"


def not_reached(url: str, region: str, reason: str, *, repeatable: bool = True) -> Unreachable:
    """Return what is said where a call could not be sent at all.

    Args:
        url: where it was to be sent.
        region: the region that is called.
        reason: what the SDK says.
        repeatable: whether it is part of something that goes on where it was left.
    """
    hint = (
        f"Look at the network of this machine and whether the region `{visible(region)}` exists"
        if is_of_aws(url, region)
        else _ENDPOINT
    )
    again = _AGAIN if repeatable else "run the command again"
    return Unreachable(
        f"Nothing answers at `{url}` ({visible(reason)}). {hint}. This call has changed nothing;"
        f" {again}"
    )


def no_proxy(reason: str) -> Unreachable:
    """Return what is said where the proxy that calls go through does not answer."""
    return Unreachable(
        f"AWS cannot be reached: {visible(reason)}. HTTPS_PROXY, or HTTP_PROXY, names the proxy:"
        " correct or unset it; NO_PROXY lists what is reached without one. This call has changed"
        f" nothing; {_AGAIN}"
    )


def not_trusted(url: str, reason: str) -> Unreachable:
    """Return what is said where the certificate of what answers is not trusted."""
    return Unreachable(
        f"`{url}` cannot be reached safely: {visible(reason)}. A proxy in between has a certificate"
        " of its own, or this is no address of AWS: name the file of its certificates by"
        " AWS_CA_BUNDLE, or `ca_bundle` of the profile, or correct AWS_ENDPOINT_URL. This call has"
        f" changed nothing; {_AGAIN}"
    )


def answer_lost(url: str, reason: str, *, repeatable: bool = True) -> Unreachable:
    """Return what is said where a call was sent, and its answer has not arrived.

    Args:
        url: where it was sent.
        reason: what the SDK says.
        repeatable: whether making the call again does no harm.
    """
    again = _AGAIN if repeatable else "see whether it was before it is asked for again"
    return Unreachable(
        f"No answer from `{url}`: {visible(reason)}. What was asked for may have been carried out"
        f" all the same; {again}"
    )


def not_aws(url: str, region: str, status: int = 0) -> Unreachable:
    """Return what is said where something answers that cannot be understood."""
    hint = (
        "Something in between answers in its place, a proxy or the page of a network to log in to:"
        " look at the network of this machine"
        if is_of_aws(url, region)
        else _ENDPOINT
    )
    shown = f" (HTTP status {status})" if status else ""
    return Unreachable(f"What answers at `{url}` does not answer as AWS does{shown}. {hint}")


# Source: the AWS SDK's `partitions.json`, "dualStackDnsSuffix" of the partitions that are open.
_DUAL_STACK = (".api.aws", ".api.amazonwebservices.com.cn", ".api.amazonwebservices.eu")


def is_of_aws(url: str, region: str) -> bool:
    """Return whether an endpoint is one of AWS itself; one in a VPC is."""
    host = urlsplit(url).hostname or ""
    return host.endswith((f".{dns_suffix(partition_of(region))}", *_DUAL_STACK))


def no_region() -> NoAccess:
    """Return what is said where nobody says in which region."""
    return NoAccess(
        "No AWS region is chosen. Name one with `--region NAME` (`--region eu-central-1`), the key"
        " `region` of `.chalice/config.json`, the variable AWS_REGION, or the profile (`aws"
        " configure set region NAME`). To deploy without an account, run `chalice sandbox start`"
        " and add `--sandbox`"
    )


def expired(reason: str = "") -> NoAccess:
    """Return what is said where credentials have run out."""
    said = f" (AWS says: {visible(reason)})" if reason else ""
    return NoAccess(
        f"The AWS credentials have expired{said}. Log in again (`aws sso login`, with the profile"
        " `aws sso login --profile NAME`), or set new ones, and run the command again"
    )


def skewed(reason: str) -> NoAccess:
    """Return what is said where the clock of this machine is wrong."""
    return NoAccess(
        f"AWS takes no request whose date is far from its own (AWS says: {visible(reason)}). Set"
        " the clock of this machine, and run the command again"
    )


@dataclass(frozen=True, slots=True)
class Refusal:
    """What AWS answers where it refuses a call.

    Attributes:
        service: the prefix of its IAM actions, `s3`.
        operation: the API's name of the call.
        code: what AWS calls the error.
        reason: its sentence.
        status: the HTTP status.
        on: what was called about: a stack, a bucket.
        region: the region that was called.
    """

    service: str
    operation: str
    code: str
    reason: str
    status: int
    on: str
    region: str


def refused(said: Refusal) -> ToolError:
    """Return what a refusal of AWS is told as."""
    code, reason = said.code, said.reason
    if code in EXPIRED:
        return expired(reason)
    if code in SKEWED or _SKEW.match(reason):
        return skewed(reason)
    if code in UNKNOWN:
        return NoAccess(
            f"AWS does not know the credentials in use (`{code}`: {visible(reason)}). {_WAYS}"
        )
    if code in NOT_OPEN:
        return NoAccess(
            f"`{said.service}` in `{said.region}` is not open to this account (`{code}`:"
            f" {visible(reason)}). Enable the region in the account's settings, finish signing up,"
            " or name another region: `--region NAME`"
        )
    if code in DENIED or said.status == 403:
        return Denied(code, said.operation, reason, service=said.service, on=said.on)
    text = None
    if 400 <= said.status < 500:
        why = visible(reason).rstrip(".") or code
        text = f"AWS refused `{said.operation}`: {why}{NOT_BY_THIS_CALL}"
    return AwsError(code, said.operation, reason, status=said.status, text=text)


def throttled(error: ToolError, tries: int) -> ToolError:
    """Return what is said of a refusal that said "later" each time."""
    if not isinstance(error, AwsError):
        return error
    return error.told(
        f"AWS refused `{error.operation}` each of {tries} times: {error.reason or error.code}"
        f"{NOT_BY_THIS_CALL}; wait a moment, and {_AGAIN}"
    )


def failed(error: ToolError, *, repeatable: bool) -> ToolError:
    """Return what is said where AWS failed, and nobody knows what it had done before.

    Args:
        error: what AWS said.
        repeatable: whether making the call again does no harm.
    """
    if not isinstance(error, AwsError):
        return error
    again = _AGAIN if repeatable else "see whether it was before it is asked for again"
    return error.told(
        f"AWS failed at `{error.operation}`: {error.reason or error.code}. What was asked for may"
        f" have been carried out all the same; {again}"
    )
