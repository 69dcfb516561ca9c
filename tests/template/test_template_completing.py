"""What roles need of what is merged into a template."""

import json
import re
from dataclasses import replace

import pytest

from chalice.resources.limits import MAX_MANAGED_POLICY, MAX_ROLE_POLICY, policy_size
from chalice.resources.parts import Graph, Resource
from chalice.template.completing import complete
from chalice.template.merging import opened

LOGS = {"Effect": "Allow", "Action": ["logs:PutLogEvents"], "Resource": "*"}
QUEUE, TOPIC = {"Type": "AWS::SQS::Queue"}, {"Type": "AWS::SNS::Topic"}
DLQ = {"Fn::GetAtt": ["Dlq", "Arn"]}
SEND = {"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": DLQ}


def graph(*, generated=True):
    document = {"Version": "2012-10-17", "Statement": [LOGS]}
    policies = [{"PolicyName": "DefaultRolePolicy", "PolicyDocument": document}]
    role = Resource("DefaultRole", "AWS::IAM::Role", {"Policies": policies}, generated=generated)
    arn = {"Fn::GetAtt": ["DefaultRole", "Arn"]}
    functions = (
        Resource(
            name,
            "AWS::Lambda::Function",
            {"Role": arn, "LoggingConfig": {"LogGroup": {"Ref": f"{name}LogGroup"}}},
        )
        for name in ("F", "G")
    )
    return Graph((role, *functions))


def completed(tmp_path, resources, whole=None):
    path = tmp_path / "extra.json"
    path.write_text(json.dumps({"Resources": resources}, indent=1))
    return complete(whole or graph(), [opened(path)])


def statements(found):
    policies = found.document["Resources"]["DefaultRole"]["Properties"]["Policies"]
    own = [item for item in policies if item["PolicyName"] == "DefaultRoleTemplatePolicy"]
    return [statement for item in own for statement in item["PolicyDocument"]["Statement"]]


def granted(found):
    return [(item["Action"], item["Resource"]) for item in statements(found)]


def function(**properties):
    return {"Properties": properties}


def test_the_role_may_send_to_a_dead_letter_queue_and_the_template_is_the_reason(tmp_path):
    found = completed(tmp_path, {"F": function(DeadLetterConfig={"TargetArn": DLQ}), "Dlq": QUEUE})

    assert statements(found) == [SEND]
    [role, *_] = found.graph.resources
    line = f"{tmp_path / 'extra.json'}:5"
    assert role.reasons == {"sqs:SendMessage": {'{"Fn::GetAtt": ["Dlq", "Arn"]}': line}}
    assert found.warnings == ()


def test_what_several_functions_need_is_there_once(tmp_path):
    dead = function(DeadLetterConfig={"TargetArn": DLQ}, TracingConfig={"Mode": "Active"})

    found = completed(tmp_path, {"F": dead, "G": dead, "Dlq": QUEUE})

    actions = [item["Action"] for item in statements(found)]
    assert actions == [["sqs:SendMessage"], ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]]


def test_what_the_role_has_already_is_not_there_again(tmp_path):
    found = completed(tmp_path, {"F": function(TracingConfig={"Mode": "PassThrough"})})

    assert statements(found) == []
    assert len(found.document["Resources"]["DefaultRole"]["Properties"]["Policies"]) == 1


def test_a_function_in_a_network_makes_its_interfaces(tmp_path):
    network = {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}

    [(actions, resource)] = granted(completed(tmp_path, {"F": function(VpcConfig=network)}))

    assert ("ec2:CreateNetworkInterface" in actions, resource) == (True, "*")


@pytest.mark.parametrize(
    ("target", "action"),
    [
        ("arn:aws:sqs:us-east-1:123456789012:dead", "sqs:SendMessage"),
        ({"Fn::Sub": "arn:${AWS::Partition}:sns:${AWS::Region}:1:dead"}, "sns:Publish"),
        ({"Fn::Sub": "${Dlq.Arn}"}, "sqs:SendMessage"),
        ({"Fn::GetAtt": "Dlq.Arn"}, "sqs:SendMessage"),
        ({"Ref": "Dead"}, "sns:Publish"),
        ({"Fn::If": ["C", DLQ, {"Fn::Sub": "${Dlq.Arn}"}]}, "sqs:SendMessage"),
    ],
    ids=str,
)
def test_a_target_may_be_written_in_many_ways(tmp_path, target, action):
    dead = function(DeadLetterConfig={"TargetArn": target})

    found = completed(tmp_path, {"F": dead, "Dlq": QUEUE, "Dead": TOPIC})

    assert granted(found) == [([action], target)]


