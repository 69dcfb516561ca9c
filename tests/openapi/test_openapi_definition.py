import json
import re

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

from chalice.config import Settings
from chalice.diagnostics import InvalidApp
from chalice.model.declared import (
    AppModel,
    BuiltinAuthorizer,
    CognitoAuthorizer,
    Cors,
    CustomAuthorizer,
    Function,
    GatewayResponse,
    IamAuthorizer,
    Place,
    RequestValidation,
    Route,
)
from chalice.model.names import logical_id
from chalice.openapi import api_definition

HERE = Place("app.py", 3)
SETTINGS = Settings(stage="dev", app_name="shop")
OPEN = Cors(
    allow_origin="*",
    allow_credentials=False,
    headers=(
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Allow-Headers", "Authorization,Content-Type"),
    ),
)


def cors_for(origin, *, credentials=False, expose=None):
    headers = [("Access-Control-Allow-Origin", origin)]
    if expose:
        headers.append(("Access-Control-Expose-Headers", expose))
    if credentials:
        headers.append(("Access-Control-Allow-Credentials", "true"))
    return Cors(allow_origin=origin, allow_credentials=credentials, headers=tuple(headers))


def route(path="/", method="GET", view="view", **options):
    return Route(
        path=path,
        method=method,
        view=view,
        function=view,
        parameters=(),
        accepts_any=True,
        where=HERE,
        **options,
    )


def model(*routes, authorizers=(), functions=("api_handler",), binary_types=(), responses=()):
    return AppModel(
        name="shop",
        routes=routes,
        authorizers=authorizers,
        functions=tuple(Function(name, f"app.{name}", "api", HERE) for name in functions),
        binary_types=tuple(binary_types),
        debug=False,
        where=Place("app.py", 1),
        gateway_responses=responses,
    )


def define(*routes, settings=SETTINGS, **options):
    return api_definition(model(*routes, **options), settings)


def preflight(definition, path):
    integration = definition["paths"][path]["options"]["x-amazon-apigateway-integration"]
    parameters = integration["responses"]["default"]["responseParameters"]
    return {key.removeprefix("method.response.header."): value for key, value in parameters.items()}


def gateway_headers(definition, kind="DEFAULT_4XX"):
    responses = definition.get("x-amazon-apigateway-gateway-responses", {})
    parameters = responses.get(kind, {}).get("responseParameters", {})
    return {key.removeprefix("gatewayresponse.header."): value for key, value in parameters.items()}


EVERY_AUTHORIZER = (
    BuiltinAuthorizer("my_auth", "my_auth", "Authorization", 30, None, HERE),
    CognitoAuthorizer("pool", "X-Auth", ("arn:aws:cognito-idp:r:1:userpool/p",), HERE),
    CustomAuthorizer("elsewhere", "X-Token", "arn:uri", 0, "arn:aws:iam::1:role/x", HERE),
    IamAuthorizer("sigv4", HERE),
)


# Names and ids as AWS Chalice 1.34 packages them.
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("api_handler", "APIHandler"),
        ("my_auth", "MyAuth"),
        ("my_func1", "MyFunc1"),
        ("Some-Name_x2y", "SomeNameX2y"),
        ("UPPER_CASE", "UPPERCASE"),
        ("camelCase9z", "CamelCase9z"),
        ("x__y", "XY"),
        ("a-b-c", "ABC"),
        ("1abc_2def", "1abc2def"),
        ("api_foo", "ApiFoo"),
        ("foo_api", "FooApi"),
        ("my_aUTH", "MyAUTH"),
        ("rest_api", "RestApi"),
        ("_lead", "Lead"),
        ("trail_", "Trail"),
    ],
)
def test_logical_ids_are_those_of_aws_chalice(name, expected):
    assert logical_id(name) == expected


