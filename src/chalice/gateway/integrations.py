"""Reads `x-amazon-apigateway-integration`: what answers a method."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from chalice.gateway.api import Integration, LambdaProxy, Mock, MockResponse
from chalice.gateway.document import Node
from chalice.gateway.intrinsics import UNKNOWN
from chalice.headers import is_header_name, is_header_value
from chalice.rules import templates

if TYPE_CHECKING:
    from collections.abc import Callable

# Shortest and longest time an integration may take, in milliseconds; the longest is also what is
# taken where none is given. Beyond 29 s an account's quota can be raised, not for EDGE.
# Source: rules 2.8 and 3.16; the upper bound is "integration timeout" of the quotas table.
_SHORTEST_MS, _LONGEST_MS, _LONGEST_RAISED_MS = 50, 29_000, 300_000

# Request headers onto which no parameter may be mapped: such a method fails when called.
# Source: rule 2.14, recorded.
_UNMAPPABLE = frozenset(
    {
        "authorization",
        "connection",
        "content-length",
        "expect",
        "proxy-authenticate",
        "te",
        "transfer-encoding",
    }
)

_FUNCTION = re.compile(r"(?:^|[/:])functions/(.+)/invocations$")
# `Alias` and `Version` are what SAM makes of `AutoPublishAlias`; a version or an alias may follow.
# Source: SAM developer guide, "Generated CloudFormation resources", "AWS::Serverless::Function".
_LOGICAL_ID = re.compile(r"\$\{([A-Za-z0-9]+)(?:\.(?:Arn|Alias|Version))?\}(:[\w$-]+)?")

# What a MOCK's request template must come to; the quotes around the name are optional on AWS.
_STATUS = re.compile(r"""\{\s*["']?statusCode["']?\s*:\s*["']?(\d{3})["']?\s*,?\s*\}""")


def function_in(uri: str) -> str | None:
    """Return the function that the text of an invocation uri names, or None if it names none.

    >>> function_in(".../functions/${Orders.Arn}:live/invocations")
    'Orders:live'
    """
    found = _FUNCTION.search(uri)
    if found is None:
        return None
    logical_id = _LOGICAL_ID.fullmatch(found.group(1))
    return f"{logical_id[1]}{logical_id[2] or ''}" if logical_id else found.group(1)


def function_of(uri: Node) -> str | None:
    """Return the function that an invocation uri names: a logical id, else what is written."""
    node = uri.reference()
    text = node.value
    function = function_in(text) if isinstance(text, str) else None
    if function is None:
        uri.refuse(
            "integration-uri",
            f"{uri.name} does not name a Lambda function",
            "write `arn:...:lambda:path/2015-03-31/functions/FUNCTION/invocations`",
        )
        return None
    if UNKNOWN in function:
        uri.refuse(
            "integration-uri",
            f"{uri.name} takes the function from a name that is not resolved here",
            "give the name of `Fn::Sub` a text, a `Ref` or a `Fn::GetAtt`",
        )
        return None
    _, by_variable, rest = function.partition("${stageVariables.")
    if by_variable:
        name = rest.partition("}")[0]
        uri.refuse(
            "integration-uri",
            f"{uri.name} takes the function from stage variable `{name}`, which is not set",
            f"write `--stage-variable {name}=VALUE`",
        )
        return None
    return function


def read(node: Node, endpoint_type: str) -> Integration | None:
    """Return the integration of a method, or None after noting why there is none."""
    if node.value is None:
        node.refuse(
            "integration-missing",
            "the method has no x-amazon-apigateway-integration",
            "write one of type aws_proxy or mock",
        )
        return None
    kind = node["type"].text()
    reader = _READERS.get((kind or "").lower())
    if reader is None:
        node["type"].refuse(
            "integration-type",
            f"integrations of type `{kind}` are not served",
            f"use one of {', '.join(sorted(_READERS))}",
        )
        return None
    return reader(node, endpoint_type)


def _lambda_proxy(node: Node, endpoint_type: str) -> LambdaProxy | None:
    if (node["responseTransferMode"].text() or "").upper() == "STREAM":
        node["responseTransferMode"].refuse(
            "integration-type", "streamed responses are not served", "use BUFFERED"
        )
    longest = _LONGEST_MS if endpoint_type == "EDGE" else _LONGEST_RAISED_MS
    timeout_ms = node["timeoutInMillis"].integer(_SHORTEST_MS, longest)
    method = node["httpMethod"].text()
    if method is None:
        node.refuse("integration-method", "the integration has no httpMethod", "write POST")
    function = function_of(node["uri"])
    if function is None:
        return None
    fault = ""
    if method != "POST":
        # Rule 2.9: it can be imported, and each call fails.
        fault = f"httpMethod of the integration is `{method}`; Lambda is invoked with POST"
    for parameter in node["requestParameters"].items():
        header = parameter.name.removeprefix("integration.request.header.")
        if header.lower() in _UNMAPPABLE:
            fault = f"requestParameters map onto `{header}`"
    return LambdaProxy(function, (timeout_ms or _LONGEST_MS) / 1000, fault)


def _mock(node: Node, _: str) -> Mock:
    statuses: dict[str, int | None] = {}
    for item in node["requestTemplates"].items():
        text = item.text() or ""
        _read_template(item, text)
        statuses[item.name.lower()] = _mock_status(text)
    responses: list[MockResponse] = []
    default: list[MockResponse] = []
    for item in node["responses"].items():
        response = _mock_response(item)
        (default if response.pattern is None else responses).append(response)
    return Mock(statuses, (*responses, *default))


def _mock_status(template: str) -> int | None:
    """Return the status that a request template names, if it is JSON that names one (rule 2.20)."""
    found = _STATUS.fullmatch(template.strip())
    if found:
        return int(found.group(1))
    try:
        value: Any = json.loads(template)
        return int(str(value["statusCode"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _mock_response(node: Node) -> MockResponse:
    key = Node(node.name, node.place, node.problems)
    return MockResponse(
        pattern=None if node.name == "default" else key.pattern(),
        status=node["statusCode"].integer(100, 599) or 200,
        headers=read_headers(node["responseParameters"], "method.response.header."),
        templates=read_templates(node["responseTemplates"]),
    )


def read_templates(node: Node) -> tuple[tuple[str, templates.Template], ...]:
    """Return body templates by content type."""
    read_ones = ((item.name, _read_template(item, item.text() or "")) for item in node.items())
    return tuple((name, template) for name, template in read_ones if template is not None)


def _read_template(node: Node, text: str) -> templates.Template | None:
    try:
        template = templates.template(text)
    except templates.TemplateError as error:
        node.refuse(
            "template-code",
            f"`{error.code}` in a template is not rendered here",
            "use plain text and `$context` names",
        )
        return None
    node.doubt_context(name for _, name in template.pieces if name)
    return template


def read_headers(node: Node, prefix: str) -> tuple[tuple[str, templates.Expression], ...]:
    """Return what the parameters that begin with *prefix* set, by header name."""
    headers: list[tuple[str, templates.Expression]] = []
    for item in node.items():
        if not item.name.startswith(prefix):
            # Parameters of a gateway response may also name a path or a query: they set nothing.
            continue
        try:
            expression = templates.expression(item.text() or "")
        except templates.TemplateError as error:
            item.refuse(
                "template-code",
                f"the expression `{error.code}` is not evaluated here",
                "write a text in single quotes, or the name of a request or context value",
            )
            continue
        name = item.name.removeprefix(prefix)
        if not is_header_name(name) or (
            expression.source == "literal" and not is_header_value(expression.name)
        ):
            item.refuse(
                "definition-header", f"`{name}` cannot be sent as it is", "write a valid header"
            )
            continue
        if expression.source == "context":
            item.doubt_context([expression.name])
        headers.append((name, expression))
    return tuple(headers)


# A further kind of integration is one row here.
_READERS: dict[str, Callable[[Node, str], Integration | None]] = {
    "aws_proxy": _lambda_proxy,
    "mock": _mock,
}
