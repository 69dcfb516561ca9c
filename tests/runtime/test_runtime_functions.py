"""Functions that Lambda calls without a route: pure ones and authorizers."""

import re
from pathlib import Path

import pytest
from tests.runtime.calling import an_app, an_event, sample

import chalice.app
from chalice import (
    AuthResponse,
    AuthRoute,
    CognitoUserPoolAuthorizer,
    CustomAuthorizer,
    GatewayResponse,
    IAMAuthorizer,
    RequestValidation,
)
from chalice.app import (
    AuthRequest,
    BuiltinAuthConfig,
    ChaliceAuthorizer,
    EventSourceHandler,
    PureLambdaWrapper,
)
from chalice.rules.facts import RESPONSE_TYPES
from chalice.runtime import gateway

ARN = "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/api"


def test_a_function_is_called_with_event_and_context():
    app = an_app()

    @app.lambda_function()
    def work(event, context):
        return {"event": event, "context": context}

    assert work(5, "context") == {"event": 5, "context": "context"}
    assert app.handler_map["work"] is work


def test_a_function_may_have_a_name_of_its_own():
    app = an_app()

    @app.lambda_function(name="other")
    def work(event, context):
        return None

    declared = app.pure_lambda_functions[0]
    assert (declared.name, declared.handler_string) == ("other", "app.work")
    assert (declared.func(1, 2), declared.where) == (None, None)
    assert list(app.handler_map) == ["other"]


def test_whatever_a_function_returns_goes_to_lambda():
    value = object()

    assert an_app().lambda_function()(lambda event, context: value)({}, None) is value


def test_a_function_knows_its_name():
    def work(event):
        return event

    assert EventSourceHandler(work, lambda event, context: event).name == "work"
    assert EventSourceHandler(PureLambdaWrapper(work), len).name == "PureLambdaWrapper"
    assert EventSourceHandler(work, lambda event, context: event)(1, None) == 1


def test_the_class_of_handlers_is_looked_up_when_the_decorator_runs():
    original = chalice.app.EventSourceHandler

    class Traced(original):
        pass

    chalice.app.EventSourceHandler = Traced
    try:
        work = an_app().lambda_function()(lambda event, context: 1)
    finally:
        chalice.app.EventSourceHandler = original

    assert type(work) is Traced


def test_an_authorizer_is_asked_with_a_token_and_answers_with_a_policy():
    app = an_app()
    asked = []

    @app.authorizer()
    def door(request):
        asked.append((request.auth_type, request.token, request.method_arn))
        return AuthResponse(["/a", AuthRoute("/b", ["GET", "PUT"])], "u-42", {"tier": "gold"})

    event = sample("token_authorizer")

    assert door(event, None) == {
        "context": {"tier": "gold"},
        "principalId": "u-42",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": "execute-api:Invoke",
                    "Effect": "Allow",
                    "Resource": [f"{ARN}/*/a", f"{ARN}/GET/b", f"{ARN}/PUT/b"],
                }
            ],
        },
    }
    assert asked == [("TOKEN", "Bearer abc", event["methodArn"])]


RESOURCES = [
    ([], []),
    (["/"], ["*/"]),
    (["*"], ["*/*"]),
    (["/a/b"], ["*/a/b"]),
    (["a"], ["*/a"]),
    (["/users/*", "/q:r"], ["*/users/*", "*/q:r"]),
    ([AuthRoute("*", ["GET"])], ["GET/*"]),
    ([AuthRoute("/a", [])], []),
    ([AuthRoute("/a", ["POST", "DELETE"]), "/b"], ["POST/a", "DELETE/a", "*/b"]),
]


@pytest.mark.parametrize(("routes", "resources"), RESOURCES)
@pytest.mark.parametrize("path", ["", "a", "users/u:42/orders", "a/b/c"])
def test_routes_become_arns_of_the_api_that_was_called(path, routes, resources):
    request = AuthRequest("TOKEN", "t", f"{ARN}/GET/{path}")

    policy = AuthResponse(routes, "u").to_dict(request)["policyDocument"]

    assert policy["Statement"][0]["Resource"] == [f"{ARN}/{item}" for item in resources]


def test_an_authorizer_may_answer_as_api_gateway_reads_it():
    raw = {"principalId": "u", "policyDocument": {"Version": "2012-10-17", "Statement": []}}

    assert an_app().authorizer()(lambda request: raw)(sample("token_authorizer"), None) is raw


def test_an_authorizer_may_refuse_by_raising():
    def door(request):
        raise Exception("Unauthorized")  # noqa: TRY002 - what API Gateway asks for

    with pytest.raises(Exception, match=r"^Unauthorized$"):
        an_app().authorizer()(door)(sample("token_authorizer"), None)


