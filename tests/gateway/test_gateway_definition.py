import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.gateway.apis import STAGE, Served, document, mock, proxy, uri

from chalice.gateway import Gateway, InvalidDefinition
from chalice.gateway.definition import examine


def problems(definition, stage=STAGE):
    with pytest.raises(InvalidDefinition) as caught:
        Gateway(definition, stage)
    return [(problem.code, problem.where) for problem in caught.value.problems]


def summaries(definition):
    with pytest.raises(InvalidDefinition) as caught:
        Gateway(definition, STAGE)
    return [problem.summary for problem in caught.value.problems]


# --- what is served --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "function"),
    [
        (uri("APIHandler"), "APIHandler"),
        ({"Fn::Sub": "x/functions/${APIHandler}/invocations"}, "APIHandler"),
        ({"Fn::Sub": ["x/functions/${Fn.Arn}/invocations", {"Fn": "y"}]}, "Fn"),
        (
            (
                "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
                "arn:aws:lambda:us-east-1:123456789012:function:app-dev/invocations"
            ),
            "arn:aws:lambda:us-east-1:123456789012:function:app-dev",
        ),
        ("functions/name/invocations", "name"),
    ],
)
def test_the_function_of_an_integration_is_what_its_uri_names(written, function):
    served = Served(document({"/x": {"get": proxy(uri=written)}}), functions={})

    served()

    assert served.invoker.invocations[0].function == function


def test_what_says_nothing_about_serving_is_passed_over():
    document_of_everything = document(
        {
            "/": {"get": {"operationId": "index", **proxy(), "responses": {}}},
            "/a/{id}": {
                "summary": "one",
                "parameters": [],
                "x-internal": True,
                "x-amazon-apigateway-any-method": proxy(passthroughBehavior="when_no_match"),
                "options": mock(contentHandling="CONVERT_TO_TEXT"),
            },
        },
        binary_media_types=["*/*"],
        minimum_compression_size=0,
        gateway_responses={"DEFAULT_4XX": {}},
    )

    api = Gateway(document_of_everything, STAGE).api

    assert [resource.path for resource in api.resources] == ["/", "/a/{id}"]
    assert (api.endpoint_type, api.minimum_compression_size) == ("REGIONAL", 0)


def test_a_trailing_slash_is_no_part_of_a_resource():
    assert Served(document({"/x/": {"get": proxy()}})).event("/x")["resource"] == "/x"


@pytest.mark.parametrize(
    ("written", "of_the_stage", "found"),
    [
        (None, None, "EDGE"),
        ({"types": ["PRIVATE"]}, None, "PRIVATE"),
        ({"types": ["regional"]}, None, "REGIONAL"),
        ({"types": []}, None, "EDGE"),
        ({"types": ["PRIVATE"]}, "REGIONAL", "REGIONAL"),
    ],
)
def test_the_endpoint_type_is_the_stages_or_the_definitions(written, of_the_stage, found):
    definition = document()
    definition["x-amazon-apigateway-endpoint-configuration"] = written

    assert Served(definition, endpoint_type=of_the_stage).gateway.api.endpoint_type == found


