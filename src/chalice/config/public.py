"""`chalice.config.Config`, the class that tests and tools of AWS Chalice applications make."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from chalice.config.keys import KEYS
from chalice.config.precedence import Sources
from chalice.config.values import CHALICE_TAG

if TYPE_CHECKING:
    from collections.abc import Mapping


class Config:
    """The configuration of one function of one stage, as written: nothing here is checked.

    A key that is written nowhere reads as None, as in AWS Chalice; so there, `automatic_layer`,
    `lambda_architecture` and `manage_iam_role` read as their defaults. `resolved` knows the default
    of every key. Beside the keys of `.chalice/config.json`, *user_provided_params* may carry
    `project_dir` and `chalice_app`, a callable that returns the application.

    >>> disk = {"lambda_timeout": 5, "stages": {"prod": {"lambda_timeout": 10}}}
    >>> config = Config("prod", config_from_disk=disk)
    >>> config.lambda_timeout, config.scope("dev", "my_auth").lambda_timeout
    (10, 5)
    """

    def __init__(
        self,
        chalice_stage: str = "dev",
        function_name: str = "api_handler",
        user_provided_params: Mapping[str, Any] | None = None,
        config_from_disk: Mapping[str, Any] | None = None,
        default_params: Mapping[str, Any] | None = None,
    ) -> None:
        self.chalice_stage = chalice_stage
        self.function_name = function_name
        self.sources = Sources(
            config_from_disk or {}, user_provided_params or {}, default_params or {}
        )

    @classmethod
    def create(
        cls,
        chalice_stage: str = "dev",
        function_name: str = "api_handler",
        **kwargs: Any,
    ) -> Config:
        """Return a configuration in which *kwargs* stand as if given on the command line."""
        return cls(chalice_stage, function_name, user_provided_params=kwargs)

    def scope(self, chalice_stage: str, function_name: str) -> Config:
        """Return the same configuration as another function or stage sees it."""
        return type(self)(
            chalice_stage,
            function_name,
            self.sources.given,
            self.sources.disk,
            self.sources.defaults,
        )

    def value(self, name: str) -> Any:
        """Return what wins for the key *name*, merged where the key is; None if it is not set.

        Raises:
            KeyError: there is no such key.
        """
        key = KEYS[name]
        if key.merged:
            return self.sources.merged(key, self.chalice_stage, self.function_name)
        return self.sources.value(key, self.chalice_stage, self.function_name)

    def resolved(self, name: str) -> Any:
        """Return what wins for the key *name*; the key's default where it is not set.

        Raises:
            KeyError: there is no such key.
        """
        value = self.value(name)
        return KEYS[name].default if value is None else value

    # --- what is not a key -------------------------------------------------------------------

    @property
    def config_from_disk(self) -> Mapping[str, Any]:
        """The content of `.chalice/config.json`."""
        return self.sources.disk

    @property
    def project_dir(self) -> Any:
        """The project's directory, as it was given."""
        return self.sources.given.get("project_dir")

    @property
    def chalice_app(self) -> Any:
        """The application, loaded at each access by the callable that was given.

        Raises:
            TypeError: none was given.
        """
        load = self.sources.given.get("chalice_app")
        if not callable(load):
            message = f"chalice_app is {load!r}; give a callable that returns the application"
            raise TypeError(message)
        return load()

    @property
    def lambda_python_version(self) -> str:
        """The Lambda runtime, `python3.12`; that of the Python that is running where not set."""
        version = self.value("lambda_python_version")
        return f"python{version or f'{sys.version_info.major}.{sys.version_info.minor}'}"

    @property
    def config_file_version(self) -> Any:
        """The version of the file's format; `1.0` where the file does not say."""
        version = self.value("version")
        return "1.0" if version is None else version

    # --- keys --------------------------------------------------------------------------------

    @property
    def app_name(self) -> Any:
        """The name of the application."""
        return self.value("app_name")

    @property
    def profile(self) -> Any:
        """The AWS profile."""
        return self.value("profile")

    @property
    def api_gateway_stage(self) -> Any:
        """The name of the API's stage."""
        return self.value("api_gateway_stage")

    @property
    def api_gateway_endpoint_type(self) -> Any:
        """`EDGE`, `REGIONAL` or `PRIVATE`."""
        return self.value("api_gateway_endpoint_type")

    @property
    def api_gateway_endpoint_vpce(self) -> Any:
        """VPC endpoints, one or a list."""
        return self.value("api_gateway_endpoint_vpce")

    @property
    def api_gateway_policy_file(self) -> Any:
        """The file of the API's resource policy."""
        return self.value("api_gateway_policy_file")

    @property
    def api_gateway_custom_domain(self) -> Any:
        """The custom domain, an object."""
        return self.value("api_gateway_custom_domain")

    @property
    def websocket_api_custom_domain(self) -> Any:
        """The WebSocket API's custom domain, an object."""
        return self.value("websocket_api_custom_domain")

    @property
    def minimum_compression_size(self) -> Any:
        """From how many bytes answers are compressed."""
        return self.value("minimum_compression_size")

    @property
    def automatic_layer(self) -> Any:
        """Whether requirements go into a layer; False where not set."""
        return self.resolved("automatic_layer")

    @property
    def lambda_architecture(self) -> Any:
        """The processor; `x86_64` where not set."""
        return self.resolved("lambda_architecture")

    @property
    def lambda_memory_size(self) -> Any:
        """Memory in MB."""
        return self.value("lambda_memory_size")

    @property
    def lambda_timeout(self) -> Any:
        """Timeout in seconds."""
        return self.value("lambda_timeout")

    @property
    def reserved_concurrency(self) -> Any:
        """Reserved concurrent invocations."""
        return self.value("reserved_concurrency")

    @property
    def layers(self) -> Any:
        """ARNs of layers."""
        return self.value("layers")

    @property
    def log_retention_in_days(self) -> Any:
        """Days for which logs are kept."""
        return self.value("log_retention_in_days")

    @property
    def xray_enabled(self) -> Any:
        """Whether X-Ray traces, key `xray`."""
        return self.value("xray")

    @property
    def subnet_ids(self) -> Any:
        """Ids of subnets."""
        return self.value("subnet_ids")

    @property
    def security_group_ids(self) -> Any:
        """Ids of security groups."""
        return self.value("security_group_ids")

    @property
    def autogen_policy(self) -> Any:
        """Whether the role's policy is written from the source code."""
        return self.value("autogen_policy")

    @property
    def iam_policy_file(self) -> Any:
        """The file of the role's policy."""
        return self.value("iam_policy_file")

    @property
    def iam_role_arn(self) -> Any:
        """The ARN of a role that exists."""
        return self.value("iam_role_arn")

    @property
    def manage_iam_role(self) -> Any:
        """Whether the role is made and updated; True where not set."""
        return self.resolved("manage_iam_role")

    @property
    def environment_variables(self) -> dict[str, Any]:
        """Environment variables of all places, merged."""
        merged: dict[str, Any] = self.value("environment_variables")
        return merged

    @property
    def tags(self) -> dict[str, Any]:
        """Tags of all places, merged, and Chalice's own."""
        from chalice import __version__  # noqa: PLC0415 - the package root imports nothing

        own = f"version={__version__}:stage={self.chalice_stage}:app={self.app_name}"
        return {**self.value("tags"), CHALICE_TAG: own}
