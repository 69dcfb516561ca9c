import boto3


def go(event):
    boto3.client("bedrock-agent-runtime").invoke_agent(agentId="A", agentAliasId="L", sessionId="s")
