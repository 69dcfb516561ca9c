"""What API Gateway checks of a route's requests: read as data, and what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from chalice.diagnostics import Problem
from chalice.media import is_media_type, media_type
from chalice.model.declared import RequestValidation
from chalice.model.values import literal, repeated
from chalice.rules import schemas
from chalice.rules.facts import is_parameter_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalice.model.declared import AppModel, Place, Route
    from chalice.model.values import Notes

# The verbs whose requests have no body that is worth a check; ANY answers them, too.
# Source: RFC 9110, sections 9.3.1 and 9.3.2.
_WITHOUT_BODY = ("GET", "HEAD", "ANY")


def read(value: object, view: str, where: Place, notes: Notes) -> RequestValidation | None:
    """Return the `request_validation` of a route as data; None where it is none.

    Args:
        value: the value of the route's option.
        view: the view as messages call it.
        where: the line that declares it.
        notes: is told of wrong types.
    """
    from chalice.app import RequestValidation as Declared  # noqa: PLC0415 - loaded already

    code = "request-validation-type"
    if not isinstance(value, Declared):
        hint = "write `request_validation=RequestValidation(...)`"
        notes.problem(code, f"{view} has `request_validation={literal(value)}`", where, hint)
        return None
    label = f"of the RequestValidation of {view}"
    if not (value.required_headers or value.required_query_params or value.body_schemas):
        summary = f"the RequestValidation of {view} asks for nothing"
        hint = "write `required_headers`, `required_query_params` or `body_schemas`"
        notes.problem("request-validation-empty", summary, where, hint, "warning")
    return RequestValidation(
        headers=notes.strings(value.required_headers, f"`required_headers` {label}", code, where),
        query_params=notes.strings(
            value.required_query_params, f"`required_query_params` {label}", code, where
        ),
        bodies=tuple(_bodies(value.body_schemas, f"`body_schemas` {label}", where, notes)),
        where=where,
    )


def _bodies(value: object, label: str, where: Place, notes: Notes) -> Iterator[tuple[str, str]]:
    hint = 'write `{"application/json": {"type": "object"}}`'
    if not isinstance(value, Mapping):
        notes.problem("request-validation-type", f"{label} is `{literal(value)}`", where, hint)
        return
    for kind, schema in cast("Mapping[object, object]", value).items():
        if not isinstance(kind, str) or not isinstance(schema, Mapping):
            summary = f"{label} has `{literal(kind)}: {literal(schema)}`"
            notes.problem("request-validation-type", summary, where, hint)
            continue
        try:
            yield kind, json.dumps(schema, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            summary = f"the schema for `{kind}` in {label} is no JSON: {error}"
            notes.problem("request-validation-type", summary, where, "write texts, numbers, lists")


def check(model: AppModel) -> Iterator[Problem]:
    """Yield what is wrong with the request validation of the routes."""
    for route in model.routes:
        declared = route.validation
        if declared is None:
            continue
        yield from _parameters(route, declared)
        yield from _methods(route, declared)
        yield from _content_types(route, declared)
        for kind, schema in declared.bodies:
            yield from _schema(route, declared, kind, schema)


def _parameters(route: Route, declared: RequestValidation) -> Iterator[Problem]:
    for what, names in (("header", declared.headers), ("parameter", declared.query_params)):
        for name in names:
            if not is_parameter_name(name):
                yield Problem(
                    "request-validation-name",
                    f"view `{route.view}` requires the {what} `{name}`",
                    str(declared.where),
                    "write letters, digits and `. _ $ -`: API Gateway has no other names",
                )
        for name in repeated(names, any_case=what == "header"):
            hint = "remove it: names of headers are the same in any case"
            yield Problem(
                "request-validation-repeated",
                f"view `{route.view}` requires the {what} `{name}` twice",
                str(declared.where),
                hint if what == "header" else "remove it",
            )


def _methods(route: Route, declared: RequestValidation) -> Iterator[Problem]:
    if declared.bodies and route.method in _WITHOUT_BODY:
        summary = f"{route.method} of `{route.path}` has a schema of its body"
        hint = "give the schema to the methods that have a body: two routes, one for each"
        yield Problem("request-validation-body", summary, str(declared.where), hint)


def _content_types(route: Route, declared: RequestValidation) -> Iterator[Problem]:
    where = str(declared.where)
    checked = [kind for kind, _ in declared.bodies]
    accepted = [media_type(item) for item in route.content_types]
    for kind in checked:
        if not is_media_type(kind):
            bare = media_type(kind)
            bare = bare if is_media_type(bare) else "application/json"
            wrong = "has parameters" if ";" in kind else "is no media type in lower case"
            summary, hint = f"`{kind}` {wrong}", f"write `{bare}`"
            yield Problem("request-validation-content-type", summary, where, hint)
        elif accepted and kind not in accepted:
            summary = f"view `{route.view}` checks bodies of `{kind}`, and answers them with 415"
            hint = f"add it to `content_types`, or check `{accepted[0]}`"
            yield Problem("request-validation-content-type", summary, where, hint)
    unchecked = [kind for kind in accepted or ("any other type",) if kind not in checked]
    if checked and unchecked:
        summary = f"view `{route.view}` takes bodies that are not checked: {', '.join(unchecked)}"
        hint = "write a schema for each of `content_types`"
        yield Problem("request-validation-unchecked", summary, where, hint, "warning")


def _schema(route: Route, declared: RequestValidation, kind: str, schema: str) -> Iterator[Problem]:
    for fault in schemas.parse(json.loads(schema))[1]:
        place = "/".join(("", *fault.pointer)) or "its root"
        summary = f"the schema for `{kind}` of view `{route.view}`, at `{place}`: {fault.summary}"
        where = str(declared.where)
        yield Problem("request-validation-schema", summary, where, fault.hint, fault.severity)
