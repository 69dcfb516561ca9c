"""Functions of a definition bound to Python callables, by logical id, name and ARN."""

import json

import pytest
from tests.gateway.apis import document, mock, proxy, uri

from chalice.definitions import local
from chalice.definitions.binding import Binding, check_stage, load, names_of, serve
from chalice.definitions.reading import Source
from chalice.diagnostics import ToolError
from chalice.gateway import HttpRequest, InvalidDefinition
from chalice.gateway.invoked import functions
from chalice.invoke.in_process import InProcess

ARN = "arn:aws:lambda:eu-west-1:111122223333:function:hello"
NAME = __name__


def hello(event, context):
    return {"statusCode": 200, "body": json.dumps([event["path"], context.invoked_function_arn])}


class Holder:
    hello = staticmethod(hello)


def no_arguments(): ...


NO_FUNCTION = 1


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    """Let this module be found under the name that bindings use."""
    import sys

    monkeypatch.setitem(sys.modules, "functions_for_tests", sys.modules[NAME])


TARGET = "functions_for_tests:hello"


def written(uri_text):
    return {
        "x-amazon-apigateway-integration": {
            "type": "aws_proxy",
            "httpMethod": "POST",
            "uri": uri_text,
        }
    }


def invocation(function):
    return f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{function}/invocations"


def served(definition, *bindings, stage=None, api_keys=(), environ=None, variables=None):
    return serve(
        Source(definition, "api.json#"),
        [Binding.parse(text) for text in bindings],
        stage=stage,
        api_keys=api_keys,
        spare_api_key="spare",
        local=local.nothing(environ or {}),
        variables=variables,
    )


def answer(found, target="/x", headers=()):
    invoker = InProcess(found.functions, log=lambda _: None)
    exchange = found.gateway.exchange(HttpRequest("GET", target, headers))
    try:
        wanted = next(exchange)
        while True:
            wanted = exchange.send(invoker.invoke(wanted))
    except StopIteration as end:
        return end.value


@pytest.mark.parametrize(
    ("written_uri", "names", "arn"),
    [
        (uri("Fn"), ["Fn"], "arn:aws:lambda:us-east-1:123456789012:function:Fn"),
        (invocation(ARN), [ARN, "hello"], ARN),
        (invocation(f"{ARN}:live"), [f"{ARN}:live", ARN, "hello:live", "hello"], ARN),
        (
            invocation("arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:hello"),
            ["hello"],
            "arn:aws:lambda:us-east-1:123456789012:function:hello",
        ),
        (
            {
                "Fn::Join": [
                    "",
                    [
                        "arn:",
                        {"Ref": "AWS::Partition"},
                        ":apigateway:eu-west-1:lambda:path/2015-03-31/functions/",
                        {"Fn::GetAtt": ["Fn", "Arn"]},
                        "/invocations",
                    ],
                ]
            },
            ["Fn"],
            "arn:aws:lambda:us-east-1:123456789012:function:Fn",
        ),
        (
            {"Fn::Sub": [invocation("${F}"), {"F": {"Fn::GetAtt": ["Fn", "Arn"]}}]},
            ["Fn"],
            "arn:aws:lambda:us-east-1:123456789012:function:Fn",
        ),
        (
            {"Fn::Sub": [invocation("${F}"), {"F": {"Fn::Sub": "${Fn.Arn}:live"}}]},
            ["Fn:live", "Fn"],
            "arn:aws:lambda:us-east-1:123456789012:function:Fn",
        ),
        (
            {"Fn::Join": ["", [invocation("x")[:-12], {"Fn::Sub": "${Fn}"}, "/invocations"]]},
            ["xFn", "x${Fn}"],
            "arn:aws:lambda:us-east-1:123456789012:function:xFn",
        ),
        (
            invocation("${Fn.Alias}"),
            ["Fn"],
            "arn:aws:lambda:us-east-1:123456789012:function:Fn",
        ),
        (
            invocation("arn:aws:lambda:eu-west-1:111122223333:function:orders-${Env}:${Alias}"),
            ["orders-Env", "orders-Env:Alias", "orders-${Env}"],
            "arn:aws:lambda:eu-west-1:111122223333:function:orders-Env",
        ),
    ],
    ids=lambda item: None,
)
def test_a_function_is_bound_by_each_of_its_names(written_uri, names, arn):
    definition = document({"/x": {"get": written(written_uri)}})

    for name in names:
        found = served(definition, f"{name}={TARGET}")

        assert json.loads(answer(found).body) == ["/x", arn]


