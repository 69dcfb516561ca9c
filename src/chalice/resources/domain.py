"""The custom domain of an API, and where on it the API is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.diagnostics import Problem
from chalice.model.names import API_HANDLER
from chalice.resources.api import REST_API, stage_id
from chalice.resources.function import tags
from chalice.resources.limits import EDGE_REGION
from chalice.resources.parts import Resource, ref

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalice.config import CustomDomain, Settings
    from chalice.resources.parts import Value, Written

CUSTOM_DOMAIN = "ApiGatewayCustomDomain"
MAPPING = "ApiGatewayCustomDomainMapping"

_KEY = "api_gateway_custom_domain"
# Policies of these names need an endpoint access mode. `BASIC` refuses no client that was answered
# before; `STRICT` is the user's to choose, by a merged template.
# Source: API Gateway developer guide, "Security policies for REST APIs", "Endpoint access mode".
_ENHANCED = "SecurityPolicy_"
_EDGE_POLICIES = ("TLS_1_0", "TLS_1_2")


def custom_domain(settings: Settings, domain: CustomDomain, written: Written) -> Iterator[Resource]:
    """Yield the domain name and its mapping to the stage."""
    where = written(_KEY, API_HANDLER)
    edge = settings.endpoint_type == "EDGE"
    properties: dict[str, Any] = {
        # Source: API Gateway developer guide, custom domain names: "Uppercase letters are not
        # supported".
        "DomainName": domain.domain_name.lower(),
        "EndpointConfiguration": {"Types": [settings.endpoint_type]},
        "CertificateArn" if edge else "RegionalCertificateArn": domain.certificate_arn,
        "SecurityPolicy": domain.tls_version,
    }
    if domain.tls_version.startswith(_ENHANCED):
        properties["EndpointAccessMode"] = "BASIC"
    if domain.tags:
        properties["Tags"] = tags(domain.tags)
    yield Resource(CUSTOM_DOMAIN, "AWS::ApiGateway::DomainName", properties, where=where)
    yield _mapping(settings, domain, where)


def _mapping(settings: Settings, domain: CustomDomain, where: str) -> Resource:
    # `Ref` of a stage is its name; it also has the mapping wait for the stage.
    stage = ref(stage_id(settings.api_gateway_stage))
    if domain.url_prefix is not None and "/" in domain.url_prefix:
        # Base path mappings have one level.
        # Source: API Gateway developer guide, "Use API mappings to connect API stages to a custom
        # domain name for REST APIs".
        properties: dict[str, Any] = {
            "DomainName": ref(CUSTOM_DOMAIN),
            "ApiId": ref(REST_API),
            "ApiMappingKey": domain.url_prefix,
            "Stage": stage,
        }
        return Resource(MAPPING, "AWS::ApiGatewayV2::ApiMapping", properties, where=where)
    properties = {
        "DomainName": ref(CUSTOM_DOMAIN),
        "RestApiId": ref(REST_API),
        # Source: API Gateway API reference, CreateBasePathMapping, "basePath": the root of the
        # domain is written so.
        "BasePath": domain.url_prefix or "(none)",
        "Stage": stage,
    }
    return Resource(MAPPING, "AWS::ApiGateway::BasePathMapping", properties, where=where)


def problems_of_domain(
    settings: Settings, domain: CustomDomain, written: Written
) -> Iterator[Problem]:
    """Yield why the domain cannot be made for an API of this kind."""
    where = written(_KEY, API_HANDLER)
    if settings.endpoint_type == "PRIVATE":
        # Source: CloudFormation template reference, AWS::ApiGateway::DomainName: "a public custom
        # domain name"; those of private APIs are resources of other kinds.
        summary = f"`{_KEY}` is set for an API of type `PRIVATE`"
        hint = "remove it, and write an `AWS::ApiGateway::DomainNameV2` into a merged template"
        yield Problem("domain-private", summary, where, hint)
        return
    prefix = domain.url_prefix or ""
    if "/" in prefix and (settings.endpoint_type == "EDGE" or domain.tls_version == "TLS_1_0"):
        # Source: as for the mapping: "For Regional custom domain names that use the TLS 1.2
        # security policy, API Gateway supports multi-level API mappings".
        summary = f"`url_prefix` is `{prefix}`; several levels take `REGIONAL` and TLS 1.2"
        hint = "write one level, or set `api_gateway_endpoint_type` to `REGIONAL`"
        yield Problem("domain-url-prefix", summary, where, hint)
    if settings.endpoint_type == "EDGE" and domain.certificate_arn.startswith("arn:aws:acm:"):
        region = domain.certificate_arn.split(":")[3]
        if region != EDGE_REGION:
            summary = f"the certificate of `{domain.domain_name}` is in `{region}`"
            hint = f"name one in `{EDGE_REGION}`, where domains of type `EDGE` have theirs, or set"
            hint += " `api_gateway_endpoint_type` to `REGIONAL`"
            yield Problem("domain-certificate", summary, where, hint)
    enhanced_edge = domain.tls_version.endswith("_EDGE")
    if domain.tls_version not in _EDGE_POLICIES and enhanced_edge != (
        settings.endpoint_type == "EDGE"
    ):
        # Source: as for the access mode, "Supported security policies".
        summary = f"`tls_version` `{domain.tls_version}` is none of a domain of type"
        summary += f" `{settings.endpoint_type}`"
        hint = "those of `EDGE` end with `_EDGE`, and no others do"
        yield Problem("domain-tls-version", summary, where, hint)


def outputs(settings: Settings) -> dict[str, Value]:
    """Return what a DNS record of the domain points to, under AWS Chalice's names of it."""
    kind = "Distribution" if settings.endpoint_type == "EDGE" else "Regional"
    return {
        "AliasDomainName": {"Fn::GetAtt": [CUSTOM_DOMAIN, f"{kind}DomainName"]},
        "HostedZoneId": {"Fn::GetAtt": [CUSTOM_DOMAIN, f"{kind}HostedZoneId"]},
    }
