"""Where an API is served: its stage, its account, and how a request's path relates to the stage."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from chalice.regions import dns_suffix

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice.rules.callers import Credential, UsagePlan, UserPool

#: The file with the configuration of a project, as messages name it.
CONFIGURATION = ".chalice/config.json"


@dataclass(frozen=True, slots=True)
class Stage:
    """One deployed stage of an API.

    Attributes:
        name: the stage's name, as it stands in events and ARNs.
        in_path: whether the path of a request begins with the stage, as on `execute-api` domains.
            Where it does not, events still say what AWS would say.
        region: the AWS region in ARNs.
        account_id: the account in ARNs and events.
        api_id: the API's id in ARNs and events.
        deployment_id: `requestContext.deploymentId`.
        variables: stage variables; none are `null` in the event (rule 1.2).
        api_keys: values of the keys that are admitted without a limit.
        domain_name: what `requestContext.domainName` says; None takes it from the Host header.
        partition: the partition in ARNs.
        base_path: the base-path mapping of a custom domain (rule 1.7), without slashes, empty for a
            domain without mapping; None for a stage that is not behind a custom domain. It stands
            in a request's path in the stage's place.
        custom_domain: the domain name where *base_path* holds, `*.example.com` for all below it;
            None where it holds under every name.
        endpoint_type: EDGE, REGIONAL or PRIVATE; None takes it from the definition.
        usage_plans: further keys, and what each of them may use; a key is in one of them at most.
        source_vpce: the VPC endpoint through which requests to a private API are taken to come,
            which resource policies ask for; None where that is not known.
        user_pools: issuers of tokens of which something is configured on this machine.
        credentials: who may sign requests on this machine.
        configured_in: where issuers and credentials can be added, as messages say it.
        function_names: what messages call the functions that the definition names otherwise.
    """

    name: str
    in_path: bool
    region: str
    account_id: str
    api_id: str
    deployment_id: str
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    api_keys: tuple[str, ...] = ()
    domain_name: str | None = None
    partition: str = "aws"
    base_path: str | None = None
    custom_domain: str | None = None
    endpoint_type: str | None = None
    usage_plans: tuple[UsagePlan, ...] = ()
    source_vpce: str | None = None
    user_pools: tuple[UserPool, ...] = ()
    credentials: tuple[Credential, ...] = ()
    configured_in: str = CONFIGURATION
    function_names: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def arn(self) -> str:
        """The ARN of the stage: what a method ARN begins with (rule 4.3)."""
        place = f"{self.region}:{self.account_id}:{self.api_id}"
        return f"arn:{self.partition}:execute-api:{place}/{self.name}"

    @property
    def execute_api_domain(self) -> str:
        """The domain name that API Gateway itself gives the API."""
        return f"{self.api_id}.execute-api.{self.region}.{dns_suffix(self.partition)}"


@dataclass(frozen=True, slots=True)
class Location:
    """One request's path, as the several readers of it see it.

    Attributes:
        path: `path` of the event.
        context_path: `requestContext.path`.
        resource_path: what is matched with resources and stands in the method ARN.
        query: what follows the first `?`, not decoded.
    """

    path: str
    context_path: str
    resource_path: str
    query: str


class Mounts:
    """Tells where in a path the stage is, by the name under which it is called."""

    def __init__(self, stage: Stage) -> None:
        self._domain = stage.custom_domain
        self._mapped = Mount(stage)
        self._own = Mount(replace(stage, base_path=None)) if self._domain else self._mapped

    def of(self, host: str) -> Mount:
        """Return the mount for requests to *host*, the value of a Host header."""
        if self._domain is None:
            return self._mapped
        name = host.lower().partition(":")[0].removesuffix(".")
        domain = self._domain.lower()
        below = domain.startswith("*.") and name.endswith(domain[1:])
        return self._mapped if name == domain or below else self._own


class Mount:
    """Finds the stage in the path of a request."""

    def __init__(self, stage: Stage) -> None:
        self._stage_prefix = f"/{stage.name}"
        prefix = ""
        if stage.base_path is not None:
            prefix = f"/{stage.base_path}" if stage.base_path else ""
        elif stage.in_path:
            prefix = self._stage_prefix
        self.prefix = prefix
        self._custom_domain = stage.base_path is not None
        self._adds_stage = not stage.in_path and not self._custom_domain

    def locate(self, target: str) -> Location | None:
        """Return where *target* points, or None if it does not point into this stage.

        Several slashes at the front, and after the stage, count as one (rules 1.5, 1.6, 3.8).
        """
        path, _, query = target.partition("?")
        if self._adds_stage:
            if not path.startswith("/"):
                path = f"/{path}"
            below = path if not path.startswith("//") else "/" + path.lstrip("/")
            return Location(below, self._stage_prefix + path, below, query)
        path = "/" + path.lstrip("/")
        prefix = self.prefix
        if not path.startswith(prefix):
            return None
        rest = path[len(prefix) :]
        if rest and not rest.startswith("/"):
            return None
        below = "/" + rest.lstrip("/")
        if self._custom_domain:
            return Location(prefix + below, path, below, query)
        return Location(below, path, below, query)


def segments(path: str) -> list[str]:
    """Return the segments of a resource path or of a request's; one slash at the end is ignored.

    >>> segments("/"), segments("/a/b/"), segments("/a//b")
    ([], ['a', 'b'], ['a', '', 'b'])
    """
    inner = path[1:-1] if path.endswith("/") and len(path) > 1 else path[1:]
    return inner.split("/") if inner else []
