"""The answers of the gateway that an application changes: read as data, what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from chalice.diagnostics import Problem, nearest
from chalice.headers import is_header_name, is_header_value
from chalice.media import is_media_type
from chalice.model.declared import GatewayResponse
from chalice.model.values import is_whole, literal
from chalice.rules import templates
from chalice.rules.facts import MAX_STATUS, MIN_STATUS, RESPONSE_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chalice.model.declared import AppModel, Place
    from chalice.model.values import Notes

_CODE = "gateway-response-option"


def read(declared: object, notes: Notes) -> tuple[GatewayResponse, ...]:
    """Return the gateway responses of `app.api.gateway_responses`, as data."""
    from chalice.app import GatewayResponse as Declared  # noqa: PLC0415 - loaded already

    code = "gateway-responses-type"
    label = "`app.api.gateway_responses`"
    if not isinstance(declared, (list, tuple)):
        summary = f"{label} is `{literal(declared)}`"
        notes.problem(code, summary, notes.where, "write a list: `[GatewayResponse(...)]`")
        return ()
    found: list[GatewayResponse] = []
    for item in cast("list[object]", declared):
        if not isinstance(item, Declared):
            summary = f"{label} holds `{literal(item)}`"
            notes.problem(code, summary, notes.where, "write `GatewayResponse(...)`")
            continue
        where = notes.place(item.where, None) if item.where else notes.where
        status: object = item.status_code
        if status is not None and not is_whole(status):
            summary = f"`status_code` of a GatewayResponse is `{literal(status)}`"
            notes.problem(_CODE, summary, where, "write a whole number, `404`")
        if status is None and not (item.headers or item.mapped_headers or item.templates):
            summary = f"the GatewayResponse for `{item.response_type}` changes nothing"
            hint = "write `status_code`, `headers`, `mapped_headers` or `templates`"
            notes.problem("gateway-response-empty", summary, where, hint, "warning")
        found.append(
            GatewayResponse(
                type=str(item.response_type),
                status_code=status if is_whole(status) else None,
                headers=_texts(item.headers, "headers", where, notes),
                mapped_headers=_texts(item.mapped_headers, "mapped_headers", where, notes),
                templates=_texts(item.templates, "templates", where, notes),
                where=where,
            )
        )
    return tuple(found)


def _texts(value: object, option: str, where: Place, notes: Notes) -> tuple[tuple[str, str], ...]:
    members: Mapping[object, object] | None = None
    shown = literal(value)
    if isinstance(value, Mapping):
        members = cast("Mapping[object, object]", value)
    texts = [
        (key, item)
        for key, item in (members or {}).items()
        if isinstance(key, str) and isinstance(item, str)
    ]
    if members is None or len(texts) < len(members):
        summary = f"`{option}` of a GatewayResponse is `{shown}`"
        notes.problem(_CODE, summary, where, 'write texts: `{"name": "text"}`')
    return tuple(texts)


# --- checks ------------------------------------------------------------------------------------


def check(model: AppModel) -> Iterator[Problem]:
    """Yield what is wrong with the gateway responses of *model*."""
    first: dict[str, GatewayResponse] = {}
    for response in model.gateway_responses:
        other = first.setdefault(response.type, response)
        if other is not response:
            summary = f"`{response.type}` is changed twice, first at {other.where}"
            yield _problem("gateway-response-duplicate", summary, response, "leave one of them")
        yield from _type(response)
        yield from _status(response)
        yield from _headers(response)
        yield from _mapped_headers(response)
        yield from _templates(response)


def _problem(
    code: str, summary: str, response: GatewayResponse, hint: str, severity: str = "error"
) -> Problem:
    return Problem(code, summary, str(response.where), hint, severity)


def _type(response: GatewayResponse) -> Iterator[Problem]:
    if response.type not in RESPONSE_TYPES:
        near = nearest(response.type, RESPONSE_TYPES)
        hint = f"write `{near}`" if near else f"write one of {', '.join(RESPONSE_TYPES)}"
        summary = f"there is no gateway response `{response.type}`"
        yield _problem("gateway-response-type", summary, response, hint)
    if response.type == "RESOURCE_NOT_FOUND":
        # Rule 3.5.
        summary = "REST APIs answer unknown paths with another gateway response"
        hint = "write `MISSING_AUTHENTICATION_TOKEN`"
        yield _problem("gateway-response-never", summary, response, hint, "warning")


def _status(response: GatewayResponse) -> Iterator[Problem]:
    status = response.status_code
    if status is not None and not MIN_STATUS <= status <= MAX_STATUS:
        summary = f"`{response.type}` gets the status {status}"
        hint = f"write a status from {MIN_STATUS} to {MAX_STATUS}"
        yield _problem("gateway-response-status", summary, response, hint)


def _headers(response: GatewayResponse) -> Iterator[Problem]:
    code = "gateway-response-header"
    for name, value in response.headers:
        if not is_header_name(name):
            summary = f"`{name}` is no name of a header"
            yield _problem(code, summary, response, "write letters, digits and `-`")
        # A static value travels in quotes, `'*'`: a quote would end it.
        # Source: API Gateway developer guide, "Parameter mapping source reference for REST APIs".
        if "'" in value or not is_header_value(value):
            bare = value.strip("'")
            sendable = "'" not in bare and is_header_value(bare)
            hint = f"write `{bare}`" if sendable else "write a text without them"
            summary = f"the value of `{name}`, `{value}`, holds a quote or a control character"
            yield _problem(code, summary, response, hint)
        elif _is_expression(value):
            summary = f"`{name}` is sent as the text `{value}`"
            yield _problem(code, summary, response, "write it into `mapped_headers`, to be mapped")


def _mapped_headers(response: GatewayResponse) -> Iterator[Problem]:
    code = "gateway-response-header"
    literal_names = {name.lower() for name, _ in response.headers}
    for name, value in response.mapped_headers:
        if not is_header_name(name):
            summary = f"`{name}` is no name of a header"
            yield _problem(code, summary, response, "write letters, digits and `-`")
        if name.lower() in literal_names:
            summary = f"`{name}` is in `headers` and in `mapped_headers`"
            yield _problem(code, summary, response, "leave it in one of them")
        yield from _doubts(response, _names(value))
        if not _is_expression(value):
            summary = f"`{name}` is mapped from `{value}`, which API Gateway cannot map"
            hint = (
                "write `method.request.header.NAME`, `method.request.querystring.NAME`,"
                " `method.request.path.NAME`, `stageVariables.NAME` or `context.NAME`; a text"
                " belongs into `headers`"
            )
            yield _problem(code, summary, response, hint)


def _names(value: str) -> list[str]:
    """Return the context name of a mapping expression, if it is one."""
    try:
        expression = templates.expression(value)
    except templates.TemplateError:
        return []
    return [expression.name] if expression.source == "context" else []


def _doubts(response: GatewayResponse, names: Iterable[str]) -> Iterator[Problem]:
    from chalice.rules import contexts  # noqa: PLC0415 - most applications name none

    for name in dict.fromkeys(names):
        doubt = contexts.doubt(name)
        if doubt:
            yield _problem("context-name", doubt[0], response, doubt[1], "warning")


def _is_expression(value: str) -> bool:
    try:
        return templates.expression(value).source != "literal"
    except templates.TemplateError:
        return False


def _templates(response: GatewayResponse) -> Iterator[Problem]:
    code = "gateway-response-template"
    for kind, text in response.templates:
        if not is_media_type(kind):
            summary = f"`{kind}` is no content type"
            yield _problem(code, summary, response, "write `application/json`")
        try:
            pieces = templates.template(text).pieces
            yield from _doubts(response, [name for _, name in pieces if name])
        except templates.TemplateError as error:
            # Source: "x-amazon-apigateway-gateway-responses.responseTemplates object": templates of
            # gateway responses are not processed by Velocity.
            summary = f"the template for `{kind}` holds `{error.code}`, which is sent as it is"
            hint = "write text and `$context` names only"
            yield _problem(code, summary, response, hint)
