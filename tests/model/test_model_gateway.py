"""What an application has the gateway do: its lines, what they come to, and their problems."""

import pytest
from tests.projects import application, write_project

from chalice import Blueprint, Chalice, GatewayResponse, RequestValidation
from chalice.model.check import check
from chalice.model.collect import collect
from chalice.model.declared import GatewayResponse as DeclaredResponse
from chalice.model.declared import Place
from chalice.model.declared import RequestValidation as DeclaredValidation
from chalice.model.load import load


def problems_of(directory, lines):
    loaded = load(write_project(directory, application(lines)))
    return [*loaded.problems, *check(loaded.model)]


def told(directory, lines):
    return [
        (problem.where, problem.code, problem.severity) for problem in problems_of(directory, lines)
    ]


def the_problem(directory, lines):
    [problem] = problems_of(directory, lines)
    return problem


# --- what is read ------------------------------------------------------------------------------


def test_declarations_are_read_with_their_lines(tmp_path):
    lines = """
        checks = RequestValidation(
            required_headers=["X-Tenant"],
            required_query_params=("page",),
            body_schemas={"application/json": {"type": "object"}},
        )
        app.api.gateway_responses = [
            GatewayResponse("THROTTLED", status_code=503, headers={"Retry-After": "1"}),
        ]
        @app.route("/", methods=["POST"], request_validation=checks)
        def view(): ...
        @app.authorizer(identity_sources=["context.httpMethod"])
        def door(request): ...
        """

    model = load(write_project(tmp_path, application(lines))).model

    [route] = model.routes
    schema = '{"type": "object"}'
    assert route.validation == DeclaredValidation(
        ("X-Tenant",), ("page",), (("application/json", schema),), Place("app.py", 3)
    )
    assert model.gateway_responses == (
        DeclaredResponse("THROTTLED", 503, (("Retry-After", "1"),), (), (), Place("app.py", 9)),
    )
    [door] = model.authorizers
    assert (door.identity_sources, door.validation_expression) == (("context.httpMethod",), None)
    assert check(model) == []


def test_without_a_tool_the_place_is_that_of_the_view_and_of_the_application():
    app = Chalice("demo")
    app.api.gateway_responses.append(GatewayResponse("THROTTLED", status_code=503))

    @app.route("/", methods=["POST"], request_validation=RequestValidation(required_headers=["X"]))
    def view(): ...

    model = collect(app).model

    assert model.routes[0].validation.where == model.routes[0].where
    assert model.gateway_responses[0].where == model.where


def test_routes_with_and_without_validation_stand_side_by_side(tmp_path):
    lines = POST.format('required_headers=["X Y"]') + "\n@app.route('/b')\ndef b(): ..."

    assert told(tmp_path, lines) == [("app.py:3", "request-validation-name", "error")]


def test_a_blueprint_has_its_routes_checked(tmp_path):
    part = Blueprint("part")

    @part.route("/", methods=["POST"], request_validation=RequestValidation(required_headers=["X"]))
    def view(): ...

    app = Chalice("demo")
    app.register_blueprint(part, url_prefix="/p")

    assert collect(app).model.routes[0].validation.headers == ("X",)


# --- what is wrong with them -------------------------------------------------------------------

POST = '@app.route("/", methods=["POST"], request_validation=RequestValidation({}))\ndef v(): ...'
TYPED = (
    'checks = RequestValidation(body_schemas={{"application/json": {{}}}})\n'
    '@app.route("/", methods=["POST"], content_types={}, request_validation=checks)\n'
    "def v(): ..."
)