def test_the_definition_of_one_route():
    definition = define(route("/a/{b}", view="show"), binary_types=["image/png"])

    assert definition == {
        "openapi": "3.0.1",
        "info": {"title": "shop", "version": "1.0"},
        "paths": {
            "/a/{b}": {
                "get": {
                    "parameters": [
                        {"name": "b", "in": "path", "required": True, "schema": {"type": "string"}}
                    ],
                    "responses": {"200": {"description": "200 response"}},
                    "x-amazon-apigateway-integration": {
                        "type": "aws_proxy",
                        "httpMethod": "POST",
                        "uri": {
                            "Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:"
                            "path/2015-03-31/functions/${APIHandler.Arn}/invocations"
                        },
                        "passthroughBehavior": "when_no_match",
                        "contentHandling": "CONVERT_TO_TEXT",
                        "responses": {"default": {"statusCode": "200"}},
                    },
                }
            }
        },
        "x-amazon-apigateway-binary-media-types": ["image/png"],
    }


def test_a_definition_without_routes_is_valid():
    definition = define(functions=())

    assert list(OpenAPIV30SpecValidator(definition).iter_errors()) == []


def test_a_preflight_declares_the_captures_of_its_path():
    definition = define(route("/a/{b}/{rest+}", cors=OPEN))

    options = definition["paths"]["/a/{b}/{rest+}"]["options"]
    assert [parameter["name"] for parameter in options["parameters"]] == ["b", "rest"]


def test_a_definition_of_everything_is_valid_openapi():
    definition = define(
        route("/", "GET", "index", cors=OPEN),
        route("/", "POST", "index", cors=OPEN, api_key_required=True),
        *(
            route(f"/{item.name}/{{id}}", "PUT", "view", authorizer=item.name, scopes=("a/b",))
            for item in EVERY_AUTHORIZER
        ),
        route("/any/{x}", "ANY", cors=OPEN),
        route("/files/{proxy+}", "GET"),
        authorizers=EVERY_AUTHORIZER,
    )

    # `{proxy+}` is API Gateway's own syntax; its parameter is `proxy`.
    document = json.loads(json.dumps(definition).replace("/{proxy+}", "/{proxy}"))

    assert list(OpenAPIV30SpecValidator(document).iter_errors()) == []


def test_a_greedy_parameter_is_declared_by_its_name_without_the_plus():
    definition = define(route("/files/{proxy+}"))

    names = [item["name"] for item in definition["paths"]["/files/{proxy+}"]["get"]["parameters"]]
    assert names == ["proxy"]


def test_any_is_the_gateways_own_method():
    definition = define(route("/x", "ANY"))

    assert list(definition["paths"]["/x"]) == ["x-amazon-apigateway-any-method"]


def test_operations_have_no_id_because_the_function_would_see_it():
    definition = define(route("/a", "GET", "show"))

    assert "operationId" not in definition["paths"]["/a"]["get"]


def test_a_definition_is_the_same_each_time_and_keeps_the_order_of_declaration():
    routes = [route(path, view=f"v{path[1:]}") for path in ("/b", "/a", "/c")]

    first = json.dumps(define(*routes))

    assert json.dumps(define(*routes)) == first
    assert list(json.loads(first)["paths"]) == ["/b", "/a", "/c"]


def test_what_a_caller_must_show_is_listed_key_first():
    definition = define(
        route(authorizer="pool", scopes=("a/b", "c/d"), api_key_required=True),
        authorizers=EVERY_AUTHORIZER,
    )

    security = definition["paths"]["/"]["get"]["security"]
    assert security == [{"api_key": []}, {"pool": ["a/b", "c/d"]}]


