"""`chalice gateway`: a definition served as a program, and everything that it refuses."""

import json
from pathlib import Path

import pytest
from tests.server.serving import Program

FUNCTIONS = """
import json

def hello(event, context):
    return {"statusCode": 200, "body": json.dumps([event["path"], context.function_name])}

def door(event, context):
    if event["authorizationToken"] != "open":
        raise Exception("Unauthorized")
    statement = {"Effect": "Allow", "Action": "*", "Resource": event["methodArn"]}
    return {"principalId": "me", "policyDocument": {"Statement": [statement]}}
"""

SAM = """
Resources:
  Hello:
    Type: AWS::Serverless::Function
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      DefinitionBody:
        openapi: 3.0.1
        info: {title: shop, version: "1.0"}
        x-amazon-apigateway-endpoint-configuration: {types: [REGIONAL]}
        components:
          securitySchemes:
            door:
              type: apiKey
              name: Authorization
              in: header
              x-amazon-apigateway-authtype: custom
              x-amazon-apigateway-authorizer:
                type: token
                authorizerUri: DOOR
        paths:
          /hello:
            get:
              security: [{door: []}]
              x-amazon-apigateway-integration:
                type: aws_proxy
                httpMethod: POST
                uri: HELLO
            options:
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: {application/json: '{"statusCode": 200}'}
                responses:
                  default:
                    statusCode: "204"
                    responseParameters:
                      method.response.header.Access-Control-Allow-Origin: "'*'"
"""

PLACE = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions"
DOOR_ARN = "arn:aws:lambda:us-east-1:123456789012:function:door"
SAM = SAM.replace("HELLO", f"!Sub {PLACE}/${{Hello.Arn}}/invocations")
SAM = SAM.replace("DOOR", f"!Sub {PLACE}/{DOOR_ARN}/invocations")

BINDINGS = ("--function", "Hello=functions:hello", "--function", "door=functions:door")


@pytest.fixture
def directory(tmp_path):
    folder = tmp_path / "api"
    folder.mkdir()
    (folder / "functions.py").write_text(FUNCTIONS)
    (folder / "template.yaml").write_text(SAM)
    return folder


def test_a_definition_is_served_below_its_stage(directory):
    command = ("gateway", "template.yaml", *BINDINGS)

    with Program(directory, "--stage", "prod", "--explain", command=command) as program:
        with program.client() as client:
            answers = [
                client.get("/prod/hello", [("Authorization", "open")]),
                client.get("/prod/hello", [("Authorization", "shut")]),
                client.get("/prod/hello"),
                client.request("OPTIONS", "/prod/hello"),
                client.get("/hello"),
            ]
        program.interrupt()
        code = program.wait()

    assert program.url.endswith("/prod/")
    assert [answer.status for answer in answers] == [200, 401, 401, 204, 403]
    assert json.loads(answers[0].body) == ["/hello", "Hello"]
    assert dict(answers[3].headers)["Access-Control-Allow-Origin"] == "*"
    assert code == 130
    assert "rule 4.6: an authorizer that raises" in program.said()


def test_a_definition_of_an_application_is_served_without_the_application(chalice, project):
    project("""
        from chalice import Chalice

        app = Chalice(app_name="shop")

        @app.route("/hello/{name}")
        def hello(name):
            return {"hello": name}
    """)
    code, text, _ = chalice("openapi")
    assert code == 0

    directory = Path.cwd()
    (directory / "api.json").write_text(text)
    command = ("gateway", "api.json", "--function", "APIHandler=app:app")
    with Program(directory, command=command) as program, program.client() as client:
        answer = client.get("/hello/ann")

    assert json.loads(answer.body) == {"hello": "ann"}


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        ((), 1, "template.yaml#/Resources/Api/Properties/DefinitionBody/paths/~1hello/get/"),
        ((), 1, "Error: 2 problems"),
        (("--function", "Hello"), 2, "`Hello` is not of the form NAME=module:attribute"),
        ((*BINDINGS[:3], "door=functions:nobody"), 1, "cannot be loaded: AttributeError"),
        ((*BINDINGS, "--stage", "a b"), 2, "A stage cannot be called `a b`"),
        ((*BINDINGS, "--function", "No=functions:hello"), 1, "invokes no function `No`"),
    ],
)
def test_what_cannot_be_served_is_told_before_anything_is(
    chalice, directory, arguments, code, text
):
    options = ("--project-dir", str(directory), "gateway", "template.yaml", *arguments)

    found, out, err = chalice(*options)

    assert found == code
    assert out == ""
    assert text in err
    assert "Traceback" not in err


def test_a_file_that_is_not_there_is_one_sentence(chalice):
    code, _, err = chalice("gateway", "nothing.json")

    assert (code, err) == (
        1,
        "Error: Cannot read `nothing.json`: No such file or directory\n",
    )