def test_names_of_a_sub_are_those_of_the_template_not_of_the_sub():
    def sub(name):
        return {"Fn::Sub": [invocation("${Fn}"), {"Fn": {"Fn::GetAtt": [name, "Arn"]}}]}

    authorizer = {"type": "token", "authorizerUri": sub("Door")}
    scheme = {"type": "apiKey", "name": "a", "in": "header"}
    definition = document(
        {"/x": {"get": {**written(sub("Orders")), "security": [{"auth": []}]}}},
        schemes={"auth": {**scheme, "x-amazon-apigateway-authorizer": authorizer}},
    )

    found = served(definition, f"Orders={TARGET}", f"Door={TARGET}")

    assert sorted(found.functions) == ["Door", "Orders"]


@pytest.mark.parametrize(
    "value",
    [
        {"Fn::ImportValue": "orders"},
        {"Fn::If": ["Live", {"Ref": "A"}, {"Ref": "B"}]},
        {"Fn::Join": [":", ["a", "b"]]},
        {"Fn::Join": ["", [{"Fn::ImportValue": "a"}]]},
        7,
    ],
)
def test_a_name_of_a_sub_that_is_not_known_here_is_refused(value):
    definition = document(
        {"/x": {"get": written({"Fn::Sub": [invocation("${Fn}"), {"Fn": value}]})}}
    )

    assert problems(definition) == [
        ("integration-uri", "api.json#/paths/~1x/get/x-amazon-apigateway-integration/uri")
    ]


def test_functions_of_cloudformation_that_nest_without_end_name_no_function():
    value = invocation("Fn")
    for _ in range(20):
        value = {"Fn::Join": ["", [value]]}

    assert problems(document({"/x": {"get": written(value)}}))[0][0] == "integration-uri"


def test_a_stage_variable_that_fn_sub_leaves_alone_is_one():
    escaped = {"Fn::Sub": invocation("arn:aws:lambda:r:1:function:${!stageVariables.fn}")}

    assert problems(document({"/x": {"get": written(escaped)}}))[0][0] == "integration-uri"


@pytest.mark.parametrize(
    "written_as",
    [
        "arn:aws:lambda:eu-west-1:111122223333:function:${stageVariables.fn}:${stageVariables.as}",
        {"Fn::Sub": "arn:aws:lambda:eu-west-1:111122223333:function:${!stageVariables.fn}:live"},
    ],
    ids=["in a text", "in a template"],
)
def test_a_function_may_be_named_by_stage_variables(written_as):
    uri_text = (
        invocation(written_as)
        if isinstance(written_as, str)
        else {"Fn::Sub": invocation(written_as["Fn::Sub"])}
    )
    definition = document({"/x": {"get": written(uri_text)}})

    found = served(definition, f"hello={TARGET}", variables={"fn": "hello", "as": "live"})

    assert [*found.functions] == [f"{ARN}:live"]
    assert answer(found).status == 200


def test_a_stage_variable_that_names_a_function_and_is_not_set_is_told():
    definition = document({"/x": {"get": written(invocation("f:${stageVariables.alias}"))}})

    with pytest.raises(InvalidDefinition) as raised:
        served(definition)

    [problem] = raised.value.problems
    assert "stage variable `alias`, which is not set" in problem.summary
    assert problem.hint == "write `--stage-variable alias=VALUE`"


def test_functions_that_cannot_be_loaded_are_told_all_at_once():
    paths = {f"/{name}": {"get": proxy(name)} for name in ("A", "B", "C")}

    with pytest.raises(ToolError) as raised:
        served(document(paths), "A=none_such:a", f"B={TARGET}", "C=functions_for_tests:nothing")

    first, second = str(raised.value).splitlines()
    assert first.startswith("`none_such:a`, which stands for function `A`, cannot be loaded")
    assert second.startswith("`functions_for_tests:nothing`, which stands for function `C`")


def test_the_most_exact_name_decides():
    definition = document({"/x": {"get": written(invocation(ARN))}})

    found = served(definition, "hello=functions_for_tests:NO_FUNCTION", f"{ARN}={TARGET}")

    assert answer(found).status == 200


def test_one_name_stands_for_the_function_in_several_accounts():
    other = ARN.replace("1111", "4444")
    paths = {"/x": {"get": written(invocation(ARN))}, "/y": {"get": written(invocation(other))}}

    found = served(document(paths), f"hello={TARGET}")

    assert sorted(found.functions) == [ARN, other]


def test_a_stage_is_a_part_of_the_path():
    definition = document({"/x": {"get": proxy()}})

    found = served(definition, f"Fn={TARGET}", stage="prod")

    assert json.loads(answer(found, "/prod/x").body)[0] == "/x"
    assert answer(found, "/x").status == 403


@pytest.mark.parametrize("stage", ["", "a/b", "a" * 129])
def test_a_stage_that_aws_would_not_make_is_refused(stage):
    with pytest.raises(ValueError, match="A stage cannot be called"):
        check_stage(stage)


