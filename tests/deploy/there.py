"""An account with what a test puts into it: look-ups answer, and some are denied."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalice.aws.errors import Denied
from chalice.aws.functions import Concurrency, Layer
from chalice.aws.identity import Role

if TYPE_CHECKING:
    from chalice.aws.certificates import Certificate
    from chalice.aws.domains import Mapping

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
    """What is there, by ARN, id or name; it stands for all services at once.

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
    known_certificates: dict[str, Certificate] = field(default_factory=dict)
    known_domains: dict[str, tuple[Mapping, ...]] = field(default_factory=dict)
    function_names: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    limits: Concurrency = field(default_factory=lambda: Concurrency(1000, 1000))
    denied: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if what in self.denied:
            raise Denied("AccessDenied", what, "", service="any")

    @property
    def identity(self):
        return self

    @property
    def network(self):
        return self

    @property
    def certificates(self):
        return self

    @property
    def domains(self):
        return self

    @property
    def functions(self):
        return self

    @property
    def logs(self):
        return self

    def role(self, name):
        self._ask("role")
        arns = (arn for arn in self.roles if arn.rpartition("/")[2] == name)
        return next((Role(arn, self.roles[arn]) for arn in arns), None)

    def has_policy(self, arn):
        self._ask("has_policy")
        return arn in self.policies

    def layer(self, arn):
        self._ask("layer")
        return self.layers.get(arn)

    def concurrency(self):
        self._ask("concurrency")
        return self.limits

    def describe(self, name):
        self._ask("describe")
        return name if name in self.function_names else None

    def subnets(self, ids):
        self._ask("subnets")
        return {name: vpc for name, vpc in self.subnet_vpcs.items() if name in ids}

    def security_groups(self, ids):
        self._ask("security_groups")
        return {name: vpc for name, vpc in self.group_vpcs.items() if name in ids}

    def certificate(self, arn):
        self._ask("certificate")
        return self.known_certificates.get(arn)

    def has_domain(self, name):
        self._ask("has_domain")
        return name in self.known_domains

    def mappings(self, name):
        self._ask("mappings")
        return self.known_domains[name]

    def has_group(self, group):
        self._ask("has_group")
        return group in self.groups
