"""What AWS would refuse during a deploy, by an account that a test fills; nothing is called."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from tests.deploy.deployments import APP, wanted
from tests.deploy.there import TRUST, There

from chalice.aws.account import Caller
from chalice.aws.certificates import Certificate
from chalice.aws.domains import Mapping
from chalice.aws.errors import Denied
from chalice.aws.functions import Concurrency, Layer
from chalice.bundle.parts import Archive
from chalice.deploy.preflight.checking import check
from chalice.deploy.preflight.coming import resolved, values_of
from chalice.deploy.preflight.looking import Looking
from chalice.diagnostics import InvalidApp, ToolError

ACCOUNT = "123456789012"
NAME = "demo-dev"
TODAY = date(2026, 11, 22)

ROLE = f"arn:aws:iam::{ACCOUNT}:role/team/functions"
LAYER = f"arn:aws:lambda:eu-central-1:{ACCOUNT}:layer:tools:3"
CERTIFICATE = f"arn:aws:acm:eu-central-1:{ACCOUNT}:certificate/one"
DOMAIN = {"domain_name": "api.example.com", "certificate_arn": CERTIFICATE}
REGIONAL = {"api_gateway_endpoint_type": "REGIONAL", "api_gateway_custom_domain": DOMAIN}
NETWORK = {"subnet_ids": ["subnet-1", "subnet-2"], "security_group_ids": ["sg-1"]}

TWO = (
    APP
    + """
    @app.lambda_function()
    def report(event, context):
        return {}