def test_each_kind_of_authorizer_has_its_scheme():
    definition = define(route(authorizer="my_auth"), authorizers=EVERY_AUTHORIZER)

    assert definition["components"]["securitySchemes"] == {
        "my_auth": {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authtype": "custom",
            "x-amazon-apigateway-authorizer": {
                "type": "token",
                "authorizerUri": {
                    "Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:"
                    "path/2015-03-31/functions/${MyAuth.Arn}/invocations"
                },
                "authorizerResultTtlInSeconds": 30,
            },
        },
        "pool": {
            "type": "apiKey",
            "name": "X-Auth",
            "in": "header",
            "x-amazon-apigateway-authtype": "cognito_user_pools",
            "x-amazon-apigateway-authorizer": {
                "type": "cognito_user_pools",
                "providerARNs": ["arn:aws:cognito-idp:r:1:userpool/p"],
            },
        },
        "elsewhere": {
            "type": "apiKey",
            "name": "X-Token",
            "in": "header",
            "x-amazon-apigateway-authtype": "custom",
            "x-amazon-apigateway-authorizer": {
                "type": "token",
                "authorizerUri": "arn:uri",
                "authorizerCredentials": "arn:aws:iam::1:role/x",
                "authorizerResultTtlInSeconds": 0,
            },
        },
        "sigv4": {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authtype": "awsSigv4",
        },
    }


def test_an_absent_lifetime_leaves_the_gateways_default():
    authorizer = BuiltinAuthorizer("my_auth", "my_auth", "Authorization", None, None, HERE)

    definition = define(route(authorizer="my_auth"), authorizers=(authorizer,))

    scheme = definition["components"]["securitySchemes"]["my_auth"]
    assert "authorizerResultTtlInSeconds" not in scheme["x-amazon-apigateway-authorizer"]


def test_a_preflight_names_the_methods_with_cors_in_order_and_options_last():
    definition = define(
        route("/a", "PUT", cors=OPEN),
        route("/a", "GET", cors=OPEN),
        route("/a", "DELETE"),
    )

    assert preflight(definition, "/a") == {
        "Access-Control-Allow-Methods": "'PUT,GET,OPTIONS'",
        "Access-Control-Allow-Origin": "'*'",
        "Access-Control-Allow-Headers": "'Authorization,Content-Type'",
    }


def test_a_preflight_declares_the_headers_that_it_sends():
    definition = define(route("/a", cors=OPEN))

    declared = definition["paths"]["/a"]["options"]["responses"]["200"]["headers"]
    assert list(declared) == list(preflight(definition, "/a"))


def test_a_preflight_spells_any_out():
    definition = define(route("/a", "POST", cors=OPEN), route("/a", "ANY", cors=OPEN))

    allowed = preflight(definition, "/a")["Access-Control-Allow-Methods"]
    assert allowed == "'POST,DELETE,GET,HEAD,PATCH,PUT,OPTIONS'"


def test_an_options_route_of_the_application_is_not_replaced():
    definition = define(route("/a", "OPTIONS", "mine"), route("/a", "GET", cors=OPEN))

    options = definition["paths"]["/a"]["options"]
    assert options["x-amazon-apigateway-integration"]["type"] == "aws_proxy"


@pytest.mark.parametrize(
    ("configurations", "expected"),
    [
        ([None], {}),
        ([OPEN, None], {"Access-Control-Allow-Origin": "'*'"}),
        (
            [cors_for("https://a.example", credentials=True, expose="X-A")],
            {
                "Access-Control-Allow-Origin": "'https://a.example'",
                "Access-Control-Expose-Headers": "'X-A'",
                "Access-Control-Allow-Credentials": "'true'",
            },
        ),
        (
            [
                cors_for("https://a.example", credentials=True, expose="X-A"),
                cors_for("https://a.example"),
            ],
            {
                "Access-Control-Allow-Origin": "'https://a.example'",
                "Access-Control-Allow-Credentials": "'true'",
            },
        ),
        ([cors_for("https://a.example"), cors_for("https://b.example")], {}),
        (
            [cors_for("https://a.example", credentials=True), OPEN],
            {"Access-Control-Allow-Origin": "'*'"},
        ),
    ],
    ids=[
        "no CORS",
        "any site",
        "one origin with credentials",
        "one origin, credentials on one route",
        "several named origins",
        "any site and a named origin with credentials",
    ],
)
def test_answers_of_the_gateway_itself_carry_the_cors_headers_that_fit_all_routes(
    configurations, expected
):
    definition = define(
        *(route(f"/{index}", cors=cors) for index, cors in enumerate(configurations))
    )

    assert gateway_headers(definition, "DEFAULT_4XX") == expected
    assert gateway_headers(definition, "DEFAULT_5XX") == expected