# --- resources -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paths", "code", "where", "summary"),
    [
        (
            ["/{proxy+}", "/{id}"],
            "resource-variable-sibling",
            "#/paths/~1{id}",
            (
                "A sibling ({proxy+}) of this resource already has a variable path part"
                " -- only one is allowed"
            ),
        ),
        (
            ["/a/{b}", "/a/{c}/d"],
            "resource-variable-sibling",
            "#/paths/~1a~1{c}~1d",
            (
                "A sibling ({b}) of this resource already has a variable path part"
                " -- only one is allowed"
            ),
        ),
        (
            ["/{proxy+}", "/{proxy+}/x"],
            "resource-greedy-child",
            "#/paths/~1{proxy+}~1x",
            "Cannot create a child of a resource with a greedy path variable: {proxy+}",
        ),
        (
            ["/pets", "/pets/"],
            "resource-duplicate",
            "#/paths/~1pets~1",
            "Another resource with the same parent already has this name: pets",
        ),
        (
            ["/", "//"],
            "resource-duplicate",
            "#/paths/~1~1",
            "Another resource with the same parent already has this name: /",
        ),
        (["x"], "resource-path", "#/paths/x", "path `x` does not begin with `/`"),
        (["/a{b}"], "resource-path-part", "#/paths/~1a{b}", "path part `a{b}` cannot be created"),
        (["/a b"], "resource-path-part", "#/paths/~1a b", "path part `a b` cannot be created"),
        (["/a//b"], "resource-path-part", "#/paths/~1a~1~1b", "path part `` cannot be created"),
        (["/{}"], "resource-path-part", "#/paths/~1{}", "path part `{}` cannot be created"),
        (["/~"], "resource-path-part", "#/paths/~1~0", "path part `~` cannot be created"),
    ],
)
def test_a_resource_that_aws_would_not_create_is_refused(paths, code, where, summary):
    definition = document({path: {"get": proxy()} for path in paths})

    assert problems(definition) == [(code, where)]
    assert summaries(definition) == [summary]


def test_a_literal_and_variables_below_it_may_be_siblings():
    paths = ["/p", "/p/child", "/p/{child}", "/p/{child}/{proxy+}", "/_-.,:09aZ"]

    Gateway(document({path: {"get": proxy()} for path in paths}), STAGE)


# --- methods and integrations ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "code", "place"),
    [
        ({"get": {}}, "integration-missing", "/get/x-amazon-apigateway-integration"),
        ({"trace": proxy()}, "method-verb", "/trace"),
        ({"$ref": "#/paths/x"}, "method-verb", "/$ref"),
        ({"get": proxy(type="http_proxy")}, "integration-type", "/get/{}/type"),
        ({"get": proxy(type=None)}, "integration-type", "/get/{}/type"),
        ({"get": proxy(uri=None)}, "integration-uri", "/get/{}/uri"),
        ({"get": proxy(uri={"Fn::Join": []})}, "integration-uri", "/get/{}/uri"),
        ({"get": proxy(uri={"Fn::Sub": []})}, "integration-uri", "/get/{}/uri"),
        ({"get": proxy(uri="https://example.com")}, "integration-uri", "/get/{}/uri"),
        (
            {"get": proxy(uri="functions/${stageVariables.fn}/invocations")},
            "integration-uri",
            "/get/{}/uri",
        ),
        ({"get": proxy(httpMethod=None)}, "integration-method", "/get/{}"),
        ({"get": proxy(timeoutInMillis=49)}, "definition-range", "/get/{}/timeoutInMillis"),
        ({"get": proxy(timeoutInMillis=300_001)}, "definition-range", "/get/{}/timeoutInMillis"),
        ({"get": proxy(timeoutInMillis="soon")}, "definition-range", "/get/{}/timeoutInMillis"),
        ({"get": proxy(timeoutInMillis=True)}, "definition-range", "/get/{}/timeoutInMillis"),
        (
            {"get": proxy(responseTransferMode="STREAM")},
            "integration-type",
            "/get/{}/responseTransferMode",
        ),
        ({"get": proxy(requestParameters=[])}, "definition-type", "/get/{}/requestParameters"),
        ({"get": {**proxy(), "operationId": 1}}, "definition-type", "/get/operationId"),
        (
            {"get": mock(requestTemplates={"a/b": "#set($x = 1)"})},
            "template-code",
            "/get/{}/requestTemplates/a~1b",
        ),
        (
            {"get": mock(requestTemplates={"a/b": "$input.json('$')"})},
            "template-code",
            "/get/{}/requestTemplates/a~1b",
        ),
        (
            {"get": mock(responses={"default": {"responseTemplates": {"a": "${util.x}"}}})},
            "template-code",
            "/get/{}/responses/default/responseTemplates/a",
        ),
        (
            {"get": mock(responses={"[": {}})},
            "definition-pattern",
            "/get/{}/responses/[",
        ),
        (
            {"get": mock(responses={"default": {"statusCode": 99}})},
            "definition-range",
            "/get/{}/responses/default/statusCode",
        ),
        (
            {"get": mock(responses={"default": {"responseParameters": {
                "method.response.header.X": "integration.response.body"}}})},
            "template-code",
            "/get/{}/responses/default/responseParameters/method.response.header.X",
        ),
        (
            {"get": mock(responses={"default": {"responseParameters": {
                "method.response.header.X y": "'a'"}}})},
            "definition-header",
            "/get/{}/responses/default/responseParameters/method.response.header.X y",
        ),
        (
            {"get": mock(responses={"default": {"responseParameters": {
                "method.response.header.X": "'a\r\nb'"}}})},
            "definition-header",
            "/get/{}/responses/default/responseParameters/method.response.header.X",
        ),
    ],
)  # fmt: skip
def test_a_method_that_cannot_be_served_is_refused_with_its_place(item, code, place):
    where = "#/paths/~1x" + place.replace("{}", "x-amazon-apigateway-integration")

    assert problems(document({"/x": item})) == [(code, where)]


