"""What a change set comes to in words."""

import pytest
from tests.deploy.deployments import deploy, deployment, wanted
from tests.deploy.preflighting import merged

from chalice.aws.cloudformation import Change, Detail
from chalice.deploy import preparing, words
from chalice.deploy.plan import Plan, creation, given_back, plan_of, removal

FUNCTION = "AWS::Lambda::Function"
API, PERMISSION = "AWS::ApiGateway::RestApi", "AWS::Lambda::Permission"


def template(**resources):
    """Return a template of resources given as (type, properties)."""
    return {
        "Resources": {
            name: {"Type": kind, "Properties": properties}
            for name, (kind, properties) in resources.items()
        }
    }


def modified(
    name, kind=FUNCTION, replacement="False", properties=(), scope=("Properties",), details=()
):
    return Change("Modify", name, kind, "", replacement, properties, scope, details=details)


def refers(name, evaluation="Dynamic", source="ResourceAttribute", causing=""):
    return Detail("Properties", name, source, evaluation, "Always", causing)


def details(before, after, kind=FUNCTION):
    plan = plan_of(
        "s", [modified("X", kind)], template(X=(kind, before)), template(X=(kind, after)), {}
    )
    return plan.items[0].details if plan.items else ()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"MemorySize": 128}, {"MemorySize": 256}, ("memory: 128 -> 256 MB",)),
        ({"Timeout": 60}, {}, ("timeout: 60 s -> not set",)),
        ({}, {"Timeout": 9}, ("timeout: not set -> 9 s",)),
        ({"Code": {"S3Key": "a"}}, {"Code": {"S3Key": "b"}}, ("code",)),
        ({"Handler": "app.old"}, {"Handler": "app.new"}, ("Handler: app.old -> app.new",)),
        ({"Layers": ["a"]}, {"Layers": ["a", "b"]}, ('Layers: ["a"] -> ["a", "b"]',)),
    ],
    ids=["memory", "taken away", "added", "code", "text", "list"],
)
def test_a_changed_property_is_told_from_what_to_what(before, after, told):
    assert details(before, after) == told


def test_values_of_environment_variables_are_not_told():
    before = {"Environment": {"Variables": {"OLD": "secret-1", "BOTH": "secret-2"}}}
    after = {"Environment": {"Variables": {"NEW": "secret-3", "BOTH": "secret-4"}}}

    told = details(before, after)

    assert told == (
        "~ environment variable BOTH",
        "+ environment variable NEW",
        "- environment variable OLD",
    )


@pytest.mark.parametrize(
    ("kind", "before", "after", "told"),
    [
        (
            "AWS::RDS::DBInstance",
            {"MasterUserPassword": "hunter2"},
            {"MasterUserPassword": "hunter3"},
            ("MasterUserPassword",),
        ),
        (
            "AWS::ApiGateway::Stage",
            {"Variables": {"TOKEN": "hunter2"}},
            {"Variables": {"TOKEN": "hunter3"}},
            ("Variables",),
        ),
        ("AWS::SQS::Queue", {}, {"QueueName": "hunter2"}, ("QueueName: set",)),
        ("AWS::SQS::Queue", {"QueueName": "hunter2"}, {}, ("QueueName: not set any more",)),
        (FUNCTION, {"Description": "hunter2"}, {"Description": "hunter3"}, ("Description",)),
        ("Custom::Thing", {"Timeout": "hunter2"}, {"Timeout": "hunter3"}, ("timeout",)),
    ],
    ids=["password", "variables", "set", "not set", "text of a function", "a name that we know"],
)
def test_values_that_may_be_secret_are_not_told(kind, before, after, told):
    assert details(before, after, kind) == told


def test_routes_are_told_and_not_the_definition():
    get, other = {"responses": {}}, {"responses": {"200": {}}}
    before = {"Body": {"paths": {"/": {"get": get}, "/old": {"post": get}}}}
    after = {
        "Body": {
            "paths": {
                "/": {"get": other},
                "/new": {"x-amazon-apigateway-any-method": get, "parameters": []},
            }
        }
    }

    told = details(before, after, "AWS::ApiGateway::RestApi")

    assert told == ("~ GET /", "+ ANY /new", "- POST /old")


