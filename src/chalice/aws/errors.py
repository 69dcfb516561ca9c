"""What a user is told when AWS cannot be called, or refuses a call.

ToolError
├── NoAccess          there is nobody to call as, or nowhere to call
├── Unreachable       nothing answered, however often it was tried
└── AwsError          AWS answered, and refused; carries the code
    └── Denied        the caller may not do it
"""

from __future__ import annotations

import re

from chalice.diagnostics import ToolError, visible

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
