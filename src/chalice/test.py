"""`Client`: an application tested through the gateway of `chalice local`, without sockets.

    from chalice.test import Client

    with Client(app) as client:
        response = client.http.get("/")
        assert response.json_body == {"hello": "world"}

Importing this module loads no SDK, no HTTP library and no command line.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from chalice.emulator import (
    api_keys_of,
    emulate,
    functions_of,
    http_request,
    import_project,
    stage_of,
)
from chalice.gateway.ids import RandomIds
from chalice.invoke.context import LambdaContext
from chalice.invoke.in_process import InProcess
from chalice.invoke.marshal import marshal
from chalice.issuers import Issuers
from chalice.model.names import API_HANDLER, logical_id
from chalice.project import CONFIG_DIRECTORY, read_configuration

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from types import TracebackType
    from typing import Self, TypeAlias

    from chalice.app import Chalice
    from chalice.emulator import ImportedProject
    from chalice.gateway.gateway import Gateway
    from chalice.gateway.http import HttpResponse
    from chalice.gateway.stage import Stage
    from chalice.invocation import Invocation, Outcome
    from chalice.invoke.functions import LocalFunction

    RequestHeaders: TypeAlias = Mapping[str, str | float | Sequence[str]]

__all__ = [
    "Client",
    "FunctionNotFoundError",
    "HTTPClient",
    "HTTPResponse",
    "Headers",
    "InvokeResponse",
    "LambdaClient",
]


class FunctionNotFoundError(Exception):
    """The application has no function of that name."""


class Headers(dict[str, "str | list[str]"]):
    """Response headers: a dict as they were sent, found whatever the case of the name.

    A header that was sent several times has the list of its values.

    >>> headers = Headers([("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-A", "1")])
    >>> headers == {"Set-Cookie": ["a=1", "b=2"], "X-A": "1"}, headers["x-a"]
    (True, '1')
    """

    def __init__(self, fields: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__()
        self._spelling: dict[str, str] = {}
        for name, value in fields:
            key = self._spelling.setdefault(name.lower(), name)
            before = super().get(key)
            if before is None:
                self[key] = value
            else:
                self[key] = [*([before] if isinstance(before, str) else before), value]

    def __getitem__(self, name: str) -> str | list[str]:
        return super().__getitem__(self._spelt(name))

    def __contains__(self, name: object) -> bool:
        return super().__contains__(self._spelt(name))

    def get(self, name: str, default: Any = None) -> Any:
        """Return the header's value or values, or *default* where it was not sent."""
        return super().get(self._spelt(name), default)

    def _spelt(self, name: Any) -> Any:
        return self._spelling.get(name.lower(), name) if isinstance(name, str) else name