def test_a_definition_that_differs_elsewhere_says_so():
    before, after = {"Body": {"info": {"title": "a"}}}, {"Body": {"info": {"title": "b"}}}

    assert details(before, after, "AWS::ApiGateway::RestApi") == (
        "the definition apart from its routes",
    )


def test_what_would_be_lost_asks_and_what_comes_with_each_release_does_not():
    changes = [
        Change("Remove", "Report", FUNCTION, policy="Delete"),
        Change("Remove", "RestAPIDeployment1", "AWS::ApiGateway::Deployment", policy="Delete"),
        modified("RestAPI", "AWS::ApiGateway::RestApi", "True", ("Name",)),
        modified("Perhaps", FUNCTION, "Conditional", ("Role",)),
    ]

    plan = plan_of("s", changes, {}, {}, {})

    assert [item.logical_id for item in plan.questions] == ["Report", "RestAPI"]


def test_what_is_retained_is_not_deleted():
    change = Change("Remove", "Table", "AWS::DynamoDB::Table", policy="Retain")

    (item,) = plan_of("s", [change], {}, {}, {}).items

    assert (item.action, item.asks, item.kind) == ("retain", False, "table")


def test_what_only_refers_to_what_changes_in_place_is_left_out():
    kind = "AWS::Lambda::Permission"
    both = template(P=(kind, {"SourceArn": "x"}), F=(FUNCTION, {"MemorySize": 128}))
    after = template(P=(kind, {"SourceArn": "x"}), F=(FUNCTION, {"MemorySize": 256}))
    of_function = (refers("SourceArn"),)
    changes = [
        modified("P", kind, "Conditional", ("SourceArn",), details=of_function),
        modified("F"),
    ]

    plan = plan_of("s", changes, both, after, {})

    assert [item.logical_id for item in plan.items] == ["F"]


def test_what_refers_to_what_stays_is_left_out_although_something_else_is_replaced():
    both = template(P=(PERMISSION, {"SourceArn": "x"}), Q=(PERMISSION, {"SourceArn": "y"}))
    old = template(F=(FUNCTION, {"Timeout": 1}))["Resources"]
    new = template(F=(FUNCTION, {"Timeout": 2}))["Resources"]
    before = {"Resources": {**both["Resources"], **old}}
    after = {"Resources": {**both["Resources"], **new}}
    by = {"P": "F.Arn", "Q": "P"}
    changes = [
        modified("F"),
        *(
            modified(
                name,
                PERMISSION,
                "Conditional",
                ("SourceArn",),
                details=(refers("SourceArn", causing=entity),),
            )
            for name, entity in by.items()
        ),
        modified("R", FUNCTION, "True"),
    ]

    left_out = plan_of("s", changes, before, after, {})
    told = plan_of("s", [*changes[1:], modified("F", replacement="True")], before, after, {})

    assert [item.logical_id for item in left_out.items] == ["R", "F"]
    assert {item.logical_id for item in told.items} == {"R", "F", "P", "Q"}


@pytest.mark.parametrize(
    "why",
    [
        (),
        (refers("Engine", "Static", "ParameterReference"),),
        (refers("Engine", "Dynamic", "DirectModification"),),
        (refers("Engine", "Static"),),
        (refers("Engine"), refers("Size", "Static", "ParameterReference")),
    ],
    ids=["not said", "a parameter", "a mapping", "another value", "both"],
)
def test_what_reads_the_same_and_comes_to_another_value_is_told(why):
    kind = "AWS::RDS::DBInstance"
    both = template(Database=(kind, {"Engine": {"Ref": "Engine"}, "Size": {"Ref": "Size"}}))
    change = modified("Database", kind, "False", ("Engine",), details=why)

    (item,) = plan_of("s", [change], both, both, {}).items

    assert (item.action, item.details) == ("change", ("Engine, with what it refers to",))


def test_what_may_be_replaced_by_a_value_that_is_known_asks():
    kind = "AWS::RDS::DBInstance"
    before, after = template(D=(kind, {"Port": 1})), template(D=(kind, {"Port": 2}))
    why = (Detail("Properties", "Port", "DirectModification", "Static", "Conditionally"),)

    plan = plan_of(
        "s", [modified("D", kind, "Conditional", ("Port",), details=why)], before, after, {}
    )

    (item,) = plan.questions
    assert (item.action, item.details) == (
        "replace",
        ("Port", "replaced or changed: CloudFormation decides by the new value"),
    )


