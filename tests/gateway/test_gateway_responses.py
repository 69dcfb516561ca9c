import pytest
from tests.gateway.apis import ALLOW_ALL, Served, document, header, mock, proxy, returns, uri

from chalice.gateway.responses import Answer, Style

CORS = {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}


def unknown(responses, **others):
    """Return the answer to a request that nothing serves, by an API with gateway *responses*."""
    return Served(document(gateway_responses=responses))("/nowhere", **others)


@pytest.mark.parametrize(
    ("style", "body"),
    [
        (Style.PLAIN, b'{"message":"a\\"\xc3\xa9"}'),
        (Style.SPACED, b'{"message": "a\\"\xc3\xa9"}'),
        (Style.CAPITAL, b'{"Message":"a\\"\xc3\xa9"}'),
        (Style.TEXT, b'a"\xc3\xa9'),
    ],
)
def test_a_style_is_how_a_body_spells_its_message(style, body):
    assert Answer("", 400, "", None, "2.23", style).body('a"é') == body


def test_no_message_is_null_in_json_and_nothing_in_text():
    assert Answer("", 500, "", None, "4.7").body(None) == b'{"message":null}'
    assert Answer("", 500, "", None, "4.7", Style.TEXT).body(None) == b""


def test_every_error_carries_ids_and_type_and_no_cors():
    response = Served()("/nowhere", headers=[("Origin", "https://a.example")])

    assert [name for name, _ in response.headers] == [
        "x-amzn-RequestId",
        "x-amz-apigw-id",
        "Content-Type",
        "x-amzn-ErrorType",
    ]


def test_a_gateway_response_adds_headers_and_keeps_the_exact_body():
    response = unknown({"DEFAULT_4XX": {"responseParameters": CORS}})

    assert header(response, "Access-Control-Allow-Origin") == ["*"]
    assert response.body == b'{"message":"Missing Authentication Token"}'
    assert header(response, "x-amzn-ErrorType") == ["MissingAuthenticationTokenException"]


def test_the_response_of_a_type_goes_before_the_default_of_its_family():
    response = unknown(
        {
            "DEFAULT_4XX": {"statusCode": "418", "responseParameters": CORS},
            "MISSING_AUTHENTICATION_TOKEN": {"statusCode": 404},
        }
    )

    assert response.status == 404
    assert not header(response, "Access-Control-Allow-Origin")


def test_defaults_are_for_their_family():
    responses = {"DEFAULT_5XX": {"statusCode": "503", "responseParameters": CORS}}
    api = Served(document(gateway_responses=responses), functions={"Fn": returns(None)})

    failed, missed = api(), api("/nowhere")

    assert (failed.status, missed.status) == (503, 403)
    assert failed.body == b'{"message": "Internal server error"}'
    assert header(failed, "Access-Control-Allow-Origin") == ["*"]
    assert not header(missed, "Access-Control-Allow-Origin")


def test_what_a_function_answers_is_no_gateway_response():
    responses = {"DEFAULT_5XX": {"statusCode": "503"}, "DEFAULT_4XX": {"statusCode": "400"}}
    api = Served(
        document(gateway_responses=responses), functions={"Fn": returns({"statusCode": 500})}
    )

    assert api().status == 500


def test_a_template_is_rendered_with_the_values_of_the_request():
    template = (
        '{"text":$context.error.messageString,"raw":"$context.error.message",'
        '"type":"$context.error.responseType","id":"${context.requestId}",'
        '"epoch":$context.requestTimeEpoch,"verb":"$!context.httpMethod",'
        '"none":"$context.authorizer.claims.sub","deep":"$context.httpMethod.x",'
        '"ip":"$context.identity.sourceIp","price":"5$","other":"$context.authorizer.aString"}'
    )
    response = unknown({"DEFAULT_4XX": {"responseTemplates": {"application/json": template}}})

    assert response.body.decode() == (
        '{"text":"Missing Authentication Token","raw":"Missing Authentication Token",'
        '"type":"MISSING_AUTHENTICATION_TOKEN",'
        '"id":"00000000-0000-4000-a000-000000000001","epoch":1783711144500,"verb":"GET",'
        '"none":"","deep":"","ip":"203.0.113.9","price":"5$","other":""}'
    )