class HTTPResponse:
    """What a client of the API receives.

    Attributes:
        status_code: 100 to 599.
        headers: see `Headers`.
        body: as bytes.
        rules: numbers of the rules of API Gateway that decided the answer, in the order in which
            they did; `docs/gateway-rules.md` says what they are.
        not_emulated: sentences about what AWS does with such a request and the client does not.
        reason: why, in one line, where the gateway answered in its own name; None where a view did.
            It is what `chalice local` shows at the terminal, and for people: its words may change.
    """

    def __init__(
        self,
        status_code: int,
        headers: Headers,
        body: bytes,
        rules: tuple[str, ...] = (),
        not_emulated: tuple[str, ...] = (),
        reason: str | None = None,
    ) -> None:
        self.status_code = status_code
        self.headers = headers
        self.body = body
        self.rules = rules
        self.not_emulated = not_emulated
        self.reason = reason

    @cached_property
    def json_body(self) -> Any:
        """The body parsed as JSON; None where it is not JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def __repr__(self) -> str:
        reason = f" ({self.reason})" if self.reason else ""
        return f"<HTTPResponse {self.status_code} {self.body[:200]!r}{reason}>"


class InvokeResponse:
    """What a function returned, in *payload*, as a caller of Lambda receives it."""

    def __init__(self, payload: Any) -> None:
        self.payload = payload


class Client:
    """An application to be tested: `http` sends requests, `lambda_` invokes functions.

    As a context manager it sets the environment variables that the configuration gives to the
    routes' function, and restores what was there before. Every invocation sees the variables of
    its own function, with or without the context.

    Attributes:
        http: sends requests through the gateway.
        lambda_: invokes single functions.
        api_key: a key that routes with `api_key_required` accept in `x-api-key`; None where the
            application has no such route and the configuration has no key.

    Args:
        app: the application.
        stage_name: the stage of the configuration.
        project_dir: where `.chalice/config.json` is looked for; defaults apply without it.
        clock: seconds since the epoch, for quotas, rates, caches and tokens; a test may turn it.

    Raises:
        InvalidApp: the application cannot be served, or its configuration cannot be used. Whether
            Lambda would find its functions is not asked: they may be of a test.
    """

    def __init__(
        self,
        app: Chalice,
        stage_name: str = "dev",
        project_dir: str = ".",
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        project = _project(app, Path(project_dir), stage_name)
        model, settings = project.model, project.settings
        functions = functions_of(project)
        api_keys = api_keys_of(model, settings)
        gateway = emulate(
            project,
            api_keys=api_keys,
            invoker=_InEnvironment(functions),
            keys=Issuers(Path(project_dir) / CONFIG_DIRECTORY),
            clock=clock,
        )
        stage = stage_of(model, settings, in_path=False, api_keys=api_keys)
        self.http = HTTPClient(gateway, stage)
        self.lambda_ = LambdaClient(
            {item.name: functions[logical_id(item.name)] for item in model.functions}
        )
        planned = (key for plan in settings.usage_plans for key in plan.api_keys)
        self.api_key = next(iter((*api_keys, *planned)), None)
        self._variables = settings.function(API_HANDLER).environment
        self._context: AbstractContextManager[None] | None = None

    @property
    def events(self) -> Any:
        """Made events for event sources: not available in this version.

        Raises:
            AttributeError: always.
        """
        raise AttributeError(
            "Client.events is not available in this version of Chalice;"
            " invoke a function with an event of your own: client.lambda_.invoke(name, event)"
        )

    def __enter__(self) -> Self:
        self._context = _environment(self._variables)
        self._context.__enter__()
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        context, self._context = self._context, None
        if context is not None:
            context.__exit__(exception_type, exception, traceback)


def _project(app: Chalice, directory: Path, stage_name: str) -> ImportedProject:
    """Return the project of *app*; a stage that the configuration does not declare has defaults."""
    configuration = read_configuration(directory, stage_name)
    return import_project(
        app,
        configuration.of_stage,
        environ=os.environ,
        resource_policy=configuration.resource_policy,
        credential_policies=configuration.credential_policies,
        problems=configuration.problems,
        document=configuration.document,
        read=configuration.content,
    )


class HTTPClient:
    """Sends requests to the application through its gateway."""

    def __init__(self, gateway: Gateway, stage: Stage) -> None:
        self._gateway = gateway
        self._stage = stage

    def request(
        self,
        method: str,
        path: str,
        headers: RequestHeaders | None = None,
        body: bytes | str | None = b"",
    ) -> HTTPResponse:
        """Send a request and return the response, whatever its status.

        Args:
            method: the verb.
            path: the path, with the query after `?`; without the stage.
            headers: a list of values sends the header several times.
            body: text is sent as UTF-8; say what it is with a Content-Type header.
        """
        request = http_request(method, path, headers or {}, body, self._stage)
        response: HttpResponse = self._gateway.answer(request)
        return HTTPResponse(
            response.status,
            Headers(response.headers),
            response.body,
            response.rules,
            response.not_emulated,
            response.reason,
        )

    def get(
        self, path: str, headers: RequestHeaders | None = None, body: bytes | str | None = b""
    ) -> HTTPResponse:
        """Send a GET; see `request`."""
        return self.request("GET", path, headers, body)

    def head(
        self, path: str, headers: RequestHeaders | None = None, body: bytes | str | None = b""
    ) -> HTTPResponse:
        """Send a HEAD; see `request`."""
        return self.request("HEAD", path, headers, body)

    def post(
        self, path: str, headers: RequestHeaders | None = None, body: bytes | str | None = b""
    ) -> HTTPResponse:
        """Send a POST; see `request`."""
        return self.request("POST", path, headers, body)

    def put(
        self, path: str, headers: RequestHeaders | None = None, body: bytes | str | None = b""
    ) -> HTTPResponse:
        """Send a PUT; see `request`."""
        return self.request("PUT", path, headers, body)

    def patch(
        self, path: str, headers: RequestHeaders | None = None, body: bytes | str | None = b""
    ) -> HTTPResponse:
        """Send a PATCH; see `request`."""
        return self.request("PATCH", path, headers, body)

    def delete(
        self, path: str, headers: RequestHeaders | None = None, body: bytes | str | None = b""
    ) -> HTTPResponse:
        """Send a DELETE; see `request`."""
        return self.request("DELETE", path, headers, body)

    def options(
        self, path: str, headers: RequestHeaders | None = None, body: bytes | str | None = b""
    ) -> HTTPResponse:
        """Send an OPTIONS, a preflight for example; see `request`."""
        return self.request("OPTIONS", path, headers, body)


class LambdaClient:
    """Invokes single functions of the application."""

    def __init__(self, functions: Mapping[str, LocalFunction]) -> None:
        self._functions = functions

    def invoke(self, function_name: str, payload: Any = None) -> InvokeResponse:
        """Invoke a function and return what it returned.

        Event and result pass through JSON, as on Lambda. What the function raises is raised here,
        so that a test can name it.

        Args:
            function_name: the function's name in the application.
            payload: the event; `{}` unless given.

        Raises:
            FunctionNotFoundError: the application has no function of that name.
            MarshalError: the result cannot be written as JSON.
        """
        function = self._functions.get(function_name)
        if function is None or function.handler is None:
            raise FunctionNotFoundError(function_name)
        event = json.loads(json.dumps({} if payload is None else payload))
        context = LambdaContext(function, RandomIds().request_id())
        with _environment(function.environment):
            result = marshal(function.handler(event, context))
        try:
            return InvokeResponse(json.loads(result))
        except ValueError:  # bytes pass through Lambda as they are
            return InvokeResponse(result)


class _InEnvironment:
    """Invokes functions in this process, each with its own environment variables."""

    def __init__(self, functions: Mapping[str, LocalFunction]) -> None:
        self._functions = functions
        self._invoker = InProcess(functions)

    def invoke(self, invocation: Invocation) -> Outcome:
        function = self._functions.get(invocation.function)
        with _environment(function.environment if function is not None else {}):
            return self._invoker.invoke(invocation)


_CHANGING = Lock()
# Variable -> its value outside of every block, then one for each block that has it set now.
_LAYERS: dict[str, list[_Layer]] = {}


@dataclass(eq=False, frozen=True, slots=True)
class _Layer:
    value: str | None


@contextmanager
def _environment(variables: Mapping[str, str]) -> Generator[None]:
    """Set *variables* in the process, and put back what they replaced.

    Blocks of several threads may overlap: each ends with the values of those that go on.
    """
    own = {name: _Layer(value) for name, value in variables.items()}
    with _CHANGING:
        for name, layer in own.items():
            _LAYERS.setdefault(name, [_Layer(os.environ.get(name))]).append(layer)
            _show(name)
    try:
        yield
    finally:
        with _CHANGING:
            for name, layer in own.items():
                _LAYERS[name].remove(layer)
                _show(name)


def _show(name: str) -> None:
    """Let the process see the topmost value of *name*; forget a variable that no block sets."""
    layers = _LAYERS[name]
    value = layers[-1].value
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value
    if len(layers) == 1:
        del _LAYERS[name]
