import boto3
from chalice import Chalice

app = Chalice(app_name="x")


def secret(name):
    return boto3.client("secretsmanager").get_secret_value(SecretId=name)


class Store:
    def get(self, name):
        return boto3.client("ssm").get_parameter(Name=name)


def guarded(fn):
    def wrapper(event, context):
        secret("app/roles")
        Store().get("/app/limit")
        return fn(event, context)

    return wrapper


class Counted:
    def __init__(self, fn):
        self.fn = fn

    def __call__(self, *args):
        scanned("counts")
        return self.fn(*args)


def scanned(name):
    return boto3.client("dynamodb").scan(TableName=name)


def connected(fn):
    def wrapper(event, context):
        return fn(event, context, bucket="given")

    return wrapper


@app.lambda_function(name="b")
@guarded
def b(event, context):
    pass


@app.lambda_function()
@Counted
def c(event, context):
    pass


@app.lambda_function()
@connected
def d(event, context, bucket):
    boto3.client("s3").get_object(Bucket=bucket, Key="k")


@guarded
@app.lambda_function()
def e(event, context):
    boto3.client("sqs").delete_queue(QueueUrl="https://sqs.us-east-1.amazonaws.com/123456789012/q")
