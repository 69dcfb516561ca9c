"""What a project's stage is deployed as: `properties.json` and `problems.json` are the tables."""

import json
from pathlib import Path

import pytest
from tests.resources.graphs import APP, IN_S3, STORE, graph_in, graph_of, needing, resources

from chalice import __version__
from chalice.diagnostics import InvalidApp
from chalice.model.names import logical_id
from chalice.resources import Code, located
from chalice.resources.api import DEPLOYMENT, deployment_id
from chalice.resources.limits import MAX_ROLE_POLICY, policy_size

HERE = Path(__file__).parent
PROPERTIES = json.loads((HERE / "properties.json").read_text().replace("VERSION", __version__))
PROBLEMS = json.loads((HERE / "problems.json").read_text())


def named(case):
    return case["name"]


@pytest.mark.parametrize("case", PROPERTIES, ids=named)
def test_a_setting_becomes_a_property_that_knows_its_line(case, tmp_path):
    found = resources(graph_of(tmp_path, case["config"]))

    resource = found[case["resource"]]
    assert case["has"].items() <= dict(resource.properties).items()
    assert not set(case.get("without", ())) & set(resource.properties)
    assert not set(case.get("gone", ())) & set(found)
    assert resource.type == case.get("type", resource.type)
    for name, line in case.get("written", {}).items():
        assert resource.written[name] == f".chalice/config.json:{line}"


@pytest.mark.parametrize("case", PROBLEMS, ids=named)
def test_what_aws_would_refuse_is_told_with_its_line(case, tmp_path):
    with pytest.raises(InvalidApp) as caught:
        graph_of(tmp_path, case["config"])

    codes = {problem.code for problem in caught.value.problems}
    wheres = {problem.where for problem in caught.value.problems}
    assert (codes, wheres) == ({case["code"]}, {case["where"]})


def test_each_resource_knows_where_it_comes_from(tmp_path):
    found = graph_of(tmp_path, {"api_gateway_stage": "v1", "automatic_layer": True})

    places = found.places()
    assert places == {
        "APIHandler": "app.py:4",
        "APIHandlerInvokePermission": "app.py:4",
        "APIHandlerLogGroup": "app.py:4",
        "DefaultRole": "app.py:4",
        "ManagedLayer": ".chalice/config.json:4",
        "Report": "app.py:10",
        "ReportLogGroup": "app.py:10",
        "RestAPI": "app.py:4",
        "RestAPIv1Stage": ".chalice/config.json:3",
        next(name for name in places if name.startswith(DEPLOYMENT)): "app.py:4",
    }


def test_an_application_without_routes_has_no_api(tmp_path):
    app = APP.replace('    @app.route("/")\n    def index():\n        return {}\n', "")

    found = graph_of(tmp_path, {"api_gateway_endpoint_type": "REGIONAL"}, app)

    assert sorted(resources(found)) == ["DefaultRole", "Report", "ReportLogGroup"]
    assert found.outputs == {}


def test_an_application_of_nothing_cannot_be_deployed(tmp_path):
    with pytest.raises(InvalidApp) as caught:
        graph_of(tmp_path, app="from chalice import Chalice\napp = Chalice(app_name='demo')\n")

    assert [problem.code for problem in caught.value.problems] == ["app-empty"]


def test_what_cannot_be_written_as_a_definition_is_told_with_the_rest(tmp_path):
    app = APP.replace(
        '"/")', '"/", cors=CORSConfig(allow_origin=\'https://a.example\', expose_headers=["\'"]))'
    ).replace("AuthResponse", "CORSConfig")
    arn = "arn:aws:acm:eu-west-1:123456789012:certificate/c"
    domain = {"domain_name": "a.example.com", "certificate_arn": arn}

    with pytest.raises(InvalidApp) as caught:
        graph_of(tmp_path, {"api_gateway_custom_domain": domain}, app)

    assert [problem.code for problem in caught.value.problems] == ["cors-value"]


def test_a_function_may_not_be_called_like_what_belongs_to_another(tmp_path):
    app = f"""{APP}
    @app.lambda_function()
    def report_log_group(event, context):
        return {{}}
"""

    with pytest.raises(InvalidApp) as caught:
        graph_of(tmp_path, app=app)

    [problem] = caught.value.problems
    assert (problem.code, problem.where) == ("function-logical-id", "app.py:14")
    assert problem.summary == (
        "`ReportLogGroup` is the logical id of two resources, AWS::Logs::LogGroup and"
        " AWS::Lambda::Function, the other from app.py:10"
    )


