import chalicelib.state as state
import boto3
def start():
    state.s3 = boto3.client("s3")
def go(event):
    start()
    state.s3.get_object(Bucket="b", Key="k")
# --- chalicelib/__init__.py
# --- chalicelib/state.py
s3 = None
