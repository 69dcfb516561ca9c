"""Custom domains and their certificates, before a deploy."""

import pytest
from tests.deploy.deployments import wanted
from tests.deploy.preflighting import (
    ACCOUNT,
    CERTIFICATE,
    DOMAIN,
    REGIONAL,
    checked,
    found,
    merged,
    resource,
)
from tests.deploy.there import There

from chalice.aws.certificates import Certificate
from chalice.aws.domains import BasePathMapping


@pytest.mark.parametrize(
    ("certificate", "codes"),
    [
        (Certificate("ISSUED", ("api.example.com",)), []),
        (Certificate("ISSUED", ("other.org", "*.example.com")), []),
        (Certificate("ISSUED", ("example.com", "*.api.example.com")), ["certificate-name"]),
        (Certificate("PENDING_VALIDATION", ("api.example.com",)), ["certificate-status"]),
        (Certificate("REVOKED", ("api.example.com",)), ["certificate-status"]),
        (None, ["certificate-missing"]),
    ],
)
def test_the_certificate_of_a_domain_is_issued_and_for_it(tmp_path, certificate, codes):
    there = There(known_certificates={CERTIFICATE: certificate})

    found_codes, _ = found(wanted(tmp_path, "one", REGIONAL), there)

    assert found_codes == [(code, ".chalice/config.json:4") for code in codes]


@pytest.mark.parametrize(
    ("arn", "code"),
    [
        (CERTIFICATE.replace("eu-central-1", "us-east-1"), "certificate-region"),
        (CERTIFICATE.replace(ACCOUNT, "999999999999"), "certificate-account"),
        (f"arn:aws:iam::{ACCOUNT}:server-certificate/a", "certificate-kind"),
    ],
)
def test_a_certificate_that_cannot_be_used_is_not_asked_for(tmp_path, arn, code):
    config = {**REGIONAL, "api_gateway_custom_domain": {**DOMAIN, "certificate_arn": arn}}
    there = There()

    codes, _ = found(wanted(tmp_path, "one", config), there)

    assert codes == [(code, ".chalice/config.json:4")]
    assert there.asked == ["has_domain"]


def test_the_certificate_of_an_edge_domain_is_in_us_east_1_wherever_the_stage_is(tmp_path):
    arn = CERTIFICATE.replace("eu-central-1", "us-east-1")
    config = {"api_gateway_custom_domain": {**DOMAIN, "certificate_arn": arn}}
    there = There(known_certificates={arn: Certificate("ISSUED", ("API.example.com",))})

    assert checked(wanted(tmp_path, "one", config), there) == ()


def test_a_domain_of_another_api_is_told_with_where_it_leads(tmp_path):
    there = There(
        known_certificates={CERTIFICATE: Certificate("ISSUED", ("api.example.com",))},
        known_domains={"api.example.com": (BasePathMapping("(none)", "abc123", "prod"),)},
    )
    what = wanted(tmp_path, "one", REGIONAL)

    codes, text = found(what, there)

    assert codes == [("domain-taken", ".chalice/config.json:4")]
    assert "it leads `(none)` to the API `abc123`, stage `prod`" in text
    assert found(what, there, what)[0] == []
    assert found(what, there, leaving=True)[0] == []


@pytest.mark.parametrize(
    ("path", "codes"),
    [({"BasePath": "v2"}, []), ({"BasePath": "v1"}, ["domain-path-taken"]), ({}, [])],
    ids=["free", "taken", "the root"],
)
def test_a_path_of_a_domain_that_is_there_is_free(tmp_path, path, codes):
    there = There(known_domains={"api.example.com": (BasePathMapping("v1", "abc123", "prod"),)})
    kind = "AWS::ApiGateway::BasePathMapping"
    template = resource(kind, DomainName="api.example.com", **path)

    found_codes, _ = found(merged(wanted(tmp_path), tmp_path, template), there)

    assert [code for code, _ in found_codes] == codes


def test_a_mapping_needs_a_domain_of_the_account_or_the_stack(tmp_path):
    mapping = {
        "Type": "AWS::ApiGateway::BasePathMapping",
        "Properties": {"DomainName": "api.example.com"},
    }
    domain = {
        "Type": "AWS::ApiGateway::DomainName",
        "Properties": {"DomainName": "api.example.com"},
    }
    alone = {"Resources": {"Extra": mapping}}
    both = {"Resources": {"Extra": mapping, "Domain": domain}}

    codes, _ = found(merged(wanted(tmp_path), tmp_path, alone), There())

    assert [code for code, _ in codes] == ["domain-missing"]
    assert found(merged(wanted(tmp_path), tmp_path, both), There())[0] == []