def test_an_authorizer_that_is_called_as_api_keys_are_is_refused():
    authorizer = BuiltinAuthorizer("api_key", "api_key", "X", None, None, HERE)

    with pytest.raises(InvalidApp) as caught:
        define(route(authorizer="api_key"), authorizers=(authorizer,))

    assert [problem.code for problem in caught.value.problems] == ["authorizer-name"]


@pytest.mark.parametrize("origin", ["https://o'hara.example", "https://a\r\nX: y"])
def test_a_cors_value_that_cannot_be_a_static_header_is_refused(origin):
    with pytest.raises(InvalidApp) as caught:
        define(route(cors=cors_for(origin)))

    assert [problem.code for problem in caught.value.problems] == ["cors-value"]


def test_no_value_of_the_definition_names_an_account_or_a_region():
    definition = define(route(authorizer="my_auth"), authorizers=EVERY_AUTHORIZER[:1])

    assert not re.search(r"\d{12}|us-east-1", json.dumps(definition))


def test_a_request_authorizer_names_its_sources():
    sources = ("method.request.header.X-Tenant", "method.request.querystring.token")
    authorizers = (
        BuiltinAuthorizer("kept", "kept", "Authorization", 60, "arn:role", HERE, sources),
        BuiltinAuthorizer("asked", "asked", "Authorization", 0, None, HERE, ()),
    )

    definition = define(route(authorizer="kept"), authorizers=authorizers)

    schemes = definition["components"]["securitySchemes"]
    assert schemes["kept"] == {
        "type": "apiKey",
        "name": "Unused",
        "in": "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {
            "type": "request",
            "authorizerUri": schemes["kept"]["x-amazon-apigateway-authorizer"]["authorizerUri"],
            "authorizerCredentials": "arn:role",
            "authorizerResultTtlInSeconds": 60,
            "identitySource": "method.request.header.X-Tenant, method.request.querystring.token",
        },
    }
    assert "Kept.Arn" in json.dumps(schemes["kept"])
    asked = schemes["asked"]["x-amazon-apigateway-authorizer"]
    assert (asked["type"], asked["authorizerResultTtlInSeconds"]) == ("request", 0)
    assert "identitySource" not in asked


def test_a_token_authorizer_has_its_validation_expression():
    authorizer = BuiltinAuthorizer("a", "a", "X", None, None, HERE, None, "Bearer .+")

    definition = define(route(authorizer="a"), authorizers=(authorizer,))

    [scheme] = definition["components"]["securitySchemes"].values()
    details = scheme["x-amazon-apigateway-authorizer"]
    assert (details["type"], details["identityValidationExpression"]) == ("token", "Bearer .+")


# --- request validation ----------------------------------------------------------------------


def validation(headers=(), query_params=(), **schemas):
    bodies = tuple((f"application/{kind}", json.dumps(value)) for kind, value in schemas.items())
    return RequestValidation(tuple(headers), tuple(query_params), bodies, HERE)


def test_a_validated_route_has_parameters_body_and_validator():
    checks = validation(["X-Tenant"], ["page"], json={"type": "object"})

    definition = define(route("/a/{b}", "PUT", view="store_it", validation=checks))

    operation = definition["paths"]["/a/{b}"]["put"]
    text = {"required": True, "schema": {"type": "string"}}
    assert operation["parameters"] == [
        {"name": "b", "in": "path", **text},
        {"name": "X-Tenant", "in": "header", **text},
        {"name": "page", "in": "query", **text},
    ]
    reference = {"$ref": "#/components/schemas/StoreItBody"}
    assert operation["requestBody"] == {
        "required": True,
        "content": {"application/json": {"schema": reference}},
    }
    assert operation["x-amazon-apigateway-request-validator"] == "all"
    assert definition["components"] == {"schemas": {"StoreItBody": {"type": "object"}}}
    assert definition["x-amazon-apigateway-request-validators"] == {
        "all": {"validateRequestBody": True, "validateRequestParameters": True}
    }