@pytest.mark.parametrize("first", ["index", "default"])
def test_a_function_whose_own_role_is_called_as_the_shared_one_is_refused(tmp_path, first):
    routes = "" if first == "default" else '@app.route("/")\ndef index(): return {}\n'
    functions = (f"@app.lambda_function()\ndef {name}(e, c): pass\n" for name in ("default", "b"))
    app = f"from chalice import Chalice\napp = Chalice('demo')\n{routes}{''.join(functions)}"
    config = {"lambda_functions": {"default": {"autogen_policy": False}}}

    with pytest.raises(InvalidApp) as caught:
        graph_of(tmp_path, config, app, files=POLICY_FILE)

    [problem] = caught.value.problems
    assert problem.code == "function-logical-id"
    assert "`DefaultRole` is the logical id of two resources" in problem.summary


def test_a_function_whose_role_is_called_as_that_of_the_routes_is_refused(tmp_path):
    app = f"""{APP}
    @app.lambda_function()
    def apiHandler(event, context):
        return {{}}
"""

    with pytest.raises(InvalidApp) as caught:
        graph_of(tmp_path, {"iam_role": "per_function"}, app)

    [problem] = caught.value.problems
    assert problem.code == "function-logical-id"
    assert "`ApiHandlerRole` is the logical id of two resources" in problem.summary


# --- roles -----------------------------------------------------------------------------------


def statements(found, role="DefaultRole"):
    [policy] = resources(found)[role].properties["Policies"]
    return policy["PolicyDocument"]["Statement"]


def test_a_role_may_do_what_its_settings_need_and_no_more(tmp_path):
    config = {
        "lambda_functions": {
            "report": {"xray": True, "subnet_ids": ["subnet-1"], "security_group_ids": ["sg-1"]}
        }
    }

    logs, network, tracing = statements(graph_of(tmp_path, config))

    assert logs["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert logs["Resource"] == [
        {"Fn::GetAtt": ["APIHandlerLogGroup", "Arn"]},
        {"Fn::GetAtt": ["ReportLogGroup", "Arn"]},
    ]
    assert all(action.startswith("ec2:") for action in network["Action"])
    assert tracing["Action"] == ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
    assert not any("*" in action for one in (logs, network, tracing) for action in one["Action"])


def test_what_source_code_needs_goes_into_the_shared_role_once(tmp_path):
    read = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}
    write = {"Effect": "Allow", "Action": ["s3:PutObject"], "Resource": "*"}

    found = graph_of(tmp_path, policies=needing(api_handler=[read], report=[read, write]))

    assert statements(found)[1:] == [read, write]


def test_a_policy_that_somebody_wrote_is_all_that_a_function_may(tmp_path):
    policy = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*"}}
    policy["Statement"]["Resource"] = "*"
    config = {"lambda_functions": {"report": {"autogen_policy": False}}}
    files = {".chalice/policy-dev.json": json.dumps(policy)}

    found = graph_of(tmp_path, config, files=files, policies=needing(report=[{"Action": "a:B"}]))

    role = resources(found)["ReportRole"]
    assert role.properties["Policies"] == [
        {"PolicyName": "ReportRolePolicy", "PolicyDocument": policy}
    ]
    assert role.where == ".chalice/config.json:5"
    assert len(statements(found)) == 1


