"""What answers on this machine for authorizers that live elsewhere, as `local.authorizers` says."""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING, Any

from chalice.config.check import Effective
from chalice.config.local_settings import StandIn, stand_ins_of
from chalice.config.reader import as_object, shown
from chalice.diagnostics import Problem, nearest
from chalice.model.declared import CustomAuthorizer
from chalice.model.names import API_HANDLER
from chalice.model.views import takes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from chalice.config.public import Config
    from chalice.config.reader import Document
    from chalice.model.collect import Handler
    from chalice.model.declared import AppModel

    Read = Callable[[str], bytes]


def find(
    config: Config,
    document: Document,
    model: AppModel,
    handlers: Mapping[str, Handler],
    read: Read,
) -> tuple[dict[str, Handler], list[Problem]]:
    """Return what answers for each authorizer that is stood in for, by its URI, and what is wrong.

    Modules that are named are imported: the project is to be importable.

    Args:
        config: of one stage, its problems of shape reported.
        document: where it is written.
        model: whose authorizers are stood in for.
        handlers: the application's functions, by name.
        read: returns the content of a file in `.chalice`.
    """
    effective = Effective(config.scope(config.chalice_stage, API_HANDLER), document)
    found: dict[str, Handler] = {}
    taken: dict[str, StandIn] = {}
    problems: list[Problem] = []
    for stand_in in stand_ins_of(as_object(effective.get("local"))):
        where = effective.where("local", "authorizers", stand_in.of)
        label = f"`local.authorizers.{shown(stand_in.of)}`"
        try:
            uris = _uris(stand_in, model)
            handler = _handler(stand_in, handlers, read)
            for uri in uris:
                _refuse_other(taken.setdefault(uri, stand_in), stand_in)
                found[uri] = handler
        except _Refused as refused:
            summary = f"{label} {refused.summary}"
            problems.append(Problem(refused.code, summary, where, refused.hint))
    return found, problems


class _Refused(Exception):
    """A stand-in cannot be used."""

    def __init__(self, code: str, summary: str, hint: str) -> None:
        super().__init__(summary)
        self.code = code
        self.summary = summary
        self.hint = hint


def _uris(stand_in: StandIn, model: AppModel) -> list[str]:
    """Return the URIs of the authorizers that *stand_in* is for: one by name, all of a function."""
    others = list(elsewhere(model))
    uris = [item.authorizer_uri for item in others if _is_for(stand_in, item)]
    if uris:
        return uris
    if any(item.name == stand_in.of for item in model.authorizers):
        raise _Refused(
            "config-authorizer-kind",
            "is for an authorizer that lives here",
            "remove it: only a CustomAuthorizer is elsewhere",
        )
    names = [item.name for item in others]
    near = nearest(stand_in.of, names)
    hint = f"write `{near}`" if near else f"known are {', '.join(sorted(names)) or 'none'}"
    raise _Refused(
        "config-authorizer-unknown",
        "is for no CustomAuthorizer of the application, by name or by function",
        hint,
    )


def _is_for(stand_in: StandIn, authorizer: CustomAuthorizer) -> bool:
    named = f"/functions/{stand_in.of}/invocations" in authorizer.authorizer_uri
    return named or stand_in.of == authorizer.name


def _refuse_other(before: StandIn, stand_in: StandIn) -> None:
    if (before.function, before.file, before.returns) != (
        stand_in.function,
        stand_in.file,
        stand_in.returns,
    ):
        raise _Refused(
            "config-authorizer-twice",
            f"is for the function that `{shown(before.of)}` is for, and says something else",
            "keep one of them: it is one function in AWS",
        )


def _handler(stand_in: StandIn, handlers: Mapping[str, Handler], read: Read) -> Handler:
    if stand_in.file:
        return _recorded(_content(stand_in.file, read))
    if not stand_in.function:
        return _recorded(stand_in.returns)
    if ":" in stand_in.function:
        return _imported(stand_in.function)
    handler = handlers.get(stand_in.function)
    if handler is None or stand_in.function == API_HANDLER:
        known = sorted(handlers.keys() - {API_HANDLER})
        near = nearest(stand_in.function, known)
        raise _Refused(
            "config-authorizer-function",
            f"names `{stand_in.function}`, which is no function of the application",
            f"write `{near}`" if near else "write the name of one, or `module:attribute`",
        )
    return handler


def _recorded(answer: Any) -> Handler:
    def recorded(event: Any, context: Any) -> Any:
        del event, context
        return answer

    return recorded


def _content(file: str, read: Read) -> Any:
    try:
        answer: object = json.loads(read(file))
    except OSError as error:
        raise _Refused(
            "config-file-missing",
            f"names `.chalice/{shown(file)}`, which cannot be read: {error.strerror or error}",
            "make the file, or name another one",
        ) from None
    except (ValueError, RecursionError) as error:
        raise _Refused(
            "config-file-json",
            f"names `.chalice/{shown(file)}`, which is not JSON: {error}",
            "mend it",
        ) from None
    if not as_object(answer):
        raise _Refused(
            "config-authorizer-answer",
            f"names `.chalice/{shown(file)}`, which holds no answer",
            'write `{"principalId": ..., "policyDocument": {...}}`',
        )
    return as_object(answer)


def _imported(name: str) -> Handler:
    module, _, attribute = name.partition(":")
    try:
        found: Any = importlib.import_module(module)
        for part in attribute.split("."):
            found = getattr(found, part)
    except BaseException as error:  # a module may raise anything, SystemExit too
        if isinstance(error, KeyboardInterrupt):
            raise
        raise _Refused(
            "config-authorizer-load",
            f"names `{name}`, which cannot be loaded: {type(error).__name__}: {shown(error)}",
            "write `module:attribute` of a function that takes event and context",
        ) from None
    if not callable(found):
        raise _Refused(
            "config-authorizer-load",
            f"names `{name}`, which is of type `{type(found).__name__}`",
            "name a function that takes event and context",
        )
    if not takes(found, 2):
        raise _Refused(
            "config-authorizer-load",
            f"names `{name}`, which cannot be called with event and context",
            f"write `def {attribute.rpartition('.')[2]}(event, context):`",
        )
    handler: Handler = found
    return handler


def unmapped(authorizer: CustomAuthorizer) -> str:
    """Return why *authorizer* cannot be asked here, and how to change that."""
    return (
        f"its function is not part of the application; `local.authorizers` in the configuration"
        f" may name what stands in for it, as `{authorizer.name}`"
    )


def elsewhere(model: AppModel) -> Iterator[CustomAuthorizer]:
    """Yield the authorizers of *model* that live elsewhere."""
    return (item for item in model.authorizers if isinstance(item, CustomAuthorizer))
