"""Binds the functions that a definition invokes to Python callables: `NAME=module:attribute`."""

from __future__ import annotations

import importlib
import re
import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from chalice.definitions import variables as stage_variables
from chalice.diagnostics import Problem, ToolError, nearest
from chalice.emulator import with_local
from chalice.gateway import definition, invoked
from chalice.gateway.definition import InvalidDefinition
from chalice.gateway.event import short_id
from chalice.gateway.gateway import Gateway
from chalice.gateway.stage import Stage
from chalice.invoke.functions import LocalFunction
from chalice.model.views import takes
from chalice.regions import partition_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from chalice.config import Settings
    from chalice.definitions.local import Local
    from chalice.definitions.reading import Source
    from chalice.gateway.api import Api
    from chalice.gateway.invoked import Invoked

    Handler = Callable[[Any, Any], Any]

# `function:NAME` and a version or an alias, with or without what an ARN has in front.
# Source: Lambda API reference, Invoke, "FunctionName".
_NAMED = re.compile(
    r"(?P<whole>(?P<marked>(?:(?P<arn>.*):)?function:)?(?P<name>[^:]+))(?::(?P<qualifier>[^:]+))?"
)
_PLACEHOLDER = re.compile(r"\$\{([^{}]+)\}")
_ARN = re.compile(r"arn:[^:]+:lambda:(?P<region>[a-z0-9-]+):(?P<account>\d{12})")

# What stands for the stage in events where nobody names one; the stage of AWS Chalice.
_STAGE = "api"
_STAGE_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")


@dataclass(frozen=True, slots=True)
class Binding:
    """What answers for a function on this machine.

    Attributes:
        name: logical id, name or ARN.
        target: `module:attribute`.
    """

    name: str
    target: str

    @classmethod
    def parse(cls, text: str) -> Binding:
        """Read `NAME=module:attribute`.

        >>> Binding.parse("Hello=app:handler")
        Binding(name='Hello', target='app:handler')

        Raises:
            ValueError: it is not of this form.
        """
        name, _, target = text.rpartition("=")
        module, _, attribute = target.partition(":")
        if not (name and module and attribute):
            raise ValueError(f"`{text}` is not of the form NAME=module:attribute")
        return cls(name, target)


@dataclass(frozen=True, slots=True)
class Served:
    """A definition that can be served.

    Attributes:
        gateway: decides.
        functions: what it invokes, by the name that it uses.
        api_key: the key that was made up because methods ask for one and none is known.
        warnings: what is served and will let nobody in.
    """

    gateway: Gateway
    functions: Mapping[str, LocalFunction]
    api_key: str | None = None
    warnings: tuple[Problem, ...] = ()


def serve(
    source: Source,
    bindings: Sequence[Binding],
    *,
    stage: str | None,
    local: Local,
    variables: Mapping[str, str] | None = None,
    api_keys: Sequence[str] = (),
    spare_api_key: str,
) -> Served:
    """Return the gateway of a definition with its functions bound.

    Args:
        source: the definition.
        bindings: what its functions are here.
        stage: the stage that paths begin with; None serves it at the root.
        local: what is configured on this machine: region, account, and who is let in.
        variables: of the stage.
        api_keys: those that are let in beside those of the settings.
        spare_api_key: let in where methods ask for a key and there is none.

    Raises:
        InvalidDefinition: it cannot be served whole, or a binding is of no use.
        ToolError: what is bound cannot be loaded.
    """
    known = tuple(dict.fromkeys((*api_keys, *local.settings.api_keys)))
    of_stage = stage_variables.known(source, variables or {})
    document = stage_variables.resolved(source.document, of_stage)
    served_as = replace(
        _stage(document, stage, local.settings),
        variables=of_stage,
        api_keys=known,
        configured_in=local.written_in,
    )
    api, problems = definition.examine(document, served_as)
    calls = list(invoked.functions(document))
    chosen = _chosen(calls, bindings)
    problems += [
        *invoked.other_kinds(document),
        *invoked.unguarded(api),
        *_unbound(calls, chosen),
    ]
    beside = [*stage_variables.unknown(source, of_stage), *_useless(calls, bindings)]
    problems = list(dict.fromkeys(problems))
    if beside or any(problem.severity == "error" for problem in problems):
        raise InvalidDefinition([*source.located(problems).problems, *beside])
    planned = any(plan.api_keys for plan in served_as.usage_plans)
    made_up = _wants_keys(api) and not known and not planned
    if made_up:
        served_as = replace(served_as, api_keys=(spare_api_key,))
    return Served(
        gateway=Gateway(document, served_as),
        functions={
            name: _function(name, handler, served_as) for name, handler in _loaded(chosen).items()
        },
        api_key=spare_api_key if made_up else None,
        warnings=source.located(
            [*problems, *invoked.unset_variables(api, served_as.variables)]
        ).problems,
    )


def _wants_keys(api: Api) -> bool:
    return any(
        method.api_key_required
        for resource in api.resources
        for method in resource.methods.values()
    )


def check_stage(name: str | None) -> None:
    """Refuse a name that no stage can have.

    Raises:
        ValueError: with what it can be called.
    """
    if name is not None and not _STAGE_NAME.fullmatch(name):
        raise ValueError(
            f"A stage cannot be called `{name}`; use up to 128 letters, digits, `-` and `_`"
        )


