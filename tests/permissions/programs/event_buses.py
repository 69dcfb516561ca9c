import boto3

events = boto3.client("events")
START = "arn:aws:events:eu-west-1:123456789012"


def go(event):
    events.create_event_bus(Name="orders")
    events.tag_resource(ResourceARN=f"{START}:rule/r", Tags=[])
    events.start_replay(
        ReplayName="again",
        EventSourceArn=f"{START}:archive/all",
        EventStartTime=event["from"],
        EventEndTime=event["to"],
        Destination={"Arn": f"{START}:event-bus/b"},
    )
