"""What a stage is configured to be, everything resolved: what tools read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from chalice.config.keys import FUNCTIONS, MERGE, STAGES
from chalice.config.local_settings import StandIn, stand_ins_of, usage_plans_of
from chalice.config.package_settings import (
    PackageSettings,
    package_of,
    python_of,
    running_python,
)
from chalice.config.precedence import object_at
from chalice.config.reader import as_list, as_object
from chalice.iam import document_of
from chalice.regions import DEFAULT_ACCOUNT_ID, DEFAULT_REGION
from chalice.rules.callers import Credential, UsagePlan, UserPool

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice.config.public import Config

DEFAULT_TLS_VERSION = "TLS_1_2"


@dataclass(frozen=True, slots=True)
class CustomDomain:
    """A domain name before the API; *url_prefix* None serves the API at the domain's root."""

    domain_name: str
    certificate_arn: str
    tls_version: str = DEFAULT_TLS_VERSION
    url_prefix: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class FunctionSettings:
    """One function of one stage.

    Attributes:
        name: the function's name in the application, `api_handler` for the routes.
        tags: with the tag by which Chalice marks what is its own.
        reserved_concurrency: None takes from what the account has.
        log_retention_days: None keeps logs for ever.
        autogen_policy: whether the policy is written from the code.
        iam_policy_file: a file in `.chalice`; read where *autogen_policy* is false, or *merges*.
        policy: what is in that file, or in the one of its default name; None where it is not read.
        merges: whether the statements of that file are added to those from the code.
        policy_file_read: the name of that file, the default one or another; None for none.
    """

    name: str
    memory_mb: int = 128
    timeout_seconds: int = 60
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    reserved_concurrency: int | None = None
    layers: tuple[str, ...] = ()
    log_retention_days: int | None = None
    xray: bool = False
    subnet_ids: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()
    iam_role_arn: str | None = None
    manage_iam_role: bool = True
    autogen_policy: bool = True
    iam_policy_file: str | None = None
    policy: Mapping[str, Any] | None = None
    merges: bool = False
    policy_file_read: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """One stage.

    Attributes:
        stage: the stage of Chalice, `dev`.
        app_name: the name from which resources are named.
        api_gateway_stage: the stage of the API, a part of its URL.
        resource_policy: the API's policy: that of `api_gateway_policy_file`, or the one that lets
            in the VPC endpoints of a private API.
        minimum_compression_size: None does not compress.
        lambda_python: the minor version of the functions' interpreter.
        package: what ships.
        role_per_function: whether functions whose policy is written from the code have a role each.
        permissions_boundary: the ARN of that of each role.
        role_path: the path of each role; None for that of IAM.
        api_keys: keys that are let in locally.
        usage_plans: what other keys may use locally.
        allow_hosts: further names under which the local server answers.
        user_pools: issuers of tokens of which something is known locally.
        credentials: who may sign requests locally.
        stand_ins: what answers locally for authorizers that live elsewhere.
        functions: those that are configured on their own; `function` knows all.
    """

    stage: str
    app_name: str
    api_gateway_stage: str = "api"
    endpoint_type: str = "EDGE"
    endpoint_vpce: tuple[str, ...] = ()
    resource_policy: dict[str, Any] | None = None
    minimum_compression_size: int | None = None
    custom_domain: CustomDomain | None = None
    websocket_custom_domain: CustomDomain | None = None
    lambda_architecture: str = "x86_64"
    lambda_python: tuple[int, int] = field(default_factory=running_python)
    automatic_layer: bool = False
    package: PackageSettings = field(default_factory=PackageSettings)
    region: str = DEFAULT_REGION
    account_id: str = DEFAULT_ACCOUNT_ID
    api_keys: tuple[str, ...] = ()
    allow_hosts: tuple[str, ...] = ()
    user_pools: tuple[UserPool, ...] = ()
    credentials: tuple[Credential, ...] = ()
    usage_plans: tuple[UsagePlan, ...] = ()
    stand_ins: tuple[StandIn, ...] = ()
    profile: str | None = None
    role_per_function: bool = False
    permissions_boundary: str | None = None
    role_path: str | None = None
    functions: Mapping[str, FunctionSettings] = field(default_factory=dict[str, FunctionSettings])
    any_function: FunctionSettings = field(default_factory=lambda: FunctionSettings(""))

    def function(self, name: str) -> FunctionSettings:
        """Return the settings of the function *name*, whether or not it is configured."""
        return self.functions.get(name) or replace(self.any_function, name=name)


