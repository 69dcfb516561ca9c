"""Whose identity a mail is sent for, only the event says: it is in the region, in any account."""

import boto3


def go(event):
    boto3.client("sesv2").send_email(
        FromEmailAddress="shop@example.com",
        FromEmailAddressIdentityArn=event["identity"],
        Destination={"ToAddresses": [event["to"]]},
        Content={"Simple": {}},
    )
