import boto3


def trust():
    iam = boto3.client("iam")
    iam.create_open_id_connect_provider(Url="https://oidc.eks.eu-west-1.amazonaws.com/id/A")
    iam.create_virtual_mfa_device(VirtualMFADeviceName="d")
    iam.tag_mfa_device(SerialNumber="arn:aws:iam::123456789012:mfa/d", Tags=[])


def redrive():
    # Sending is what is asked of the destination.
    boto3.client("sqs").start_message_move_task(
        SourceArn="arn:aws:sqs:eu-west-1:123456789012:dlq",
        DestinationArn="arn:aws:sqs:eu-west-1:123456789012:main",
    )


def ask():
    # Which model a prompt is for, it says itself.
    boto3.client("bedrock-runtime").converse(
        modelId="arn:aws:bedrock:eu-west-1:123456789012:prompt/PR1:1"
    )


def places():
    boto3.client("location").get_geofence(CollectionName="c", GeofenceId="g")
