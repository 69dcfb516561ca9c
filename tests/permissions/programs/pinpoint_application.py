import boto3

mails = boto3.client("pinpoint")


def go(event):
    mails.send_messages(ApplicationId="app1", MessageRequest=event["request"])
    mails.get_segment(ApplicationId="app1", SegmentId="s1")
    mails.delete_app(ApplicationId="app1")
