"""What is wrong with a model: everything, at once, with what to write instead.

Each check is a function of the model that yields problems; `CHECKS` is the list of them. To add
one, write it and add it to the list.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.diagnostics import Problem, nearest
from chalice.headers import is_header_name
from chalice.media import BinaryMediaTypes, media_type
from chalice.model import paths
from chalice.model.declared import (
    AppModel,
    BuiltinAuthorizer,
    CognitoAuthorizer,
    CustomAuthorizer,
    IamAuthorizer,
)
from chalice.model.names import API_HANDLER, METHODS, RESERVED_IDS, logical_id
from chalice.model.values import repeated
from chalice.rules.facts import (
    FORMS,
    MAX_AUTHORIZERS,
    MAX_RESOURCES,
    MAX_TTL_SECONDS,
    USER_POOL_ARN,
    identity_source,
)
from chalice.rules.paths import RESERVED_PATHS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chalice.model.declared import Authorizer, Function, Route

# Source: Lambda API reference, CreateFunction, "FunctionName".
_FUNCTION_NAME = re.compile(r"[A-Za-z0-9_-]+")

# Source: OpenAPI specification 3.0.1, "Components Object": what a component may be called.
_AUTHORIZER_NAME = re.compile(r"[A-Za-z0-9._-]+")

# Source: API Gateway API reference, CreateAuthorizer, "authorizerCredentials".
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+", re.ASCII)

# Source: API Gateway API reference, CreateAuthorizer, "authorizerUri".
_AUTHORIZER_URI = re.compile(r"arn:[a-z-]+:apigateway:[a-z0-9-]+:lambda:path/.+/invocations")

# Source: RFC 6454, section 6.2: an origin is a scheme, a host and maybe a port; browsers compare it
# as text. `null` is the origin of files and sandboxes.
_ORIGIN = re.compile(r"\*|null|[A-Za-z][A-Za-z0-9+.-]*://[^/?#\s,]+")


def check(model: AppModel) -> list[Problem]:
    """Return every problem of *model*, without repeats, in the order of the checks."""
    found = (problem.visible() for one in CHECKS for problem in one(model))
    return list(dict.fromkeys(found))


# --- routes ----------------------------------------------------------------------------------


def _path_shapes(model: AppModel) -> Iterator[Problem]:
    for path, route in _first_routes(model).items():
        for fault in paths.faults(path):
            yield Problem(fault.code, fault.summary, str(route.where), fault.hint)
        if path in RESERVED_PATHS:
            yield Problem(
                "route-path-reserved",
                f"`{path}` is reserved by API Gateway and fails on a custom domain",
                str(route.where),
                f"write another path, `/health{path}`",
                "warning",
            )


def _captures_at_one_position(model: AppModel) -> Iterator[Problem]:
    first = _first_routes(model)
    well_formed = [path for path in first if path.startswith("/") and not any(paths.faults(path))]
    for earlier, path, fault in paths.clashes(well_formed):
        summary = f"{fault.summary} ({first[earlier].where})"
        yield Problem(fault.code, summary, str(first[path].where), fault.hint)


def _methods(model: AppModel) -> Iterator[Problem]:
    for route in model.routes:
        if route.method not in METHODS:
            near = nearest(route.method, METHODS)
            hint = f"write `{near}`" if near else f"write one of {', '.join(METHODS)}"
            summary = f"route `{route.path}` has the method `{route.method}`"
            yield Problem("route-method-unknown", summary, str(route.where), hint)


def _views(model: AppModel) -> Iterator[Problem]:
    for route in model.routes:
        captured = dict.fromkeys(paths.captures(route.path))
        call = f"def {route.function}({', '.join(captured)}):"
        for name in captured:
            taken = name in route.parameters or name in route.required
            if not taken and not route.accepts_any:
                summary = (
                    f"view `{route.view}` does not take `{name}`, which `{route.path}` captures"
                )
                yield Problem(
                    "view-parameter-missing", summary, str(route.where), f"write `{call}`"
                )
        for name in route.required:
            if name not in captured or name not in route.parameters:
                yield _not_captured(route, name)


def _not_captured(route: Route, name: str) -> Problem:
    summary = f"view `{route.view}` needs `{name}`, which `{route.path}` does not capture"
    hint = f"capture it as `{{{name}}}`, or give it a default"
    if f"/:{name}" in route.path:
        hint = f"write `{route.path.replace(f':{name}', f'{{{name}}}')}`"
    if name in paths.captures(route.path):
        summary = f"view `{route.view}` takes `{name}` by position only"
        hint = "remove the `/` from its parameters: captures are passed by name"
    return Problem("view-parameter-extra", summary, str(route.where), hint)


def _content_types(model: AppModel) -> Iterator[Problem]:
    listed = BinaryMediaTypes(model.binary_types)
    for route in model.routes:
        binary = [item for item in route.content_types if media_type(item) in listed]
        text = [item for item in route.content_types if item not in binary]
        if binary and text:
            summary = (
                f"view `{route.view}` takes `{'`, `'.join(binary)}`, which "
                f"`app.api.binary_types` lists, and `{'`, `'.join(text)}`, which it does not"
            )
            hint = "list them all in `app.api.binary_types`, or none, or write two routes"
            yield Problem("route-content-types-mixed", summary, str(route.where), hint)


# --- CORS ------------------------------------------------------------------------------------


def _cors(model: AppModel) -> Iterator[Problem]:
    for route in model.routes:
        if route.cors is None:
            continue
        if route.cors.allow_credentials and route.cors.allow_origin == "*":
            summary = f"view `{route.view}` allows credentials from every origin"
            hint = 'name the origin: `allow_origin="https://app.example.com"`'
            yield Problem("cors-wildcard-credentials", summary, str(route.where), hint)
        if not _ORIGIN.fullmatch(route.cors.allow_origin):
            summary = f"`{route.cors.allow_origin}` in the CORS of view `{route.view}` is no origin"
            hint = "write scheme and host of one origin: `https://app.example.com`"
            yield Problem("cors-origin", summary, str(route.where), hint, "warning")


def _cors_of_one_path(model: AppModel) -> Iterator[Problem]:
    first: dict[str, Route] = {}
    for route in model.routes:
        if route.cors is None:
            continue
        other = first.setdefault(route.path, route)
        if other.cors != route.cors:
            summary = f"`{route.path}` has two CORS configurations, the other at {other.where}"
            hint = "give all methods of a path the same `cors`: they share one preflight answer"
            yield Problem("cors-differs", summary, str(route.where), hint)
    for route in model.routes:
        if route.method == "OPTIONS" and route.path in first:
            summary = f"`{route.path}` has a view for OPTIONS and `cors`, which answers OPTIONS"
            hint = "remove OPTIONS from `methods`, or remove `cors` and answer it in the view"
            yield Problem("cors-options", summary, str(route.where), hint)


# --- authorizers -----------------------------------------------------------------------------


def _authorizers(model: AppModel) -> Iterator[Problem]:
    for authorizer in model.authorizers:
        where = str(authorizer.where)
        label = f"authorizer `{authorizer.name}`"
        if not _AUTHORIZER_NAME.fullmatch(authorizer.name):
            hint = "write letters, digits, `.`, `-` and `_`"
            summary = f"{label} cannot be called so in an API definition"
            yield Problem("authorizer-name", summary, where, hint)
        if not isinstance(authorizer, IamAuthorizer):
            if not is_header_name(authorizer.header):
                summary = f"{label} reads the header `{authorizer.header}`"
                hint = "write the name of a header: `Authorization`"
                yield Problem("authorizer-header", summary, where, hint)
            yield from _details(authorizer, label, where)


def _identity(authorizer: BuiltinAuthorizer, label: str, where: str) -> Iterator[Problem]:
    sources, expression = authorizer.identity_sources, authorizer.validation_expression
    if expression is not None:
        yield from _expression(expression, label, where)
    if sources is None:
        return
    if authorizer.header != "Authorization":
        summary = f"{label} has `header` and `identity_sources`"
        hint = f'write the header as a source: `"method.request.header.{authorizer.header}"`'
        yield Problem("authorizer-kinds", summary, where, hint)
    if expression is not None:
        summary = f"{label} has `identity_sources` and `identity_validation_expression`"
        hint = "leave the expression out: it is for authorizers of one token"
        yield Problem("authorizer-kinds", summary, where, hint)
    for text in sources:
        source = identity_source(text)
        if source is None or (source.kind == "header" and not is_header_name(source.name)):
            # A name alone is taken for that of a header, but not another place of a request.
            near = text if is_header_name(text) and "." not in text else "NAME"
            hint = f"write {FORMS.replace('NAME', near, 1)}"
            yield Problem("authorizer-source", f"{label} reads `{text}`", where, hint)
        elif source.kind == "context":
            yield from _doubt(source.name, label, where)
    headers = [text for text in sources if text.startswith("method.request.header.")]
    others = [text for text in sources if text not in headers]
    for text in (*repeated(headers, any_case=True), *repeated(others)):
        yield Problem("authorizer-source", f"{label} reads `{text}` twice", where, "remove it")
    if not sources and authorizer.ttl_seconds != 0:
        summary = f"{label} has no identity sources, and its answers are kept"
        hint = "name what tells callers apart, or write `ttl_seconds=0`"
        yield Problem("authorizer-source", summary, where, hint)


def _doubt(name: str, label: str, where: str) -> Iterator[Problem]:
    from chalice.rules import contexts  # noqa: PLC0415 - most applications name none

    doubt = contexts.doubt(name)
    if doubt:
        summary, hint = doubt
        yield Problem("context-name", f"{label}: {summary}", where, hint, "warning")


def _expression(text: str, label: str, where: str) -> Iterator[Problem]:
    from chalice.rules import patterns  # noqa: PLC0415 - most applications have none

    code, what = "authorizer-expression", f"`identity_validation_expression` of {label}"
    try:
        slow = patterns.slow_text(patterns.python(text), whole=True)
    except ValueError:
        yield Problem(code, f"{what} is no regular expression", where, f"mend `{text}`")
        return
    if slow is not None:
        summary = f"{what} is matched without end on tokens such as `{slow[:8]}...`"
        hint = "write it so that no token can be matched in several ways: 500 is answered here"
        yield Problem(code, summary, where, hint, "warning")


def _details(
    authorizer: BuiltinAuthorizer | CognitoAuthorizer | CustomAuthorizer, label: str, where: str
) -> Iterator[Problem]:
    if isinstance(authorizer, CognitoAuthorizer):
        for arn in authorizer.provider_arns:
            if not USER_POOL_ARN.fullmatch(arn):
                summary = f"{label} has the provider ARN `{arn}`"
                hint = "write `arn:aws:cognito-idp:REGION:ACCOUNT:userpool/ID`"
                yield _of_shape("authorizer-provider-arns", summary, where, hint, arn)
        return
    seconds = authorizer.ttl_seconds
    if seconds is not None and not 0 <= seconds <= MAX_TTL_SECONDS:
        hint = f"write a whole number from 0 to {MAX_TTL_SECONDS} (seconds)"
        yield Problem("authorizer-ttl", f"`ttl_seconds` of {label} is `{seconds}`", where, hint)
    if isinstance(authorizer, BuiltinAuthorizer):
        yield from _identity(authorizer, label, where)
    named = "execution_role" if isinstance(authorizer, BuiltinAuthorizer) else "invoke_role_arn"
    role: str | None = getattr(authorizer, named)
    if role is not None and not _ROLE.fullmatch(role):
        summary = f"`{named}` of {label} is `{role}`"
        hint = "write the ARN of a role, `arn:aws:iam::ACCOUNT:role/NAME`"
        yield _of_shape("authorizer-role", summary, where, hint, role)
    if isinstance(authorizer, CustomAuthorizer):
        uri = authorizer.authorizer_uri
        if not _AUTHORIZER_URI.fullmatch(uri):
            hint = (
                "write `arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations`"
            )
            yield _of_shape("authorizer-uri", f"{label} has the uri `{uri}`", where, hint, uri)


def _of_shape(code: str, summary: str, where: str, hint: str, arn: str) -> Problem:
    """Return an error for what is no ARN, and a warning for an ARN that may be a stand-in."""
    severity = "warning" if arn.startswith("arn:") else "error"
    return Problem(code, summary, where, hint, severity)


def _scopes(model: AppModel) -> Iterator[Problem]:
    # Source: API Gateway API reference, PutMethod, "authorizationScopes": they are used with
    # authorizers of type COGNITO_USER_POOLS.
    kinds = {item.name: item for item in model.authorizers}
    for route in model.routes:
        authorizer = kinds.get(route.authorizer or "")
        if not route.scopes or authorizer is None or isinstance(authorizer, CognitoAuthorizer):
            continue
        summary = f"authorizer `{authorizer.name}` of `{route.path}` takes no notice of scopes"
        hint = "leave `with_scopes` out: API Gateway compares scopes of Cognito tokens alone"
        yield Problem("authorizer-scopes-unused", summary, str(route.where), hint, "warning")


def _authorizers_of_one_name(model: AppModel) -> Iterator[Problem]:
    first: dict[str, Authorizer] = {}
    for authorizer in model.authorizers:
        other = first.setdefault(authorizer.name, authorizer)
        if _settings(other) != _settings(authorizer):
            summary = (
                f"authorizer `{authorizer.name}` has other settings than the one at {other.where}"
            )
            hint = "give one of them another name"
            yield Problem("authorizer-differs", summary, str(authorizer.where), hint)


def _settings(authorizer: Authorizer) -> tuple[object, ...]:
    values = [getattr(authorizer, name) for name in type(authorizer).__slots__ if name != "where"]
    return (type(authorizer), *values)


# --- what the gateway does by itself -----------------------------------------------------------


def _request_validation(model: AppModel) -> Iterator[Problem]:
    if any(route.validation is not None for route in model.routes):
        from chalice.model import validation  # noqa: PLC0415 - few applications have one

        yield from validation.check(model)


def _gateway_responses(model: AppModel) -> Iterator[Problem]:
    if model.gateway_responses:
        from chalice.model import answers  # noqa: PLC0415 - few applications have one

        yield from answers.check(model)


# --- functions -------------------------------------------------------------------------------


def _functions(model: AppModel) -> Iterator[Problem]:
    by_name: dict[str, Function] = {}
    for function in model.functions:
        other = by_name.setdefault(function.name, function)
        if other is not function or (function.name == API_HANDLER and function.kind != "api"):
            summary = f"two functions are called `{function.name}`"
            summary += f", the other at {other.where}" if other is not function else ""
            hint = "give one of them another `name`"
            if function.name == API_HANDLER:
                hint += ": `api_handler` answers the routes"
            yield Problem("function-name-duplicate", summary, str(function.where), hint)
        if not _FUNCTION_NAME.fullmatch(function.name) or not logical_id(function.name):
            summary = f"function `{function.name}` cannot be called so in Lambda"
            hint = "write letters, digits, `-` and `_`"
            yield Problem("function-name", summary, str(function.where), hint)
    yield from _logical_ids(by_name.values())


def _logical_ids(functions: Iterable[Function]) -> Iterator[Problem]:
    by_id: dict[str, Function] = {}
    for function in functions:
        own = logical_id(function.name)
        other = by_id.setdefault(own, function)
        if other is not function:
            summary = f"functions `{other.name}` and `{function.name}` share the logical id `{own}`"
        elif own in RESERVED_IDS and function.name != API_HANDLER:
            summary = (
                f"function `{function.name}` has the logical id `{own}`, which is Chalice's own"
            )
        else:
            continue
        hint = "rename it: only letters and digits make a logical id"
        yield Problem("function-logical-id", summary, str(function.where), hint)


# --- the whole -------------------------------------------------------------------------------


def _quotas(model: AppModel) -> Iterator[Problem]:
    resources = {prefix for route in model.routes for prefix in paths.prefixes(route.path)}
    hint = "ask AWS for a higher quota of this API, or split the application"
    if len(resources) > MAX_RESOURCES:
        summary = (
            f"the routes make {len(resources)} resources; the quota of an API is {MAX_RESOURCES}"
        )
        yield Problem("quota-resources", summary, str(model.where), hint, "warning")
    names = {item.name for item in model.authorizers if not isinstance(item, IamAuthorizer)}
    if len(names) > MAX_AUTHORIZERS:
        summary = f"there are {len(names)} authorizers; the quota of an API is {MAX_AUTHORIZERS}"
        yield Problem("quota-authorizers", summary, str(model.where), hint, "warning")


def _debug(model: AppModel) -> Iterator[Problem]:
    if model.debug:
        summary = "`app.debug` is on: clients are shown tracebacks"
        hint = "turn it off before the application is deployed"
        yield Problem("app-debug", summary, str(model.where), hint, "warning")


def _first_routes(model: AppModel) -> dict[str, Route]:
    """Return for each path the route that declares it first."""
    first: dict[str, Route] = {}
    for route in model.routes:
        first.setdefault(route.path, route)
    return first


CHECKS = (
    _path_shapes,
    _captures_at_one_position,
    _methods,
    _views,
    _content_types,
    _cors,
    _cors_of_one_path,
    _authorizers,
    _authorizers_of_one_name,
    _scopes,
    _request_validation,
    _gateway_responses,
    _functions,
    _quotas,
    _debug,
)