def test_the_region_is_that_of_the_environment():
    definition = document({"/x": {"get": proxy()}})

    chosen = served(definition, f"Fn={TARGET}", environ={"AWS_REGION": "cn-north-1"})
    default = served(definition, f"Fn={TARGET}", environ={"AWS_DEFAULT_REGION": "eu-west-1"})

    assert chosen.gateway.stage.partition == "aws-cn"
    assert default.gateway.stage.region == "eu-west-1"


KEYED = document(
    {"/x": {"get": {**mock(), "security": [{"key": []}]}}},
    schemes={"key": {"type": "apiKey", "name": "x-api-key", "in": "header"}},
)


def test_a_key_is_made_up_only_where_one_is_asked_for_and_none_is_given():
    made_up, given = served(KEYED), served(KEYED, api_keys=["mine"])

    assert made_up.api_key == "spare"
    assert answer(made_up, headers=(("x-api-key", "spare"),)).status == 200
    assert given.api_key is None
    assert answer(given, headers=(("x-api-key", "mine"),)).status == 200
    assert answer(given, headers=(("x-api-key", "spare"),)).status == 403
    assert served(document({})).api_key is None


def problems(definition, *bindings):
    with pytest.raises(InvalidDefinition) as error:
        served(definition, *bindings)
    return [(problem.code, problem.where) for problem in error.value.problems]


def test_everything_that_is_not_bound_is_told_with_its_place():
    authorizer = {"type": "token", "authorizerUri": uri("Auth")}
    scheme = {"type": "apiKey", "name": "a", "in": "header"}
    definition = document(
        {
            "/a/b": {"get": {**proxy("One"), "security": [{"auth": []}]}, "summary": "both"},
            "/x": {"x-amazon-apigateway-any-method": proxy("Two")},
        },
        schemes={"auth": {**scheme, "x-amazon-apigateway-authorizer": authorizer}},
    )

    x = "x-amazon-apigateway-"
    assert problems(definition, f"Two={TARGET}") == [
        ("function-unbound", f"api.json#/paths/~1a~1b/get/{x}integration/uri"),
        (
            "function-unbound",
            f"api.json#/components/securitySchemes/auth/{x}authorizer/authorizerUri",
        ),
    ]


def test_a_function_that_is_not_bound_is_told_once():
    paths = {f"/{name}": {"get": written(invocation("${Fn.Arn}:live"))} for name in "abc"}

    with pytest.raises(InvalidDefinition) as error:
        served(document(paths))

    [problem] = error.value.problems
    assert problem.summary == (
        "nothing on this machine answers for function `Fn:live`, which is invoked in 3 places"
    )
    assert problem.where == "api.json#/paths/~1a/get/x-amazon-apigateway-integration/uri"
    assert problem.hint == "write `--function Fn=module:attribute`"


def test_all_that_is_wrong_is_told_at_once():
    bearer = {"bearer": {"type": "http", "scheme": "bearer"}}
    definition = document(
        {
            "/x": {"get": {**mock(), "security": [{"bearer": []}]}},
            "/y": {"get": proxy(payloadFormatVersion="2.0")},
        },
        schemes=bearer,
    )
    definition["security"] = [{"bearer": []}]

    assert [code for code, _ in problems(definition)] == [
        "definition-security",
        "integration-payload",
        "authorizer-kind",
        "function-unbound",
    ]


def test_a_stage_variable_that_identifies_callers_and_is_not_set_is_told():
    authorizer = {
        "type": "request",
        "authorizerUri": uri("Auth"),
        "identitySource": "stageVariables.who, stageVariables.set",
    }
    scheme = {"type": "apiKey", "name": "a", "in": "header"}

    definition = document(
        {path: {"get": {**mock(), "security": [{"auth": []}]}} for path in ("/x", "/y")},
        schemes={"auth": {**scheme, "x-amazon-apigateway-authorizer": authorizer}},
    )

    [warning] = served(definition, f"Auth={TARGET}", variables={"set": "1"}).warnings

    assert (warning.severity, warning.where) == ("warning", "api.json#")
    assert warning.summary == (
        "`auth` identifies callers by stage variable `who`, which is not set: every call is"
        " answered 401"
    )


def test_an_authorizer_that_guards_nothing_needs_no_function():
    authorizer = {"type": "token", "authorizerUri": uri("Auth")}
    scheme = {"type": "apiKey", "name": "a", "in": "header"}
    schemes = {"auth": {**scheme, "x-amazon-apigateway-authorizer": authorizer}}

    assert served(document({"/x": {"get": mock()}}, schemes=schemes)).functions == {}


def test_what_names_no_function_invokes_none():
    definition = document({"/x": {"get": written("http://example.test/")}})

    assert list(functions(definition)) == []


