import boto3


def go(event):
    boto3.client("lexv2-runtime").recognize_text(botId="b", botAliasId="a", localeId="en", sessionId="s", text="x")