def test_an_edge_api_waits_no_longer_than_29_seconds():
    definition = document({"/x": {"get": proxy(timeoutInMillis=29_001)}}, endpoint="EDGE")

    assert [code for code, _ in problems(definition)] == ["definition-range"]


# --- security --------------------------------------------------------------------------------


def scheme(**authorizer):
    return {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authorizer": authorizer,
    }


@pytest.mark.parametrize(
    ("authorizer", "code", "place"),
    [
        ({"type": "token"}, "integration-uri", "/authorizerUri"),
        ({"type": "request", "identitySource": "context.a"}, "integration-uri", "/authorizerUri"),
        (
            {"type": "token", "authorizerUri": uri("A"), "authorizerResultTtlInSeconds": 3601},
            "definition-range",
            "/authorizerResultTtlInSeconds",
        ),
        (
            {"type": "token", "authorizerUri": uri("A"), "authorizerResultTtlInSeconds": -1},
            "definition-range",
            "/authorizerResultTtlInSeconds",
        ),
        (
            {"type": "token", "authorizerUri": uri("A"), "identityValidationExpression": "("},
            "definition-pattern",
            "/identityValidationExpression",
        ),
        (
            {
                "type": "token",
                "authorizerUri": uri("A"),
                "identityValidationExpression": "a{99999999999999999999}",
            },
            "definition-pattern",
            "/identityValidationExpression",
        ),
        (
            {
                "type": "token",
                "authorizerUri": uri("A"),
                "identitySource": "method.request.querystring.t",
            },
            "authorizer-source",
            "/identitySource",
        ),
        (
            {
                "type": "token",
                "authorizerUri": uri("A"),
                "identitySource": "method.request.header.a,method.request.header.b",
            },
            "authorizer-source",
            "/identitySource",
        ),
        (
            {"type": "request", "authorizerUri": uri("A"), "identitySource": "$request.header.a,"
             "context.b"},
            "authorizer-source",
            "/identitySource",
        ),
        ({"type": "request", "authorizerUri": uri("A")}, "authorizer-source", ""),
    ],
)  # fmt: skip
def test_an_authorizer_that_aws_would_not_create_is_refused(authorizer, code, place):
    definition = document(schemes={"auth": scheme(**authorizer)})

    where = "#/components/securitySchemes/auth/x-amazon-apigateway-authorizer" + place
    assert problems(definition) == [(code, where)]


@pytest.mark.parametrize(
    ("security", "code", "place"),
    [
        ([{"nobody": []}], "security-unknown", "/security/0/nobody"),
        ([{"one": []}, {"two": []}], "security-several", "/security"),
        ({"one": []}, "definition-type", "/security"),
        (["one"], "definition-type", "/security/0"),
    ],
)
def test_security_names_one_authorizer_that_is_defined(security, code, place):
    schemes = {name: scheme(type="token", authorizerUri=uri("Auth")) for name in ("one", "two")}
    definition = document({"/x": {"get": {**proxy(), "security": security}}}, schemes=schemes)

    assert problems(definition) == [(code, f"#/paths/~1x/get{place}")]


