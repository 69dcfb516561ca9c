"""An account with what a test puts into it: look-ups answer, and some are denied."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalice.aws.errors import Denied
from chalice.aws.functions import Concurrency, Layer
from chalice.aws.identity import Role

if TYPE_CHECKING:
    from chalice.aws.certificates import Certificate
    from chalice.aws.domains import BasePathMapping

# What lets Lambda take a role.
TRUST = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": ["lambda.amazonaws.com"]},
        "Action": "sts:AssumeRole",
    },
}


@dataclass(eq=False)
class There:
    """What is there, by ARN, id or name, in one account with a fake for each service.

    Attributes:
        denied: the look-ups that the caller may not make.
        asked: those that were made.
    """

    region: str = "eu-central-1"
    roles: dict[str, dict] = field(default_factory=dict)
    policies: set[str] = field(default_factory=set)
    layers: dict[str, Layer] = field(default_factory=dict)
    subnet_vpcs: dict[str, str] = field(default_factory=dict)
    group_vpcs: dict[str, str] = field(default_factory=dict)
    endpoint_services: dict[str, str] = field(default_factory=dict)
    known_certificates: dict[str, Certificate] = field(default_factory=dict)
    known_domains: dict[str, tuple[BasePathMapping, ...]] = field(default_factory=dict)
    function_names: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    limits: Concurrency = field(default_factory=lambda: Concurrency(1000, 1000))
    denied: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.identity = Identity(self)
        self.network = Network(self)
        self.certificates = Certificates(self)
        self.domains = Domains(self)
        self.functions = Functions(self)
        self.logs = Logs(self)

    def ask(self, what: str) -> None:
        self.asked.append(what)
        if what in self.denied:
            raise Denied("AccessDenied", what, "", service="any")


class Identity:
    """`aws.identity.Identity` of an account."""

    def __init__(self, there: There) -> None:
        self.there = there

    def role(self, name):
        self.there.ask("role")
        arns = (arn for arn in self.there.roles if arn.rpartition("/")[2] == name)
        return next((Role(arn, self.there.roles[arn]) for arn in arns), None)

    def has_policy(self, arn):
        self.there.ask("has_policy")
        return arn in self.there.policies


class Functions:
    """`aws.functions.Functions` of an account, as far as it is looked at."""

    def __init__(self, there: There) -> None:
        self.there = there

    def layer(self, arn):
        self.there.ask("layer")
        return self.there.layers.get(arn)

    def concurrency(self):
        self.there.ask("concurrency")
        return self.there.limits

    def describe(self, name):
        self.there.ask("describe")
        return name if name in self.there.function_names else None


class Network:
    """`aws.network.Network` of an account."""

    def __init__(self, there: There) -> None:
        self.there = there

    def subnets(self, ids):
        self.there.ask("subnets")
        return {name: vpc for name, vpc in self.there.subnet_vpcs.items() if name in ids}

    def security_groups(self, ids):
        self.there.ask("security_groups")
        return {name: vpc for name, vpc in self.there.group_vpcs.items() if name in ids}

    def endpoints(self, ids):
        self.there.ask("endpoints")
        known = self.there.endpoint_services
        return {name: service for name, service in known.items() if name in ids}


class Certificates:
    """`aws.certificates.Certificates` of an account."""

    def __init__(self, there: There) -> None:
        self.there = there

    def certificate(self, arn):
        self.there.ask("certificate")
        return self.there.known_certificates.get(arn)


class Domains:
    """`aws.domains.Domains` of an account."""

    def __init__(self, there: There) -> None:
        self.there = there

    def has_domain(self, name):
        self.there.ask("has_domain")
        return name in self.there.known_domains

    def mappings(self, name):
        self.there.ask("mappings")
        return self.there.known_domains[name]


class Logs:
    """`aws.logs.Logs` of an account, as far as it is looked at."""

    def __init__(self, there: There) -> None:
        self.there = there

    def has_group(self, group):
        self.there.ask("has_group")
        return group in self.there.groups
