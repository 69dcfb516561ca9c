"""What API Gateway answers in its own name: the table, its exact bytes, and what an API may change.

A step of `gateway.py` that ends a request raises `Refusal` with a row of this table.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from chalice.headers import is_header_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from chalice.gateway.api import GatewayResponse
    from chalice.rules.templates import Expression, Scope, Template


class Style(Enum):
    """How the body spells its message (rule 2.23)."""

    PLAIN = '{{"message":{}}}'
    SPACED = '{{"message": {}}}'
    CAPITAL = '{{"Message":{}}}'
    TEXT = "{}"


@dataclass(frozen=True, slots=True)
class Answer:
    """One row: an answer of the gateway.

    Attributes:
        type: the gateway response type, through which an API may change the answer; empty where it
            may not.
        status: the HTTP status.
        error: the value of x-amzn-ErrorType; empty for none.
        message: the text, None for `null`.
        rule: the rule that states it.
        style: how the body is spelt.
    """

    type: str
    status: int
    error: str
    message: str | None
    rule: str
    style: Style = Style.PLAIN

    def body(self, message: str | None) -> bytes:
        """Return the exact bytes for *message*."""
        if self.style is Style.TEXT:
            return (message or "").encode("utf-8", "replace")
        text: str = self.style.value.format(_json_text(message))
        return text.encode("utf-8", "replace")


_INTERNAL = "Internal server error"
_INTERNAL_ERROR = "InternalServerErrorException"
_AUTHORIZER_ERROR = "AuthorizerConfigurationException"

# The table of rule 2.24, in its order; a type with several answers has several rows. The rows from
# QUOTA_EXCEEDED and WAF_FILTERED on are documented even where nothing here raises them.
ACCESS_DENIED = Answer(
    "ACCESS_DENIED",
    403,
    "AccessDeniedException",
    "User is not authorized to access this resource because no identity-based policy allows the"
    " execute-api:Invoke action",
    "4.10",
    Style.CAPITAL,
)
ACCESS_DENIED_EXPLICITLY = Answer(
    "ACCESS_DENIED",
    403,
    "AccessDeniedException",
    "User is not authorized to access this resource with an explicit deny in an identity-based"
    " policy",
    "4.10",
    Style.CAPITAL,
)
RESOURCE_POLICY_DENIED = Answer(
    "ACCESS_DENIED", 403, "AccessDeniedException", "User: anonymous", "4.27", Style.CAPITAL
)
NOT_AUTHORIZED = Answer(
    "ACCESS_DENIED", 403, "AccessDeniedException", "User:", "4.27", Style.CAPITAL
)
API_CONFIGURATION_ERROR = Answer(
    "API_CONFIGURATION_ERROR", 500, _INTERNAL_ERROR, _INTERNAL, "2.17", Style.SPACED
)
AUTHORIZER_CONFIGURATION_ERROR = Answer(
    "AUTHORIZER_CONFIGURATION_ERROR", 500, _AUTHORIZER_ERROR, None, "4.7"
)
AUTHORIZER_FAILURE = Answer("AUTHORIZER_FAILURE", 500, _AUTHORIZER_ERROR, None, "4.7")
BAD_REQUEST_PARAMETERS = Answer(
    "BAD_REQUEST_PARAMETERS", 400, "BadRequestException", "Invalid request parameters", "2.21"
)
BAD_REQUEST_BODY = Answer(
    "BAD_REQUEST_BODY", 400, "BadRequestException", "Invalid request body", "2.21"
)
INTEGRATION_FAILURE = Answer(
    "INTEGRATION_FAILURE", 500, _INTERNAL_ERROR, _INTERNAL, "2.10", Style.SPACED
)
BAD_GATEWAY = Answer("INTEGRATION_FAILURE", 502, _INTERNAL_ERROR, _INTERNAL, "2.7", Style.SPACED)
INTEGRATION_TIMEOUT = Answer(
    "INTEGRATION_TIMEOUT",
    504,
    _INTERNAL_ERROR,
    "Endpoint request timed out",
    "2.8",
    Style.SPACED,
)
INVALID_API_KEY = Answer("INVALID_API_KEY", 403, "ForbiddenException", "Forbidden", "5.1")
INCOMPLETE_SIGNATURE = Answer("INVALID_SIGNATURE", 403, "IncompleteSignatureException", "", "3.6")
INVALID_SIGNATURE = Answer(
    "INVALID_SIGNATURE",
    403,
    "InvalidSignatureException",
    "The request signature we calculated does not match the signature you provided. Check your AWS"
    " Secret Access Key and signing method. Consult the service documentation for details.",
    "4.26",
)
# The gateway response type is inferred: no type of rule 2.24 names an access key.
UNKNOWN_ACCESS_KEY = Answer(
    "INVALID_SIGNATURE",
    403,
    "UnrecognizedClientException",
    "The security token included in the request is invalid.",
    "4.25",
)
MISSING_AUTHENTICATION_TOKEN = Answer(
    "MISSING_AUTHENTICATION_TOKEN",
    403,
    "MissingAuthenticationTokenException",
    "Missing Authentication Token",
    "3.5",
)
QUOTA_EXCEEDED = Answer("QUOTA_EXCEEDED", 429, "LimitExceededException", "Limit Exceeded", "5.3")
REQUEST_TOO_LARGE = Answer(
    "REQUEST_TOO_LARGE", 413, "RequestTooLargeException", "Request Too Long", "7.4", Style.SPACED
)
THROTTLED = Answer("THROTTLED", 429, "TooManyRequestsException", "Too Many Requests", "5.3")
UNAUTHORIZED = Answer("UNAUTHORIZED", 401, "UnauthorizedException", "Unauthorized", "4.4")
UNAUTHORIZED_TOKEN = Answer("UNAUTHORIZED", 401, "UnauthorizedException", "Unauthorized", "4.21")
# The type is inferred: EXPIRED_TOKEN is about credentials of AWS and has another status.
TOKEN_EXPIRED = Answer(
    "UNAUTHORIZED", 401, "UnauthorizedException", "The incoming token has expired", "4.21"
)
UNSUPPORTED_MEDIA_TYPE = Answer(
    "UNSUPPORTED_MEDIA_TYPE", 415, "BadRequestException", "Unsupported Media Type", "7.2"
)

# Answers that come before the API is known, so that its gateway responses cannot change them. The
# texts of 414 and 400 are inferred: nobody has recorded them.
UNKNOWN_STAGE = Answer("", 403, "ForbiddenException", "Forbidden", "3.15")
PAYLOAD_TOO_LARGE = Answer(
    "", 413, "", "HTTP content length exceeded 10485760 bytes.", "7.4", Style.TEXT
)
HEADERS_TOO_LARGE = Answer("", 431, "", "", "7.8", Style.TEXT)
TARGET_TOO_LONG = Answer("", 414, "", "Request URI too long", "3.16", Style.TEXT)
BAD_QUERY = Answer("", 400, "BadRequestException", "Bad Request", "1.12")
METHOD_ARN_TOO_LONG = Answer("", 414, "", "Request URI too long", "3.17", Style.TEXT)


class Refusal(Exception):
    """The request ends here, with *answer*.

    Attributes:
        answer: the row of the table.
        message: the row's text, or what stands in its place.
        reason: one line for the terminal; never sent.
        rules: those that led here, where the row's own is not the one.
        not_emulated: what AWS would have done and this gateway cannot; empty for nothing.
        validation: what is wrong with the request, `$context.error.validationErrorString`.
    """

    def __init__(
        self,
        answer: Answer,
        *,
        message: str | None = None,
        reason: str = "",
        rules: tuple[str, ...] = (),
        not_emulated: str = "",
        validation: str = "",
    ) -> None:
        super().__init__(reason or answer.message or answer.type)
        self.answer = answer
        self.message = answer.message if message is None else message
        self.reason = reason
        self.rules = rules or (answer.rule,)
        self.not_emulated = (not_emulated,) if not_emulated else ()
        self.validation = validation


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer on its way out: what every kind of integration and every refusal comes to."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    reason: str | None = None
    rules: tuple[str, ...] = ()
    not_emulated: tuple[str, ...] = ()


class GatewayResponses:
    """Turns a refusal into a reply, as the definition's gateway responses want it."""

    def __init__(self, overrides: Mapping[str, GatewayResponse]) -> None:
        self._overrides = overrides

    def reply(self, refusal: Refusal, scope: Callable[[], Scope]) -> Reply:
        """Return the reply; *scope* is asked for where a template or a header wants a value."""
        answer = refusal.answer
        kind = "text/plain" if answer.style is Style.TEXT else "application/json"
        headers: tuple[tuple[str, str], ...] = (("Content-Type", kind),)
        if answer.error:
            headers += (("x-amzn-ErrorType", answer.error),)
        body = answer.body(refusal.message)
        plain = Reply(
            answer.status,
            headers,
            body,
            refusal.reason or None,
            refusal.rules,
            refusal.not_emulated,
        )
        override = self._override(answer)
        return plain if override is None else _customised(plain, override, refusal, scope())

    def _override(self, answer: Answer) -> GatewayResponse | None:
        if not answer.type or not self._overrides:
            return None
        family = "DEFAULT_4XX" if answer.status < 500 else "DEFAULT_5XX"
        return self._overrides.get(answer.type) or self._overrides.get(family)