def test_security_at_the_root_which_aws_ignores_is_refused():
    definition = {**document(), "security": [{"auth": []}]}

    assert problems(definition) == [("definition-security", "#/security/0")]


# --- validators ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "code", "where"),
    [
        (
            {"x-amazon-apigateway-request-validator": "none"},
            "validator-unknown",
            "#/paths/~1x/get/x-amazon-apigateway-request-validator",
        ),
        (
            {
                "x-amazon-apigateway-request-validator": "all",
                "requestBody": {"content": {"a/b": {"schema": {"not": {"enum": []}}}}},
            },
            "validator-schema",
            "#/paths/~1x/get/requestBody/content/a~1b/schema/not/enum",
        ),
        (
            {
                "x-amazon-apigateway-request-validator": "all",
                "parameters": [{"$ref": "#/components/parameters/none"}],
            },
            "definition-reference",
            "#/paths/~1x/get/parameters/0",
        ),
        (
            {
                "x-amazon-apigateway-request-validator": "all",
                "requestBody": {"$ref": "#/components/requestBodies/none"},
            },
            "definition-reference",
            "#/paths/~1x/get/requestBody",
        ),
    ],
)
def test_a_validator_that_cannot_be_asked_is_refused(operation, code, where):
    definition = document(
        {"/x": {"get": {**proxy(), **operation}}},
        request_validators={
            "all": {"validateRequestParameters": True, "validateRequestBody": True}
        },
    )

    assert problems(definition) == [(code, where)]


def test_the_validator_of_the_document_is_that_of_every_method():
    definition = document(
        {"/x": {"get": {**mock(), "parameters": [{"in": "query", "name": "q", "required": True}]}}},
        request_validators={"all": {"validateRequestParameters": True}},
        request_validator="all",
    )

    assert Served(definition)().status == 400


# --- what belongs to the whole API -----------------------------------------------------------


@pytest.mark.parametrize(
    ("extensions", "code", "where"),
    [
        ({"minimum_compression_size": 10_485_761}, "definition-range", "minimum-compression-size"),
        ({"minimum_compression_size": -1}, "definition-range", "minimum-compression-size"),
        ({"minimum_compression_size": 1.5}, "definition-range", "minimum-compression-size"),
        ({"binary_media_types": "a/b"}, "definition-type", "binary-media-types"),
        ({"binary_media_types": [1]}, "definition-type", "binary-media-types/0"),
        ({"api_key_source": "QUERY"}, "definition-value", "api-key-source"),
        ({"gateway_responses": []}, "definition-type", "gateway-responses"),
        (
            {"gateway_responses": {"DEFAULT_4X": {}}},
            "gateway-response-type",
            "gateway-responses/DEFAULT_4X",
        ),
        (
            {"gateway_responses": {"zzz": {}}},
            "gateway-response-type",
            "gateway-responses/zzz",
        ),
        (
            {"gateway_responses": {"THROTTLED": {"statusCode": "many"}}},
            "definition-range",
            "gateway-responses/THROTTLED/statusCode",
        ),
        (
            {"gateway_responses": {"THROTTLED": {"responseTemplates": {"a/b": "#if(true)"}}}},
            "template-code",
            "gateway-responses/THROTTLED/responseTemplates/a~1b",
        ),
        ({"policy": {"Statement": [{}]}}, "policy-malformed", "policy"),
        ({"policy": {"Fn::Sub": "x"}}, "policy-malformed", "policy"),
        ({"request_validators": {"a": {"validateRequestParameters": 1}}, "request_validator": "a"},
         "definition-type", "request-validators/a/validateRequestParameters"),
    ],
)  # fmt: skip
def test_a_part_of_the_api_that_cannot_be_read_is_refused(extensions, code, where):
    assert problems(document(**extensions)) == [(code, f"#/x-amazon-apigateway-{where}")]


def test_the_range_of_compression_is_told_in_the_words_of_aws():
    definition = document(minimum_compression_size=10_485_761)

    assert summaries(definition) == [
        "Invalid minimum compression size, must be between 0 and 10485760"
    ]