def test_an_authorizer_is_declared_with_its_options():
    app = an_app()

    @app.authorizer(ttl_seconds=30, execution_role="arn:role", name="gate", header="X-Token")
    def door(request):
        return None

    config = app.builtin_auth_handlers[0]
    assert (config.name, config.handler_string) == ("gate", "app.door")
    assert (config.ttl_seconds, config.execution_role, config.header) == (30, "arn:role", "X-Token")
    assert (door.name, door.config, door.scopes, door.where) == ("gate", config, [], None)
    assert app.handler_map["gate"] is door


def test_an_authorizer_has_the_defaults_of_aws_chalice():
    app = an_app()
    app.authorizer()(lambda request: None)

    config = app.builtin_auth_handlers[0]
    assert (config.name, config.ttl_seconds, config.execution_role) == ("<lambda>", None, None)
    assert config.header == "Authorization"


def test_an_authorizer_with_scopes_is_the_same_one():
    app = an_app()
    door = app.authorizer()(lambda request: {"asked": request.token})

    scoped = door.with_scopes(["read"])

    assert (scoped.scopes, door.scopes) == (["read"], [])
    assert scoped.config is door.config
    assert scoped(sample("token_authorizer"), None) == {"asked": "Bearer abc"}
    assert len(app.builtin_auth_handlers) == 1


def test_an_authorizer_can_be_made_by_hand():
    authorizer = ChaliceAuthorizer("door", len, ["read"])

    assert (authorizer.name, authorizer.scopes) == ("door", ["read"])
    assert isinstance(authorizer.config, BuiltinAuthConfig)


def test_an_answer_without_a_context_has_an_empty_one():
    assert AuthResponse(["/"], "u").context == {}
    assert AuthResponse.ALL_HTTP_METHODS == [
        "DELETE",
        "HEAD",
        "OPTIONS",
        "PATCH",
        "POST",
        "PUT",
        "GET",
    ]


URI = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn/invocations"

DECLARED = [
    (
        IAMAuthorizer(),
        {"name": "sigv4", "header": "Authorization", "scopes": []},
        {
            "in": "header",
            "type": "apiKey",
            "name": "Authorization",
            "x-amazon-apigateway-authtype": "awsSigv4",
        },
    ),
    (
        CognitoUserPoolAuthorizer("pool", ["arn:pool"], "X-Token", ["read"]),
        {"name": "pool", "provider_arns": ["arn:pool"], "header": "X-Token", "scopes": ["read"]},
        {
            "in": "header",
            "type": "apiKey",
            "name": "X-Token",
            "x-amazon-apigateway-authtype": "cognito_user_pools",
            "x-amazon-apigateway-authorizer": {
                "type": "cognito_user_pools",
                "providerARNs": ["arn:pool"],
            },
        },
    ),
    (
        CustomAuthorizer("custom", URI),
        {"name": "custom", "authorizer_uri": URI, "ttl_seconds": 300, "invoke_role_arn": None},
        {
            "in": "header",
            "type": "apiKey",
            "name": "Authorization",
            "x-amazon-apigateway-authtype": "custom",
            "x-amazon-apigateway-authorizer": {
                "type": "token",
                "authorizerUri": URI,
                "authorizerResultTtlInSeconds": 300,
            },
        },
    ),
    (
        CustomAuthorizer("custom", URI, 0, "X-Token", "arn:role", ["read"]),
        {"ttl_seconds": 0, "header": "X-Token", "invoke_role_arn": "arn:role", "scopes": ["read"]},
        {
            "in": "header",
            "type": "apiKey",
            "name": "X-Token",
            "x-amazon-apigateway-authtype": "custom",
            "x-amazon-apigateway-authorizer": {
                "type": "token",
                "authorizerUri": URI,
                "authorizerResultTtlInSeconds": 0,
                "authorizerCredentials": "arn:role",
            },
        },
    ),
]


@pytest.mark.parametrize(("authorizer", "attributes", "swagger"), DECLARED)
def test_authorizers_have_the_attributes_of_their_arguments(authorizer, attributes, swagger):
    assert {name: getattr(authorizer, name) for name in attributes} == attributes
    assert authorizer.to_swagger() == swagger


def test_a_named_authorizer_with_scopes_is_a_copy():
    authorizer = CognitoUserPoolAuthorizer("pool", ["arn:pool"])

    scoped = authorizer.with_scopes(["read", "write"])

    assert (authorizer.scopes, scoped.scopes) == ([], ["read", "write"])
    assert type(scoped) is CognitoUserPoolAuthorizer
    assert scoped.provider_arns == ["arn:pool"]