@pytest.mark.parametrize("target", [{"Ref": "Dlq"}, {"Fn::Sub": "${Dlq}"}], ids=str)
def test_what_a_queue_is_called_otherwise_is_not_its_arn(tmp_path, target):
    dead = function(DeadLetterConfig={"TargetArn": target})

    found = completed(tmp_path, {"F": dead, "Dlq": QUEUE})

    assert granted(found) == []
    assert [warning.code for warning in found.warnings] == ["merge-permissions"]


def source(arn, function, **more):
    properties = {"EventSourceArn": arn, "FunctionName": function, **more}
    return {"Type": "AWS::Lambda::EventSourceMapping", "Properties": properties}


STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/s"


@pytest.mark.parametrize(
    ("consumer", "stream"),
    [
        (f"{STREAM}/consumer/c:1", STREAM),
        ({"Fn::Sub": f"{STREAM}/consumer/${{Name}}"}, {"Fn::Sub": STREAM}),
        ({"Ref": "Consumer"}, {"Fn::GetAtt": ["Stream", "Arn"]}),
        ({"Fn::GetAtt": ["Consumer", "ConsumerARN"]}, {"Fn::GetAtt": ["Stream", "Arn"]}),
    ],
    ids=str,
)
def test_a_consumer_of_a_stream_is_subscribed_to_and_its_stream_is_read(tmp_path, consumer, stream):
    properties = {"StreamARN": {"Fn::GetAtt": ["Stream", "Arn"]}, "ConsumerName": "c"}

    found = completed(
        tmp_path,
        {
            "A": source(consumer, {"Ref": "F"}),
            "Consumer": {"Type": "AWS::Kinesis::StreamConsumer", "Properties": properties},
            "Stream": {"Type": "AWS::Kinesis::Stream"},
        },
    )

    by_resource = [(actions[0], resource) for actions, resource in granted(found)]
    assert by_resource == [
        ("kinesis:SubscribeToShard", consumer),
        ("kinesis:DescribeStream", stream),
        ("kinesis:ListStreams", "*"),
    ]


def test_the_role_may_read_from_event_sources(tmp_path):
    table = {"Type": "AWS::DynamoDB::Table"}
    stream = {"Fn::GetAtt": ["Table", "StreamArn"]}
    kinesis = "arn:aws:kinesis:us-east-1:123456789012:stream/s"

    found = completed(
        tmp_path,
        {
            "A": source(DLQ, {"Ref": "F"}),
            "B": source(stream, {"Fn::GetAtt": ["G", "Arn"]}),
            "C": source(kinesis, {"Ref": "Live"}),
            "D": source(kinesis, "another"),
            "Live": {"Type": "AWS::Lambda::Alias", "Properties": {"FunctionName": {"Ref": "F"}}},
            "Dlq": QUEUE,
            "Table": table,
        },
    )

    assert [(actions[0], resource) for actions, resource in granted(found)] == [
        ("sqs:DeleteMessage", DLQ),
        ("dynamodb:DescribeStream", stream),
        ("dynamodb:ListStreams", "*"),
        ("kinesis:DescribeStream", kinesis),
        ("kinesis:ListStreams", "*"),
    ]


NAMES_OF_F = [
    {"Fn::Join": [":", [{"Fn::GetAtt": ["F", "Arn"]}, "live"]]},
    {"Fn::Sub": "${F.Arn}:live"},
    {"Fn::Sub": ["${Name}:live", {"Name": {"Ref": "F"}}]},
    {"Fn::Select": [0, [{"Ref": "F"}]]},
    {"Ref": "Live"},
    {"Fn::If": ["C", {"Ref": "F"}, {"Ref": "G"}]},
]


@pytest.mark.parametrize("name", NAMES_OF_F, ids=str)
def test_the_function_of_a_source_may_be_named_in_many_ways(tmp_path, name):
    live = {"Type": "AWS::Lambda::Alias", "Properties": {"FunctionName": {"Ref": "F"}}}

    found = completed(tmp_path, {"A": source(DLQ, name), "Dlq": QUEUE, "Live": live})

    assert [resource for _, resource in granted(found)] == [DLQ]
    assert found.warnings == ()


