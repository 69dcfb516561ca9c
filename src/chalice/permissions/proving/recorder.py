"""Notes each call of AWS in a process that is not ours: what runs there, whatever Python it has.

The methods of botocore's clients are wrapped, above everything that answers in the place of AWS: a
`Stubber`, moto, another endpoint, a patched `_make_api_call`. aiobotocore's clients are botocore's,
and paginators, waiters and boto3's resources call these methods, too.

Only the standard library: this file is loaded by its path, and of Chalice nothing is imported. What
goes wrong here is noted and never raised: the program is somebody else's.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import json
import os
import re
import sys
import threading
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from importlib.machinery import ModuleSpec
    from types import FrameType, ModuleType

#: Names the file that says what is recorded, and where: see `plan` in `recorded`.
VARIABLE = "CHALICE_RECORDING"

_PATH = "PYTHONPATH"
_MARK = "_chalice_recorded"
_MOST_FRAMES = 64

# Texts of a statement of PartiQL are data; its tables are between other quotes.
# Source: DynamoDB developer guide, "PartiQL select statements for DynamoDB".
_SQL_TEXT = re.compile(r"'(?:[^']|'')*'")
_STATEMENT = "Statement"
# What a step of a place begins with that stands for any name that ends so.
_ANY = "*"
#: What a place ends in of which only that it is given is kept.
GIVEN = "?"
# Parameters whose texts name something, of operations that no list has: what the service calls it,
# or an ARN.
NAMING = re.compile(r"(^(name|id|identifier)|Name|Id|ID|Identifier)s?$|[aA][rR][nN]s?$")


class Recorder:
    """Notes calls.

    Args:
        plan: what is recorded, and where.
    """

    def __init__(self, plan: Mapping[str, Any]) -> None:
        self._log: str = plan["log"]
        self._modules: Mapping[str, str] = plan["modules"]
        self._keyed = frozenset(plan["keyed"])
        self._role_names = frozenset(plan["roles"])
        self._variables: Mapping[str, str] = plan["variables"]
        self._by_position: Mapping[str, list[str]] = plan["by_position"]
        self._by_field: Mapping[str, str] = plan["by_field"]
        self._places: Mapping[str, str] = plan["places"]
        self._operations: dict[str, dict[str, str]] = {}
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
        service = client.meta.service_model.service_name
        params = self.kept(given, service, operation, self._unlisted(client, operation))
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

    def kept(
        self, given: Mapping[str, Any], service: str, operation: str, unlisted: str = ""
    ) -> dict[str, Any]:
        """Return the parameters that say which resource is meant; False is in the place of others.

        Nothing else that a program sends is written anywhere: it may be a secret.

        Args:
            given: the parameters.
            service: whose list is looked at.
            operation: the one that is called.
            unlisted: the places of one that is not on the list.
        """
        places = self._of_service(service).get(operation, unlisted)
        return self._each(given, _nested(places))

    def _of_service(self, service: str) -> Mapping[str, str]:
        """Return the places of each operation of a service; few services are called."""
        if service not in self._operations:
            lines = (line.partition(" ") for line in self._places.get(service, "").split(","))
            self._operations[service] = {name: places for name, _, places in lines}
        return self._operations[service]

    def _unlisted(self, client: Any, operation: str) -> str:
        """Return the places of an operation that is newer than the list: what names something."""
        model = client.meta.service_model
        is_listed = operation in self._of_service(model.service_name)
        if is_listed or operation not in model.operation_names:
            return ""
        shape = model.operation_model(operation).input_shape
        members: Mapping[str, Any] = shape.members if shape is not None else {}
        named = (
            name
            for name, member in members.items()
            if NAMING.search(name) and not _is_sensitive(member)
        )
        return " ".join(named)

    def _each(self, given: Mapping[str, Any], listed: Mapping[str, Any]) -> dict[str, Any]:
        return {
            str(name): self._kept(str(name), value, _of(str(name), listed))
            for name, value in given.items()
        }

    def _kept(self, name: str, value: Any, listed: Mapping[str, Any] | None) -> Any:
        found: Any = False
        if value is None or (value is False and listed is not None):
            found = None
        elif isinstance(value, dict):
            members = cast("dict[str, Any]", value)
            if name in self._keyed:
                found = dict.fromkeys(map(str, members), False)
            else:
                found = self._roles(members)
            if listed and name not in self._keyed:
                inside = self._of_listed(members, listed) or _nameless(members, listed)
                found = {**cast("dict[str, Any]", found or {}), **inside}
        elif isinstance(value, (list, tuple)):
            found = [self._kept(name, item, listed) for item in cast("list[Any]", value)]
        elif isinstance(value, str) and listed is not None and GIVEN not in listed:
            # What follows in the address of an object may be a signature.
            found = value.partition("?")[0] if value.startswith("http") else value
            found = _SQL_TEXT.sub("''", found) if name == _STATEMENT else found
        elif _is_role(value) and name in self._role_names:
            found = value
        return found

    def _of_listed(self, members: Mapping[str, Any], listed: Mapping[str, Any]) -> dict[str, Any]:
        """Return the members that are listed, by name or as any of a map."""
        below = {str(name): _of(str(name), listed) for name in members}
        return {
            str(name): self._kept(str(name), value, below[str(name)])
            for name, value in members.items()
            if below[str(name)] is not None
        }

    def _roles(self, value: Any) -> Any:
        """Return the ARNs of roles that are handed on inside *value*, or False."""
        found: Any = False
        if isinstance(value, dict):
            kept: dict[str, Any] = {}
            for name, item in cast("dict[str, Any]", value).items():
                own = name in self._role_names and _roles_alone(item)
                kept[str(name)] = own or self._roles(item)
            found = {name: item for name, item in kept.items() if item}
        elif isinstance(value, (list, tuple)):
            found = [item for item in map(self._roles, cast("list[Any]", value)) if item]
        return found or False

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


def _is_role(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("arn:") and ":role/" in value


def _roles_alone(value: Any) -> Any:
    """Return *value* where it is an ARN of a role, or those in a list of some; else False."""
    if isinstance(value, (list, tuple)):
        return [item for item in cast("list[Any]", value) if _is_role(item)] or False
    return value if _is_role(value) else False


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


def _nested(places: str) -> dict[str, Any]:
    """Return the members that are on the way to places, each with those inside it."""
    found: dict[str, Any] = {}
    for place in places.split():
        inside = found
        for name in place.rstrip(GIVEN).split("."):
            inside = inside.setdefault(name, {})
        if place.endswith(GIVEN):
            inside[GIVEN] = {}
    return found


def _nameless(members: Mapping[str, Any], listed: Mapping[str, Any]) -> dict[str, Any]:
    """Return that there is anything in a structure; the keys of a map may be data."""
    is_map = any(key.startswith(_ANY) for key in listed)
    return {} if is_map else dict.fromkeys(sorted(map(str, members))[:1], False)


def _is_sensitive(shape: Any) -> bool:
    """Return whether botocore's model says so of a shape, or of what is in a list of such."""
    inner = getattr(shape, "member", shape)
    return bool(shape.metadata.get("sensitive") or inner.metadata.get("sensitive"))


