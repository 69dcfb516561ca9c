"""Which of several types a call is about, where a value says so."""

import pytest
from scripts.authorization.alone import alone, by_type

from chalice.permissions import policy_of, read, shown
from chalice.permissions.granting.resources.formats import Format
from chalice.permissions.granting.resources.shapes import is_one
from chalice.permissions.reading.services import Services

SERVICES = Services()
THERE = "eu-west-1:123456789012"
DB, QUEUE = f"arn:aws:rds:{THERE}:db:d", f"arn:aws:sqs:{THERE}:q"


def resources_of(call):
    """Return the resources of the only action of a call, without the app's own region."""
    policy = policy_of(
        read({"app.py": f"import boto3\nboto3.client({call}\n".encode()}, {}, SERVICES)
    )
    [statement] = policy.statements
    return [
        shown(one).replace("${AWS::Partition}", "P").replace("${AWS::Region}:${AWS::AccountId}", "")
        for one in statement.resources
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (f"ResourceName={DB!r}", [DB]),
        # An ARN of which a part is not known says what it is of.
        (f"ResourceName={DB!r} + event['x']", [f"{DB}*"]),
        # One of another service says nothing.
        (f"ResourceName={QUEUE!r}", ["*"]),
        (f"ResourceName={DB!r} if event else {QUEUE!r}", ["*"]),
        ("ResourceName=event['arn']", ["*"]),
    ],
)
def test_an_arn_says_itself_what_it_is_of(given, expected):
    assert resources_of(f"'rds').add_tags_to_resource({given}, Tags=[])") == expected


def test_what_an_operation_is_about_is_asked_beside_what_its_arn_says():
    name = f"arn:aws:glue:{THERE}:connection/c"

    found = resources_of(f"'glue').get_integration_resource_property(ResourceArn='{name}')")

    assert found == ["arn:P:glue::integrationresourceproperty/*/*", name]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("'vpc'", ["vpc"]),
        ("'VPC'", ["vpc"]),
        ("'RegionalNatGateway'", ["natgateway"]),
        ("'Subnet' if event else 'VPC'", ["subnet", "vpc"]),
        (
            "event['type']",
            [
                *("natgateway", "network-interface", "subnet", "transit-gateway"),
                *("transit-gateway-attachment", "vpc"),
            ],
        ),
    ],
)
def test_what_an_id_is_of_is_said_beside_it(kind, expected):
    call = f"'ec2').create_flow_logs(ResourceType={kind}, ResourceIds=['x'], TrafficType='ALL')"

    found = resources_of(call)

    assert found == sorted(
        [*(f"arn:P:ec2::{one}/x" for one in expected), "arn:P:ec2::vpc-flow-log/*"]
    )


def test_a_text_is_an_arn_of_a_type_only_where_it_is_sure():
    kind = "rds:R:A:db:${DbInstanceName}"

    assert is_one(kind, DB)
    assert not any(is_one(kind, text) for text in ("d", "\0", QUEUE, "arn:aws:rds:r:a:cluster:c"))


# --- what is found in models ---------------------------------------------------------------------


def of_type(kind, rest, *parameters):
    return Format(kind, "x:R:A:{}", rest, parameters, "", is_required=True)


FLOWS = of_type("vpcflowlog", "vpc-flow-log/${VpcFlowLogId}", "")


@pytest.mark.parametrize(
    ("operation", "inputs", "expected"),
    [
        ("DeleteFlowLogs", {"FlowLogIds", "DryRun"}, ["FlowLogIds"]),
        ("TagAnything", {"ResourceId"}, ["ResourceId"]),
        # It has no id before it is made.
        ("CreateFlowLogs", {"ResourceId"}, []),
        # Which of the two is meant, nobody knows.
        ("DeleteFlowLogs", {"FlowLogId", "ResourceId"}, []),
        ("DeleteFlowLogs", {"OtherId", "FlowLogName"}, []),
    ],
)
def test_the_only_type_of_an_action_is_named_by_what_is_called_as_its_end(
    operation, inputs, expected
):
    found = list(alone([FLOWS], operation, inputs, set()))

    assert found == [("vpcflowlog", "VpcFlowLogId", name) for name in expected]


def test_a_type_that_something_names_has_no_other_name():
    named = of_type("vpcflowlog", "vpc-flow-log/${VpcFlowLogId}", "VpcFlowLogId")
    vague = of_type("scalabletarget", "scalable-target/${ResourceId}", "")

    assert not list(alone([FLOWS], "DeleteFlowLogs", {"FlowLogIds"}, {"vpcflowlog"}))
    assert not list(alone([named], "DeleteFlowLogs", {"FlowLogIds"}, set()))
    assert not list(alone([FLOWS, vague], "DeleteFlowLogs", {"FlowLogIds"}, set()))
    assert not list(alone([vague], "DeleteScalingPolicy", {"ResourceId"}, set()))


def test_the_types_that_a_parameter_may_say_are_those_of_the_id_beside_it():
    shapes = {"Kind": {"type": "string", "enum": ["VPC", "automation", "Other"]}}
    members = {"resourceType": {"shape": "Kind"}, "resourceId": {"shape": "Id"}}
    kinds = [of_type("vpc", "vpc/${VpcId}", ""), of_type("automationexecution", "a/${Id}", "")]

    found = list(by_type(shapes, members, kinds))

    assert found == [("vpc", "VpcId", "resourceId"), ("automationexecution", "Id", "resourceId")]
    assert not list(by_type(shapes, {"resourceType": {"shape": "Kind"}}, kinds))