def test_a_template_of_another_type_sets_the_content_type():
    templates = {"text/plain": "no: $context.error.message", "text/html": "<p>"}
    response = unknown({"DEFAULT_4XX": {"responseTemplates": templates}})

    assert response.body == b"no: Missing Authentication Token"
    assert header(response, "Content-Type") == ["text/plain"]


def test_the_template_for_json_goes_before_others():
    templates = {"text/plain": "text", "application/json": "{}"}

    assert unknown({"DEFAULT_4XX": {"responseTemplates": templates}}).body == b"{}"


def test_a_missing_message_is_null_as_json_and_empty_as_text():
    schemes = {"auth": {"type": "http", "scheme": "bearer"}}
    paths = {"/x": {"get": {**proxy(), "security": [{"auth": []}]}}}
    template = {"application/json": "$context.error.messageString,$context.error.message"}
    responses = {"AUTHORIZER_CONFIGURATION_ERROR": {"responseTemplates": template}}

    response = Served(document(paths, schemes=schemes, gateway_responses=responses))()

    assert (response.status, response.body) == (500, b"null,")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'text'", ["text"]),
        ("''", [""]),
        ("method.request.header.Origin", ["https://a.example"]),
        ("method.request.header.X-None", []),
        ("context.requestId", ["00000000-0000-4000-a000-000000000001"]),
        ("context.requestTimeEpoch", ["1783711144500"]),
        ("context.error.responseType", ["MISSING_AUTHENTICATION_TOKEN"]),
        ("context.nothing", []),
        ("method.request.querystring.q", []),
        ("method.request.path.id", []),
        ("stageVariables.tenant", ["t1"]),
    ],
)
def test_a_header_may_come_from_the_request(expression, value):
    parameters = {
        "gatewayresponse.header.X-A": expression,
        "gatewayresponse.path.b": "'ignored'",
    }
    definition = document(gateway_responses={"DEFAULT_4XX": {"responseParameters": parameters}})

    response = Served(definition, variables={"tenant": "t1"})(
        "/nowhere", headers=[("origin", "https://a.example")]
    )

    assert header(response, "X-A") == value


def test_a_header_of_the_definition_replaces_that_of_the_gateway():
    parameters = {"gatewayresponse.header.content-type": "'text/html'"}

    response = unknown({"DEFAULT_4XX": {"responseParameters": parameters}})

    assert header(response, "Content-Type") == ["text/html"]


def test_a_value_from_the_request_cannot_end_the_header():
    parameters = {"gatewayresponse.header.X-A": "method.request.querystring.q"}
    paths = {
        "/x": {
            "get": {
                **mock(),
                "parameters": [{"in": "header", "name": "X-Needed", "required": True}],
                "x-amazon-apigateway-request-validator": "all",
            }
        }
    }
    definition = document(
        paths,
        gateway_responses={"DEFAULT_4XX": {"responseParameters": parameters}},
        request_validators={"all": {"validateRequestParameters": True}},
    )
    api = Served(definition)

    assert header(api("/x?q=a%0d%0aSet-Cookie:%20b"), "X-A") == []
    assert header(api("/x?q=fine"), "X-A") == ["fine"]


def test_a_denied_caller_gets_what_the_definition_makes_of_it():
    schemes = {
        "auth": {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": uri("Auth")},
        }
    }
    paths = {"/x/{id}": {"get": {**proxy(), "security": [{"auth": []}]}}}
    template = '{"message":$context.error.messageString,"resource":"$context.resourcePath"}'
    responses = {
        "ACCESS_DENIED": {
            "statusCode": "401",
            "responseParameters": {"gatewayresponse.header.X-Id": "method.request.path.id"},
            "responseTemplates": {"application/json": template},
        }
    }
    nothing = {**ALLOW_ALL, "policyDocument": {"Statement": []}}

    response = Served(
        document(paths, schemes=schemes, gateway_responses=responses),
        functions={"Fn": returns({}), "Auth": returns(nothing)},
    )("/x/7", headers=[("Authorization", "tok")])

    assert response.status == 401
    assert response.body.startswith(b'{"message":"User is not authorized to access this resource')
    assert response.body.endswith(b'"resource":"/x/{id}"}')
    assert header(response, "X-Id") == ["7"]
