"""A consumer is below its stream, whose ARN only the event may have."""

import boto3

kinesis = boto3.client("kinesis")


def go(event):
    kinesis.describe_stream_consumer(StreamARN=event["stream"], ConsumerName="reader")
    kinesis.deregister_stream_consumer(
        StreamARN=f"arn:aws:kinesis:eu-west-1:123456789012:stream/{event['name']}",
        ConsumerName="reader",
    )
