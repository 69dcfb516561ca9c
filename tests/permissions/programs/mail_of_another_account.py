"""Who sends for the identity of another account is asked on that one."""

import boto3

IDENTITY = "arn:aws:ses:eu-west-1:210987654321:identity/example.com"


def go(event):
    boto3.client("ses").send_email(
        Source="shop@example.com",
        SourceArn=IDENTITY,
        ReturnPathArn="arn:aws:ses:eu-west-1:210987654321:identity/bounces.example.com",
        Destination={"ToAddresses": [event["to"]]},
        Message={},
    )
    boto3.client("ses").send_raw_email(SourceArn=IDENTITY, RawMessage={"Data": event["mail"]})
    boto3.client("sesv2").send_email(
        FromEmailAddress="shop@example.com",
        FromEmailAddressIdentityArn=IDENTITY,
        Destination={"ToAddresses": [event["to"]]},
        Content={"Simple": {}},
    )
