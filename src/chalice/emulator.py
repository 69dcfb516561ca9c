"""A project's gateway and functions, wired for this machine.

The local server, the test client and `LocalGateway` all take from here what stands between a
document and an answer: the stage it is deployed to, the functions behind it, the keys it lets in.
"""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass, replace
from errno import ENOENT
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from chalice import stand_ins
from chalice.config import settings_of
from chalice.config.reader import Document, Node
from chalice.diagnostics import InvalidApp
from chalice.gateway.event import short_id
from chalice.gateway.gateway import Gateway
from chalice.gateway.http import HttpRequest
from chalice.gateway.integrations import function_in
from chalice.gateway.stage import Stage
from chalice.headers import is_header_name, is_header_value
from chalice.invoke.functions import LocalFunction
from chalice.invoke.in_process import InProcess
from chalice.issuers import Issuers
from chalice.model.check import check
from chalice.model.collect import collect
from chalice.model.names import lambda_name, logical_id
from chalice.openapi import api_definition
from chalice.project import CONFIG_DIRECTORY, CONFIG_FILE
from chalice.regions import partition_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from chalice.app import Chalice
    from chalice.config import Config, Settings
    from chalice.diagnostics import Problem
    from chalice.gateway.exchange import KeySource
    from chalice.invocation import Invoker
    from chalice.model.declared import AppModel


class ProjectLike(Protocol):
    """What the emulator needs of a project."""

    @property
    def model(self) -> AppModel:
        """What the application declared."""
        ...

    @property
    def settings(self) -> Settings:
        """The configuration of one stage."""
        ...

    @property
    def handlers(self) -> Mapping[str, Callable[[Any, Any], Any]]:
        """The functions' handlers, by function name."""
        ...

    @property
    def stand_ins(self) -> Mapping[str, Callable[[Any, Any], Any]]:
        """What answers for authorizers that live elsewhere, by their URI."""
        ...


@dataclass(frozen=True, slots=True)
class ImportedProject:
    """An application that a test has imported, with its configuration: a project to emulate."""

    model: AppModel
    settings: Settings
    handlers: Mapping[str, Callable[[Any, Any], Any]]
    stand_ins: Mapping[str, Callable[[Any, Any], Any]]


def import_project(
    app: Chalice,
    config: Config,
    *,
    environ: Mapping[str, str],
    resource_policy: dict[str, Any] | None = None,
    credential_policies: Mapping[str, dict[str, Any]] | None = None,
    problems: Iterable[Problem] = (),
    document: Document | None = None,
    read: Callable[[str], bytes] | None = None,
) -> ImportedProject:
    """Return the project of an application object, without looking for its files.

    Args:
        app: the application, as a test imports it.
        config: the configuration of one stage.
        environ: where the region is looked up.
        resource_policy: the content of `api_gateway_policy_file`.
        credential_policies: the content of the policy files of `local.credentials`, by name.
        problems: what is wrong with the configuration, to be told together with the rest.
        document: where the configuration is written.
        read: returns the content of a file in `.chalice`; None finds none.

    Raises:
        InvalidApp: with every problem, if one of them is an error.
    """
    collected = collect(app)
    found = [*problems, *collected.problems, *check(collected.model)]
    stood_in: dict[str, Callable[[Any, Any], Any]] = {}
    if not any(problem.severity == "error" for problem in found):
        stood_in, wrong = stand_ins.find(
            config,
            document or Document(CONFIG_FILE, Node({})),
            collected.model,
            collected.handlers,
            read or _no_file,
        )
        found += wrong
    if any(problem.severity == "error" for problem in found):
        raise InvalidApp(found)
    model = collected.model
    settings = settings_of(
        config,
        app_name=model.name,
        environ=environ,
        resource_policy=resource_policy,
        credential_policies=credential_policies,
    )
    return ImportedProject(model, settings, collected.handlers, stood_in)


def _no_file(name: str) -> bytes:
    raise FileNotFoundError(ENOENT, "there is no project to read it from", name)


def emulate(
    project: ProjectLike,
    *,
    in_path: bool = False,
    api_keys: Iterable[str] | None = None,
    invoker: Invoker | None = None,
    keys: KeySource | None = None,
    clock: Callable[[], float] = time.time,
) -> Gateway:
    """Return a gateway that serves *project* as its stage would be served.

    Args:
        project: the application and its configuration.
        in_path: whether request paths begin with the stage.
        api_keys: keys that the gateway lets in; those of `api_keys_of` unless given.
        invoker: carries out invocations by logical id; in this process unless given.
        keys: finds the keys of issuers of tokens; over HTTP, and in `.chalice` of the current
            directory, unless given.
        clock: seconds since the epoch.

    Raises:
        InvalidApp: the application cannot be written as an API definition.
        InvalidDefinition: the gateway cannot serve its definition.
    """
    model, settings = project.model, project.settings
    if api_keys is None:
        api_keys = api_keys_of(model, settings)
    return Gateway(
        api_definition(model, settings),
        stage_of(model, settings, in_path=in_path, api_keys=api_keys),
        invoker or InProcess(functions_of(project)),
        keys=keys or Issuers(Path(CONFIG_DIRECTORY)),
        clock=clock,
    )