def test_what_the_gateway_cannot_serve_is_told_with_its_place():
    definition = document({"/x": {"get": written("http://example.test/")}})
    definition["paths"]["/x"]["get"]["x-amazon-apigateway-integration"]["type"] = "http_proxy"

    assert problems(definition) == [
        (
            "integration-type",
            "api.json#/paths/~1x/get/x-amazon-apigateway-integration/type",
        )
    ]


def test_a_method_that_would_let_nobody_in_is_told_before():
    schemes = {"bearer": {"type": "http", "scheme": "bearer"}}
    paths = {"/x": {"x-amazon-apigateway-any-method": {**mock(), "security": [{"bearer": []}]}}}

    assert problems(document(paths, schemes=schemes)) == [
        ("authorizer-kind", "api.json#/paths/~1x/x-amazon-apigateway-any-method/security")
    ]


def test_a_method_of_an_http_api_is_refused():
    definition = document({"/x": {"get": proxy(payloadFormatVersion="2.0")}})

    assert problems(definition, f"Fn={TARGET}") == [
        (
            "integration-payload",
            "api.json#/paths/~1x/get/x-amazon-apigateway-integration/payloadFormatVersion",
        )
    ]
    assert served(document({"/x": {"get": proxy(payloadFormatVersion=1.0)}}), f"Fn={TARGET}")


@pytest.mark.parametrize(
    ("bindings", "sentence"),
    [
        (["Fn=no_such_module:x"], r"cannot be loaded: ModuleNotFoundError"),
        (["Fn=functions_for_tests:x"], r"cannot be loaded: AttributeError"),
        (["Fn=functions_for_tests:NO_FUNCTION"], r"is of type `int`; name a function"),
        (["Fn=functions_for_tests:no_arguments"], r"write `def no_arguments\(event, context\):`"),
    ],
)
def test_a_target_that_cannot_be_called_is_one_sentence(bindings, sentence):
    with pytest.raises(ToolError, match=sentence):
        served(document({"/x": {"get": proxy()}}), *bindings)


@pytest.mark.parametrize(
    ("method", "bindings", "code", "summary", "hint"),
    [
        (
            proxy(),
            ["Fn", "Fnn"],
            "function-unknown",
            "the definition invokes no function `Fnn`",
            "write `Fn`",
        ),
        (
            proxy(),
            ["Fn", "zzz"],
            "function-unknown",
            "the definition invokes no function `zzz`",
            "it invokes Fn",
        ),
        (
            mock(),
            ["Fn"],
            "function-unknown",
            "the definition invokes no function `Fn`",
            "it invokes none",
        ),
        (
            proxy(),
            ["Fn", "Fn"],
            "function-twice",
            "function `Fn` is bound twice",
            "leave one of them",
        ),
    ],
)
def test_a_binding_of_no_use_is_told_with_its_option(method, bindings, code, summary, hint):
    with pytest.raises(InvalidDefinition) as error:
        served(document({"/x": {"get": method}}), *(f"{name}={TARGET}" for name in bindings))

    [problem] = error.value.problems
    assert (problem.code, problem.where) == (code, f"--function {bindings[-1]}")
    assert (problem.summary, problem.hint) == (summary, hint)


def test_a_misspelt_binding_is_told_together_with_what_it_leaves_unbound():
    assert problems(document({"/x": {"get": proxy()}}), f"Fnn={TARGET}") == [
        ("function-unbound", "api.json#/paths/~1x/get/x-amazon-apigateway-integration/uri"),
        ("function-unknown", "--function Fnn"),
    ]


@pytest.mark.parametrize("text", ["", "Fn", "Fn=", "=a:b", "Fn=a", "Fn=a:", "Fn=:b"])
def test_what_is_not_a_binding_is_refused(text):
    with pytest.raises(ValueError, match="NAME=module:attribute"):
        Binding.parse(text)


def test_attributes_may_be_nested():
    assert load(Binding("Fn", "functions_for_tests:Holder.hello")) is hello


def test_a_module_that_ends_the_process_is_told(tmp_path, monkeypatch):
    (tmp_path / "ends_for_tests.py").write_text("raise SystemExit(3)")
    (tmp_path / "stops_for_tests.py").write_text("raise KeyboardInterrupt")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(ToolError, match="SystemExit: 3"):
        load(Binding("Fn", "ends_for_tests:x"))
    with pytest.raises(KeyboardInterrupt):
        load(Binding("Fn", "stops_for_tests:x"))


def test_a_logical_id_has_one_name():
    assert names_of("Fn") == ("Fn",)


def test_what_is_no_name_of_lambda_is_bound_as_it_stands():
    assert names_of("a:b:c") == ("a:b:c",)
