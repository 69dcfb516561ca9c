import boto3


def go(event):
    boto3.client("chime-sdk-meetings").create_attendee(MeetingId="m1", ExternalUserId="u")
