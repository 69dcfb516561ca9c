"""Look-ups of what stages name, answered by an AWS on loopback."""

import json
from itertools import count

import pytest
from tests import faulty, sandboxes
from tests.deploy.there import TRUST

from chalice.aws.account import SdkAccount
from chalice.aws.domains import SdkDomains
from chalice.aws.errors import Denied

ACCOUNT = "000000000000"

_names = count()


@pytest.fixture
def name():
    return f"lookups-{next(_names)}"


@pytest.fixture
def session(aws_url):
    return sandboxes.session(aws_url)


@pytest.fixture
def account(session):
    return SdkAccount(session)


def test_a_role_is_found_with_its_path_and_its_trust(session, account, name):
    session.call(
        "iam",
        "create_role",
        RoleName=name,
        Path="/team/",
        AssumeRolePolicyDocument=json.dumps(TRUST),
    )

    role = account.identity.role(name)

    assert (role.arn, role.trust) == (f"arn:aws:iam::{ACCOUNT}:role/team/{name}", TRUST)
    assert account.identity.role(f"{name}-not") is None


def test_managed_policies_are_found(session, account, name):
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": statement}
    made = session.call(
        "iam", "create_policy", PolicyName=name, PolicyDocument=json.dumps(document)
    )

    assert account.identity.has_policy(made["Policy"]["Arn"])
    assert account.identity.has_policy("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    assert not account.identity.has_policy(f"arn:aws:iam::{ACCOUNT}:policy/{name}-not")


def test_layer_versions_are_found(session, account, name):
    empty = b"PK\x05\x06" + b"\0" * 18
    made = session.call(
        "lambda",
        "publish_layer_version",
        LayerName=name,
        Content={"ZipFile": empty},
        CompatibleArchitectures=["arm64"],
    )

    layer = account.functions.layer(made["LayerVersionArn"])

    assert (layer.size, layer.architectures) == (22, ("arm64",))
    assert account.functions.layer(made["LayerVersionArn"] + "1") is None


def test_the_concurrency_of_the_account_is_told(account):
    found = account.functions.concurrency()

    assert 0 < found.unreserved <= found.total


def test_networks_are_found_with_their_vpcs(session, account, name):
    vpc = session.call("ec2", "create_vpc", CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    block = "10.0.1.0/24"
    subnet = session.call("ec2", "create_subnet", VpcId=vpc, CidrBlock=block)["Subnet"]["SubnetId"]
    group = session.call(
        "ec2", "create_security_group", GroupName=name, Description=name, VpcId=vpc
    )["GroupId"]

    assert account.network.subnets([subnet, "subnet-404"]) == {subnet: vpc}
    assert account.network.security_groups([group, "sg-404"]) == {group: vpc}


def test_vpc_endpoints_are_found_with_their_services(session, account):
    vpc = session.call("ec2", "create_vpc", CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    service = "com.amazonaws.us-east-1.execute-api"
    made = session.call(
        "ec2",
        "create_vpc_endpoint",
        VpcId=vpc,
        ServiceName=service,
        VpcEndpointType="Interface",
    )["VpcEndpoint"]["VpcEndpointId"]

    assert account.network.endpoints([made, "vpce-404"]) == {made: service}


def test_a_certificate_is_found_in_the_region_of_its_arn(session, account, name):
    domain = f"{name}.example.com"
    made = session.call(
        "acm",
        "request_certificate",
        region="eu-west-1",
        DomainName=domain,
        SubjectAlternativeNames=[domain, f"*.{domain}"],
    )["CertificateArn"]

    found = account.certificates.certificate(made)

    assert ":eu-west-1:" in made
    # MiniStack issues at once.
    assert (found.status, found.names) == ("ISSUED", (domain, f"*.{domain}"))
    assert account.certificates.certificate(f"{made}1") is None


def test_domains_are_found_with_what_they_lead_to(session, account, name):
    domain = f"{name}.example.com"
    session.call("apigateway", "create_domain_name", domainName=domain)
    api = session.call("apigateway", "create_rest_api", name=name)["id"]
    session.call(
        "apigateway",
        "create_base_path_mapping",
        domainName=domain,
        basePath="v1",
        restApiId=api,
        stage="api",
    )

    (mapping,) = account.domains.mappings(domain)

    assert account.domains.has_domain(domain)
    assert not account.domains.has_domain(f"not-{domain}")
    assert (mapping.path, mapping.api, mapping.stage) == ("v1", api, "api")


def test_a_log_group_is_found_by_its_whole_name(session, account, name):
    session.call("logs", "create_log_group", logGroupName=f"{name}-and-more")

    assert account.logs.has_group(f"{name}-and-more")
    assert not account.logs.has_group(name)


def test_a_look_up_that_is_denied_names_the_action(aws_url):
    with faulty.proxy(aws_url) as proxy:
        account = SdkAccount(sandboxes.session(proxy.url))
        who = "User: arn:aws:iam::1:user/a"
        said = f"{who} is not authorized to perform: iam:GetRole on resource: role a"
        proxy.fault = lambda _number, _name: faulty.error("AccessDenied", said, 403)

        with pytest.raises(Denied) as caught:
            account.identity.role("a")

    assert caught.value.action == "iam:GetRole"


class Paged:
    """A session whose answers come page by page."""

    def __init__(self, *pages):
        self.pages = pages

    def call(self, _service, _operation, *, position="0", **_parameters):
        number = int(position)
        more = number + 1 < len(self.pages)
        following = {"position": str(number + 1)} if more else {}
        return {"items": self.pages[number], **following}


def test_a_domain_with_many_mappings_is_read_to_the_end():
    one, two = {"basePath": "a", "restApiId": "1"}, {"basePath": "b", "restApiId": "2"}

    found = SdkDomains(Paged([one], [two])).mappings("example.com")

    assert [mapping.path for mapping in found] == ["a", "b"]