def test_what_refers_to_something_that_is_replaced_is_told():
    kind = "AWS::Lambda::Permission"
    both = template(P=(kind, {"SourceArn": "x"}))
    changes = [modified("P", kind, "True", ("SourceArn",))]

    (item,) = plan_of("s", changes, both, both, {}).items

    assert (item.action, item.details) == ("replace", ("SourceArn, with what it refers to",))


def with_parameters(template, **parameters):
    return {**template, "Parameters": parameters}


@pytest.mark.parametrize(
    ("entity", "of", "told"),
    [
        ("RestAPI", modified("RestAPI", API, "True", ("Name",)), "`RestAPI` (replaced)"),
        (
            "RestAPI.RootResourceId",
            modified("RestAPI", API, "False", ("Body", "MinimumCompressionSize")),
            "`RestAPI.RootResourceId` (changed: definition, smallest body that is compressed)",
        ),
        ("RestAPI", modified("RestAPI", API, scope=("Tags",)), "`RestAPI` (changed: tags)"),
        ("RestAPI", Change("Add", "RestAPI", API), "`RestAPI` (added)"),
    ],
    ids=["replaced", "changed", "tags", "added"],
)
def test_what_a_property_refers_to_is_told_with_what_becomes_of_it(entity, of, told):
    both = template(P=(PERMISSION, {"SourceArn": "x"}))
    why = (refers("SourceArn", "Static", "ResourceReference", entity),)
    changes = [modified("P", PERMISSION, "True", ("SourceArn",), details=why), of]

    plan = plan_of("s", changes, both, both, {})

    (item,) = (one for one in plan.items if one.logical_id == "P")
    assert item.details == (f"SourceArn: refers to {told}",)


def test_what_cloudformation_says_of_a_reference_is_told(aws_url, tmp_path):
    name = "plan-refers"
    variables = {"QUEUE": {"Ref": "Orders"}}

    def of(queue):
        folder = tmp_path / queue
        orders = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": queue}}
        handler = {"Properties": {"Environment": {"Variables": variables}}}
        return merged(
            wanted(folder), folder, {"Resources": {"Orders": orders, "APIHandler": handler}}
        )

    deploy(deployment(aws_url, name), of("plan-refers-a"))
    made = deployment(aws_url, name)

    plan = preparing.plan(made, made.look(), of("plan-refers-b"))

    told = {item.logical_id: (item.action, item.details) for item in plan.items}
    assert told == {
        "Orders": ("replace", ("QueueName",)),
        "APIHandler": ("change", ("environment: refers to `Orders` (replaced)",)),
    }


def test_where_nobody_says_what_a_property_refers_to_its_expression_does():
    kind = "AWS::RDS::DBInstance"
    value = {"Fn::Join": ["", [{"Ref": "RestAPI"}, {"Ref": "Same"}, {"Ref": "Other"}]]}
    sized = {"Fn::FindInMap": ["Sizes", "one", "value"]}
    both = template(D=(kind, {"Engine": value, "Size": sized}))
    before = {**both, "Parameters": {"Other": {"Default": "1"}}, "Mappings": {"Sizes": {"a": {}}}}
    after = {**both, "Parameters": {"Other": {"Default": "2"}}, "Mappings": {"Sizes": {"b": {}}}}
    changes = [
        modified("D", kind, "False", ("Engine", "Size")),
        modified("RestAPI", API, "True", ("Name",)),
    ]

    plan = plan_of("s", changes, before, after, {})

    (item,) = (one for one in plan.items if one.logical_id == "D")
    assert item.details == (
        "Engine: refers to `RestAPI` (replaced), parameter `Other` (changed)",
        "Size: refers to mapping `Sizes` (changed)",
    )


@pytest.mark.parametrize(
    ("parameter", "told"),
    [
        ({}, ("memory: 128 -> 256 MB",)),
        ({"NoEcho": True}, ("memory: refers to parameter `Memory` (changed)",)),
        ({"NoEcho": "true"}, ("memory: refers to parameter `Memory` (changed)",)),
    ],
    ids=["open", "secret", "secret as text"],
)
def test_what_a_parameter_comes_to_is_told_where_it_is_no_secret(parameter, told):
    both = template(F=(FUNCTION, {"MemorySize": {"Ref": "Memory"}}))
    before = with_parameters(both, Memory={**parameter, "Type": "Number", "Default": 128})
    after = with_parameters(both, Memory={**parameter, "Type": "Number", "Default": 256})
    why = (refers("MemorySize", "Static", "ParameterReference", "Memory"),)

    (item,) = plan_of(
        "s", [modified("F", properties=("MemorySize",), details=why)], before, after, {}
    ).items

    assert item.details == told


