"""Every example of AWS Chalice's first API reference, as printed, with the imports that it omits.

Each is called as Lambda would call what it declares, so that it does what the text beside it says.
"""

import json

import pytest
from tests.runtime.calling import a_post, an_event, sample

DEBUG = """
from chalice import Chalice

app = Chalice(app_name="appname")
app.debug = True
"""

ROUTE = """
from chalice import Chalice

app = Chalice(app_name="appname")

@app.route('/resource/{value}', methods=['PUT'])
def viewfunction(value):
    pass
"""

AUTHORIZER = """
from chalice import Chalice, AuthResponse

app = Chalice(app_name="appname")

@app.authorizer(ttl_seconds=30)
def my_auth(auth_request):
    # Validate auth_request.token, and then:
    return AuthResponse(routes=['/'], principal_id='username')

@app.route('/', authorizer=my_auth)
def viewfunction(value):
    pass
"""

# Omits the application.
APPLICATION = """
from chalice import Chalice

app = Chalice(app_name="appname")
"""

REQUEST = """
@app.route('/objects/{key}', methods=['GET', 'PUT'])
def myobject(key):
    request = app.current_request
    if request.method == 'PUT':
        # handle PUT request
        pass
    elif request.method == 'GET':
        # handle GET request
        pass
"""

RESPONSE = """
from chalice import Chalice, Response

app = Chalice(app_name='custom-response')


@app.route('/')
def index():
    return Response(body='hello world!',
                    status_code=200,
                    headers={'Content-Type': 'text/plain'})
"""

# Omits the import of the class.
COGNITO_IMPORT = "from chalice import CognitoUserPoolAuthorizer\n"

COGNITO = """
authorizer = CognitoUserPoolAuthorizer(
    'MyPool', header='Authorization',
    provider_arns=['arn:aws:cognito:...:userpool/name'])

@app.route('/user-pools', methods=['GET'], authorizer=authorizer)
def authenticated():
    return {"secure": True}
"""

CORS = """
from chalice import CORSConfig
cors_config = CORSConfig(
    allow_origin='https://foo.example.com',
    allow_headers=['X-Special-Header'],
    max_age=600,
    expose_headers=['X-Special-Header'],
    allow_credentials=True
)

@app.route('/custom_cors', methods=['GET'], cors=cors_config)
def supports_custom_cors():
    return {'cors': True}
"""


def run(*sources):
    """Run the example and return what it names."""
    names = {"__name__": "app"}
    for source in sources:
        exec(compile(source, "app.py", "exec"), names)
    return names


def test_debugging_is_enabled():
    assert run(DEBUG)["app"].debug is True


def test_a_view_function_is_registered_for_a_path_and_a_verb():
    app = run(ROUTE)["app"]
    event = an_event("/resource/{value}", "PUT", params={"value": "a"})

    result = app(event, None)

    assert (result["statusCode"], result["body"]) == (200, "null")
    assert list(app.routes["/resource/{value}"]) == ["PUT"]


def test_an_authorizer_admits_its_user():
    names = run(AUTHORIZER)
    app, my_auth = names["app"], names["my_auth"]

    policy = my_auth(sample("token_authorizer"), None)

    assert policy["principalId"] == "username"
    assert app.builtin_auth_handlers[0].ttl_seconds == 30
    assert app.routes["/"]["GET"].authorizer is my_auth


def test_the_view_of_the_authorizers_example_takes_what_its_path_does_not_capture():
    # As printed, the view wants a `value` that `/` does not have: the call is a 500, and
    # `chalice check` tells of it.
    result = run(AUTHORIZER)["app"](an_event(), None)

    assert result["statusCode"] == 500


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_view_looks_at_the_current_request(method):
    app = run(APPLICATION, REQUEST)["app"]

    result = app(an_event("/objects/{key}", method, params={"key": "a"}), None)

    assert (result["statusCode"], result["body"]) == (200, "null")


def test_a_view_has_complete_control_over_its_response():
    result = run(RESPONSE)["app"](an_event(), None)

    assert result == {
        "headers": {"Content-Type": "text/plain"},
        "multiValueHeaders": {},
        "statusCode": 200,
        "body": "hello world!",
    }


def test_a_view_names_its_authorizer():
    names = run(APPLICATION, COGNITO_IMPORT, COGNITO)
    app, authorizer = names["app"], names["authorizer"]

    result = app(an_event("/user-pools"), None)

    assert json.loads(result["body"]) == {"secure": True}
    assert app.routes["/user-pools"]["GET"].authorizer is authorizer


def test_a_route_has_a_cors_configuration_of_its_own():
    app = run(APPLICATION, CORS)["app"]

    result = app(an_event("/custom_cors"), None)

    assert json.loads(result["body"]) == {"cors": True}
    assert result["headers"] == {
        "Access-Control-Allow-Origin": "https://foo.example.com",
        "Access-Control-Allow-Headers": (
            "Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key,X-Special-Header"
        ),
        "Access-Control-Expose-Headers": "X-Special-Header",
        "Access-Control-Max-Age": "600",
        "Access-Control-Allow-Credentials": "true",
    }


def test_views_stay_functions_that_can_be_called():
    assert run(APPLICATION, CORS)["supports_custom_cors"]() == {"cors": True}


def test_an_internal_error_is_returned_to_the_client_while_debugging():
    app = run(DEBUG)["app"]
    app.route("/", methods=["POST"])(lambda: {}["nothing"])

    result = app(a_post("{}"), None)

    assert "KeyError: 'nothing'" in result["body"]