def test_where_the_function_of_a_source_may_have_one_role_or_another_both_are_told(tmp_path):
    role, f, g = graph().resources
    arn = {"Fn::GetAtt": ["GRole", "Arn"]}
    other = replace(role, logical_id="GRole")
    whole = Graph((role, other, f, replace(g, properties={**g.properties, "Role": arn})))
    name = {"Fn::If": ["C", {"Ref": "F"}, {"Ref": "G"}]}

    found = completed(tmp_path, {"A": source(DLQ, name), "Dlq": QUEUE}, whole)

    assert statements(found) == []
    assert [problem.summary for problem in found.warnings] == [
        f"what `{name}` has to allow for `FunctionName` of `A` is not known, nor granted"
        for name in ("DefaultRole", "GRole")
    ]


GROUPS = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:"


@pytest.mark.parametrize(
    ("group", "resource"),
    [
        ({"Ref": "Own"}, {"Fn::GetAtt": ["Own", "Arn"]}),
        ("/of/all", {"Fn::Sub": f"{GROUPS}/of/all:*"}),
        ({"Fn::Sub": "/${AWS::StackName}"}, {"Fn::Sub": f"{GROUPS}/${{AWS::StackName}}:*"}),
        (
            {"Fn::Join": ["", ["/a"]]},
            {"Fn::Sub": [f"{GROUPS}${{Group}}:*", {"Group": {"Fn::Join": ["", ["/a"]]}}]},
        ),
    ],
    ids=str,
)
def test_a_function_may_write_into_the_log_group_that_a_template_gives_it(
    tmp_path, group, resource
):
    own = {"Type": "AWS::Logs::LogGroup"}

    found = completed(tmp_path, {"F": function(LoggingConfig={"LogGroup": group}), "Own": own})

    assert granted(found) == [(["logs:CreateLogStream", "logs:PutLogEvents"], resource)]


def test_a_version_or_alias_is_a_function_where_something_is_sent_to_it(tmp_path):
    live = {"Type": "AWS::Lambda::Alias", "Properties": {"FunctionName": {"Ref": "G"}}}

    found = completed(tmp_path, {"C": invoke_config("F", {"Ref": "Live"}), "Live": live})

    document = found.document["Resources"]["DefaultRoleLaterPolicy"]["Properties"]["PolicyDocument"]
    [statement] = document["Statement"]
    assert (statement["Action"], statement["Resource"]) == (
        ["lambda:InvokeFunction"],
        {"Ref": "Live"},
    )


def test_the_role_may_write_to_destinations(tmp_path):
    bucket = {"Fn::GetAtt": ["Bucket", "Arn"]}
    bus = "arn:aws:events:us-east-1:123456789012:event-bus/b"
    to = {"OnFailure": {"Destination": bucket}, "OnSuccess": {"Destination": bus}}
    properties = {"FunctionName": {"Ref": "F"}, "Qualifier": "$LATEST", "DestinationConfig": to}

    found = completed(
        tmp_path,
        {
            "Config": {"Type": "AWS::Lambda::EventInvokeConfig", "Properties": properties},
            "Bucket": {"Type": "AWS::S3::Bucket"},
        },
    )

    assert granted(found) == [
        (["s3:ListBucket"], bucket),
        (["s3:PutObject"], {"Fn::Sub": ["${Bucket}/*", {"Bucket": bucket}]}),
        (["events:PutEvents"], bus),
    ]


@pytest.mark.parametrize(
    ("resources", "line"),
    [
        ({"F": function(DeadLetterConfig={"TargetArn": {"Fn::ImportValue": "dlq"}})}, 5),
        ({"F": function(FileSystemConfigs=[{"Arn": "arn:a"}])}, 5),
        ({"A": source("arn:aws:kafka:us-east-1:1:cluster/c/1", {"Ref": "F"})}, 6),
        ({"A": source({"Ref": "Parameter"}, {"Ref": "F"})}, 6),
        ({"A": source({"Fn::If": ["C", DLQ, {"Ref": "AWS::NoValue"}]}, {"Ref": "F"})}, 6),
        ({"F": function(LoggingConfig={"LogGroup": None})}, 5),
    ],
    ids=["imported", "file system", "kafka", "parameter", "maybe none", "group of Lambda's"],
)
def test_what_cannot_be_known_is_a_warning_with_its_line(tmp_path, resources, line):
    found = completed(tmp_path, resources)

    [problem] = found.warnings
    assert (problem.code, problem.severity) == ("merge-permissions", "warning")
    assert problem.where == f"{tmp_path / 'extra.json'}:{line}"
    assert statements(found) == []


