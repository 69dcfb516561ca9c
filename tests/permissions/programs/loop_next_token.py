import boto3
def go(event):
    logs = boto3.client("logs")
    kwargs = {"logGroupName": "/a/b"}
    while True:
        page = logs.filter_log_events(**kwargs)
        yield from page["events"]
        if "nextToken" not in page:
            break
        kwargs["nextToken"] = page["nextToken"]