def _of(name: str, listed: Mapping[str, Any]) -> Any:
    """Return what of a member is listed: by its name, or by what its name ends in; else None."""
    if name in listed:
        return listed[name]
    ends = (key for key in listed if key.startswith(_ANY) and name.endswith(key[1:]))
    return next((listed[key] for key in ends), None)


class Started:
    """Has each Python that this process starts be recorded, whatever environment it is given.

    Args:
        plan: the file that says what is recorded.
    """

    # Where `Popen` takes the environment by position. Source: Python's library, "subprocess".
    _POSITION = 10

    def __init__(self, plan: str) -> None:
        self._plan = plan
        here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - as above
        self._child = os.path.join(here, "child")  # noqa: PTH118 - the same

    def on_process(self, module: ModuleType) -> None:
        """Have the processes that *module*, `subprocess`, starts be recorded."""
        popen: Any = module.__dict__["Popen"]
        original = popen.__init__

        @functools.wraps(original)
        def begin(process: Any, *args: Any, **kwargs: Any) -> None:
            at = self._POSITION
            if len(args) > at:
                args = (*args[:at], self._given(args[at]), *args[at + 1 :])
            else:
                kwargs["env"] = self._given(kwargs.get("env"))
            original(process, *args, **kwargs)

        popen.__init__ = begin

    def _given(self, environ: Any) -> Any:
        """Return *environ* with what a process is recorded by; None is that of this process."""
        try:
            known: Mapping[Any, Any] = os.environ if environ is None else environ
            # Names may be bytes, as texts may.
            names = {os.fsdecode(name): name for name in known}
            path = os.fsdecode(known[names[_PATH]]) if _PATH in names else ""
            if VARIABLE in names and self._child in path.split(os.pathsep):
                return environ
            given = {name: value for name, value in known.items() if os.fsdecode(name) != _PATH}
            given[_PATH] = os.pathsep.join(filter(None, [self._child, path]))
            if VARIABLE not in names:
                given[VARIABLE] = self._plan
        except Exception:  # noqa: BLE001 - the program is somebody else's, and so is its mistake
            return environ
        return given


class Watch:
    """Stands before Python's finders and calls *then* with modules when they have been imported."""

    def __init__(self, then: Mapping[str, Callable[[ModuleType], None]]) -> None:
        self._then = then
        self._looks: set[str] = set()

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Return the spec of one of the modules, whose loader then tells; None for others."""
        del path, target
        then = self._then.get(name)
        if then is None or name in self._looks:
            return None
        # The finders are asked again, this one among them.
        self._looks.add(name)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self._looks.discard(name)
        if spec is None or spec.loader is None:
            return spec
        loader: Any = spec.loader
        original = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            original(module)
            then(module)

        loader.exec_module = exec_module
        return spec


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
