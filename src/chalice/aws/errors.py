"""What a user is told when AWS cannot be called, or refuses a call.

ToolError
├── NoAccess          there is nobody to call as, or nowhere to call
├── Unreachable       nothing answered, however often it was tried
└── AwsError          AWS answered, and refused; carries the code
    └── Denied        the caller may not do it
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chalice.diagnostics import ToolError, nearest, visible
from chalice.regions import dns_suffix, partition_of

if TYPE_CHECKING:
    from collections.abc import Collection

_WAYS = (
    "Give credentials in one of three ways: a profile (`aws configure sso` or `aws configure`"
    " writes one; name it with `--profile NAME`), the variables AWS_ACCESS_KEY_ID and"
    " AWS_SECRET_ACCESS_KEY, or the role of the machine or CI job. To deploy without an account,"
    " run `chalice sandbox start` and add `--sandbox`"
)

# What AWS says of credentials that have run out.
# Source: "Common Error Types" of the AWS STS and CloudFormation API references, and for S3 its
# "List of error codes".
EXPIRED = frozenset(
    {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
)
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
        self.action = found.group(1) if found else f"{service}:{operation}"
        said = (found.group(2) or "").rstrip(".,") if found else ""
        self.resource = said or on
        place = f" on `{visible(self.resource)}`" if self.resource else ""
        text = f"Access denied: the credentials in use may not `{self.action}`{place}"
        if reason and not found:
            text += f" (AWS says: {visible(reason)})"
        text += (
            ". Nothing was changed by this call. Let an administrator allow it, or use other"
            " credentials: `--profile NAME`"
        )
        super().__init__(code, operation, reason, status=403, text=text)


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


def not_reached(url: str, region: str, reason: str) -> Unreachable:
    """Return what is said where a call could not be sent at all.

    Args:
        url: where it was to be sent.
        region: the region that is called.
        reason: what the SDK says.
    """
    hint = (
        f"Look at the network of this machine and whether the region `{visible(region)}` exists"
        if _is_of_aws(url, region)
        else _ENDPOINT
    )
    return Unreachable(
        f"Nothing answers at `{url}` ({visible(reason)}). {hint}. This call has changed nothing;"
        " run the command again: it goes on from where things are"
    )


def answer_lost(url: str, reason: str) -> Unreachable:
    """Return what is said where a call was sent, and its answer has not arrived."""
    return Unreachable(
        f"No answer from `{url}`: {visible(reason)}. What was asked for may have been carried out"
        " all the same; run the command again: it goes on from where things are"
    )


def not_aws(url: str, region: str) -> Unreachable:
    """Return what is said where something answers that cannot be understood."""
    hint = (
        "Something in between answers in its place, a proxy or the page of a network to log in to:"
        " look at the network of this machine"
        if _is_of_aws(url, region)
        else _ENDPOINT
    )
    return Unreachable(f"What answers at `{url}` does not answer as AWS does. {hint}")


def _is_of_aws(url: str, region: str) -> bool:
    return (urlsplit(url).hostname or "").endswith(f".{dns_suffix(partition_of(region))}")


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
        " `aws sso login --profile NAME`), or set new ones, and run the command again: it goes on"
        " from where things are"
    )


def refused(
    service: str, operation: str, code: str, reason: str, status: int, on: str
) -> ToolError:
    """Return what a refusal of AWS is told as.

    Args:
        service: the prefix of its IAM actions, `s3`.
        operation: the API's name of the call.
        code: what AWS calls the error.
        reason: its sentence.
        status: the HTTP status.
        on: what was called about: a stack, a bucket.
    """
    if code in EXPIRED:
        return expired(reason)
    if code in UNKNOWN:
        return NoAccess(
            f"AWS does not know the credentials in use (`{code}`: {visible(reason)}). {_WAYS}"
        )
    if code in DENIED or status == 403:
        return Denied(code, operation, reason, service=service, on=on)
    return AwsError(code, operation, reason, status=status)
