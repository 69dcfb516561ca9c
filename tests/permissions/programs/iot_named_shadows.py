import boto3

iot = boto3.client("iot-data")


def go(event):
    iot.update_thing_shadow(thingName="th", shadowName="cfg", payload=b"{}")
    iot.delete_thing_shadow(thingName="th")
    iot.get_thing_shadow(thingName=event["thing"], shadowName="config")
    iot.list_named_shadows_for_thing(thingName="th")
    named = {"shadowName": "state"} if event["named"] else {}
    iot.get_thing_shadow(thingName="both", **named)