"""
)


def checked(what, there, before=None, *, today=TODAY, **options):
    """Return the warnings, or raise what stops."""
    placed = what.placed(NAME, "bucket")
    looking = Looking(there, Caller(ACCOUNT, "arn:aws:iam::123456789012:user/a"), today)
    deployed = before.placed(NAME, "bucket").document if before is not None else {}
    return check(looking, what, placed, deployed, NAME, **options)


def found(what, there, before=None, **options):
    """Return all problems, as `(code, where)`, and their sentences."""
    try:
        problems = checked(what, there, before, **options)
    except InvalidApp as error:
        problems = error.problems
    return [(item.code, item.where) for item in problems], "\n".join(map(str, problems))


def merged(what, folder, template):
    """Return *what* with a template merged into it."""
    path = folder / "extras.json"
    path.write_text(json.dumps(template, indent=1))
    return replace(what, merged=(path,))


def resource(kind, **properties):
    return {"Resources": {"Extra": {"Type": kind, "Properties": properties}}}


def of_function(**properties):
    return {"Resources": {"APIHandler": {"Properties": properties}}}


# --- few look-ups --------------------------------------------------------------------------------


def test_an_application_that_names_nothing_asks_for_nothing(tmp_path):
    there = There()

    assert checked(wanted(tmp_path, app=TWO), there) == ()
    assert there.asked == []


def test_what_several_functions_name_is_asked_for_once(tmp_path):
    config = {"manage_iam_role": False, "iam_role_arn": ROLE, "layers": [LAYER], **NETWORK}
    there = There(
        roles={ROLE: TRUST},
        layers={LAYER: Layer(10)},
        subnet_vpcs={"subnet-1": "vpc-1", "subnet-2": "vpc-1"},
        group_vpcs={"sg-1": "vpc-1"},
    )

    assert checked(wanted(tmp_path, "one", config, TWO), there) == ()
    assert there.asked == ["role", "layer", "subnets", "security_groups"]


def test_where_only_code_changes_nothing_is_asked_for(tmp_path):
    config = {"manage_iam_role": False, "iam_role_arn": ROLE, **REGIONAL}
    before = wanted(tmp_path / "a", "one", config)
    there = There()

    assert checked(wanted(tmp_path / "b", "two", config), there, before) == ()
    assert there.asked == []


def test_what_is_configured_anew_is_looked_at_again(tmp_path):
    config = {"manage_iam_role": False, "iam_role_arn": ROLE}
    before = wanted(tmp_path / "a", "one", config)
    after = wanted(tmp_path / "b", "one", {**config, "lambda_memory_size": 256})

    codes, _ = found(after, There(), before)

    assert codes == [("role-missing", ".chalice/config.json:4")]


def test_what_may_not_be_looked_up_is_a_warning(tmp_path):
    config = {"manage_iam_role": False, "iam_role_arn": ROLE, "reserved_concurrency": 5, **REGIONAL}
    there = There(denied={"role", "concurrency", "certificate", "has_domain"})

    warnings = checked(wanted(tmp_path, "one", config), there)

    assert {item.code for item in warnings} == {"not-looked-up"}
    assert {item.severity for item in warnings} == {"warning"}
    assert "the credentials in use may not `any:role`" in warnings[0].summary
    assert len(warnings) == 4


EVERY_LOOK_UP = (
    *("role", "has_policy", "layer", "concurrency", "describe", "subnets", "security_groups"),
    *("certificate", "has_domain", "mappings", "has_group"),
)


@pytest.mark.parametrize("allowed", [set(), {"has_domain"}], ids=["none", "all but one"])
def test_every_look_up_may_be_denied(tmp_path, allowed):
    config = {
        "manage_iam_role": False,
        "iam_role_arn": ROLE,
        "layers": [LAYER],
        "reserved_concurrency": 5,
        **NETWORK,
        **REGIONAL,
    }
    mapping = {"DomainName": "api.example.org", "BasePath": "v1"}
    template = {
        "Resources": {
            "F": {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "f"}},
            "G": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "g"}},
            "M": {"Type": "AWS::ApiGateway::BasePathMapping", "Properties": mapping},
            "R": {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": ["arn:aws:p"]}},
        }
    }
    there = There(denied=set(EVERY_LOOK_UP) - allowed, known_domains={"api.example.org": ()})

    warnings = checked(merged(wanted(tmp_path, "one", config), tmp_path, template), there)

    assert {item.code for item in warnings} == {"not-looked-up"}
    assert set(there.asked) == set(EVERY_LOOK_UP) - ({"mappings"} if not allowed else set())


def test_in_the_sandbox_what_is_missing_is_a_warning(tmp_path):
    config = {"manage_iam_role": False, "iam_role_arn": ROLE}

    (warning,) = checked(wanted(tmp_path, "one", config), There(), sandbox=True)

    assert (warning.code, warning.severity) == ("role-missing", "warning")
    assert warning.summary.endswith("; on AWS that stops the deploy")


def test_all_problems_are_told_at_once_with_file_and_line(tmp_path):
    config = {
        "manage_iam_role": False,
        "iam_role_arn": ROLE,
        "layers": [LAYER],
        "reserved_concurrency": 950,
        **NETWORK,
    }

    codes, _ = found(wanted(tmp_path, "one", config), There())

    assert codes == [
        ("role-missing", ".chalice/config.json:4"),
        ("layer-missing", ".chalice/config.json:5"),
        ("concurrency", ".chalice/config.json:8"),
        ("subnet-missing", ".chalice/config.json:9"),
        ("subnet-missing", ".chalice/config.json:9"),
        ("security-group-missing", ".chalice/config.json:13"),
    ]


# --- roles, layers, networks, concurrency --------------------------------------------------------


def trust(**statement):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}


@pytest.mark.parametrize(
    ("policy", "taken"),
    [
        (TRUST, True),
        (trust(Principal={"Service": "lambda.amazonaws.com"}, Action=["sts:*"]), True),
        (trust(Principal="*", Action="sts:AssumeRole"), True),
        (trust(Principal={"Service": "ec2.amazonaws.com"}, Action="sts:AssumeRole"), False),
        (trust(Principal={"Service": "lambda.amazonaws.com"}, Action="sts:TagSession"), False),
        ({}, False),
    ],
)
def test_a_role_has_to_let_lambda_take_it(tmp_path, policy, taken):
    config = {"manage_iam_role": False, "iam_role_arn": ROLE}

    codes, _ = found(wanted(tmp_path, "one", config), There(roles={ROLE: policy}))

    assert codes == ([] if taken else [("role-trust", ".chalice/config.json:4")])


def test_a_role_of_another_account_or_path_is_told(tmp_path):
    elsewhere = {"manage_iam_role": False, "iam_role_arn": "arn:aws:iam::999999999999:role/a"}
    short = {"manage_iam_role": False, "iam_role_arn": f"arn:aws:iam::{ACCOUNT}:role/functions"}
    there = There(roles={ROLE: TRUST})

    codes, _ = found(wanted(tmp_path / "a", "one", elsewhere), there)
    _, text = found(wanted(tmp_path / "b", "one", short), there)

    assert codes == [("role-account", ".chalice/config.json:4")]
    assert f"there is `{ROLE}`; write `{ROLE}`" in text


def test_layers_are_there_in_the_region_and_once(tmp_path):
    far = LAYER.replace("eu-central-1", "us-east-1")
    newer = LAYER.replace(":3", ":4")
    config = {"layers": [LAYER, newer, far, "arn:aws:lambda:::awslayer:Any"]}
    there = There(layers={LAYER: Layer(300_000_000, ("arm64",)), newer: Layer(1)})

    codes, text = found(wanted(tmp_path, "one", config), there)

    assert [code for code, _ in codes] == [
        "layer-twice",
        "layer-architecture",
        "layer-region",
        "package-too-large",
    ]
    assert "publish it in `eu-central-1`" in text


def test_a_layer_that_its_owner_does_not_share_is_none(tmp_path):
    theirs = LAYER.replace(ACCOUNT, "580247275435")
    said = (
        "User: arn:aws:iam::123456789012:user/a is not authorized to perform:"
        f" lambda:GetLayerVersion on resource: {theirs} because no resource-based policy allows the"
        " lambda:GetLayerVersion action"
    )

    class Closed(There):
        def layer(self, arn):
            raise Denied("AccessDeniedException", "GetLayerVersionByArn", said, service="lambda")

    codes, text = found(wanted(tmp_path, "one", {"layers": [theirs]}), Closed())

    assert codes == [("layer-missing", ".chalice/config.json:3")]
    assert "account 580247275435 does not share the layer" in text


@pytest.mark.parametrize(
    ("subnets", "groups", "codes"),
    [
        ({"subnet-1": "vpc-1", "subnet-2": "vpc-1"}, {"sg-1": "vpc-1"}, []),
        ({"subnet-1": "vpc-1", "subnet-2": "vpc-2"}, {"sg-1": "vpc-1"}, ["vpc-mixed"]),
        ({"subnet-1": "vpc-1", "subnet-2": "vpc-1"}, {"sg-1": "vpc-2"}, ["vpc-mixed"]),
        ({"subnet-1": "vpc-1"}, {"sg-1": "vpc-1"}, ["subnet-missing"]),
    ],
)
def test_subnets_and_security_groups_are_of_one_vpc(tmp_path, subnets, groups, codes):
    there = There(subnet_vpcs=subnets, group_vpcs=groups)

    found_codes, _ = found(wanted(tmp_path, "one", NETWORK), there)

    assert [code for code, _ in found_codes] == codes


@pytest.mark.parametrize(
    ("reserved", "limits", "fits"),
    [
        (900, Concurrency(1000, 1000), True),
        (901, Concurrency(1000, 1000), False),
        (50, Concurrency(1000, 120), False),
        (1, Concurrency(10, 10), False),
        (0, Concurrency(10, 10), True),
    ],
)
def test_100_invocations_at_once_stay_unreserved(tmp_path, reserved, limits, fits):
    config = {"reserved_concurrency": reserved}

    codes, _ = found(wanted(tmp_path, "one", config), There(limits=limits))

    assert codes == ([] if fits else [("concurrency", ".chalice/config.json:3")])


def test_what_is_reserved_already_counts_once(tmp_path):
    before = wanted(tmp_path / "a", "one", {"reserved_concurrency": 800})
    after = wanted(tmp_path / "b", "one", {"reserved_concurrency": 850})

    codes, _ = found(after, There(limits=Concurrency(1000, 200)), before)

    assert codes == []


# --- domains -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("certificate", "codes"),
    [
        (Certificate("ISSUED", ("api.example.com",)), []),
        (Certificate("ISSUED", ("other.org", "*.example.com")), []),
        (Certificate("ISSUED", ("example.com", "*.api.example.com")), ["certificate-name"]),
        (Certificate("PENDING_VALIDATION", ("api.example.com",)), ["certificate-status"]),
        (Certificate("REVOKED", ("api.example.com",)), ["certificate-status"]),
        (None, ["certificate-missing"]),
    ],
)
def test_the_certificate_of_a_domain_is_issued_and_for_it(tmp_path, certificate, codes):
    there = There(known_certificates={CERTIFICATE: certificate})

    found_codes, _ = found(wanted(tmp_path, "one", REGIONAL), there)

    assert found_codes == [(code, ".chalice/config.json:4") for code in codes]


@pytest.mark.parametrize(
    ("arn", "code"),
    [
        (CERTIFICATE.replace("eu-central-1", "us-east-1"), "certificate-region"),
        (CERTIFICATE.replace(ACCOUNT, "999999999999"), "certificate-account"),
        (f"arn:aws:iam::{ACCOUNT}:server-certificate/a", "certificate-kind"),
    ],
)
def test_a_certificate_that_cannot_be_used_is_not_asked_for(tmp_path, arn, code):
    config = {**REGIONAL, "api_gateway_custom_domain": {**DOMAIN, "certificate_arn": arn}}
    there = There()

    codes, _ = found(wanted(tmp_path, "one", config), there)

    assert codes == [(code, ".chalice/config.json:4")]
    assert there.asked == ["has_domain"]


def test_the_certificate_of_an_edge_domain_is_in_us_east_1_wherever_the_stage_is(tmp_path):
    arn = CERTIFICATE.replace("eu-central-1", "us-east-1")
    config = {"api_gateway_custom_domain": {**DOMAIN, "certificate_arn": arn}}
    there = There(known_certificates={arn: Certificate("ISSUED", ("API.example.com",))})

    assert checked(wanted(tmp_path, "one", config), there) == ()


def test_a_domain_of_another_api_is_told_with_where_it_leads(tmp_path):
    there = There(
        known_certificates={CERTIFICATE: Certificate("ISSUED", ("api.example.com",))},
        known_domains={"api.example.com": (Mapping("(none)", "abc123", "prod"),)},
    )
    what = wanted(tmp_path, "one", REGIONAL)

    codes, text = found(what, there)

    assert codes == [("domain-taken", ".chalice/config.json:4")]
    assert "it leads `(none)` to the API `abc123`, stage `prod`" in text
    assert found(what, there, what)[0] == []
    assert found(what, there, leaving=True)[0] == []


@pytest.mark.parametrize(
    ("path", "codes"),
    [({"BasePath": "v2"}, []), ({"BasePath": "v1"}, ["domain-path-taken"]), ({}, [])],
    ids=["free", "taken", "the root"],
)
def test_a_path_of_a_domain_that_is_there_is_free(tmp_path, path, codes):
    there = There(known_domains={"api.example.com": (Mapping("v1", "abc123", "prod"),)})
    kind = "AWS::ApiGateway::BasePathMapping"
    template = resource(kind, DomainName="api.example.com", **path)

    found_codes, _ = found(merged(wanted(tmp_path), tmp_path, template), there)

    assert [code for code, _ in found_codes] == codes


def test_a_mapping_needs_a_domain_of_the_account_or_the_stack(tmp_path):
    mapping = {
        "Type": "AWS::ApiGateway::BasePathMapping",
        "Properties": {"DomainName": "api.example.com"},
    }
    domain = {
        "Type": "AWS::ApiGateway::DomainName",
        "Properties": {"DomainName": "api.example.com"},
    }
    alone = {"Resources": {"Extra": mapping}}
    both = {"Resources": {"Extra": mapping, "Domain": domain}}

    codes, _ = found(merged(wanted(tmp_path), tmp_path, alone), There())

    assert [code for code, _ in codes] == ["domain-missing"]
    assert found(merged(wanted(tmp_path), tmp_path, both), There())[0] == []


# --- what is merged ------------------------------------------------------------------------------


def test_quotas_hold_for_what_is_merged_too(tmp_path):
    large = {"Variables": {"A": "x" * 4090, "B": {"Ref": "RestAPI"}}}
    template = of_function(MemorySize=64, Timeout=901, Environment=large)

    codes, text = found(merged(wanted(tmp_path), tmp_path, template), There())

    assert [code for code, _ in codes] == [
        "function-quota",
        "function-quota",
        "config-environment-size",
    ]
    assert [where.rpartition("extras.json:")[2] for _, where in codes] == ["5", "6", "7"]
    assert "has at least 4105 bytes" in text


def test_references_that_are_known_count_as_what_they_come_to(tmp_path):
    long = {"Fn::Sub": "x" * 4070 + "${AWS::Region}"}
    template = of_function(Environment={"Variables": {"A": long}})

    codes, text = found(merged(wanted(tmp_path), tmp_path, template), There())

    assert codes == []
    longer = of_function(Environment={"Variables": {"AB": long, "C": {"Ref": "AWS::StackName"}}})
    _, text = found(merged(wanted(tmp_path), tmp_path, longer), There())
    assert "has 4106 bytes" in text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"Fn::Sub": "${AWS::StackName}-${!a}"}, "demo-dev-${a}"),
        ({"Fn::Sub": ["${B}-${AWS::Region}", {"B": {"Ref": "AWS::AccountId"}}]}, "1-eu-central-1"),
        ({"Fn::Sub": ["${AWS::Region}", {"AWS::Region": {"Ref": "Other"}}]}, None),
        ({"Fn::Join": ["/", ["", "aws", {"Ref": "AWS::Partition"}]]}, "/aws/aws"),
        ({"Fn::Join": ["/", ["a", {"Ref": "Other"}]]}, None),
        ({"Fn::GetAtt": ["RestAPI", "RootResourceId"]}, None),
        ("${AWS::Region}", "${AWS::Region}"),
    ],
)
def test_expressions_come_to_what_is_known_of_them(value, text):
    values = values_of({}, NAME, "1", "eu-central-1")

    assert resolved(value, values) == (value if text is None else text)


def test_what_stands_for_nothing_is_no_property():
    nothing = {"Ref": "AWS::NoValue"}

    assert resolved({"a": nothing, "b": [nothing, 1]}, {}) == {"b": [1]}


@pytest.mark.parametrize(
    ("kind", "name", "there"),
    [
        ("AWS::Lambda::Function", "FunctionName", There(function_names={"taken"})),
        ("AWS::IAM::Role", "RoleName", There(roles={"arn:aws:iam::1:role/taken": TRUST})),
        ("AWS::Logs::LogGroup", "LogGroupName", There(groups={"taken"})),
    ],
)
def test_names_that_something_else_has_are_told(tmp_path, kind, name, there):
    template = resource(kind, **{name: {"Fn::Sub": "${Name}en"}})
    template["Parameters"] = {"Name": {"Type": "String", "Default": "tak"}}
    what = merged(wanted(tmp_path), tmp_path, template)

    codes, text = found(what, there)

    assert [code for code, _ in codes] == ["name-taken"]
    assert "`taken` is there already, and not in this stack" in text
    assert found(what, there, what)[0] == []


def test_the_log_group_that_lambda_makes_by_itself_is_explained(tmp_path):
    template = resource("AWS::Logs::LogGroup", LogGroupName="/aws/lambda/demo-dev")

    _, text = found(
        merged(wanted(tmp_path), tmp_path, template), There(groups={"/aws/lambda/demo-dev"})
    )

    assert "Lambda makes it when a function of that name first logs" in text
    assert "`aws logs delete-log-group --log-group-name /aws/lambda/demo-dev`" in text


ODD = [None, True, 0, "", "arn:", "arn:a:b", "x", [], [None, 1, {}], {}, {"Ref": "Other"}, [[]]]


KINDS = {
    "AWS::Lambda::Function": (
        *("Role", "Layers", "VpcConfig", "Environment", "Handler", "Runtime", "MemorySize"),
        *("Code", "Architectures", "ReservedConcurrentExecutions", "FunctionName"),
    ),
    "AWS::IAM::Role": ("Policies", "ManagedPolicyArns", "PermissionsBoundary", "RoleName"),
    "AWS::IAM::Policy": ("PolicyDocument",),
    "AWS::Logs::LogGroup": ("LogGroupName",),
    "AWS::ApiGateway::DomainName": ("DomainName", "CertificateArn", "EndpointConfiguration"),
    "AWS::ApiGateway::BasePathMapping": ("DomainName", "BasePath"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_merged_is_told_or_passed(tmp_path, kind):
    what = wanted(tmp_path)

    for name, odd in product(KINDS[kind], ODD):
        template = resource(kind, **{"DomainName": "a.example.com", name: odd})

        codes, _ = found(merged(what, tmp_path, template), There(limits=Concurrency(5, 5)))

        assert all(code for code, _ in codes), (name, odd)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("Role", "functions", "write the ARN of a role"),
        ("Layers", ["tools:3"], "write the ARN of a layer version"),
    ],
)
def test_an_arn_that_is_none_is_told(tmp_path, name, value, says):
    template = of_function(**{name: value})

    codes, text = found(merged(wanted(tmp_path), tmp_path, template), There())

    assert [code for code, _ in codes] == ["config-value"]
    assert says in text


def test_names_are_as_long_as_aws_takes_them(tmp_path):
    template = resource("AWS::Lambda::Function", FunctionName="f" * 65)

    codes, _ = found(merged(wanted(tmp_path), tmp_path, template), There())

    assert [code for code, _ in codes] == ["name-length"]


def test_a_resource_that_hangs_on_a_condition_is_not_looked_up(tmp_path):
    template = resource("AWS::Logs::LogGroup", LogGroupName="taken")
    template["Resources"]["Extra"]["Condition"] = "Sometimes"
    template["Conditions"] = {"Sometimes": {"Fn::Equals": ["a", "b"]}}
    there = There(groups={"taken"})

    assert checked(merged(wanted(tmp_path), tmp_path, template), there) == ()


def test_policies_that_roles_name_are_there(tmp_path):
    known = "arn:aws:iam::aws:policy/Known"
    arns = [
        {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/Known"},
        "arn:aws:iam::aws:policy/No",
    ]
    template = resource(
        "AWS::IAM::Role", ManagedPolicyArns=[*arns, {"Ref": "Own"}], PermissionsBoundary=known
    )

    codes, text = found(merged(wanted(tmp_path), tmp_path, template), There(policies={known}))

    assert [code for code, _ in codes] == ["policy-missing"]
    assert "there is no managed policy `arn:aws:iam::aws:policy/No`" in text


def statement(**members):
    return {"Effect": "Allow", "Action": "s3:*", "Resource": "*", **members}


NUMERIC = {"NumericLessThan": {"s3:max-keys": {"Ref": "Most"}}}


@pytest.mark.parametrize(
    ("statements", "taken"),
    [
        ([statement()], True),
        ([statement(Resource={"Fn::GetAtt": ["Table", "Arn"]})], True),
        ([statement(Condition=NUMERIC)], True),
        ([{"Fn::If": ["Sometimes", statement(), {"Ref": "AWS::NoValue"}]}], True),
        ([statement(Effect="Alow")], False),
        ([statement(Principal="*")], False),
        ([statement(Sid="x" * 12_000)], False),
    ],
)
def test_policies_that_are_merged_are_such_that_iam_takes_them(tmp_path, statements, taken):
    document = {"Version": "2012-10-17", "Statement": statements}
    template = resource("AWS::IAM::Role", Policies=[{"PolicyDocument": document}])

    codes, _ = found(merged(wanted(tmp_path), tmp_path, template), There())

    assert bool(codes) is not taken
    assert {code for code, _ in codes} <= {"policy-invalid", "role-policy-size"}


def test_managed_policies_that_are_merged_are_read_too(tmp_path):
    template = resource("AWS::IAM::ManagedPolicy", PolicyDocument={"Version": "2012-10-17"})

    codes, _ = found(merged(wanted(tmp_path), tmp_path, template), There())

    assert [code for code, _ in codes] == ["policy-invalid"]


# --- handlers and runtimes -----------------------------------------------------------------------


def with_files(what, folder, files, *, layer=False):
    """Return *what* with an archive of *files* in the place of its code, or as its layer."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    path = folder / f"other-{layer}.zip"
    path.write_bytes(buffer.getvalue())
    made = Archive(path, f"{layer}", 1, 1, ())
    return replace(what, layer=made) if layer else replace(what, code=made)


