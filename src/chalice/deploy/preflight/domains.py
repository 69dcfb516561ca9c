"""Custom domains: their certificates, and whether an API of somebody's has the name already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.config.values import CERTIFICATE_ARN
from chalice.deploy.preflight.looking import Unseen
from chalice.diagnostics import Problem
from chalice.resources.limits import EDGE_REGION

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from chalice.deploy.preflight.coming import Coming
    from chalice.deploy.preflight.looking import Looking

DOMAIN = "AWS::ApiGateway::DomainName"
MAPPING = "AWS::ApiGateway::BasePathMapping"

# How the root of a domain is called where it is listed.
# Source: API Gateway API reference, CreateBasePathMapping, "basePath".
_ROOT = "(none)"

# What to do about a certificate that is not issued.
# Source: Certificate Manager API reference, CertificateDetail, "Status".
_MENDING = {
    "PENDING_VALIDATION": "make the record in its DNS zone that Certificate Manager asks for, and"
    " wait until it is `ISSUED`",
    "EXPIRED": "import it again, or request a new one, and name that",
}


def in_account(item: Coming, looking: Looking) -> Iterator[Problem]:
    """Yield what is wrong with the certificate of a domain."""
    name = item.properties.get("DomainName")
    if not isinstance(name, str):
        return
    edge = "EDGE" in item.texts("EndpointConfiguration", "Types")
    key = "CertificateArn" if edge else "RegionalCertificateArn"
    arn = item.properties.get(key)
    if isinstance(arn, str) and item.differs(key, "DomainName", "EndpointConfiguration"):
        if CERTIFICATE_ARN.accepts(arn):
            yield from _certificate(arn, name, item.where(key), looking, edge=edge)
        else:
            yield item.refused(key, arn, CERTIFICATE_ARN)


def _certificate(
    arn: str, name: str, where: str, looking: Looking, *, edge: bool
) -> Iterator[Problem]:
    service, region, account = arn.split(":", 5)[2:5]
    wanted = EDGE_REGION if edge else looking.account.region
    kind = "EDGE" if edge else "REGIONAL"
    if service != "acm":
        # Source: API Gateway API reference, CreateDomainName, "certificateArn" and
        # "regionalCertificateArn": "Certificate Manager is the only supported source".
        summary = f"the certificate `{arn}` is none of Certificate Manager"
        hint = "import it there: `aws acm import-certificate`, and name the ARN that it gets"
        yield Problem("certificate-kind", summary, where, hint)
    elif account != looking.caller.account:
        # Source: aws/aws-cdk#10529, which quotes API Gateway: "The certificate provided must be
        # owned by the account creating the domain".
        summary = f"the certificate `{arn}` is in another account than the domain"
        hint = f"name one of account {looking.caller.account}"
        yield Problem("certificate-account", summary, where, hint)
    elif region != wanted:
        # Source: amplify-education/serverless-domain-manager#49, which quotes API Gateway:
        # "Certificate must be in 'us-west-2'".
        summary = f"the certificate of `{name}` is in `{region}`"
        hint = f"name one in `{wanted}`, where this domain of type `{kind}` has its own"
        yield Problem("certificate-region", summary, where, hint)
    else:
        yield from _state(arn, name, where, looking)


def _state(arn: str, name: str, where: str, looking: Looking) -> Iterator[Problem]:
    found = looking.ask(f"the certificate `{arn}`", looking.account.certificates.certificate, arn)
    if isinstance(found, Unseen):
        yield found.problem(where)
    elif found is None:
        hint = f"request one for `{name}`: `aws acm request-certificate`, and name its ARN"
        yield Problem("certificate-missing", f"there is no certificate `{arn}`", where, hint)
    elif found.status != "ISSUED":
        summary = f"the certificate `{arn}` of `{name}` is not issued: it is `{found.status}`"
        hint = _MENDING.get(found.status, "request a new one, and name that")
        yield Problem("certificate-status", summary, where, hint)
    elif not covers(found.names, name):
        named = ", ".join(f"`{one}`" for one in found.names)
        summary = f"the certificate `{arn}` is for {named}, and not for `{name}`"
        yield Problem("certificate-name", summary, where, f"name one that is for `{name}`")


def covers(names: Sequence[str], name: str) -> bool:
    """Return whether a certificate for *names* is one for *name*.

    A star stands for one label, and not for none.
    Source: Certificate Manager user guide, "Certificate characteristics", "Wildcard names".

    >>> covers(["*.example.com"], "api.example.com"), covers(["*.example.com"], "example.com")
    (True, False)
    """
    above = f"*.{name.partition('.')[2]}".lower()
    return any(one.lower() in {name.lower(), above} for one in names)


def taken(item: Coming, looking: Looking) -> Iterator[Problem]:
    """Yield a problem where the account has the domain already, outside of the stack."""
    name, domains = item.properties.get("DomainName"), looking.account.domains
    if not isinstance(name, str) or not item.differs("DomainName"):
        return
    where = item.where("DomainName")
    there = looking.ask(f"the domain `{name}`", domains.has_domain, name)
    if isinstance(there, Unseen):
        yield there.problem(where)
        return
    if not there:
        return
    led = looking.ask(f"where `{name}` leads to", domains.mappings, name)
    mapped = () if isinstance(led, Unseen) else led
    listed = ", ".join(
        f"`{one.path}` to the API `{one.api}`, stage `{one.stage}`" for one in mapped
    )
    summary = f"the domain `{name}` is there already, and not in this stack"
    summary += f"; it leads {listed}" if listed else "; it leads nowhere"
    hint = (
        "remove it first where nothing needs it: `aws apigateway delete-domain-name --domain-name"
        f" {name}`; or name another domain; or map the API to the one that is there, by an"
        " `AWS::ApiGateway::BasePathMapping` in a merged template, in the place of"
        " `api_gateway_custom_domain`"
    )
    yield Problem("domain-taken", summary, where, hint)


def mapping_taken(item: Coming, looking: Looking, own: Collection[str]) -> Iterator[Problem]:
    """Yield a problem where a path of a domain that is not the stack's cannot be had.

    Args:
        item: a mapping that a merged template makes.
        looking: asks the account.
        own: the domains of the stack.
    """
    name, domains = item.properties.get("DomainName"), looking.account.domains
    if not isinstance(name, str) or name in own or not item.differs("DomainName", "BasePath"):
        return
    where, path = item.where("DomainName"), item.properties.get("BasePath") or _ROOT
    there = looking.ask(f"the domain `{name}`", domains.has_domain, name)
    if isinstance(there, Unseen):
        yield there.problem(where)
        return
    if not there:
        summary = f"there is no domain `{name}` in `{looking.account.region}`"
        hint = "name one that is there, or have it made: `api_gateway_custom_domain`"
        yield Problem("domain-missing", summary, where, hint)
        return
    led = looking.ask(f"where `{name}` leads to", domains.mappings, name)
    if isinstance(led, Unseen):
        yield led.problem(where)
        return
    for one in led:
        if one.path == path:
            summary = f"`{path}` of the domain `{name}` leads to the API `{one.api}` already"
            hint = "write another `BasePath`, or remove that mapping first"
            yield Problem("domain-path-taken", summary, item.where("BasePath"), hint)
