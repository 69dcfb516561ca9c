"""What Lambda does as the role of a function, which no code of the function asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Setting:
    """A property of a function for which Lambda acts as its role; none of it has a resource.

    Attributes:
        name: of the property.
        what: what a function that has it does, in words.
        actions: all that Lambda does.
        checked: the action without which it does not take the function.
    """

    name: str
    what: str
    actions: tuple[str, ...]
    checked: str

    @property
    def statement(self) -> dict[str, Any]:
        """The statement that lets Lambda do it."""
        return {"Effect": "Allow", "Action": list(self.actions), "Resource": "*"}


# Source of what is checked: aws/aws-sam-cli#617 and serverless/serverless#6931, which quote Lambda:
# "The provided execution role does not have permissions to call CreateNetworkInterface on EC2", and
# "PutTraceSegments on XRAY".

#: Source: Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC",
#: "Required IAM permissions" (the managed policy AWSLambdaVPCAccessExecutionRole);
#: DescribeNetworkInterfaces takes no resource but `*`.
VPC = Setting(
    "VpcConfig",
    "is in a VPC",
    (
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
    ),
    "ec2:CreateNetworkInterface",
)

#: Source: Lambda developer guide, "Visualize Lambda function invocations using AWS X-Ray",
#: "Execution role permissions" (the managed policy AWSXRayDaemonWriteAccess).
XRAY = Setting(
    "TracingConfig",
    "is traced by X-Ray",
    ("xray:PutTelemetryRecords", "xray:PutTraceSegments"),
    "xray:PutTraceSegments",
)

#: Into log groups that are there.
#: Source: AWS managed policy reference, AWSLambdaBasicExecutionRole.
LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")

#: With what it reads events from, by service; what ends in `*` takes no resource.
#: Sources: Lambda developer guide, "Configuring permissions" of each event source (the managed
#: policies AWSLambdaSQSQueueExecutionRole, AWSLambdaKinesisExecutionRole and
#: AWSLambdaDynamoDBExecutionRole); Service Authorization Reference.
SOURCES: Mapping[str, tuple[str, ...]] = {
    "dynamodb": (
        *("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"),
        "dynamodb:ListStreams *",
    ),
    "kinesis": (
        *("kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords"),
        *("kinesis:GetShardIterator", "kinesis:ListShards", "kinesis:ListStreams *"),
    ),
    "sqs": ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"),
}

#: With a consumer of a stream, beside what it does with the stream.
#: Source: AWSLambdaKinesisExecutionRole; Service Authorization Reference, "SubscribeToShard".
CONSUMER = ("kinesis:SubscribeToShard",)

#: With what it writes to, by service; what ends in `/*` is about what is inside.
#: Source: Lambda developer guide, "Capturing records of Lambda asynchronous invocations", the table
#: of destinations; `s3:PutObject` is about objects.
TARGETS: Mapping[str, tuple[str, ...]] = {
    "events": ("events:PutEvents",),
    "lambda": ("lambda:InvokeFunction",),
    "s3": ("s3:ListBucket", "s3:PutObject /*"),
    "sns": ("sns:Publish",),
    "sqs": ("sqs:SendMessage",),
}

#: What Lambda may do for any function, and no code of it shows, in lower case.
#: Source: the same managed policies; a log group is made where the function has none.
FOR_ANY = frozenset(
    action.lower() for action in (*VPC.actions, *XRAY.actions, *LOGS, "logs:CreateLogGroup")
)

#: Likewise what it reads events with. Dead letters and destinations are not here: code sends such
#: messages, too, and a test shows whether it does.
FOR_EVENTS = frozenset(
    action.partition(" ")[0].lower()
    for actions in (*SOURCES.values(), CONSUMER)
    for action in actions
)


def settings(properties: Mapping[str, Any]) -> tuple[Setting, ...]:
    """Return what Lambda needs its role for where a function has *properties*."""
    found: list[Setting] = []
    match properties:
        case {VPC.name: {"SubnetIds": subnets}} if subnets:
            found.append(VPC)
        case _:
            pass
    match properties:
        case {XRAY.name: {"Mode": "Active"}}:
            found.append(XRAY)
        case _:
            pass
    return tuple(found)