def test_an_endpoint_type_is_one_of_three():
    definition = document(endpoint="NEAR")

    assert problems(definition) == [
        ("definition-value", "#/x-amazon-apigateway-endpoint-configuration/types/0")
    ]


@pytest.mark.parametrize("version", [None, "2.0", "3.1.0", 3])
def test_only_openapi_3_0_is_read(version):
    assert ("definition-version", "#/openapi") in problems({**document(), "openapi": version})


def test_all_problems_are_reported_at_once():
    definition = document(
        {"/a b": {"get": proxy(type="http")}, "/x": {"get": {}}}, minimum_compression_size=-1
    )

    with pytest.raises(InvalidDefinition) as caught:
        Gateway(definition, STAGE)

    assert [problem.code for problem in caught.value.problems] == [
        "resource-path-part",
        "integration-type",
        "integration-missing",
        "definition-range",
    ]
    assert str(caught.value).count("\n") == 3


def test_numbers_as_keys_of_a_document_that_was_yaml_are_read_as_text():
    served = Served(document({"/x": {"get": mock(responses={200: {"statusCode": 201}})}}))

    assert served().status == 201


# --- any document ----------------------------------------------------------------------------

SOUND = json.dumps(
    document(
        {
            "/": {"get": proxy()},
            "/a/{b}": {
                "x-amazon-apigateway-any-method": {
                    **proxy(),
                    "security": [{"auth": []}],
                    "parameters": [{"in": "query", "name": "q", "required": True}],
                    "x-amazon-apigateway-request-validator": "v",
                },
                "options": mock(),
            },
        },
        schemes={"auth": scheme(type="token", authorizerUri=uri("Auth"))},
        binary_media_types=["a/b"],
        minimum_compression_size=1,
        gateway_responses={"DEFAULT_4XX": {"responseTemplates": {"application/json": "{}"}}},
        request_validators={"v": {"validateRequestParameters": True}},
        policy={"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}},
    )
)

ODD = st.none() | st.booleans() | st.integers(-5, 700) | st.text(max_size=4) | st.sampled_from(
    [[], {}, [None], {"": None}, [[]], "POST", "/{a+}/b", {"Fn::Sub": [None]}, 1e308]
)  # fmt: skip


def places(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        if isinstance(item, dict | list):
            yield from places(item, (*path, key))
        else:
            yield (*path, key)


PLACES = [place for place in places(json.loads(SOUND)) if place]


@given(st.lists(st.tuples(st.sampled_from(PLACES), ODD), min_size=1, max_size=3))
def test_a_damaged_document_is_served_or_refused_with_problems(damages):
    definition = json.loads(SOUND)
    for place, value in damages:
        *parents, last = place
        found = definition
        for key in parents:
            found = found[key] if key in keys_of(found) else None
        if last in keys_of(found):
            found[last] = value

    try:
        served = Served(definition)
    except InvalidDefinition:
        return

    assert 200 <= served("/a/1?q=1").status <= 599


def keys_of(value):
    if isinstance(value, list):
        return range(len(value))
    return value if isinstance(value, dict) else ()


def test_names_of_the_context_that_are_not_documented_are_warned_of():
    authorizer = {
        "type": "request",
        "authorizerUri": uri("Auth"),
        "identitySource": "context.httpmethod",
    }
    scheme = {"type": "apiKey", "name": "a", "in": "header"}
    response = {
        "responseParameters": {"gatewayresponse.header.X": "context.requestID"},
        "responseTemplates": {"a/b": "$context.error.messagestring $context.authorizer.mine"},
    }
    definition = document(
        schemes={"auth": {**scheme, "x-amazon-apigateway-authorizer": authorizer}},
        gateway_responses={"THROTTLED": response},
    )

    _, problems = examine(definition, STAGE)

    assert {problem.severity for problem in problems} == {"warning"}
    assert sorted(problem.hint for problem in problems) == [
        "write `context.error.messageString`",
        "write `context.httpMethod`",
        "write `context.requestId`",
    ]
