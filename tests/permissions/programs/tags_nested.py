import boto3
from chalice import Chalice

app = Chalice(app_name="program")
TAGS = [{"Key": "team", "Value": "a"}]


def distribution(origin):
    return {"DistributionConfig": {"Comment": origin}, "Tags": {"Items": TAGS}}


@app.lambda_function()
def handler(event, context):
    streams = []
    for name in event["names"]:
        streams.append({"MediaStreamId": 1, "MediaStreamName": name, "MediaStreamTags": {"a": "b"}})
    flows = boto3.client("mediaconnect")
    flows.add_flow_media_streams(
        FlowArn="arn:aws:mediaconnect:eu-west-1:111122223333:flow:1:f", MediaStreams=streams
    )
    boto3.client("pinpoint").create_app(CreateApplicationRequest={"Name": "a", "tags": {"a": "b"}})
    boto3.client("cloudfront").create_distribution_with_tags(
        DistributionConfigWithTags=distribution("o")
    )