VALIDATION = {
    "no validation": (
        '@app.route("/", request_validation=True)\ndef v(): ...',
        "request-validation-type",
        "has `request_validation=True`",
        "RequestValidation(...)",
    ),
    "names that are no list": (
        POST.format('required_headers="X"'),
        "request-validation-type",
        "`required_headers` of the RequestValidation of view `v` is `'X'`",
        "write a list: `['X']`",
    ),
    "a name that is no text": (
        POST.format("required_query_params=[1]"),
        "request-validation-type",
        "holds `1`",
        "strings",
    ),
    "schemas that are no mapping": (
        POST.format('required_headers=["X"], body_schemas=[1]'),
        "request-validation-type",
        "is `[1]`",
        '`{"application/json":',
    ),
    "a schema that is no mapping": (
        POST.format('required_headers=["X"], body_schemas={"application/json": "object"}'),
        "request-validation-type",
        "has `'application/json': 'object'`",
        '`{"application/json":',
    ),
    "a schema that is no JSON": (
        POST.format('required_headers=["X"], body_schemas={"application/json": {"enum": {1}}}'),
        "request-validation-type",
        "is no JSON: Object of type set is not JSON serializable",
        "lists",
    ),
    "a header of a foreign name": (
        POST.format('required_headers=["X Y"]'),
        "request-validation-name",
        "requires the header `X Y`",
        "write letters",
    ),
    "a parameter of a foreign name": (
        POST.format('required_query_params=["a[b]"]'),
        "request-validation-name",
        "requires the parameter `a[b]`",
        "write letters",
    ),
    "a body of GET": (
        POST.format('body_schemas={"application/json": {}}').replace("POST", "GET"),
        "request-validation-body",
        "GET of `/` has a schema of its body",
        "two routes",
    ),
    "a header that is named twice": (
        POST.format('required_headers=["X-Tenant", "x-tenant"]'),
        "request-validation-repeated",
        "view `v` requires the header `x-tenant` twice",
        "remove it: names of headers are the same in any case",
    ),
    "a parameter that is named twice": (
        POST.format('required_query_params=["page", "Page", "page"]'),
        "request-validation-repeated",
        "view `v` requires the parameter `page` twice",
        "remove it",
    ),
    "a type with parameters": (
        POST.format('body_schemas={"application/json": {}, "application/json; charset=utf-8": {}}'),
        "request-validation-content-type",
        "`application/json; charset=utf-8` has parameters",
        "write `application/json`",
    ),
    "a type in upper case": (
        POST.format('body_schemas={"application/json": {}, "Text/JSON": {}}'),
        "request-validation-content-type",
        "`Text/JSON` is no media type in lower case",
        "write `text/json`",
    ),
    "a type of a value that is no text": (
        POST.format('body_schemas={"application/json": {"type": 5}}'),
        "request-validation-schema",
        "at `/type`: `5` is no type",
        "write one of array, boolean, integer",
    ),
    "a type that is none": (
        POST.format('body_schemas={"application/json": {}, "JSON": {}}'),
        "request-validation-content-type",
        "`JSON` is no media type in lower case",
        "`application/json`",
    ),
    "a type that the view refuses": (
        POST.format('body_schemas={"application/json": {}, "text/json": {}}'),
        "request-validation-content-type",
        "checks bodies of `text/json`, and answers them with 415",
        "add it to `content_types`",
    ),
    "a keyword that is not evaluated": (
        POST.format('body_schemas={"application/json": {"properties": {"a": {"oneOf": []}}}}'),
        "request-validation-schema",
        "at `/properties/a/oneOf`: API Gateway does not evaluate `oneOf`",
        "remove it",
    ),
    "a root that is wrong": (
        POST.format('body_schemas={"application/json": {"$ref": "#/x"}}'),
        "request-validation-schema",
        "at `/$ref`: `$ref` to `#/x` is not followed",
        "write the schema out",
    ),
}


@pytest.mark.parametrize("case", VALIDATION.values(), ids=VALIDATION)
def test_a_mistake_in_a_validation_has_its_line_and_what_to_write(tmp_path, case):
    lines, code, summary, hint = case

    problem = the_problem(tmp_path, lines)

    assert (problem.where, problem.code, problem.severity) == ("app.py:3", code, "error")
    assert summary in problem.summary
    assert hint in problem.hint


def responses(*entries):
    return f"app.api.gateway_responses = [\n{', '.join(entries)}]"


DOUBTFUL = {
    "nothing asked for": (POST.format(""), "request-validation-empty"),
    "a type without a schema": (
        TYPED.format('["application/json", "text/plain"]'),
        "request-validation-unchecked",
    ),
    "every type": (
        TYPED.format("[]"),
        "request-validation-unchecked",
    ),
    "additional properties": (
        POST.format('body_schemas={"application/json": {"additionalProperties": False}}'),
        "request-validation-schema",
    ),
    "a source of a name that is not documented": (
        '@app.authorizer(identity_sources=["context.identity.sourceIP"])\ndef door(r): ...',
        "context-name",
    ),
    "a header from a name that is not documented": (
        responses('GatewayResponse("THROTTLED", mapped_headers={"A": "context.requestID"})'),
        "context-name",
    ),
    "a template with a name that is not documented": (
        responses('GatewayResponse("THROTTLED", templates={"text/plain": "$context.reqId"})'),
        "context-name",
    ),
    "an expression that takes exponential time": (
        '@app.authorizer(identity_validation_expression="(a|aa)+")\ndef door(r): ...',
        "authorizer-expression",
    ),
    "a list of types": (
        POST.format('body_schemas={"application/json": {"type": ["string", "null"]}}'),
        "request-validation-schema",
    ),
    "a gateway response that REST APIs do not give": (
        'app.api.gateway_responses.append(GatewayResponse("RESOURCE_NOT_FOUND", status_code=404))',
        "gateway-response-never",
    ),
    "a gateway response that changes nothing": (
        'app.api.gateway_responses.append(GatewayResponse("THROTTLED"))',
        "gateway-response-empty",
    ),
}


