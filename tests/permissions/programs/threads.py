import boto3
from concurrent.futures import ThreadPoolExecutor
from chalice import Chalice

app = Chalice(app_name="program")
s3 = boto3.client("s3")
def load(key):
    return s3.get_object(Bucket="b", Key=key)
@app.lambda_function()
def handler(event, context):
    with ThreadPoolExecutor() as pool:
        pool.submit(load, "a")
        return list(pool.map(load, ["c"]))
