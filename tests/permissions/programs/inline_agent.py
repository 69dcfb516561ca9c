"""An agent that has no role of its own: what it does, it does with the rights of who calls."""

import boto3


def asked(text):
    return boto3.client("bedrock-agent-runtime").invoke_inline_agent(
        foundationModel="amazon.nova-lite-v1:0",
        instruction="Answer.",
        sessionId="s",
        inputText=text,
        streamingConfigurations={"streamFinalResponse": True},
        knowledgeBases=[{"knowledgeBaseId": "KB1", "description": "facts"}],
        actionGroups=[
            {
                "actionGroupName": "orders",
                "actionGroupExecutor": {
                    "lambda": "arn:aws:lambda:us-east-1:111122223333:function:orders"
                },
                "apiSchema": {"s3": {"s3BucketName": "schemas", "s3ObjectKey": "orders.json"}},
            }
        ],
    )
