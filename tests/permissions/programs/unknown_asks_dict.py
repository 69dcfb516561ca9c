import boto3
import json
s3 = boto3.client("s3")
READ = json.loads('{"a": "ra", "b": "rb"}')
NAMES = {"x-1": "n1", "x-2": "n2", "y": "n3"}
def go(event):
    s3.get_object(Bucket=READ.get(event["k"], "rd"), Key="get")
    s3.get_object(Bucket=READ.pop(event["k"], "rd"), Key="pop")
    s3.get_object(Bucket=READ.get("a", "rd"), Key="known")
    s3.put_object(Bucket=NAMES.pop(event["k"], "nd"), Key="pop")
    s3.put_object(Bucket=NAMES[f"x-{event['k']}"], Key="like")
    s3.put_object(Bucket=NAMES.get(f"z-{event['k']}", "nd"), Key="unlike")