def _stage(document: Mapping[str, Any], name: str | None, settings: Settings) -> Stage:
    info: object = document.get("info")
    title = cast("dict[str, object]", info).get("title") if isinstance(info, dict) else None
    stage = Stage(
        name=name or _STAGE,
        in_path=name is not None,
        region=settings.region,
        account_id=settings.account_id,
        api_id=short_id(f"definition/{title}", 10),
        deployment_id=short_id(f"definition/{title}/{name}", 6),
        partition=partition_of(settings.region),
    )
    return with_local(stage, settings)


def names_of(function: str) -> tuple[str, ...]:
    """Return the names under which a function may be bound, from the most exact.

    The last one is short and can be written in a shell: of what only CloudFormation knows, the name
    stands for the value.

    >>> names_of("arn:aws:lambda:eu-west-1:123456789012:function:hello:live")[1:]
    ('arn:aws:lambda:eu-west-1:123456789012:function:hello', 'hello:live', 'hello')
    >>> names_of("Orders:live"), names_of("Hello")
    (('Orders:live', 'Orders'), ('Hello',))
    >>> names_of("function:orders-${AWS::StackName}:${Alias}")[-2:]
    ('orders-StackName:Alias', 'orders-StackName')
    """
    plain = _PLACEHOLDER.sub(lambda found: found[1].rpartition("::")[2].partition(".")[0], function)
    found = _NAMED.fullmatch(function)
    whole = [found["whole"]] if found and found["marked"] else []
    return tuple(dict.fromkeys((function, *whole, *_short(function), *_short(plain))))


def _short(function: str) -> tuple[str, ...]:
    """Return the name with its version or alias, and without; nothing of an ARN."""
    found = _NAMED.fullmatch(function)
    if found is None:
        return ()
    name = found["name"]
    return (f"{name}:{found['qualifier']}", name) if found["qualifier"] else (name,)


def _chosen(calls: Iterable[Invoked], bindings: Sequence[Binding]) -> dict[str, Binding]:
    """Return the binding of each function that has one."""
    by_name = {binding.name: binding for binding in bindings}
    chosen: dict[str, Binding] = {}
    for call in calls:
        found = next((by_name[name] for name in names_of(call.function) if name in by_name), None)
        if found is not None:
            chosen[call.function] = found
    return chosen


def _useless(calls: Iterable[Invoked], bindings: Sequence[Binding]) -> Iterator[Problem]:
    """Yield a problem for each binding of a function that is not invoked, or bound before."""
    names = [names_of(call.function) for call in calls]
    known = sorted({name for several in names for name in several})
    seen: set[str] = set()
    for binding in bindings:
        name, where = binding.name, f"--function {binding.name}"
        if name in seen:
            summary = f"function `{name}` is bound twice"
            yield Problem("function-twice", summary, where, "leave one of them")
        elif name not in known:
            near = nearest(name, known)
            others = ", ".join(dict.fromkeys(several[-1] for several in names))
            hint = f"write `{near}`" if near else f"it invokes {others or 'none'}"
            summary = f"the definition invokes no function `{name}`"
            yield Problem("function-unknown", summary, where, hint)
        seen.add(name)


def _unbound(calls: Iterable[Invoked], chosen: Mapping[str, Binding]) -> list[Problem]:
    """Return a problem for each function that nothing answers for, at the first of its places."""
    places: dict[str, list[str]] = {}
    for call in calls:
        if call.function not in chosen:
            places.setdefault(call.function, []).append(call.pointer)
    return [
        Problem(
            "function-unbound",
            f"nothing on this machine answers for function `{function}`"
            + (f", which is invoked in {len(pointers)} places" if len(pointers) > 1 else ""),
            pointers[0],
            f"write `--function {shlex.quote(names_of(function)[-1])}=module:attribute`",
        )
        for function, pointers in places.items()
    ]


def _function(function: str, handler: Handler, stage: Stage) -> LocalFunction:
    found = _NAMED.fullmatch(function)
    arn = _ARN.fullmatch(found["arn"] or "") if found else None
    return LocalFunction(
        name=names_of(function)[-1],
        handler=handler,
        region=arn["region"] if arn else stage.region,
        account_id=arn["account"] if arn else stage.account_id,
    )


def _loaded(chosen: Mapping[str, Binding]) -> dict[str, Handler]:
    """Return what all bindings name.

    Raises:
        ToolError: with each that cannot be loaded.
    """
    handlers: dict[str, Handler] = {}
    errors: dict[str, None] = {}
    for name, binding in chosen.items():
        try:
            handlers[name] = load(binding)
        except ToolError as error:
            errors[str(error)] = None
    if errors:
        raise ToolError("\n".join(errors))
    return handlers


def load(binding: Binding) -> Handler:
    """Return what *binding* names; the module is imported.

    Raises:
        ToolError: it cannot be imported, or cannot be called.
    """
    module, _, attribute = binding.target.partition(":")
    try:
        found: Any = importlib.import_module(module)
        for part in attribute.split("."):
            found = getattr(found, part)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        # A module may raise anything, SystemExit too.
        raise ToolError(
            f"`{binding.target}`, which stands for function `{binding.name}`, cannot be loaded:"
            f" {type(error).__name__}: {error}"
        ) from error
    if not callable(found):
        raise ToolError(
            f"`{binding.target}`, which stands for function `{binding.name}`, is of type"
            f" `{type(found).__name__}`; name a function that takes event and context"
        )
    if not takes(found, 2):
        raise ToolError(
            f"`{binding.target}`, which stands for function `{binding.name}`, cannot be called with"
            f" event and context; write `def {attribute.rpartition('.')[2]}(event, context):`"
        )
    handler: Handler = found
    return handler
