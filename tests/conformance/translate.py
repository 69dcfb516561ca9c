"""Cases as data -> worlds to ask: the `config` of a case becomes a definition and functions.

A key that is not understood is an error: a case never passes because a part of it was overlooked.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tests.conformance.ways import World
from tests.fakes import FakeClock, FakeFunction, FakeInvoker
from tests.tokens import POOL_ARN, POOL_ISSUER, minted

from chalice import Chalice, CORSConfig
from chalice.config import Config
from chalice.emulator import functions_of, import_project, stage_of
from chalice.gateway import HttpRequest, Stage, UsagePlan
from chalice.invoke.in_process import InProcess
from chalice.openapi import api_definition

Json = dict[str, Any]

# What the texts of `resourcePolicy` in the cases stand for.
RESOURCE_POLICIES: Mapping[str, Json] = {
    "allows only one IP": {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "execute-api:Invoke",
                "Resource": "execute-api:/*",
                "Condition": {"IpAddress": {"aws:SourceIp": "198.51.100.7/32"}},
            }
        ],
    }
}

STAGE = Stage(
    name="stage",
    in_path=True,
    region="us-east-1",
    account_id="123456789012",
    api_id="API",
    deployment_id="dep123",
)


# What the texts in pointed brackets stand for where a token is.
TOKENS: Mapping[str, Callable[[str], str]] = {
    "<expired id token>": lambda _: minted(
        {
            "iss": POOL_ISSUER,
            "aud": "client",
            "token_use": "id",
            "exp": FakeClock().seconds - 1,
        }
    ),
}


def _same(text: str) -> str:
    return text


class Untranslated(Exception):
    """A case says something that has no meaning here yet."""


# --- requests --------------------------------------------------------------------------------


def request_of(given: Json) -> HttpRequest:
    """Return the request of a case."""
    unknown = given.keys() - {"method", "path", "headers", "body", "body_size", "body_base64"}
    if unknown:
        raise Untranslated(f"request: {unknown}")
    body = (given.get("body") or "").encode()
    if "body_size" in given:
        body = b"a" * given["body_size"]
    if "body_base64" in given:
        body = base64.b64decode(given["body_base64"])
    headers = tuple((name, TOKENS.get(value, _same)(value)) for name, value in given["headers"])
    return HttpRequest(given["method"], given["path"], headers, body)


# --- kind rest -------------------------------------------------------------------------------


class RestWorld:
    """A REST API of a case: `world` serves it, the rest tells what its functions saw."""

    def __init__(self, config: Json) -> None:
        known = {
            "kind", "stage", "endpoint", "resources", "binaryMediaTypes", "keys", "usagePlan",
            "minimumCompressionSize", "resourcePolicy", "stageVariables", "gatewayResponses",
        }  # fmt: skip
        if config.keys() - known:
            raise Untranslated(f"config: {config.keys() - known}")
        self.clock = FakeClock()
        self.functions: dict[str, FakeFunction] = {}
        self.authorizers: dict[str, str] = {}
        self._schemes: dict[str, Json] = {}
        self.invoker = FakeInvoker(self.functions, self.clock)
        self.world = World(self._definition(config), self._stage(config), self.invoker, self.clock)

    def _stage(self, config: Json) -> Stage:
        plan = config.get("usagePlan")
        keys = tuple(config.get("keys", ()))
        return replace(
            STAGE,
            name=config["stage"],
            variables=config.get("stageVariables") or {},
            api_keys=() if plan else keys,
            usage_plans=(
                (UsagePlan(keys, plan["rate"], plan["burst"], plan.get("quota")),) if plan else ()
            ),
        )

    def _definition(self, config: Json) -> Json:
        paths = {
            path: {
                _method_key(verb): self._operation(path, verb, spec) for verb, spec in verbs.items()
            }
            for path, verbs in config["resources"].items()
        }
        definition: Json = {
            "openapi": "3.0.1",
            "info": {"title": "case", "version": "1.0"},
            "paths": paths,
            "components": {"securitySchemes": self._schemes},
            "x-amazon-apigateway-endpoint-configuration": {"types": [config["endpoint"]]},
            "x-amazon-apigateway-request-validators": {
                "all": {"validateRequestParameters": True, "validateRequestBody": True},
                "params-only": {"validateRequestParameters": True},
            },
        }
        for key, extension in {
            "binaryMediaTypes": "binary-media-types",
            "minimumCompressionSize": "minimum-compression-size",
            "gatewayResponses": "gateway-responses",
        }.items():
            if key in config:
                definition[f"x-amazon-apigateway-{extension}"] = config[key]
        policy = config.get("resourcePolicy")
        if policy is not None:
            named = RESOURCE_POLICIES[policy] if isinstance(policy, str) else policy
            definition["x-amazon-apigateway-policy"] = named
        return definition

    def _operation(self, path: str, verb: str, given: str | Json) -> Json:
        spec = _spelt_out(given)
        operation: Json = {"responses": {}, "security": []}
        mock = spec.pop("mock", None)
        if mock is not None:
            operation["x-amazon-apigateway-integration"] = _mock(path, verb, mock)
        else:
            name = f"Fn{len(self.functions)}"
            self.functions[name] = _function(spec)
            operation["x-amazon-apigateway-integration"] = {
                "type": "aws_proxy",
                "httpMethod": "POST",
                "uri": _uri(name),
            }
        if "authorizer" in spec:
            operation["security"].append({self._authorizer(spec.pop("authorizer")): []})
        auth = spec.pop("auth", "NONE")
        if auth == "AWS_IAM":
            self._schemes["sigv4"] = {
                "type": "apiKey",
                "name": "Authorization",
                "in": "header",
                "x-amazon-apigateway-authtype": "awsSigv4",
            }
            operation["security"].append({"sigv4": []})
        elif auth != "NONE":
            raise Untranslated(f"auth {auth}")
        if spec.pop("apiKeyRequired", False):
            self._schemes["api_key"] = {"type": "apiKey", "name": "x-api-key", "in": "header"}
            operation["security"].append({"api_key": []})
        operation["parameters"] = [_parameter(item) for item in spec.pop("required", ())]
        if "validator" in spec:
            operation["x-amazon-apigateway-request-validator"] = spec.pop("validator")
        if spec:
            raise Untranslated(f"method: {set(spec)}")
        return operation

    def _authorizer(self, given: Json) -> str:
        """Return the scheme of an authorizer; methods that describe the same one share it."""
        text = json.dumps(given, sort_keys=True)
        if text in self.authorizers:
            return self.authorizers[text]
        spec = dict(given)
        name = self.authorizers[text] = f"Auth{len(self.authorizers)}"
        kind = spec.pop("type")
        authorizer: Json = {"type": kind.lower()}
        if kind in ("TOKEN", "REQUEST"):
            self.functions[name] = FakeFunction(_authorizer_body(spec))
            authorizer["authorizerUri"] = _uri(name)
        elif kind == "COGNITO_USER_POOLS":
            authorizer["providerARNs"] = [POOL_ARN]
        for key, extension in {
            "ttl": "authorizerResultTtlInSeconds",
            "identityValidationExpression": "identityValidationExpression",
        }.items():
            if key in spec:
                authorizer[extension] = spec.pop(key)
        if "identitySource" in spec:
            source = spec.pop("identitySource")
            authorizer["identitySource"] = ",".join(source) if isinstance(source, list) else source
        if spec:
            raise Untranslated(f"authorizer: {set(spec)}")
        self._schemes[name] = {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authtype": "custom",
            "x-amazon-apigateway-authorizer": authorizer,
        }
        return name

    def authorizer_events(self) -> list[Any]:
        """Return what authorizers were told so far."""
        names = set(self.authorizers.values()) & self.functions.keys()
        return list(self.invoker.events(*names))


def _spelt_out(given: str | Json) -> Json:
    """Return the description of a method with what answers under `mock` or one `proxy` key."""
    if isinstance(given, str):
        kind, _, value = given.partition(":")
        return {kind: value}
    return dict(given)


def _method_key(verb: str) -> str:
    return "x-amazon-apigateway-any-method" if verb == "ANY" else verb.lower()


def _uri(name: str) -> Json:
    place = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31"
    return {"Fn::Sub": f"{place}/functions/${{{name}.Arn}}/invocations"}


def _mock(path: str, verb: str, text: str) -> Json:
    return {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {
            "default": {
                "statusCode": "200",
                "responseParameters": {
                    "method.response.header.x-served-by": f"'{path}'",
                    "method.response.header.x-served-method": f"'{verb}'",
                },
                "responseTemplates": {"application/json": text},
            }
        },
    }


def _function(spec: Json) -> FakeFunction:
    kinds = [key for key in spec if key == "proxy" or key.startswith("proxy:")]
    if len(kinds) != 1:
        raise Untranslated(f"integration: {set(spec)}")
    value = spec.pop(kinds[0])
    function = FakeFunction(_echo)
    match kinds[0]:
        case "proxy":
            if value != "echo-event":
                raise Untranslated(f"proxy {value}")
        case "proxy:return":
            function.body = _returns(value)
        case "proxy:raise":
            function.body = _raises(value)
        case "proxy:sleep":
            function.sleeps_seconds = value
        case kind:
            raise Untranslated(kind)
    function.timeout_seconds = spec.pop("timeout", function.timeout_seconds)
    function.reserved_concurrency = spec.pop("reservedConcurrency", None)
    return function


def _echo(event: Any) -> Json:
    return {"statusCode": 200, "body": json.dumps(event)}


def _returns(value: Any) -> Callable[[Any], Any]:
    return lambda _: value


def _raises(message: str) -> Callable[[Any], Any]:
    def body(_: Any) -> Any:
        raise Exception(message)  # noqa: TRY002 - the case says: an Exception

    return body


def _authorizer_body(spec: Json) -> Callable[[Any], Any]:
    if "raises" in spec:
        return _raises(spec.pop("raises"))
    text = json.dumps(spec.pop("returns"))
    first: list[str] = []

    def body(event: Any) -> Any:
        first.append(event["methodArn"])
        answer = text.replace("<methodArn of first request>", first[0])
        return json.loads(answer.replace("<methodArn of each request>", event["methodArn"]))

    return body


def _parameter(text: str) -> Json:
    place, _, name = text.partition(".")
    kind = {"header": "header", "querystring": "query", "path": "path"}[place]
    return {"in": kind, "name": name, "required": True, "schema": {"type": "string"}}


# --- kind chalice ----------------------------------------------------------------------------


def chalice_world(app: Chalice, *, api_keys: tuple[str, ...] = ()) -> World:
    """Return *app* served as `api`, in this process."""
    project = import_project(app, Config(chalice_stage="dev"), environ={})
    functions = functions_of(project)
    stage = stage_of(project.model, project.settings, in_path=True, api_keys=api_keys)
    definition = api_definition(project.model, project.settings)
    return World(definition, stage, InProcess(functions, log=lambda _: None), FakeClock())


def chalice_app(config: Json) -> Chalice:
    """Return the application that a case of kind chalice describes by its routes."""
    if config.keys() - {"kind", "routes"}:
        raise Untranslated(f"config: {set(config)}")
    app = Chalice(app_name="case")
    for path, given in config["routes"].items():
        spec = dict(given)
        if isinstance(spec.get("cors"), dict):
            spec["cors"] = CORSConfig(**spec["cors"])
        app.route(path, **spec)(_view)
    return app


def _view() -> Json:
    return {}
