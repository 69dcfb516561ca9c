"""What a REST API is, read from its definition: frozen, complete, without a request in sight.

`definition.py` makes these and `gateway.py` serves them. A further kind of authorizer or
integration is one class here, one reader in `schemes.py` or `integrations.py`, one class that acts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from chalice.rules.facts import DEFAULT_TTL_SECONDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice.iam import Policy
    from chalice.rules.facts import IdentitySource
    from chalice.rules.patterns import Pattern
    from chalice.rules.schemas import Schema
    from chalice.rules.templates import Expression, Template

# --- integrations ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LambdaProxy:
    """`aws_proxy`: the function gets the event of section 1 and answers as section 2 says.

    Attributes:
        function: what stands between `functions/` and `/invocations` in the uri.
        timeout_seconds: how long the gateway waits (rule 2.8).
        fault: why every call fails on AWS although the definition can be imported, else empty.
    """

    function: str
    timeout_seconds: float
    fault: str = ""


@dataclass(frozen=True, slots=True)
class MockResponse:
    """One integration response of a MOCK; *pattern* None is the default one."""

    pattern: Pattern | None
    status: int
    headers: tuple[tuple[str, Expression], ...]
    templates: tuple[tuple[str, Template], ...]


@dataclass(frozen=True, slots=True)
class Mock:
    """`mock`: the gateway answers by itself (rule 2.20).

    Attributes:
        statuses: content type of the request -> the status that its template names; None for a
            template that names none, which fails.
        responses: in the order of the definition, the default one last; the first that fits
            answers.
    """

    statuses: Mapping[str, int | None]
    responses: tuple[MockResponse, ...]


Integration = LambdaProxy | Mock


# --- authorizers -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LambdaAuthorizer:
    """A TOKEN or REQUEST authorizer.

    Attributes:
        name: of the security scheme.
        type: what the function is told.
        function: as in `LambdaProxy`.
        sources: exactly one for TOKEN.
        validation: what the whole token must match (rule 4.5), or None.
        ttl_seconds: how long a result is kept; 0 keeps none.
    """

    name: str
    type: Literal["TOKEN", "REQUEST"]
    function: str
    sources: tuple[IdentitySource, ...]
    validation: Pattern | None = None
    ttl_seconds: int = DEFAULT_TTL_SECONDS


@dataclass(frozen=True, slots=True)
class CognitoAuthorizer:
    """A COGNITO_USER_POOLS authorizer: tokens of user pools are verified here.

    Attributes:
        name: of the security scheme.
        header: holds the token.
        pools: ARNs of user pools as written, `${...}` in them not yet resolved.
        validation: what the whole `aud` of a token must match, or None.
    """

    name: str
    header: str
    pools: tuple[str, ...]
    validation: Pattern | None = None


@dataclass(frozen=True, slots=True)
class AdditionalClaim:
    """A claim that a JWT authorizer looks at.

    Attributes:
        name: of the claim.
        required: whether a token must have it.
        expected: the values, one of which it must have; none of them admits any text.
    """

    name: str
    required: bool = False
    expected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """An issuer that a JWT authorizer trusts.

    Attributes:
        url: exactly what tokens say in `iss`.
        audiences: one of them must be in `aud`.
        claims: what else its tokens must say.
    """

    url: str
    audiences: tuple[str, ...]
    claims: tuple[AdditionalClaim, ...] = ()


@dataclass(frozen=True, slots=True)
class JwtAuthorizer:
    """A JWT authorizer: tokens of trusted issuers are verified here (rule 4.23).

    Attributes:
        name: of the security scheme.
        header: holds the token.
        issuers: at least one.
        algorithms: of signatures, those that are accepted.
    """

    name: str
    header: str
    issuers: tuple[TrustedIssuer, ...]
    algorithms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IamAuthorizer:
    """AWS_IAM: signatures are verified and policies of the signer asked (section 4D)."""

    name: str


@dataclass(frozen=True, slots=True)
class ClosedAuthorizer:
    """An authorizer of a *kind* that this gateway cannot ask: it lets nobody in."""

    name: str
    kind: str


Authorizer = LambdaAuthorizer | CognitoAuthorizer | JwtAuthorizer | IamAuthorizer | ClosedAuthorizer


# --- the API ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RequiredParameter:
    """A parameter without which the request validator refuses (rule 2.21)."""

    place: Literal["header", "query"]
    name: str


@dataclass(frozen=True, slots=True)
class Method:
    """One verb, or ANY, of a resource.

    Attributes:
        verb: as declared.
        integration: what answers.
        authorizer: who is asked first; None lets everybody in.
        scopes: OAuth scopes, one of which a token must have; none of them asks for none.
        api_key_required: whether a key of a usage plan is wanted.
        required: what the request validator wants, in the order of the definition.
        bodies: what it wants of bodies, by content type; bodies of others are not looked at.
        operation_name: `requestContext.operationName`, empty for none.
    """

    verb: str
    integration: Integration
    authorizer: Authorizer | None = None
    api_key_required: bool = False
    required: tuple[RequiredParameter, ...] = ()
    operation_name: str = ""
    scopes: tuple[str, ...] = ()
    bodies: Mapping[str, Schema] = field(default_factory=dict[str, "Schema"])


@dataclass(frozen=True, slots=True)
class Resource:
    """A path and its methods, by verb."""

    path: str
    methods: Mapping[str, Method]


@dataclass(frozen=True, slots=True)
class GatewayResponse:
    """How an API changes an answer of the gateway; status None keeps the status."""

    status: int | None
    headers: tuple[tuple[str, Expression], ...]
    templates: tuple[tuple[str, Template], ...]


@dataclass(frozen=True, slots=True)
class Api:
    """A REST API.

    Attributes:
        resources: in the order of the definition.
        endpoint_type: EDGE, REGIONAL or PRIVATE.
        binary_media_types: as written.
        minimum_compression_size: bytes, None for no compression (rule 7.1).
        gateway_responses: by type.
        policy: the resource policy, None for none.
        key_from_authorizer: whether API keys come from the authorizer and not from a header.
    """

    resources: tuple[Resource, ...]
    endpoint_type: str = "EDGE"
    binary_media_types: tuple[str, ...] = ()
    minimum_compression_size: int | None = None
    gateway_responses: Mapping[str, GatewayResponse] = field(
        default_factory=dict[str, GatewayResponse]
    )
    policy: Policy | None = None
    key_from_authorizer: bool = False
