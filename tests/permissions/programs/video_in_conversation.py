import boto3


def ask(question):
    film = {"video": {"format": "mp4", "source": {"s3Location": {"uri": "s3://films/a.mp4"}}}}
    messages = [{"role": "user", "content": [{"text": question}, film]}]
    return boto3.client("bedrock-runtime").converse(modelId="amazon.nova-lite-v1:0", messages=messages)
