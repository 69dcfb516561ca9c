"""A project's gateway and functions, wired for this machine.

The local server, the test client and `LocalGateway` all take from here what stands between a
document and an answer: the stage it is deployed to, the functions behind it, the keys it lets in.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from chalice.config import settings_of
from chalice.diagnostics import InvalidApp
from chalice.gateway.event import short_id
from chalice.gateway.gateway import Gateway
from chalice.gateway.http import HttpRequest
from chalice.gateway.stage import Stage
from chalice.headers import is_header_name, is_header_value
from chalice.invoke.functions import LocalFunction
from chalice.invoke.in_process import InProcess
from chalice.model.check import check
from chalice.model.collect import collect
from chalice.model.names import lambda_name, logical_id
from chalice.openapi import api_definition
from chalice.regions import partition_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from chalice.app import Chalice
    from chalice.config import Config, Settings
    from chalice.diagnostics import Problem
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


@dataclass(frozen=True, slots=True)
class ImportedProject:
    """An application that a test has imported, with its configuration: a project to emulate."""

    model: AppModel
    settings: Settings
    handlers: Mapping[str, Callable[[Any, Any], Any]]


def import_project(
    app: Chalice,
    config: Config,
    *,
    environ: Mapping[str, str],
    resource_policy: dict[str, Any] | None = None,
    problems: Iterable[Problem] = (),
) -> ImportedProject:
    """Return the project of an application object, without looking for its files.

    Args:
        app: the application, as a test imports it.
        config: the configuration of one stage.
        environ: where the region is looked up.
        resource_policy: the content of `api_gateway_policy_file`.
        problems: what is wrong with the configuration, to be told together with the rest.

    Raises:
        InvalidApp: with every problem, if one of them is an error.
    """
    collected = collect(app)
    found = [*problems, *collected.problems, *check(collected.model)]
    if any(problem.severity == "error" for problem in found):
        raise InvalidApp(found)
    model = collected.model
    settings = settings_of(
        config, app_name=model.name, environ=environ, resource_policy=resource_policy
    )
    return ImportedProject(model, settings, collected.handlers)


def emulate(
    project: ProjectLike,
    *,
    in_path: bool = False,
    api_keys: Iterable[str] | None = None,
    invoker: Invoker | None = None,
) -> Gateway:
    """Return a gateway that serves *project* as its stage would be served.

    Args:
        project: the application and its configuration.
        in_path: whether request paths begin with the stage.
        api_keys: keys that the gateway lets in; those of `api_keys_of` unless given.
        invoker: carries out invocations by logical id; in this process unless given.

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
        invoker or InProcess(functions_of(model, settings, project.handlers)),
    )


def stage_of(
    model: AppModel, settings: Settings, *, in_path: bool, api_keys: Iterable[str]
) -> Stage:
    """Return the stage as events and ARNs of this machine show it.

    Ids are made from the names of application and stage, so they stay the same from run to run.
    """
    names = f"{model.name}/{settings.stage}"
    return Stage(
        name=settings.api_gateway_stage,
        in_path=in_path,
        region=settings.region,
        account_id=settings.account_id,
        api_id=short_id(f"api/{names}", 10),
        deployment_id=short_id(f"deployment/{names}", 6),
        api_keys=tuple(api_keys),
        partition=partition_of(settings.region),
        endpoint_type=settings.endpoint_type,
        # Who calls on this machine stands for a caller who is let in.
        source_vpce=next(iter(settings.endpoint_vpce), None),
    )


def functions_of(
    model: AppModel,
    settings: Settings,
    handlers: Mapping[str, Callable[[Any, Any], Any]],
) -> dict[str, LocalFunction]:
    """Return the application's functions by logical id, which is what the definition names.

    A function without an entry in *handlers* is imported by its handler string when invoked.
    """
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
    return functions


def api_keys_of(
    model: AppModel, settings: Settings, generate: Callable[[], str] | None = None
) -> tuple[str, ...]:
    """Return the keys that the gateway lets in: those configured, else one made here.

    None is made where no route asks for one.
    """
    if settings.api_keys or not any(route.api_key_required for route in model.routes):
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