@pytest.mark.parametrize(
    ("source", "held"),
    [
        ("from chalice import Chalice\napp = Chalice('demo')\n", True),
        ("from elsewhere import *\n", True),
        ("def make():\n    global a, app\n", True),
        ("def other():\n    app = 1\n", False),
        ("", False),
    ],
)
def test_the_handler_is_bound_in_its_module(tmp_path, source, held):
    what = with_files(wanted(tmp_path), tmp_path, {"app.py": source})

    codes, _ = found(what, There())

    assert codes == ([] if held else [("handler-missing", "app.py:4")])


@pytest.mark.parametrize(
    ("file", "held"),
    [
        ("app.py", False),
        ("shop/orders.py", True),
        ("shop/orders/__init__.py", True),
        ("shop/orders.cpython-312-x86_64-linux-gnu.so", True),
        ("shop/orders.txt", False),
    ],
)
def test_the_module_of_a_handler_is_in_the_package(tmp_path, file, held):
    template = of_function(Handler="shop.orders.serve")
    what = with_files(wanted(tmp_path), tmp_path, {file: "def serve(event, context): ..."})

    codes, text = found(merged(what, tmp_path, template), There())

    assert [code for code, _ in codes] == ([] if held else ["handler-missing"])
    assert held or "the package has no `shop/orders.py`" in text


