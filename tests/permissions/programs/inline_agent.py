import os

import boto3


def ask(event):
    boto3.client("bedrock-agent-runtime").invoke_inline_agent(
        foundationModel="us.amazon.nova-lite-v1:0",
        instruction="be brief",
        sessionId=event["session"],
        knowledgeBases=[{"knowledgeBaseId": "KB1", "description": "orders"}],
        actionGroups=[
            {
                "actionGroupName": "orders",
                "actionGroupExecutor": {
                    "lambda": "arn:aws:lambda:eu-west-1:123456789012:function:orders"
                },
                "apiSchema": {"s3": {"s3BucketName": "schemas", "s3ObjectKey": "orders.yml"}},
            }
        ],
    )
    # What stands before the provider is a geography.
    boto3.client("bedrock-runtime").converse(modelId=f"{event['where']}.anthropic.claude-3")
    boto3.client("bedrock-runtime").converse(modelId=f"anthropic.{event['model']}")
    boto3.client("bedrock-agentcore").invoke_agent_runtime(
        agentRuntimeArn="arn:aws:bedrock-agentcore:eu-west-1:123456789012:runtime/r",
        runtimeUserId=event["user"],
        payload=b"",
    )