def test_a_role_whose_policy_somebody_wrote_stays_as_it_is(tmp_path):
    dead = {"F": function(DeadLetterConfig={"TargetArn": DLQ}), "Dlq": QUEUE}
    unknown = function(DeadLetterConfig={"TargetArn": {"Ref": "P"}})

    of_file = completed(tmp_path, dead, graph(generated=False))
    of_template = completed(tmp_path, {"F": unknown, "DefaultRole": function(Policies=[])})

    assert (statements(of_file), of_file.warnings) == ([], ())
    assert (statements(of_template), of_template.warnings) == ([], ())


def with_managed():
    """Return a graph whose role has its statements in managed policies, as `fit` lays them."""
    document = {"Version": "2012-10-17", "Statement": [LOGS]}
    names = ("DefaultRolePolicy1", "DefaultRolePolicy2")
    made = (
        Resource(name, "AWS::IAM::ManagedPolicy", {"PolicyDocument": document}, generated=True)
        for name in names
    )
    arns = {"ManagedPolicyArns": [{"Ref": name} for name in names]}
    role = Resource("DefaultRole", "AWS::IAM::Role", arns, generated=True)
    [_, *functions] = graph().resources
    return Graph((*made, role, *functions))


def test_a_managed_policy_of_the_role_may_be_removed(tmp_path):
    dead = function(DeadLetterConfig={"TargetArn": DLQ})
    removed = {"DefaultRolePolicy1": None, "F": dead, "Dlq": QUEUE}

    found = completed(tmp_path, removed, with_managed())

    assert "DefaultRolePolicy1" not in found.document["Resources"]
    assert statements(found) == [SEND]


def large(characters):
    """Return a graph whose role has an inline policy of so many characters."""
    whole = graph()
    [role, *functions] = whole.resources
    [own] = role.properties["Policies"]
    empty = policy_size(own["PolicyDocument"])
    statement = {**LOGS, "Resource": "*" + "x" * (characters - empty)}
    document = {**own["PolicyDocument"], "Statement": [statement]}
    policies = [{**own, "PolicyDocument": document}]
    return Graph((replace(role, properties={"Policies": policies}), *functions))


def test_what_has_no_room_in_the_inline_policies_of_a_role_is_a_managed_policy(tmp_path):
    dead = function(DeadLetterConfig={"TargetArn": DLQ})

    found = completed(tmp_path, {"F": dead, "Dlq": QUEUE}, large(10_000))

    made = found.document["Resources"]
    role = made["DefaultRole"]["Properties"]
    assert [one["PolicyName"] for one in role["Policies"]] == ["DefaultRolePolicy"]
    assert role["ManagedPolicyArns"] == [{"Ref": "DefaultRoleTemplatePolicy"}]
    document = {"Version": "2012-10-17", "Statement": [SEND]}
    assert made["DefaultRoleTemplatePolicy"] == {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {"PolicyDocument": document},
    }
    [changed, *_] = found.graph.resources
    assert list(changed.reasons) == ["sqs:SendMessage"]
    assert found.places["DefaultRoleTemplatePolicy"] == f"{tmp_path / 'extra.json'}:5"


def test_the_inline_policies_of_a_role_may_be_as_long_as_iam_takes(tmp_path):
    dead = {"F": function(DeadLetterConfig={"TargetArn": DLQ}), "Dlq": QUEUE}
    added = policy_size({"Version": "2012-10-17", "Statement": [SEND]})

    fits = completed(tmp_path, dead, large(MAX_ROLE_POLICY - added))
    too_long = completed(tmp_path, dead, large(MAX_ROLE_POLICY - added + 1))

    assert statements(fits) == [SEND]
    assert statements(too_long) == []


