"""Functions that Lambda calls without a route: pure ones and authorizers."""

import pytest
from tests.runtime.calling import an_app, sample

import chalice.app
from chalice import (
    AuthResponse,
    AuthRoute,
    CognitoUserPoolAuthorizer,
    CustomAuthorizer,
    IAMAuthorizer,
)
from chalice.app import (
    AuthRequest,
    BuiltinAuthConfig,
    ChaliceAuthorizer,
    EventSourceHandler,
    PureLambdaWrapper,
)

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
