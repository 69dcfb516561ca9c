import boto3
from chalice import Chalice

app = Chalice(app_name="program")
TAGS = [{"Key": "team", "Value": "a"}]


@app.lambda_function()
def handler(event, context):
    boto3.client("events").put_rule(Name="r", EventBusName="b", ScheduleExpression="x", Tags=TAGS)
    boto3.client("kinesis").create_stream(StreamName="s", Tags={"team": "a"})
    boto3.client("firehose").create_delivery_stream(DeliveryStreamName="d", Tags=TAGS)
    boto3.client("stepfunctions").create_activity(name="a", tags=[{"key": "a", "value": "b"}])
    boto3.client("logs").create_log_group(logGroupName="/a", tags={"team": "a"})
    boto3.client("cloudwatch").put_metric_alarm(AlarmName="a", Tags=TAGS)
    # Tags of a mail are its own, and no resource has them.
    boto3.client("ses").send_raw_email(
        Source="a@example.com", RawMessage={"Data": b""}, Tags=[{"Name": "a", "Value": "b"}]
    )