@pytest.mark.parametrize(("lines", "code"), DOUBTFUL.values(), ids=DOUBTFUL)
def test_what_may_be_meant_is_a_warning(tmp_path, lines, code):
    problem = the_problem(tmp_path, lines)

    assert (problem.code, problem.severity) == (code, "warning")


RESPONSES = {
    "no list": (
        'app.api.gateway_responses = GatewayResponse("THROTTLED")',
        "gateway-responses-type",
        "is `an object of type GatewayResponse`",
        "write a list",
    ),
    "no response": (
        responses('"THROTTLED"'),
        "gateway-responses-type",
        "holds `'THROTTLED'`",
        "`GatewayResponse(...)`",
    ),
    "an unknown type": (
        responses('GatewayResponse("unautorized", status_code=404)'),
        "gateway-response-type",
        "no gateway response `unautorized`",
        "write `UNAUTHORIZED`",
    ),
    "a type that is like none": (
        responses("GatewayResponse(404, status_code=404)"),
        "gateway-response-type",
        "no gateway response `404`",
        "write one of ACCESS_DENIED, ",
    ),
    "the same type twice": (
        responses(
            'GatewayResponse("THROTTLED", status_code=500)',
            'GatewayResponse("THROTTLED", status_code=503)',
        ),
        "gateway-response-duplicate",
        "`THROTTLED` is changed twice, first at app.py:4",
        "leave one",
    ),
    "a status that is text": (
        responses('GatewayResponse("THROTTLED", status_code="503", headers={"A": "b"})'),
        "gateway-response-option",
        "`status_code` of a GatewayResponse is `'503'`",
        "whole number",
    ),
    "a status that is none": (
        responses('GatewayResponse("THROTTLED", status_code=999)'),
        "gateway-response-status",
        "gets the status 999",
        "from 200 to 599",
    ),
    "headers that are no mapping": (
        responses('GatewayResponse("THROTTLED", status_code=503, headers=["A"])'),
        "gateway-response-option",
        "`headers` of a GatewayResponse is `['A']`",
        "write texts",
    ),
    "a header that is no text": (
        responses('GatewayResponse("THROTTLED", status_code=503, headers={"A": 1})'),
        "gateway-response-option",
        "`headers` of a GatewayResponse is `{'A': 1}`",
        "write texts",
    ),
    "the name of a header": (
        responses('GatewayResponse("THROTTLED", headers={"A B": "c"})'),
        "gateway-response-header",
        "`A B` is no name",
        "letters",
    ),
    "quotes as API Gateway has them": (
        responses('GatewayResponse("THROTTLED", headers={"A": "\'*\'"})'),
        "gateway-response-header",
        "holds a quote",
        "write `*`",
    ),
    "a control character": (
        responses('GatewayResponse("THROTTLED", headers={"A": "a\\nb"})'),
        "gateway-response-header",
        "holds a quote or a control character",
        "write a text without them",
    ),
    "an expression that would be sent": (
        responses('GatewayResponse("THROTTLED", headers={"A": "method.request.header.Origin"})'),
        "gateway-response-header",
        "is sent as the text",
        "`mapped_headers`",
    ),
    "a text that would be mapped": (
        responses('GatewayResponse("THROTTLED", mapped_headers={"A": "*"})'),
        "gateway-response-header",
        "which API Gateway cannot map",
        "`headers`",
    ),
    "a quoted text that would be mapped": (
        responses('GatewayResponse("THROTTLED", mapped_headers={"A": "\'*\'"})'),
        "gateway-response-header",
        "which API Gateway cannot map",
        "`headers`",
    ),
    "the name of a mapped header": (
        responses('GatewayResponse("THROTTLED", mapped_headers={"": "context.requestId"})'),
        "gateway-response-header",
        "is no name",
        "letters",
    ),
    "a header in both": (
        responses(
            'GatewayResponse("THROTTLED", headers={"A": "b"},'
            ' mapped_headers={"a": "context.requestId"})'
        ),
        "gateway-response-header",
        "is in `headers` and in `mapped_headers`",
        "one of them",
    ),
    "a template of a type that is none": (
        responses('GatewayResponse("THROTTLED", templates={"JSON": "{}"})'),
        "gateway-response-template",
        "`JSON` is no content type",
        "`application/json`",
    ),
    "a template with code": (
        responses(
            'GatewayResponse("THROTTLED", templates={"text/plain": "#if(1) $context.stage"})'
        ),
        "gateway-response-template",
        "holds `#if(1)`",
        "`$context` names only",
    ),
}