def test_managed_policies_are_as_many_as_they_have_to_be_and_have_names_of_their_own(tmp_path):
    arns = [f"arn:aws:sqs:us-east-1:123456789012:{'q' * 70}{n}" for n in range(50)]
    sources = {f"S{n}": source(arn, {"Ref": "F"}) for n, arn in enumerate(arns)}
    taken = {"DefaultRoleTemplatePolicy": TOPIC}

    found = completed(tmp_path, {**sources, **taken}, large(10_000))

    made = found.document["Resources"]
    named = made["DefaultRole"]["Properties"]["ManagedPolicyArns"]
    assert [one["Ref"] for one in named] == [
        f"DefaultRoleTemplatePolicy{number}" for number in range(2, len(named) + 2)
    ]
    documents = [made[one["Ref"]]["Properties"]["PolicyDocument"] for one in named]
    assert all(policy_size(document) <= MAX_MANAGED_POLICY for document in documents)
    assert [one["Resource"] for document in documents for one in document["Statement"]] == arns
    assert made["DefaultRoleTemplatePolicy"] == TOPIC


# --- circles ---------------------------------------------------------------------------------

FUNCTION_G = {"Fn::GetAtt": ["G", "Arn"]}
ALARM = {
    "Type": "AWS::SNS::Topic",
    "Properties": {"Subscription": [{"Protocol": "lambda", "Endpoint": FUNCTION_G}]},
}
ROLE_REF = {"Ref": "DefaultRole"}


def invoke_config(function, target, **more):
    properties = {
        "FunctionName": {"Ref": function},
        "Qualifier": "$LATEST",
        "DestinationConfig": {"OnFailure": {"Destination": target}},
    }
    return {"Type": "AWS::Lambda::EventInvokeConfig", "Properties": properties, **more}


def circle(document):
    """Return resources of which each waits for the next, the first for itself in the end."""
    users = {
        name: [other for other in waits_for(item) & {*document["Resources"]} if other != name]
        for name, item in document["Resources"].items()
    }

    def found(name, path):
        if name in path:
            return path[path.index(name) :]
        return next(filter(None, (found(other, [*path, name]) for other in users[name])), [])

    return next(filter(None, (found(name, []) for name in users)), [])


def waits_for(value):
    """Return all words of a resource: no other word of these templates is a logical id."""
    return set(re.findall(r"\w+", json.dumps(value)))


def test_a_target_that_runs_as_the_role_itself_is_granted_apart(tmp_path):
    found = completed(tmp_path, {"C": invoke_config("F", FUNCTION_G, DependsOn="G")})

    resources = found.document["Resources"]
    assert statements(found) == []
    assert resources["DefaultRoleLaterPolicy"]["Type"] == "AWS::IAM::Policy"
    properties = resources["DefaultRoleLaterPolicy"]["Properties"]
    assert (properties["Roles"], properties["PolicyName"]) == ([ROLE_REF], "DefaultRoleLaterPolicy")
    [invoke] = properties["PolicyDocument"]["Statement"]
    assert (invoke["Action"], invoke["Resource"]) == (["lambda:InvokeFunction"], FUNCTION_G)
    assert resources["C"]["DependsOn"] == ["G", "DefaultRoleLaterPolicy"]
    assert found.places["DefaultRoleLaterPolicy"] == f"{tmp_path / 'extra.json'}:10"
    assert circle(found.document) == []


def test_a_target_that_waits_for_the_role_is_granted_apart_and_the_function_waits(tmp_path):
    dead = function(DeadLetterConfig={"TargetArn": {"Ref": "Alarm"}})

    found = completed(tmp_path, {"F": dead, "Alarm": ALARM})

    resources = found.document["Resources"]
    assert resources["F"]["DependsOn"] == ["DefaultRoleLaterPolicy"]
    assert "DependsOn" not in resources["G"]
    assert circle(found.document) == []


def test_who_needs_other_things_does_not_wait_for_them(tmp_path):
    dead = function(DeadLetterConfig={"TargetArn": {"Ref": "Alarm"}})
    config = invoke_config("G", {"Fn::GetAtt": ["F", "Arn"]})

    found = completed(tmp_path, {"F": dead, "Alarm": ALARM, "C": config})

    resources = found.document["Resources"]
    waiting = {name: resources[name].get("DependsOn") for name in ("F", "C")}
    assert waiting == {"F": ["DefaultRoleLaterPolicy"], "C": ["DefaultRoleLaterPolicy2"]}
    assert circle(found.document) == []


