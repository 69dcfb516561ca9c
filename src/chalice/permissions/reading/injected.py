"""What frameworks that hand objects on are told to make: providers, and parameters that depend.

Sources: dependency_injector, "Providers" and "Wiring"; FastAPI, "Dependencies"; Django, Werkzeug
and lazy-object-proxy of the proxies that are named here.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from chalice.permissions.reading.arguments import Arguments
from chalice.permissions.reading.values import (
    ANYTHING,
    NOTHING,
    External,
    Generator,
    Partial,
    Value,
    external,
    giving,
    is_sdk,
    join,
    joined,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice.permissions.reading.run import Run

_PROVIDERS = "dependency_injector.providers"
_PROVIDED = f"{_PROVIDERS}()"
_WIRING = frozenset({"dependency_injector.wiring.Closing", "dependency_injector.wiring.Provide"})


def _provider(run: Run, args: Arguments, node: ast.expr) -> Value:
    """Return a provider: what makes the object once it is called, of what it is given here."""
    del run, node
    keywords = args.kept()
    return frozenset(Partial(atom, args.args, keywords) for atom in external(_PROVIDED))


def _object(run: Run, args: Arguments, node: ast.expr) -> Value:
    del run, node
    return frozenset([giving(args.get(0, "provides"))])


def _provided(run: Run, args: Arguments, node: ast.expr) -> Value:
    """Return what a provider makes; what it was given may come of other providers."""
    maker, *given = args.args or (ANYTHING,)
    positional = tuple(_resolved(run, value, node) for value in given)
    keywords = {name: _resolved(run, value, node) for name, value in args.keywords.items()}
    inner = Arguments(positional, keywords, args.rest, args.others)
    return joined(_made(run, atom, inner, node) for atom in maker)


def _resolved(run: Run, value: Value, node: ast.expr) -> Value:
    none = Arguments((), {})
    is_other = (isinstance(atom, Partial) and atom.function in _MAKERS for atom in value)
    return joined(_made(run, atom, none, node) for atom in value) if any(is_other) else value


def _made(run: Run, maker: object, args: Arguments, node: ast.expr) -> Value:
    found = run.call(maker, args, node)
    # Resources are generators that hand on one object.
    inner = [atom.items if isinstance(atom, Generator) else frozenset([atom]) for atom in found]
    return join(NOTHING, *inner)


# Proxies that are given what makes the object.
_LAZY = (
    "django.utils.functional.SimpleLazyObject",
    "lazy_object_proxy.Proxy",
    "werkzeug.local.LocalProxy",
)

_MAKERS = external(_PROVIDED) | external("typing.cast")


def injected(run: Run, owner: External, keys: Value, node: ast.expr) -> Value:
    """Return what `Provide[Container.files]` is: what the provider makes."""
    return _resolved(run, keys, node) if owner.name in _WIRING else ANYTHING


def _depends(run: Run, args: Arguments, node: ast.expr) -> Value:
    """Return what a parameter is that depends on a function: what that gives."""
    none = Arguments((), {}, ANYTHING)
    return joined(_made(run, atom, none, node) for atom in args.get(0, "dependency"))


def _lazily(run: Run, args: Arguments, node: ast.expr) -> Value:
    """Return what stands for an object that is made when it is first asked for."""
    return joined(run.call(atom, Arguments((), {}), node) for atom in args.get(0, "factory"))


def told_by(run: Run, metadata: list[ast.expr]) -> Value:
    """Return what the parts of `Annotated[...]` after the first say: `Depends(table)`."""
    calls = [item for item in metadata if isinstance(item, ast.Call)]
    found = join(NOTHING, *[run.evaluate(item) for item in calls])
    return frozenset(atom for atom in found if is_sdk(atom))


CALLS: dict[str, Callable[[Run, Arguments, ast.expr], Value]] = {
    **dict.fromkeys(
        ("fastapi.Depends", "fastapi.Security", "fastapi.param_functions.Depends"), _depends
    ),
    **{
        f"{_PROVIDERS}.{name}": _provider
        for name in ("Callable", "Factory", "Resource", "Singleton", "ThreadSafeSingleton")
    },
    f"{_PROVIDERS}.Object": _object,
    **dict.fromkeys(_LAZY, _lazily),
    _PROVIDED: _provided,
}