def test_a_module_may_be_in_the_layer_or_in_that_of_somebody_else(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    plain = merged(wanted(tmp_path), tmp_path / "a", of_function(Handler="tools.serve"))
    with_layer = with_files(plain, tmp_path, {"python/tools.py": ""}, layer=True)
    template = of_function(Handler="tools.serve", Layers=[LAYER])
    theirs = merged(wanted(tmp_path), tmp_path / "b", template)

    assert found(with_layer, There())[0] == []
    (warning,) = checked(theirs, There(layers={LAYER: Layer(1)}))
    assert (warning.code, warning.severity) == ("handler-missing", "warning")


def test_a_handler_without_a_module_is_none(tmp_path):
    codes, text = found(merged(wanted(tmp_path), tmp_path, of_function(Handler="app")), There())

    assert [code for code, _ in codes] == ["handler-missing"]
    assert "write `MODULE.FUNCTION`" in text


def test_a_module_may_be_an_extension_of_the_layer_or_one_that_cannot_be_read(tmp_path):
    (tmp_path / "b").mkdir()
    there = There()
    native = merged(wanted(tmp_path), tmp_path, of_function(Handler="tools.serve"))
    with_layer = with_files(native, tmp_path, {"python/tools.abi3.so": ""}, layer=True)
    broken = with_files(wanted(tmp_path / "b"), tmp_path, {"app.py": "def ("})
    other = merged(wanted(tmp_path), tmp_path / "b", of_function(Runtime="provided.al2023"))

    assert checked(with_layer, there) == checked(broken, there) == checked(other, there) == ()


def test_a_function_with_code_of_its_own_is_not_looked_for_in_the_package(tmp_path):
    template = of_function(Handler="index.handler", Code={"S3Bucket": "theirs", "S3Key": "a.zip"})

    assert checked(merged(wanted(tmp_path), tmp_path, template), There()) == ()


# Source: `chalice.bundle.runtimes.ENDINGS`, `python3.12`.
@pytest.mark.parametrize(
    ("today", "creates", "taken"),
    [
        (date(2028, 11, 29), True, True),
        (date(2028, 11, 30), True, False),
        (date(2028, 11, 30), False, True),
        (date(2029, 1, 10), False, False),
    ],
)
def test_a_runtime_that_has_ended_is_told_from_the_day_on_which_lambda_refuses_it(
    tmp_path, today, creates, taken
):
    what = wanted(tmp_path, "one", {"lambda_python_version": "3.12"})

    codes, text = found(what, There(), None if creates else what, today=today)

    assert codes == ([] if taken else [("runtime-blocked", ".chalice/config.json:3")])
    assert taken or "set `lambda_python_version` to `3.14`" in text


def test_an_archive_that_is_gone_is_not_told_here(tmp_path):
    what = wanted(tmp_path)
    (tmp_path / "deployment.zip").unlink()

    assert checked(what, There()) == ()


def test_credentials_that_have_expired_meanwhile_stop_everything(tmp_path):
    class Expired(There):
        def role(self, name):
            raise ToolError("expired")

    config = {"manage_iam_role": False, "iam_role_arn": ROLE}

    with pytest.raises(ToolError, match="expired"):
        checked(wanted(tmp_path, "one", config), Expired())