def stage_of(
    model: AppModel, settings: Settings, *, in_path: bool, api_keys: Iterable[str]
) -> Stage:
    """Return the stage as events and ARNs of this machine show it.

    Ids are made from the names of application and stage, so they stay the same from run to run.
    """
    names = f"{model.name}/{settings.stage}"
    domain = settings.custom_domain
    stage = Stage(
        name=settings.api_gateway_stage,
        in_path=in_path,
        region=settings.region,
        account_id=settings.account_id,
        api_id=short_id(f"api/{names}", 10),
        deployment_id=short_id(f"deployment/{names}", 6),
        api_keys=tuple(api_keys),
        partition=partition_of(settings.region),
        base_path=(domain.url_prefix or "") if domain else None,
        custom_domain=domain.domain_name if domain else None,
        endpoint_type=settings.endpoint_type,
        # Who calls on this machine stands for a caller who is let in.
        source_vpce=next(iter(settings.endpoint_vpce), None),
        function_names={logical_id(item.name): item.name for item in model.functions},
    )
    return with_local(stage, settings)


def with_local(stage: Stage, settings: Settings) -> Stage:
    """Return *stage* with the plans, issuers and callers that the configuration knows here."""
    return replace(
        stage,
        usage_plans=settings.usage_plans,
        user_pools=settings.user_pools,
        credentials=settings.credentials,
    )


def functions_of(project: ProjectLike) -> dict[str, LocalFunction]:
    """Return the functions by what the definition names: logical ids, and ARNs of those elsewhere.

    A function without a handler is imported by its handler string when invoked.
    """
    model, settings, handlers = project.model, project.settings, project.handlers
    functions: dict[str, LocalFunction] = {}
    for function in model.functions:
        configured = settings.function(function.name)
        functions[logical_id(function.name)] = LocalFunction(
            name=lambda_name(settings.app_name, settings.stage, function.name),
            handler=handlers.get(function.name),
            handler_string=function.handler,
            timeout_seconds=configured.timeout_seconds,
            memory_mb=configured.memory_mb,
            environment=configured.environment,
            reserved_concurrency=configured.reserved_concurrency,
            region=settings.region,
            account_id=settings.account_id,
        )
    for authorizer in stand_ins.elsewhere(model):
        function_arn = function_in(authorizer.authorizer_uri)
        if function_arn is None:
            continue  # the gateway refuses the definition
        handler = project.stand_ins.get(authorizer.authorizer_uri)
        functions[function_arn] = LocalFunction(
            name=function_arn.rpartition(":function:")[2],
            handler=handler,
            region=settings.region,
            account_id=settings.account_id,
            absent="" if handler else stand_ins.unmapped(authorizer),
        )
    return functions


def api_keys_of(
    model: AppModel, settings: Settings, generate: Callable[[], str] | None = None
) -> tuple[str, ...]:
    """Return the keys that the gateway lets in: those configured, else one made here.

    None is made where no route asks for one, or a usage plan has keys.
    """
    planned = any(plan.api_keys for plan in settings.usage_plans)
    if settings.api_keys or planned or not any(route.api_key_required for route in model.routes):
        return settings.api_keys
    # 40 characters, as API Gateway makes them.
    return (generate() if generate is not None else os.urandom(20).hex(),)


def http_request(
    method: str,
    path: str,
    headers: Mapping[str, str | float | Sequence[str]],
    body: bytes | str | None,
    stage: Stage,
) -> HttpRequest:
    """Return a request as a client of the stage would send it.

    What cannot stand in a request line is percent-encoded; what is encoded already stays as it is.
    A Host header that names the stage's API is added where there is none.

    Args:
        method: the verb, in any case.
        path: path and query.
        headers: a list of values repeats the header; a number is sent as its text.
        body: text travels as UTF-8.
        stage: the stage that is asked.

    Raises:
        TypeError: the body is neither text nor bytes.
        ValueError: the name or the value of a header cannot be sent.
    """
    if body is not None and not isinstance(body, (bytes, bytearray, str)):
        raise TypeError(f"a body is text or bytes, not {body!r}: write `json.dumps(...)`")
    fields: list[tuple[str, str]] = []
    for name, value in headers.items():
        values = value if isinstance(value, (list, tuple)) else (value,)
        fields.extend((name, str(item)) for item in values)
    for name, value in fields:
        if not is_header_name(name):
            raise ValueError(
                f"header {name!r} has a character in its name that HTTP does not allow"
            )
        if not is_header_value(value):
            raise ValueError(f"header {name!r} has a control character in its value: {value!r}")
    if not any(name.lower() == "host" for name, _ in fields):
        fields.insert(0, ("Host", stage.execute_api_domain))
    content = body.encode() if isinstance(body, str) else bytes(body or b"")
    return HttpRequest(
        method=method.upper(),
        target=re.sub(r"[^!-~]+", lambda match: quote(match[0]), path),
        headers=tuple(fields),
        body=content,
    )