def _customised(plain: Reply, override: GatewayResponse, refusal: Refusal, scope: Scope) -> Reply:
    error = {
        "message": refusal.message,
        "messageString": None if refusal.message is None else _json_text(refusal.message),
        "responseType": refusal.answer.type,
        # Escaped for a JSON text, whose quotes the template has; recorded from deployed APIs.
        "validationErrorString": _json_text(refusal.validation)[1:-1],
    }
    scope = replace(scope, context={**scope.context, "error": error})
    headers, body = plain.headers, plain.body
    if override.templates:
        kind, template = preferred(override.templates)
        headers = with_headers(headers, (("Content-Type", kind),))
        body = template.render(scope).encode("utf-8", "replace")
    headers = with_headers(headers, header_values(override.headers, scope))
    return replace(
        plain,
        status=override.status or plain.status,
        headers=headers,
        body=body,
        rules=(*plain.rules, "2.24"),
    )


def preferred(templates: Sequence[tuple[str, Template]]) -> tuple[str, Template]:
    """Return the template for `application/json`, or the first one where there is none."""
    return next((item for item in templates if item[0] == "application/json"), templates[0])


def with_headers(
    headers: tuple[tuple[str, str], ...], added: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    """Return *headers* with *added* in the place of those that have the same name."""
    names = {name.lower() for name, _ in added}
    return tuple(item for item in headers if item[0].lower() not in names) + added


def header_values(
    expressions: Iterable[tuple[str, Expression]], scope: Scope
) -> tuple[tuple[str, str], ...]:
    """Return the headers that *expressions* come to; those without a value are left out.

    A value may come from the request, where `%0d%0a` has been decoded: one that could end the
    header is left out, too.
    """
    found = ((name, expression.value(scope)) for name, expression in expressions)
    return tuple(
        (name, value) for name, value in found if value is not None and is_header_value(value)
    )


def _json_text(message: str | None) -> str:
    return json.dumps(message, ensure_ascii=False)
