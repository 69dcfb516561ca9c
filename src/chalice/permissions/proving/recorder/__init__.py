"""Notes each call of AWS in a process that is not ours: what runs there, whatever Python it has.

The methods of botocore's clients are wrapped, above everything that answers in the place of AWS: a
`Stubber`, moto, another endpoint, a patched `_make_api_call`. aiobotocore's clients are botocore's,
and paginators, waiters and boto3's resources call these methods, too.

Only the standard library: this folder is loaded by its path, and of Chalice nothing else is
imported. What goes wrong here is noted and never raised: the program is somebody else's.
`keeping` knows what of a call is noted, `starting` what else has to be recorded.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import sys
import threading
from typing import TYPE_CHECKING, Any, cast

# In a process that is recorded, Chalice is nowhere to be found.
from .keeping import Keeping
from .starting import VARIABLE, Started, Watch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import FrameType, ModuleType

_MARK = "_chalice_recorded"
_MOST_FRAMES = 64
# Services of which the address of the client says what a call is about.
_BY_ADDRESS = frozenset({"apigatewaymanagementapi"})


class Recorder:
    """Notes calls.

    Args:
        plan: what is recorded, and where.
    """

    def __init__(self, plan: Mapping[str, Any]) -> None:
        self._log: str = plan["log"]
        self._modules: Mapping[str, str] = plan["modules"]
        self._variables: Mapping[str, str] = plan["variables"]
        self._by_position: Mapping[str, list[str]] = plan["by_position"]
        self._by_field: Mapping[str, str] = plan["by_field"]
        self._keeping = Keeping(plan)
        self._paths: dict[str, str | None] = {}
        self._thread = threading.local()

    # --- what is wrapped -----------------------------------------------------------------------

    def on_client(self, module: ModuleType) -> None:
        """Have the clients that *module*, `botocore.client`, makes be recorded."""
        base: Any = module.__dict__["BaseClient"]
        original = base.__init__

        @functools.wraps(original)
        def begin(client: Any, *args: Any, **kwargs: Any) -> None:
            original(client, *args, **kwargs)
            self._adopt(type(client))

        base.__init__ = begin

    def on_pool(self, module: ModuleType) -> None:
        """Have threads of a pool know who gave them their work."""
        pool: Any = module.__dict__["ThreadPoolExecutor"]
        original = pool.submit

        @functools.wraps(original)
        def submit(executor: Any, function: Any, /, *args: Any, **kwargs: Any) -> Any:
            chain = self._chain(sys._getframe(1))  # noqa: SLF001 - the way to a frame
            if not chain:
                return original(executor, function, *args, **kwargs)
            return original(executor, self._for(chain, function), *args, **kwargs)

        pool.submit = submit

    def _for(self, chain: list[Any], function: Any) -> Any:
        def work(*args: Any, **kwargs: Any) -> Any:
            before = getattr(self._thread, "chain", [])
            self._thread.chain = chain
            try:
                return function(*args, **kwargs)
            finally:
                self._thread.chain = before

        return work

    def _adopt(self, of: Any) -> None:
        """Wrap the methods of a class of clients, once."""
        if _MARK in of.__dict__:
            return
        setattr(of, _MARK, True)
        for name, operation in of._PY_TO_OP_NAME.items():  # noqa: SLF001 - botocore's own table
            self._wrap(of, name, operation)
        for name in self._by_position:
            # Other services have operations of these names.
            if name not in of._PY_TO_OP_NAME:  # noqa: SLF001 - the same
                self._wrap(of, name, name)

    def _wrap(self, of: Any, name: str, operation: str) -> None:
        method = getattr(of, name, None)
        if method is None:
            return
        is_operation = operation != name

        @functools.wraps(method)
        def recorded(client: Any, *args: Any, **kwargs: Any) -> Any:
            depth = getattr(self._thread, "depth", 0)
            if not depth:
                self._note(client, operation, args, kwargs)
            # What the SDK calls for an operation is no call of the program; what it calls for a
            # transfer is.
            self._thread.depth = depth + is_operation
            try:
                return method(client, *args, **kwargs)
            finally:
                self._thread.depth = depth

        setattr(of, name, recorded)

    # --- what is noted -------------------------------------------------------------------------

    def _note(
        self, client: Any, operation: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> None:
        try:
            found = self._call(client, operation, args, kwargs)
        except Exception as error:  # noqa: BLE001 - the program is somebody else's
            found = {"error": f"{operation}: {type(error).__name__}"}
        line = json.dumps(found).encode() + b"\n"
        try:
            # Opened for each: programs fork, and close what they did not open.
            place = os.open(self._log, os.O_WRONLY | os.O_APPEND)
            try:
                os.write(place, line)
            finally:
                os.close(place)
        except OSError:
            # Who reads the log takes one that is not there for calls that were lost.
            with contextlib.suppress(OSError):
                os.remove(self._log)  # noqa: PTH107 - `pathlib` may not be loaded

    def _call(
        self, client: Any, operation: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> dict[str, Any]:
        names = self._by_position.get(operation, [])
        given = {**dict(zip(names, args, strict=False)), **kwargs}
        if operation == "generate_presigned_url":
            operation = client._PY_TO_OP_NAME[given["ClientMethod"]]  # noqa: SLF001 - botocore's own table
            given = cast("dict[str, Any]", given.get("Params") or {})
        elif operation == "generate_presigned_post":
            operation = "PutObject"
            given = self._posted(given)
        more = cast("dict[str, Any]", given.get("ExtraArgs") or {})
        given = {**given, **more}
        model = client.meta.service_model
        service = model.service_name
        unlisted = self._keeping.unlisted(model, operation)
        params = self._keeping.kept(given, service, operation, unlisted)
        if service in _BY_ADDRESS:
            params["endpoint_url"] = client.meta.endpoint_url
        texts = list(_texts(params))
        variables = {
            name: value
            for name, planned in self._variables.items()
            if (value := os.environ.get(name))
            and any(value in text for text in texts)
            and digest(value) != planned
        }
        return {
            "service": service,
            "operation": operation,
            "params": params,
            "region": ("Region" in names and given.get("Region")) or client.meta.region_name,
            "default_region": os.environ.get("AWS_DEFAULT_REGION") or os.environ.get("AWS_REGION"),
            "variables": variables,
            "chain": self._chain(sys._getframe(1)),  # noqa: SLF001 - the way to a frame
        }

    def _posted(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the parameters of an operation that the fields of a signed POST are."""
        found = {name: given[name] for name in ("Bucket", "Key") if name in given}
        more: list[Any] = [given.get("Fields"), *(given.get("Conditions") or ())]
        for fields in more:
            members = cast("dict[str, Any]", fields) if isinstance(fields, dict) else {}
            for name, value in members.items():
                if str(name).lower() in self._by_field:
                    found[self._by_field[str(name).lower()]] = value
        return found

    def _chain(self, frame: FrameType | None) -> list[Any]:
        """Return where the project's own code stands, the innermost first.

        Below what a thread of a pool does is who gave it its work.
        """
        found: list[Any] = []
        while frame is not None and len(found) < _MOST_FRAMES:
            code = frame.f_code
            path = self._module(code.co_filename)
            if path is not None:
                found.append([path, frame.f_lineno, code.co_firstlineno, code.co_name])
            frame = frame.f_back
        return found + getattr(self._thread, "chain", [])

    def _module(self, name: str) -> str | None:
        """Return the path as it ships of the file *name*; None for those of others."""
        if name not in self._paths:
            self._paths[name] = self._modules.get(os.path.realpath(name))
        return self._paths[name]


def digest(text: str) -> str:
    """Return what tells *text* from others and does not say it: it may be a secret."""
    import hashlib  # noqa: PLC0415 - few processes need it, and each begins with this file

    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in cast("dict[str, Any]", value).items():
            yield name
            yield from _texts(item)
    elif isinstance(value, (list, tuple)):
        for item in cast("list[Any]", value):
            yield from _texts(item)


def begin(environ: Mapping[str, str]) -> None:
    """Record what this process calls from now on, where a plan is named."""
    place = environ.get(VARIABLE)
    if not place:
        return
    try:
        with open(place, encoding="utf-8") as file:  # noqa: PTH123 - `pathlib` may not be loaded
            plan = json.load(file)
    except OSError:
        return  # a process that outlives the recording
    recorder = Recorder(plan)
    wanted = {
        "botocore.client": recorder.on_client,
        "concurrent.futures.thread": recorder.on_pool,
        "subprocess": Started(place).on_process,
    }
    for name, then in wanted.items():
        if name in sys.modules:
            then(sys.modules[name])
    watch: Any = Watch(wanted)
    sys.meta_path.insert(0, watch)