def long_policy(characters):
    actions = [f"s3:Get{number:06}" for number in range(characters // 15)]
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": statement}), actions


def test_a_policy_that_is_too_long_for_a_role_goes_into_managed_ones(tmp_path):
    text, actions = long_policy(MAX_ROLE_POLICY)
    config = {"autogen_policy": False, "iam_policy_file": "long.json"}

    found = resources(graph_of(tmp_path, config, files={".chalice/long.json": text}))

    role = found["ReportRole"].properties
    names = [f"ReportRolePolicy{number}" for number in (1, 2)]
    documents = [found[name].properties["PolicyDocument"] for name in names]
    assert "Policies" not in role
    assert role["ManagedPolicyArns"] == [{"Ref": name} for name in names]
    assert {found[name].type for name in names} == {"AWS::IAM::ManagedPolicy"}
    assert actions == [
        action
        for document in documents
        for item in document["Statement"]
        for action in item["Action"]
    ]


def test_a_policy_longer_than_iam_takes_is_told(tmp_path):
    text, _ = long_policy(7 * MAX_ROLE_POLICY)
    config = {"autogen_policy": False, "iam_policy_file": "long.json"}

    with pytest.raises(InvalidApp) as caught:
        graph_of(tmp_path, config, files={".chalice/long.json": text})

    assert {problem.code for problem in caught.value.problems} == {"role-policy-size"}
    assert all("Policy` " not in problem.summary for problem in caught.value.problems)
    assert caught.value.problems[0].where.startswith(".chalice/config.json:")


READ = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}
WRITE = {"Effect": "Allow", "Action": ["s3:PutObject"], "Resource": "*"}
WRITTEN = {"Effect": "Allow", "Action": ["sns:Publish"], "Resource": "*"}
POLICY_FILE = {".chalice/policy-dev.json": json.dumps({"Statement": WRITTEN})}


def roles_of(found):
    """Return the statements of each role of a graph but for logs, and who has which role."""
    granted = {
        name: statements(found, name)[1:]
        for name, item in resources(found).items()
        if item.type == "AWS::IAM::Role"
    }
    who = {
        name: item.properties["Role"]["Fn::GetAtt"][0]
        for name, item in resources(found).items()
        if item.type == "AWS::Lambda::Function"
    }
    return granted, who


def test_functions_may_have_a_role_each(tmp_path):
    policies = needing(api_handler=[READ], report=[WRITE])

    found = graph_of(tmp_path, {"iam_role": "per_function"}, policies=policies)

    assert roles_of(found) == (
        {"ApiHandlerRole": [READ], "ReportRole": [WRITE]},
        {"APIHandler": "ApiHandlerRole", "Report": "ReportRole"},
    )
    assert statements(found, "ReportRole")[0]["Resource"] == [
        {"Fn::GetAtt": ["ReportLogGroup", "Arn"]}
    ]


def test_a_policy_file_is_added_to_what_the_code_needs(tmp_path):
    policies = needing(api_handler=[READ], report=[WRITE])

    found = graph_of(tmp_path, {"autogen_policy": "merge"}, files=POLICY_FILE, policies=policies)

    assert roles_of(found) == (
        {"DefaultRole": [READ, WRITE, WRITTEN]},
        {"APIHandler": "DefaultRole", "Report": "DefaultRole"},
    )


@pytest.mark.parametrize(
    ("older", "merged"),
    [
        ("arn:aws:s3:::b/${aws:username}", "arn:aws:s3:::b/${$}{aws:username}"),
        ({"Fn::Sub": "${A}/${!x}"}, {"Fn::Sub": "${A}/${!$}{x}"}),
        ({"Fn::Sub": ["${A}/${!x}", {"A": "a"}]}, {"Fn::Sub": ["${A}/${!$}{x}", {"A": "a"}]}),
        ([{"Fn::GetAtt": ["B", "Arn"]}, "*"], [{"Fn::GetAtt": ["B", "Arn"]}, "*"]),
    ],
    ids=["a text", "an expression", "an expression with names", "nothing of the kind"],
)
@pytest.mark.parametrize("version", ["2008-10-17", "", "2012-10-17"], ids=["older", "none", "ours"])
def test_what_is_plain_text_in_an_older_policy_file_is_no_variable_of_the_role(
    tmp_path, older, merged, version
):
    policy = {"Statement": {**WRITTEN, "Resource": older}}
    policy |= {"Version": version} if version else {}
    files = {".chalice/policy-dev.json": json.dumps(policy)}

    found = graph_of(tmp_path, {"autogen_policy": "merge"}, files=files)

    [statement] = roles_of(found)[0]["DefaultRole"]
    assert statement["Resource"] == (older if version == "2012-10-17" else merged)


def test_what_is_merged_for_one_function_is_granted_to_no_other(tmp_path):
    policies = needing(api_handler=[READ], report=[WRITE])
    config = {"lambda_functions": {"report": {"autogen_policy": "merge"}}}

    found = graph_of(tmp_path, config, files=POLICY_FILE, policies=policies)

    assert roles_of(found) == (
        {"DefaultRole": [READ], "ReportRole": [WRITE, WRITTEN]},
        {"APIHandler": "DefaultRole", "Report": "ReportRole"},
    )


def test_a_function_that_merges_nothing_has_nothing_of_what_others_merge(tmp_path):
    policies = needing(api_handler=[READ], report=[WRITE])
    config = {
        "autogen_policy": "merge",
        "lambda_functions": {"report": {"autogen_policy": True}},
    }

    granted, _ = roles_of(graph_of(tmp_path, config, files=POLICY_FILE, policies=policies))

    assert granted == {"DefaultRole": [READ, WRITTEN], "ReportRole": [WRITE]}


def test_a_file_to_merge_that_is_missing_is_told(tmp_path):
    config = {"lambda_functions": {"report": {"autogen_policy": "merge"}}}

    with pytest.raises(InvalidApp) as caught:
        graph_of(tmp_path, config)

    assert {problem.code for problem in caught.value.problems} == {"config-file-missing"}


def test_what_the_configuration_has_lambda_do_as_the_role_is_granted_for_its_line(tmp_path):
    network = {"subnet_ids": ["subnet-1"], "security_group_ids": ["sg-1"]}
    config = {"xray": True, "lambda_functions": {"report": network}}

    role = resources(graph_of(tmp_path, config))["DefaultRole"]

    assert role.reasons["xray:PutTraceSegments"] == {"*": ".chalice/config.json:3"}
    assert role.reasons["ec2:CreateNetworkInterface"] == {"*": ".chalice/config.json:6"}
    assert "logs:PutLogEvents" not in role.reasons


def test_boundary_and_path_are_those_of_all_roles(tmp_path):
    boundary = "arn:aws:iam::123456789012:policy/boundary"
    config = {
        "iam_permissions_boundary": boundary,
        "iam_role_path": "/team/",
        "iam_role": "per_function",
    }

    found = resources(graph_of(tmp_path, config))

    roles = [item for item in found.values() if item.type == "AWS::IAM::Role"]
    assert [
        (item.properties["PermissionsBoundary"], item.properties["Path"]) for item in roles
    ] == [(boundary, "/team/")] * 2
    assert roles[0].written == {
        "PermissionsBoundary": ".chalice/config.json:3",
        "Path": ".chalice/config.json:4",
    }


def test_the_policy_of_many_functions_fits_into_a_role(tmp_path):
    functions = "".join(
        f"    @app.lambda_function()\n    def job_{number}(event, context): ...\n"
        for number in range(150)
    )

    [logs] = statements(graph_of(tmp_path, app=f"{APP}\n{functions}"))

    [group] = logs["Resource"]
    assert group["Fn::Sub"].endswith(":log-group:/aws/lambda/${AWS::StackName}-*:*")


def test_a_long_policy_leaves_the_log_groups_named(tmp_path):
    text, _ = long_policy(2 * MAX_ROLE_POLICY)
    config = {"autogen_policy": "merge", "iam_policy_file": "long.json"}

    found = resources(graph_of(tmp_path, config, files={".chalice/long.json": text}))

    [first, *_] = (item for item in found.values() if item.type == "AWS::IAM::ManagedPolicy")
    logs = first.properties["PolicyDocument"]["Statement"][0]
    groups = [group["Fn::GetAtt"] for group in logs["Resource"]]
    assert groups == [["APIHandlerLogGroup", "Arn"], ["ReportLogGroup", "Arn"]]


# --- logs ------------------------------------------------------------------------------------


def test_a_log_group_is_the_stacks_own_and_what_it_held_outlives_its_replacement(tmp_path):
    group = resources(graph_of(tmp_path))["ReportLogGroup"]

    name, parts = group.properties["LogGroupName"]["Fn::Sub"]
    assert name == "/aws/lambda/${AWS::StackName}-Report-${Stack}"
    assert "AWS::StackId" in json.dumps(parts)
    assert group.attributes == {"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Retain"}


# --- the deployment --------------------------------------------------------------------------


def deployment(found):
    [name] = [name for name in resources(found) if name.startswith(DEPLOYMENT)]
    return name


CHANGES = {
    "a route": ({}, ('"/")', '"/other")')),
    "a method": ({}, ('"/")', '"/", methods=["POST"])')),
    "cors": ({}, ('"/")', '"/", cors=True)')),
    "a key": ({}, ('"/")', '"/", api_key_required=True)')),
    "binary types": (
        {},
        ("    @app.route", "    app.api.binary_types.append('a/b')\n    @app.route"),
    ),
    "compression": ({"minimum_compression_size": 1}, ("", "")),
}
NO_CHANGES = {
    "the code of a view": ({}, ("return {}", "return {'a': 1}")),
    "a line before it": ({}, ("    @app.route", "    # more\n    @app.route")),
    "memory": ({"lambda_memory_size": 512}, ("", "")),
    "variables": ({"environment_variables": {"AA": "b"}}, ("", "")),
    "the stage's name": ({"api_gateway_stage": "v1"}, ("", "")),
    "the endpoint": ({"api_gateway_endpoint_type": "REGIONAL"}, ("", "")),
    "another function": ({}, ("def report", "def other")),
}


@pytest.mark.parametrize(
    ("config", "edit", "changes"),
    [
        *(pytest.param(*change, True, id=name) for name, change in CHANGES.items()),
        *(pytest.param(*change, False, id=name) for name, change in NO_CHANGES.items()),
    ],
)
def test_the_api_is_deployed_anew_exactly_when_its_definition_changes(
    tmp_path, config, edit, changes
):
    before = deployment(graph_of(tmp_path))

    after = deployment(graph_of(tmp_path, config, APP.replace(*edit) if edit[0] else APP))

    assert (before != after) is changes


def test_the_order_of_routes_is_no_change_of_the_api(tmp_path):
    routes = [f"    @app.route('/{name}')\n    def {name}(): ...\n" for name in "ab"]
    head = "    from chalice import Chalice\n    app = Chalice(app_name='demo')\n"

    one = deployment(graph_of(tmp_path, app="\n" + head + "".join(routes)))
    other = deployment(graph_of(tmp_path, app="\n" + head + "".join(reversed(routes))))

    assert one == other


# --- permissions -----------------------------------------------------------------------------


def test_the_api_alone_may_invoke_its_functions():
    found = resources(graph_in(STORE))

    permissions = [item for item in found.values() if item.type == "AWS::Lambda::Permission"]
    assert [item.logical_id for item in permissions] == [
        "APIHandlerInvokePermission",
        "MyAuthInvokePermission",
        "SecondAuth2InvokePermission",
    ]
    for item in permissions:
        text, names = item.properties["SourceArn"]["Fn::Sub"]
        assert text.endswith("${AWS::AccountId}:${RestAPIId}/*")
        assert names == {"RestAPIId": {"Ref": "RestAPI"}}
        assert item.properties["Principal"] == "apigateway.amazonaws.com"


def test_an_authorizer_with_a_role_is_invoked_as_that_role():
    body = resources(graph_in(STORE))["RestAPI"].properties["Body"]

    scheme = body["components"]["securitySchemes"]["second-auth2"]
    authorizer = scheme["x-amazon-apigateway-authorizer"]
    assert authorizer["authorizerCredentials"] == "arn:aws:iam::123456789012:role/execution"


# --- where the archives are ------------------------------------------------------------------


def test_archives_lie_beside_the_template_until_they_are_uploaded(tmp_path):
    beside = graph_of(tmp_path, {"automatic_layer": True}, code=Code.local(layer=True))

    moved = located(beside, Code(IN_S3, IN_S3))

    assert resources(beside)["Report"].properties["Code"] == "./deployment.zip"
    assert resources(beside)["ManagedLayer"].properties["Content"] == "./layer-deployment.zip"
    assert moved == graph_of(tmp_path, {"automatic_layer": True})


def test_a_layer_of_nothing_is_left_out(tmp_path):
    layer = "arn:aws:lambda:us-east-1:123456789012:layer:a:1"
    config = {"automatic_layer": True, "lambda_functions": {"report": {"layers": [layer]}}}
    whole = graph_of(tmp_path, config, code=Code.local(layer=True))

    found = resources(located(whole, Code.local(layer=False)))

    assert "ManagedLayer" not in found
    assert "Layers" not in found["APIHandler"].properties
    assert found["Report"].properties["Layers"] == [layer]


def test_logical_ids_are_what_cloudformation_takes():
    assert all(name.isalnum() and name.isascii() for name in resources(graph_in(STORE, "odd")))
    assert logical_id("api_handler") in resources(graph_in(STORE, "odd"))


@pytest.mark.parametrize("name", ["BinaryMediaTypes", "DisableExecuteApiEndpoint", "Policy"])
def test_what_reaches_clients_by_a_deployment_makes_another_one(name):
    assert deployment_id({name: True}) not in {deployment_id({}), deployment_id({name: False})}


def test_only_what_cloudformation_resolves_is_estimated_in_the_size_of_a_policy():
    assert policy_size({"Resource": {"Reference": "x"}}) == len('{"Resource":{"Reference":"x"}}')
    assert policy_size({"Resource": {"Ref": "x"}}) > 200
