"""The names of `$context` that API Gateway documents: a name that it does not have says nothing."""

from __future__ import annotations

from chalice.diagnostics import nearest

# Source: API Gateway developer guide, "Variables for data transformations for API Gateway",
# "$context variables for data models, authorizers, mapping templates, and CloudWatch access
# logging". Those for access logging alone are not among them.
_NAMES = frozenset(
    {
        "accountId",
        "apiId",
        "awsEndpointRequestId",
        "deploymentId",
        "domainName",
        "domainPrefix",
        "error.message",
        "error.messageString",
        "error.responseType",
        "error.validationErrorString",
        "extendedRequestId",
        "httpMethod",
        "identity.accountId",
        "identity.apiKey",
        "identity.apiKeyId",
        "identity.caller",
        "identity.clientCert.clientCertPem",
        "identity.clientCert.issuerDN",
        "identity.clientCert.serialNumber",
        "identity.clientCert.subjectDN",
        "identity.clientCert.validity.notAfter",
        "identity.clientCert.validity.notBefore",
        "identity.cognitoAuthenticationProvider",
        "identity.cognitoAuthenticationType",
        "identity.cognitoIdentityId",
        "identity.cognitoIdentityPoolId",
        "identity.principalOrgId",
        "identity.sourceIp",
        "identity.user",
        "identity.userAgent",
        "identity.userArn",
        "identity.vpcId",
        "identity.vpceId",
        "isCanaryRequest",
        "path",
        "protocol",
        "requestId",
        "requestTime",
        "requestTimeEpoch",
        "resourceId",
        "resourcePath",
        "stage",
        "wafResponseCode",
        "webaclArn",
        "xrayTraceId",
    }
)

# What follows these is chosen by an authorizer or a template.
_OPEN = ("authorizer.", "requestOverride.", "responseOverride.")


def doubt(name: str) -> tuple[str, str] | None:
    """Return why `context.NAME` may say nothing and what to write, None for a documented name.

    >>> doubt("authorizer.claims.sub")
    >>> doubt("requestID")[1]
    'write `context.requestId`'
    """
    if name in _NAMES or name.startswith(_OPEN):
        return None
    near = nearest(name, sorted(_NAMES))
    hint = f"write `context.{near}`" if near else "write a name that its documentation lists"
    return f"`context.{name}` is none of the names that API Gateway documents", hint
