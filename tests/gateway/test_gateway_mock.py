import pytest
from tests.gateway.apis import Served, document, header, mock

INTERNAL = b'{"message": "Internal server error"}'


def served(method="get", **integration):
    return Served(document({"/x/{id}": {method: mock(**integration)}}))


def test_a_preflight_is_answered_by_the_gateway_alone():
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "GET,OPTIONS",
        "Access-Control-Allow-Headers": "Authorization,Content-Type",
    }
    parameters = {f"method.response.header.{name}": f"'{text}'" for name, text in headers.items()}
    api = served("options", responses={"default": {"responseParameters": parameters}})

    response = api("/x/1", "OPTIONS", headers=[("Origin", "https://a.example")])

    assert (response.status, response.body) == (200, b"")
    assert header(response, "Content-Type") == ["application/json"]
    assert {name: header(response, name) for name in headers} == {
        name: [text] for name, text in headers.items()
    }
    assert not header(response, "X-Amzn-Trace-Id")
    assert header(response, "x-amzn-RequestId")
    assert not api.invoker.invocations


@pytest.mark.parametrize(
    ("template", "status"),
    [
        ('{"statusCode": 200}', 200),
        ("{statusCode:200}", 200),
        ("{'statusCode' : '200' , }", 200),
        ('{"statusCode": "200", "more": 1}', 200),
        ('\n{ "statusCode" : 200 }\n', 200),
        ("", 500),
        ("{}", 500),
        ("[200]", 500),
        ("200", 500),
        ('{"statusCode": "ok"}', 500),
        ('{"statusCode": 200', 500),
        ("[" * 100_000, 500),
    ],
)
def test_the_request_template_names_the_status(template, status):
    response = served(requestTemplates={"application/json": template})("/x/1")

    assert response.status == status
    if status == 500:
        assert response.body == INTERNAL
        assert header(response, "x-amzn-ErrorType") == ["InternalServerErrorException"]


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        (None, 200),
        ("application/json; charset=utf-8", 200),
        ("APPLICATION/JSON", 200),
        ("a/b", 500),
    ],
)
def test_the_content_type_of_the_request_picks_the_template(content_type, status):
    headers = [] if content_type is None else [("Content-Type", content_type)]

    assert served()("/x/1", headers=headers).status == status


@pytest.mark.parametrize(
    ("template", "status", "body"),
    [
        ('{"statusCode": 200}', 201, b"fine"),
        ('{"statusCode": 404}', 404, b"client"),
        ('{"statusCode": 302}', 418, b"other"),
    ],
)
def test_the_status_picks_the_response(template, status, body):
    responses = {
        "default": {"statusCode": "418", "responseTemplates": {"application/json": "other"}},
        "2\\d{2}": {"statusCode": "201", "responseTemplates": {"application/json": "fine"}},
        "4\\d{2}": {"statusCode": 404, "responseTemplates": {"application/json": "client"}},
    }

    response = served(requestTemplates={"application/json": template}, responses=responses)("/x/1")

    assert (response.status, response.body) == (status, body)


def test_without_a_response_for_the_status_the_mock_fails():
    response = served(responses={"4\\d{2}": {"statusCode": "404"}})("/x/1")

    assert (response.status, response.body) == (500, INTERNAL)
    assert "no response for status 200" in response.reason


def test_a_template_names_values_of_the_request():
    responses = {
        "default": {
            "statusCode": "200",
            "responseParameters": {
                "method.response.header.X-Id": "method.request.path.id",
                "method.response.header.X-Q": "method.request.querystring.q",
                "method.response.header.Content-Type": "'text/plain'",
            },
            "responseTemplates": {"application/xml": "<p>$context.resourcePath $context.path</p>"},
        }
    }

    response = served(responses=responses)("/x/7?q=a%20b")

    assert response.body == b"<p>/x/{id} /api/x/7</p>"
    assert header(response, "X-Id") == ["7"]
    assert header(response, "X-Q") == ["a b"]
    assert header(response, "Content-Type") == ["text/plain"]


def test_the_answer_to_head_has_no_body_here_either():
    responses = {"default": {"responseTemplates": {"application/json": "text"}}}

    assert served("head", responses=responses)("/x/7", "HEAD").body == b""


# --- request validators ----------------------------------------------------------------------


def validated(validator="all", **operation):
    parameters = [
        {"in": "header", "name": "x-header-param", "required": True},
        {"in": "query", "name": "issuer", "required": True},
        {"in": "query", "name": "optional"},
        {"in": "path", "name": "id", "required": True},
        {"$ref": "#/components/parameters/q"},
    ]
    method = {
        **mock(),
        "parameters": [{"in": "query", "name": "shared", "required": False}, *parameters],
        "x-amazon-apigateway-request-validator": validator,
        **operation,
    }
    shared = [{"in": "query", "name": "shared", "required": True}]
    definition = document(
        {"/x/{id}": {"parameters": shared, "get": method}},
        request_validators={
            "all": {"validateRequestParameters": True, "validateRequestBody": True},
            "body": {"validateRequestParameters": False, "validateRequestBody": True},
        },
    )
    definition["components"]["parameters"] = {"q": {"in": "query", "name": "qs1", "required": True}}
    return Served(definition)


@pytest.mark.parametrize(
    ("target", "headers", "missing"),
    [
        ("/x/1", [], "x-header-param, issuer, qs1"),
        ("/x/1?issuer=1&qs1=1", [], "x-header-param"),
        ("/x/1?issuer=&qs1=1", [("X-Header-Param", "")], "x-header-param, issuer"),
        ("/x/1?Issuer=1&qs1=1", [("X-HEADER-PARAM", "1")], "issuer"),
    ],
)
def test_required_parameters_that_are_missing_are_named(target, headers, missing):
    response = validated()(target, headers=headers)

    text = f'{{"message":"Missing required request parameters: [{missing}]"}}'
    assert (response.status, response.body.decode()) == (400, text)
    assert header(response, "x-amzn-ErrorType") == ["BadRequestException"]


def test_with_all_parameters_the_method_answers():
    response = validated()("/x/1?issuer=1&qs1=1", headers=[("x-header-param", "1")])

    assert response.status == 200


def test_a_validator_of_bodies_asks_for_no_parameters():
    assert validated("body")("/x/1").status == 200


def test_a_choice_between_response_templates_is_said_not_to_be_emulated():
    templates = {"application/json": "{}", "application/xml": "<x/>"}
    several = served(responses={"default": {"responseTemplates": templates}})
    one = served(responses={"default": {"responseTemplates": {"application/xml": "<x/>"}}})
    accept = [("Accept", "application/xml")]

    assert several("/x/1", headers=accept).not_emulated == (
        "2.20: which of several response templates is picked for the Accept header",
    )
    assert several("/x/1").not_emulated == one("/x/1", headers=accept).not_emulated == ()
