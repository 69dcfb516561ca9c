"""What an application has API Gateway do by itself: check requests, change its own answers.

Nothing of it happens in Lambda: it is declared here and becomes part of the API definition.
"""

from __future__ import annotations

from chalice.runtime import here

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal

    GatewayResponseType = Literal[
        "ACCESS_DENIED",
        "API_CONFIGURATION_ERROR",
        "AUTHORIZER_CONFIGURATION_ERROR",
        "AUTHORIZER_FAILURE",
        "BAD_REQUEST_BODY",
        "BAD_REQUEST_PARAMETERS",
        "DEFAULT_4XX",
        "DEFAULT_5XX",
        "EXPIRED_TOKEN",
        "INTEGRATION_FAILURE",
        "INTEGRATION_TIMEOUT",
        "INVALID_API_KEY",
        "INVALID_SIGNATURE",
        "MISSING_AUTHENTICATION_TOKEN",
        "QUOTA_EXCEEDED",
        "REQUEST_TOO_LARGE",
        "RESOURCE_NOT_FOUND",
        "THROTTLED",
        "UNAUTHORIZED",
        "UNSUPPORTED_MEDIA_TYPE",
        "WAF_FILTERED",
    ]


class RequestValidation:
    """What API Gateway checks of a route's requests: those that fail are 400 and reach no function.

    >>> order = {"type": "object", "required": ["item"]}
    >>> checks = RequestValidation(
    ...     required_headers=["X-Tenant"], body_schemas={"application/json": order}
    ... )

    Attributes:
        required_headers: names of headers that a request has to have, with a value.
        required_query_params: names of query parameters that it has to have, with a value.
        body_schemas: content type -> JSON schema (draft 4) of the body. Bodies of other content
            types are not checked.
    """

    def __init__(
        self,
        *,
        required_headers: Sequence[str] = (),
        required_query_params: Sequence[str] = (),
        body_schemas: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.required_headers = required_headers
        self.required_query_params = required_query_params
        self.body_schemas: Mapping[str, Mapping[str, Any]] = (
            {} if body_schemas is None else body_schemas
        )
        self.where = here()


class GatewayResponse:
    """How API Gateway words one of its own answers; add it to `app.api.gateway_responses`.

    >>> unknown = GatewayResponse(
    ...     "MISSING_AUTHENTICATION_TOKEN",
    ...     status_code=404,
    ...     templates={"application/json": '{"error":"nothing here"}'},
    ... )

    Attributes:
        response_type: which answer; `DEFAULT_4XX` and `DEFAULT_5XX` are all those of their family
            that have no `GatewayResponse` of their own.
        status_code: sent in the place of its own; None keeps that.
        headers: added to it as they are written here: name -> text.
        mapped_headers: added with values of the request: name -> `method.request.header.NAME`,
            `method.request.querystring.NAME`, `method.request.path.NAME`, `stageVariables.NAME` or
            `context.NAME`.
        templates: content type -> body, with names like `$context.error.messageString` in it.
    """

    def __init__(
        self,
        response_type: GatewayResponseType,
        *,
        status_code: int | None = None,
        headers: Mapping[str, str] | None = None,
        mapped_headers: Mapping[str, str] | None = None,
        templates: Mapping[str, str] | None = None,
    ) -> None:
        self.response_type = response_type
        self.status_code = status_code
        self.headers: Mapping[str, str] = {} if headers is None else headers
        self.mapped_headers: Mapping[str, str] = {} if mapped_headers is None else mapped_headers
        self.templates: Mapping[str, str] = {} if templates is None else templates
        self.where = here()