def test_roles_of_functions_that_are_targets_of_each_other_make_no_circle(tmp_path):
    def own(name):
        role, *_ = graph().resources
        arn = {"Fn::GetAtt": [f"{name}Role", "Arn"]}
        log = {"LogGroup": {"Ref": f"{name}LogGroup"}}
        runs = Resource(name, "AWS::Lambda::Function", {"Role": arn, "LoggingConfig": log})
        return replace(role, logical_id=f"{name}Role"), runs

    both = {
        "A": invoke_config("F", FUNCTION_G),
        "B": invoke_config("G", {"Fn::GetAtt": ["F", "Arn"]}),
    }

    found = completed(tmp_path, both, Graph((*own("F"), *own("G"))))

    resources = found.document["Resources"]
    assert len(resources["FRole"]["Properties"]["Policies"]) == 2
    assert resources["GRoleLaterPolicy"]["Properties"]["Roles"] == [{"Ref": "GRole"}]
    assert circle(found.document) == []


def test_what_is_granted_apart_is_managed_where_inline_policies_are_full(tmp_path):
    role, *others = graph().resources
    long = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "x" * MAX_ROLE_POLICY}
    policies = [{"PolicyName": "P", "PolicyDocument": {"Statement": [long]}}]
    whole = Graph((replace(role, properties={"Policies": policies}), *others))

    found = completed(tmp_path, {"C": invoke_config("F", FUNCTION_G)}, whole)

    made = found.document["Resources"]["DefaultRoleLaterPolicy"]
    assert made["Type"] == "AWS::IAM::ManagedPolicy"
    assert (made["Properties"]["Roles"], "PolicyName" in made["Properties"]) == ([ROLE_REF], False)


def needing_the_bucket(whole):
    """Return *whole* with what its code needs of a bucket of the template."""
    read = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": {"Fn::Sub": "${Own.Arn}/*"}}
    role, *others = whole.resources
    [own] = role.properties["Policies"]
    document = {**own["PolicyDocument"], "Statement": [LOGS, read]}
    policies = [{**own, "PolicyDocument": document}]
    return read, Graph((replace(role, properties={"Policies": policies}), *others))


NOTIFYING = {
    "Type": "AWS::S3::Bucket",
    "Properties": {
        "NotificationConfiguration": {
            "LambdaConfigurations": [{"Event": "s3:ObjectCreated:*", "Function": FUNCTION_G}]
        }
    },
}


def test_what_the_code_needs_of_something_that_waits_for_the_role_is_granted_apart(tmp_path):
    read, whole = needing_the_bucket(graph())

    found = completed(tmp_path, {"Own": NOTIFYING}, whole)

    resources = found.document["Resources"]
    [inline] = resources["DefaultRole"]["Properties"]["Policies"]
    assert inline["PolicyDocument"]["Statement"] == [LOGS]
    apart = resources["DefaultRoleLaterPolicy"]["Properties"]
    assert (apart["Roles"], apart["PolicyDocument"]["Statement"]) == ([ROLE_REF], [read])
    assert circle(found.document) == []


def test_what_the_code_needs_of_something_else_stays_where_it_is(tmp_path):
    read, whole = needing_the_bucket(graph())

    found = completed(tmp_path, {"Own": {"Type": "AWS::S3::Bucket"}}, whole)

    [inline] = found.document["Resources"]["DefaultRole"]["Properties"]["Policies"]
    assert inline["PolicyDocument"]["Statement"] == [LOGS, read]


def test_a_managed_policy_about_something_that_waits_for_the_role_names_the_role(tmp_path):
    first, *others = with_managed().resources
    document = {"Statement": [{**LOGS, "Resource": {"Fn::GetAtt": ["Own", "Arn"]}}]}
    whole = Graph((replace(first, properties={"PolicyDocument": document}), *others))

    found = completed(tmp_path, {"Own": NOTIFYING}, whole)

    resources = found.document["Resources"]
    attached = resources["DefaultRole"]["Properties"]["ManagedPolicyArns"]
    assert attached == [{"Ref": "DefaultRolePolicy2"}]
    assert resources["DefaultRolePolicy1"]["Properties"]["Roles"] == [ROLE_REF]
    assert circle(found.document) == []