def settings_of(
    config: Config,
    *,
    app_name: str,
    environ: Mapping[str, str],
    resource_policy: dict[str, Any] | None = None,
    credential_policies: Mapping[str, dict[str, Any]] | None = None,
    role_policies: Mapping[str, dict[str, Any]] | None = None,
) -> Settings:
    """Return what *config* resolves to for its stage.

    *config* is one whose problems have been reported; a value of a wrong type stays as it is.

    Args:
        config: the configuration of the stage.
        app_name: the application's own name, where the configuration has none.
        environ: where AWS_REGION and AWS_DEFAULT_REGION are looked up.
        resource_policy: the content of `api_gateway_policy_file`.
        credential_policies: the content of the policy files of `local.credentials`, by name; a
            file that is not among them denies everything.
        role_policies: the content of the policy files of functions, by name.
    """
    stage = config.chalice_stage
    endpoints = _listed(config.api_gateway_endpoint_vpce)
    local = as_object(config.value("local"))
    name = config.app_name or app_name
    return Settings(
        stage=stage,
        app_name=name,
        api_gateway_stage=config.resolved("api_gateway_stage"),
        endpoint_type=config.resolved("api_gateway_endpoint_type"),
        endpoint_vpce=endpoints,
        resource_policy=resource_policy or (private_policy(endpoints) if endpoints else None),
        minimum_compression_size=config.minimum_compression_size,
        custom_domain=_custom_domain(config.api_gateway_custom_domain),
        websocket_custom_domain=_custom_domain(config.websocket_api_custom_domain),
        lambda_architecture=config.resolved("lambda_architecture"),
        lambda_python=python_of(config),
        automatic_layer=config.resolved("automatic_layer"),
        package=package_of(config),
        region=region_of(config, environ) or DEFAULT_REGION,
        account_id=config.value("account_id") or DEFAULT_ACCOUNT_ID,
        api_keys=_listed(local.get("api_keys")),
        allow_hosts=_listed(local.get("allow_hosts")),
        user_pools=_user_pools(local.get("user_pools")),
        credentials=_credentials(local, credential_policies or {}),
        usage_plans=usage_plans_of(local),
        stand_ins=stand_ins_of(local),
        profile=config.profile,
        role_per_function=config.resolved("iam_role") == "per_function",
        permissions_boundary=config.value("iam_permissions_boundary"),
        role_path=config.value("iam_role_path"),
        functions={
            function: function_settings(config.scope(stage, function), name, role_policies)
            for function in configured_functions(config)
        },
        any_function=function_settings(config.scope(stage, ""), name, role_policies),
    )


def region_of(config: Config, environ: Mapping[str, str]) -> str | None:
    """Return the region that somebody chose, or None where nobody did."""
    return config.value("region") or environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION")


def configured_functions(config: Config) -> tuple[str, ...]:
    """Return the functions that the stage's configuration names, without repeats."""
    disk = config.config_from_disk
    in_stage = object_at(disk, (STAGES, config.chalice_stage, FUNCTIONS))
    return tuple(dict.fromkeys((*in_stage, *object_at(disk, (FUNCTIONS,)))))


def function_settings(
    config: Config, app_name: str, role_policies: Mapping[str, dict[str, Any]] | None = None
) -> FunctionSettings:
    """Return the settings of the function for which *config* speaks."""
    file = policy_file_of(config)
    named = config if config.app_name else _named(config, app_name)
    generated = config.resolved("autogen_policy")
    return FunctionSettings(
        name=config.function_name,
        memory_mb=config.resolved("lambda_memory_size"),
        timeout_seconds=config.resolved("lambda_timeout"),
        environment=config.environment_variables,
        tags=named.tags,
        reserved_concurrency=config.reserved_concurrency,
        layers=_listed(config.layers),
        log_retention_days=config.log_retention_in_days,
        xray=config.resolved("xray"),
        subnet_ids=_listed(config.subnet_ids),
        security_group_ids=_listed(config.security_group_ids),
        iam_role_arn=config.iam_role_arn,
        manage_iam_role=config.resolved("manage_iam_role"),
        autogen_policy=generated is not False,
        iam_policy_file=config.iam_policy_file,
        policy=(role_policies or {}).get(file) if file is not None else None,
        merges=generated == MERGE,
        policy_file_read=file,
    )


def policy_file_of(config: Config) -> str | None:
    """Return the file in `.chalice` that the role's policy is in; None where none is read."""
    if config.resolved("autogen_policy") not in (False, MERGE) or config.manage_iam_role is False:
        return None
    named = config.iam_policy_file
    return f"policy-{config.chalice_stage}.json" if named is None else str(named)


def private_policy(endpoints: tuple[str, ...]) -> dict[str, Any]:
    """Return the policy that lets in callers from the VPC *endpoints* only.

    It is the one that AWS Chalice 1.34 writes (observed).
    """
    source = endpoints[0] if len(endpoints) == 1 else list(endpoints)
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "arn:*:execute-api:*:*:*",
        "Condition": {"StringEquals": {"aws:SourceVpce": source}},
    }
    return document_of([statement])


def _named(config: Config, app_name: str) -> Config:
    given = {**config.sources.given, "app_name": app_name}
    disk, defaults = config.sources.disk, config.sources.defaults
    return type(config)(config.chalice_stage, config.function_name, given, disk, defaults)


def _listed(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(as_list(value))


def _credentials(
    local: Mapping[str, object], files: Mapping[str, dict[str, Any]]
) -> tuple[Credential, ...]:
    if not local.get("credentials"):
        return ()
    from chalice.config.credentials import credentials_of  # noqa: PLC0415 - few projects have one

    return credentials_of(local, files)


def _user_pools(value: object) -> tuple[UserPool, ...]:
    written = {name: as_object(item) for name, item in as_object(value).items()}
    return tuple(
        UserPool(
            id=name,
            jwks_file=pool.get("jwks_file"),
            jwks_url=pool.get("jwks_url"),
            issuer=pool.get("issuer"),
            client_ids=_listed(pool.get("client_ids")),
        )
        for name, pool in written.items()
    )


def _custom_domain(value: object) -> CustomDomain | None:
    domain = as_object(value)
    if not domain:
        return None
    prefix = domain.get("url_prefix")
    return CustomDomain(
        domain_name=domain.get("domain_name", ""),
        certificate_arn=domain.get("certificate_arn", ""),
        tls_version=domain.get("tls_version", DEFAULT_TLS_VERSION),
        url_prefix=None if prefix == "(none)" else prefix,
        tags=as_object(domain.get("tags")),
    )