@pytest.mark.parametrize(
    ("checks", "name"),
    [
        (validation(["X"]), "params-only"),
        (validation(query_params=["x"]), "params-only"),
        (validation(json={}), "body-only"),
        (validation(), None),
        (None, None),
    ],
    ids=["header", "query", "body", "nothing", "none"],
)
def test_a_validator_looks_only_at_what_is_declared(checks, name):
    definition = define(route(method="POST", validation=checks))

    operation = definition["paths"]["/"]["post"]
    assert operation.get("x-amazon-apigateway-request-validator") == name
    assert list(definition.get("x-amazon-apigateway-request-validators", ())) == (
        [name] if name else []
    )


def test_one_schema_is_one_model_and_names_of_models_differ():
    shared, other = {"type": "object"}, {"type": "array"}
    definition = define(
        route("/a", "POST", view="save_a", validation=validation(json=shared, ion=other)),
        route("/b", "POST", view="save-a", validation=validation(json={"type": "string"})),
        route("/c", "POST", view="c", validation=validation(json=shared)),
    )

    schemas = definition["components"]["schemas"]
    assert schemas == {"SaveABody": shared, "SaveABody2": other, "SaveABody3": {"type": "string"}}
    content = definition["paths"]["/c"]["post"]["requestBody"]["content"]
    assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/SaveABody"}


# --- gateway responses -----------------------------------------------------------------------


def response(kind, status=None, headers=(), mapped=(), templates=()):
    return GatewayResponse(kind, status, tuple(headers), tuple(mapped), tuple(templates), HERE)


def test_gateway_responses_are_written_as_api_gateway_wants_them():
    declared = response(
        "MISSING_AUTHENTICATION_TOKEN",
        404,
        [("X-A", "a")],
        [("X-Id", "context.requestId")],
        [("application/json", "{}")],
    )

    definition = define(route(), responses=(declared, response("THROTTLED", 503)))

    assert definition["x-amazon-apigateway-gateway-responses"] == {
        "MISSING_AUTHENTICATION_TOKEN": {
            "statusCode": "404",
            "responseParameters": {
                "gatewayresponse.header.X-A": "'a'",
                "gatewayresponse.header.X-Id": "context.requestId",
            },
            "responseTemplates": {"application/json": "{}"},
        },
        "THROTTLED": {"statusCode": "503"},
    }


def test_declared_responses_have_the_headers_of_cors_unless_they_say_otherwise():
    definition = define(
        route(cors=cors_for("https://a.example", credentials=True)),
        responses=(
            response("THROTTLED", 503),
            response("UNAUTHORIZED", headers=[("access-control-allow-origin", "*")]),
            response(
                "DEFAULT_4XX",
                mapped=[("Access-Control-Allow-Origin", "method.request.header.Origin")],
            ),
        ),
    )

    credentials = {"Access-Control-Allow-Credentials": "'true'"}
    origin = {"Access-Control-Allow-Origin": "'https://a.example'"}
    assert gateway_headers(definition, "THROTTLED") == {**origin, **credentials}
    assert gateway_headers(definition, "DEFAULT_5XX") == {**origin, **credentials}
    assert gateway_headers(definition, "UNAUTHORIZED") == {"access-control-allow-origin": "'*'"}
    assert gateway_headers(definition, "DEFAULT_4XX") == {
        "Access-Control-Allow-Origin": "method.request.header.Origin"
    }


def test_a_header_of_cors_that_a_response_has_itself_stays():
    definition = define(
        route(cors=cors_for("https://a.example", expose="X-A")),
        responses=(response("THROTTLED", headers=[("Access-Control-Expose-Headers", "X-B")]),),
    )

    assert gateway_headers(definition, "THROTTLED") == {
        "Access-Control-Expose-Headers": "'X-B'",
        "Access-Control-Allow-Origin": "'https://a.example'",
    }