@pytest.mark.parametrize("case", RESPONSES.values(), ids=RESPONSES)
def test_a_mistake_in_a_gateway_response_has_its_line_and_what_to_write(tmp_path, case):
    lines, code, summary, hint = case

    problem = the_problem(tmp_path, lines)

    of_the_list = code == "gateway-responses-type"
    line = 2 if of_the_list else 4
    assert (problem.where, problem.code, problem.severity) == (f"app.py:{line}", code, "error")
    assert summary in problem.summary
    assert hint in problem.hint


AUTHORIZERS = {
    "sources that are no list": (
        'identity_sources="method.request.header.A"',
        "authorizer-option-type",
        "`identity_sources` of authorizer `door` is `'method.request.header.A'`",
        "write a list",
    ),
    "a source that is no text": (
        "identity_sources=[1]",
        "authorizer-option-type",
        "`identity_sources` of authorizer `door` is `[1]`",
        "write a list",
    ),
    "the name of a header alone": (
        'identity_sources=["X-Tenant"]',
        "authorizer-source",
        "reads `X-Tenant`",
        "write `method.request.header.X-Tenant`",
    ),
    "a source of several": (
        'identity_sources=["method.request.header.A,method.request.header.B"]',
        "authorizer-source",
        "reads `method",
        "write `method.request.header.NAME`",
    ),
    "a place that is no source": (
        'identity_sources=["method.request.body.x"]',
        "authorizer-source",
        "reads `method.request.body.x`",
        "write `method.request.header.NAME`",
    ),
    "a source that is named twice": (
        'identity_sources=["method.request.header.A", "method.request.header.a"]',
        "authorizer-source",
        "reads `method.request.header.a` twice",
        "remove it",
    ),
    "a query parameter that is named twice": (
        'identity_sources=["method.request.querystring.a", "method.request.querystring.a"]',
        "authorizer-source",
        "reads `method.request.querystring.a` twice",
        "remove it",
    ),
    "no header": (
        "header=None",
        "authorizer-option-type",
        "`header` of authorizer `door` is `None`",
        'write the name of a header: `"Authorization"`',
    ),
    "an expression without a character": (
        'identity_validation_expression=""',
        "authorizer-option-type",
        "`identity_validation_expression` of authorizer `door` is `''`",
        "write a regular expression, or leave it out",
    ),
    "a header that is none": (
        'identity_sources=["method.request.header.A(B)"]',
        "authorizer-source",
        "reads `method.request.header.A(B)`",
        "write `method.request.header.NAME`",
    ),
    "no source, kept": (
        "identity_sources=[]",
        "authorizer-source",
        "no identity sources, and its answers are kept",
        "`ttl_seconds=0`",
    ),
    "a header and sources": (
        'header="X-Token", identity_sources=["context.stage"]',
        "authorizer-kinds",
        "has `header` and `identity_sources`",
        "method.request.header.X-Token",
    ),
    "an expression and sources": (
        'identity_validation_expression="a", identity_sources=["context.stage"]',
        "authorizer-kinds",
        "has `identity_sources` and `identity_validation_expression`",
        "leave the expression out",
    ),
    "an expression that is none": (
        'identity_validation_expression="("',
        "authorizer-expression",
        "is no regular expression",
        "mend `(`",
    ),
    "an expression that is no text": (
        "identity_validation_expression=1",
        "authorizer-option-type",
        "`identity_validation_expression` of authorizer `door` is `1`",
        "write a regular expression, or leave it out",
    ),
}


@pytest.mark.parametrize("case", AUTHORIZERS.values(), ids=AUTHORIZERS)
def test_a_mistake_in_an_authorizer_has_its_line_and_what_to_write(tmp_path, case):
    options, code, summary, hint = case

    problem = the_problem(tmp_path, f"@app.authorizer({options})\ndef door(request): ...")

    assert (problem.where, problem.code) == ("app.py:3", code)
    assert summary in problem.summary
    assert hint in problem.hint


def test_query_parameters_of_another_case_are_others(tmp_path):
    lines = POST.format('required_query_params=["page", "Page"]')

    assert told(tmp_path, lines) == []


def test_what_is_written_as_a_set_comes_to_the_same_definition_each_time(tmp_path):
    names = {"c", "a", "b", "e", "d"}
    lines = POST.format(f"required_query_params={names}")

    [route] = load(write_project(tmp_path, application(lines))).model.routes

    assert route.validation.query_params == ("a", "b", "c", "d", "e")


def test_an_authorizer_that_is_asked_each_time_needs_no_source(tmp_path):
    lines = "@app.authorizer(identity_sources=[], ttl_seconds=0)\ndef door(request): ..."

    assert told(tmp_path, lines) == []