def test_a_parameter_of_a_property_that_may_be_secret_is_only_named():
    kind = "AWS::RDS::DBInstance"
    both = template(D=(kind, {"MasterUserPassword": {"Ref": "Password"}}))
    before = with_parameters(both, Password={"Type": "String", "Default": "hunter2"})
    after = with_parameters(both, Password={"Type": "String", "Default": "hunter3"})
    change = modified("D", kind, properties=("MasterUserPassword",))

    (item,) = plan_of("s", [change], before, after, {}).items

    assert item.details == ("MasterUserPassword: refers to parameter `Password` (changed)",)


def test_what_may_hurt_comes_first():
    changes = [
        Change("Add", "A", FUNCTION),
        modified("C"),
        Change("Remove", "D", FUNCTION, policy="Delete"),
        modified("R", FUNCTION, "True"),
    ]
    before, after = template(C=(FUNCTION, {"Timeout": 1})), template(C=(FUNCTION, {"Timeout": 2}))

    plan = plan_of("s", changes, before, after, {})

    assert [item.action for item in plan.items] == ["delete", "replace", "change", "add"]
    assert [plan.count(action) for action in ("add", "change", "replace", "delete")] == [1] * 4


def test_all_of_a_new_stack_is_added_with_its_places():
    plan = creation("s", template(F=(FUNCTION, {})), {"F": "app.py:7"})

    (item,) = plan.items
    assert (item.action, item.kind, item.where) == ("add", "function", "app.py:7")
    assert plan.to_dict()["changes"][0]["where"] == "app.py:7"


def test_a_removal_lists_what_goes_and_what_stays():
    members = [("F", FUNCTION), ("G", "AWS::Logs::LogGroup")]

    plan = removal("s", members, {"G": ""})

    assert [(item.action, item.kind) for item in plan.items] == [
        ("delete", "function"),
        ("retain", "log group"),
    ]


def test_files_that_are_deleted_ask_without_resources():
    plan = Plan("s", (), files=3, bucket="bucket")

    assert plan.changes
    assert plan.asks


@pytest.mark.parametrize("body", [None, [], {"paths": None}, {"paths": {"/": None}}])
def test_a_definition_of_any_form_has_routes(body):
    assert words.routes(body) == {}


def test_functions_that_were_synced_are_told_beside_what_cloudformation_changes():
    after = template(F=(FUNCTION, {}), G=(FUNCTION, {}))
    plan = plan_of("s", [modified("G", replacement="True")], template(), after, {})

    told = given_back(plan, after, ["F", "G"])

    assert [(item.logical_id, item.details) for item in told.items] == [
        ("G", ()),
        ("F", ("code, synced since",)),
    ]
    assert not told.items[1].asks


def _api(*routes):
    paths: dict = {}
    for route in routes:
        method, path = route.split()
        paths.setdefault(path, {})[method.lower()] = {}
    return {"Body": {"paths": paths}}


@pytest.mark.parametrize(
    ("before", "after", "gone"),
    [
        (["GET /a", "PUT /a", "GET /b"], ["GET /a"], ("PUT /a", "GET /b")),
        (["GET /a"], ["GET /a", "GET /b"], ()),
    ],
    ids=["removed", "added"],
)
def test_routes_that_go_are_asked_about_and_new_ones_are_not(before, after, gone):
    kind = "AWS::ApiGateway::RestApi"
    old, new = template(X=(kind, _api(*before))), template(X=(kind, _api(*after)))

    plan = plan_of("s", [modified("X", kind)], old, new, {})

    assert plan.items[0].gone == gone
    assert plan.asks == bool(gone)


def test_what_another_resource_lacks_from_now_on_is_no_route():
    variables = {"Environment": {"Variables": {"A": "1"}}}
    old, new = template(X=(FUNCTION, variables)), template(X=(FUNCTION, {}))

    plan = plan_of("s", [modified("X")], old, new, {})

    assert plan.items[0].details == ("- environment variable A",)
    assert not plan.asks