@pytest.mark.parametrize("provider_arns", ["arn:pool", ("arn:pool",), None])
def test_provider_arns_are_a_list(provider_arns):
    with pytest.raises(TypeError, match="provider_arns should be a list of ARNs, received: "):
        CognitoUserPoolAuthorizer("pool", provider_arns)


def request_event(**changes):
    """Return what API Gateway tells a REQUEST authorizer (rule 4.2)."""
    event = an_event("/a/{id}", params={"id": "1%20"}, query={"q": ["1", "2"]}, **changes)
    del event["body"], event["isBase64Encoded"]
    return {**event, "type": "REQUEST", "methodArn": f"{ARN}/GET/a/1%20"}


def test_an_authorizer_with_identity_sources_is_told_the_request():
    app = an_app()
    told = []

    @app.authorizer(identity_sources=["method.request.header.X-Tenant"], ttl_seconds=60)
    def door(request):
        told.append(request)
        return AuthResponse([AuthRoute("/a/*", ["GET"])], request.headers["x-tenant"])

    answer = door(request_event(headers={"X-Tenant": "t1"}), None)

    [request] = told
    assert request.auth_type == "REQUEST"
    assert request.method_arn == f"{ARN}/GET/a/1%20"
    assert request.headers["x-tenant"] == "t1"
    assert request.query_params.getlist("q") == ["1", "2"]
    assert (request.uri_params, request.stage_vars) == ({"id": "1%20"}, None)
    assert (request.method, request.path) == ("GET", "/a/{id}")
    assert request.context["stage"] == "api"
    assert answer["principalId"] == "t1"
    assert answer["policyDocument"]["Statement"][0]["Resource"] == [f"{ARN}/GET/a/*"]


def test_what_is_empty_in_the_event_of_an_authorizer_is_none_as_for_a_view():
    event = request_event()
    event |= {"multiValueQueryStringParameters": {}, "pathParameters": {}, "stageVariables": {}}

    request = AuthRequest("REQUEST", "", event["methodArn"], event)

    assert (request.query_params, request.uri_params, request.stage_vars) == (None, None, None)


@pytest.mark.parametrize(
    "name", ["headers", "query_params", "uri_params", "stage_vars", "method", "path", "context"]
)
def test_a_token_authorizer_that_asks_for_the_request_learns_how_to_get_it(name):
    request = AuthRequest("TOKEN", "t", f"{ARN}/GET/")

    with pytest.raises(AttributeError, match=f"not told `{name}`.*`identity_sources`"):
        getattr(request, name)
    assert not hasattr(request, name)


def test_a_request_authorizer_that_asks_for_a_token_learns_where_to_look():
    request = AuthRequest("REQUEST", "", f"{ARN}/GET/", request_event())

    with pytest.raises(AttributeError, match=r"REQUEST authorizer is not told `token`.*headers"):
        _ = request.token
    assert not hasattr(request, "token")


def test_an_authorizer_that_asks_for_what_there_is_not_learns_so():
    request = AuthRequest("TOKEN", "t", f"{ARN}/GET/")

    with pytest.raises(AttributeError, match="an AuthRequest has no `tokne`"):
        _ = request.tokne


def test_the_declaration_of_an_authorizer_keeps_what_identifies_callers():
    app = an_app()

    @app.authorizer(identity_validation_expression="Bearer .+")
    def token(request): ...

    @app.authorizer(identity_sources=(), ttl_seconds=0)
    def request(request): ...

    assert (token.config.identity_sources, request.config.identity_sources) == (None, ())
    assert token.config.identity_validation_expression == "Bearer .+"


def test_a_route_keeps_what_is_to_be_checked_of_its_requests():
    checks = RequestValidation(required_headers=["X"])

    app = an_app(dict, methods=["GET", "POST"], request_validation=checks)

    assert [entry.request_validation for entry in app.routes["/"].values()] == [checks, checks]
    assert an_app(dict).routes["/"]["GET"].request_validation is None


def test_a_validation_asks_for_nothing_by_default():
    checks = RequestValidation()

    assert (checks.required_headers, checks.required_query_params) == ((), ())
    assert (checks.body_schemas, checks.where) == ({}, None)


def test_an_application_has_no_gateway_responses_by_default():
    response = GatewayResponse("THROTTLED")

    assert an_app().api.gateway_responses == []
    assert (response.response_type, response.status_code) == ("THROTTLED", None)
    assert (response.headers, response.mapped_headers, response.templates) == ({}, {}, {})


def test_the_response_types_of_editors_are_those_of_tools():
    source = Path(gateway.__file__).read_text(encoding="utf-8")
    literal = source.partition("GatewayResponseType = Literal[")[2].partition("]")[0]

    assert tuple(re.findall('"(.+)"', literal)) == RESPONSE_TYPES
