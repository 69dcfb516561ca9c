"""Authorizer objects read as data; what is not one, or has options of wrong types, is a problem."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from chalice.diagnostics import Problem
from chalice.model.declared import (
    Authorizer,
    BuiltinAuthorizer,
    CognitoAuthorizer,
    CustomAuthorizer,
    IamAuthorizer,
    Place,
)
from chalice.model.values import is_whole, literal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from chalice.app import BuiltinAuthConfig
    from chalice.app import CognitoUserPoolAuthorizer as CognitoObject
    from chalice.app import CustomAuthorizer as CustomObject


_HEADER_HINT = 'write the name of a header: `"Authorization"`'


def read(
    authorizer: object,
    registered: Collection[BuiltinAuthConfig],
    place: Callable[[object, object], Place],
    user: tuple[str, Place],
) -> tuple[Authorizer | None, list[Problem]]:
    """Return what a route's *authorizer* is; None where it is no authorizer.

    Args:
        authorizer: the value of the route's option.
        registered: the built-in authorizers of the application.
        place: the place of a declaration.
        user: the view of the route as messages call it, and its place.
    """
    from chalice import app  # noqa: PLC0415 - loaded already where there is an authorizer

    where = place(getattr(authorizer, "where", None), getattr(authorizer, "func", None))
    match authorizer:
        case app.ChaliceAuthorizer():
            if authorizer.config not in registered:
                view, used = user
                summary = f"{view} names the authorizer `{authorizer.name}` of an unknown blueprint"
                hint = "register its blueprint with `app.register_blueprint(...)`"
                return None, [Problem("authorizer-unregistered", summary, str(used), hint)]
            return builtin(authorizer.config, where)[0], []  # `functions` reports its problems
        case app.CognitoUserPoolAuthorizer():
            return _cognito(authorizer, where)
        case app.CustomAuthorizer():
            return _custom(authorizer, where)
        case app.IAMAuthorizer():
            return IamAuthorizer(authorizer.name, where), []
        case _:
            return None, [_no_authorizer(authorizer, *user)]


def _no_authorizer(value: object, view: str, used: Place) -> Problem:
    hint = "write the object of an authorizer: `authorizer=my_auth`"
    if isinstance(value, type):
        hint = f"write an instance: `authorizer={value.__name__}(...)`"
    elif callable(value):
        name = getattr(value, "__name__", "it")
        hint = f"decorate `{name}` with `@app.authorizer()`, above the routes that name it"
    summary = f"{view} has `authorizer={literal(value)}`"
    return Problem("route-authorizer-type", summary, str(used), hint)


def builtin(config: BuiltinAuthConfig, where: Place) -> tuple[BuiltinAuthorizer, list[Problem]]:
    """Return the built-in authorizer that *config* declares."""
    label = f"authorizer `{config.name}`"
    problems = [
        *_ttl(config.ttl_seconds, label, where),
        *_text(config.header, f"`header` of {label}", where, _HEADER_HINT),
        *_optional_text(config.execution_role, f"`execution_role` of {label}", where),
        *_sources(config.identity_sources, f"`identity_sources` of {label}", where),
        *_optional_text(
            config.identity_validation_expression,
            f"`identity_validation_expression` of {label}",
            where,
            "write a regular expression, or leave it out",
        ),
    ]
    declared = BuiltinAuthorizer(
        name=str(config.name),
        function=str(config.name),
        header=str(config.header),
        ttl_seconds=_seconds(config.ttl_seconds),
        execution_role=_string_or_none(config.execution_role),
        where=where,
        identity_sources=_sources_or_none(config.identity_sources),
        validation_expression=_string_or_none(config.identity_validation_expression),
    )
    return declared, problems


def _cognito(authorizer: CognitoObject, where: Place) -> tuple[CognitoAuthorizer, list[Problem]]:
    label = f"authorizer `{authorizer.name}`"
    problems = [
        *_text(authorizer.name, "`name` of a CognitoUserPoolAuthorizer", where),
        *_text(authorizer.header, f"`header` of {label}", where, _HEADER_HINT),
    ]
    arns: object = authorizer.provider_arns
    listed: list[object] = list(arns) if isinstance(arns, (list, tuple)) else []
    for arn in listed:
        if not isinstance(arn, str):
            summary = f"`provider_arns` of {label} holds `{literal(arn)}`"
            hint = "write ARNs of user pools, as strings"
            problems.append(Problem("authorizer-provider-arns-type", summary, str(where), hint))
    strings = tuple(arn for arn in listed if isinstance(arn, str))
    if isinstance(arns, str):  # the constructor has said so
        strings = (arns,)
    if isinstance(arns, list) and not listed:
        summary = f"`provider_arns` of {label} is empty"
        hint = "write the ARN of at least one user pool"
        problems.append(Problem("authorizer-provider-arns", summary, str(where), hint))
    return CognitoAuthorizer(str(authorizer.name), str(authorizer.header), strings, where), problems


def _custom(authorizer: CustomObject, where: Place) -> tuple[CustomAuthorizer, list[Problem]]:
    label = f"authorizer `{authorizer.name}`"
    problems = [
        *_text(authorizer.name, "`name` of a CustomAuthorizer", where),
        *_text(authorizer.header, f"`header` of {label}", where, _HEADER_HINT),
        *_text(authorizer.authorizer_uri, f"`authorizer_uri` of {label}", where),
        *_optional_text(authorizer.invoke_role_arn, f"`invoke_role_arn` of {label}", where),
        *_ttl(authorizer.ttl_seconds, label, where),
    ]
    declared = CustomAuthorizer(
        name=str(authorizer.name),
        header=str(authorizer.header),
        authorizer_uri=str(authorizer.authorizer_uri),
        ttl_seconds=_seconds(authorizer.ttl_seconds),
        invoke_role_arn=_string_or_none(authorizer.invoke_role_arn),
        where=where,
    )
    return declared, problems


def _ttl(value: object, label: str, where: Place) -> Iterator[Problem]:
    if value is not None and not is_whole(value):
        summary = f"`ttl_seconds` of {label} is `{literal(value)}`"
        yield Problem("authorizer-ttl-type", summary, str(where), "write a whole number of seconds")


def _seconds(value: object) -> int | None:
    return value if is_whole(value) else None


def _text(
    value: object, label: str, where: Place, hint: str = "write a string"
) -> Iterator[Problem]:
    if not isinstance(value, str) or not value:
        yield Problem("authorizer-option-type", f"{label} is `{literal(value)}`", str(where), hint)


def _sources(value: object, label: str, where: Place) -> Iterator[Problem]:
    if value is not None and _sources_or_none(value) is None:
        hint = 'write a list: `["method.request.header.Authorization"]`'
        yield Problem("authorizer-option-type", f"{label} is `{literal(value)}`", str(where), hint)


def _sources_or_none(value: object) -> tuple[str, ...] | None:
    items = cast("list[object]", value) if isinstance(value, (list, tuple)) else [None]
    strings = tuple(item for item in items if isinstance(item, str))
    return strings if len(strings) == len(items) else None


def _optional_text(
    value: object, label: str, where: Place, hint: str = "write a string, or leave it out"
) -> Iterator[Problem]:
    if value is not None:
        yield from _text(value, label, where, hint)


def _string_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None
