import boto3
FACTORIES = {
    "s3": lambda: boto3.client("s3"),
    "table": lambda name="t": boto3.resource("dynamodb").Table(name),
}
def make(name, *args):
    return FACTORIES[name](*args)
def go(event):
    make("s3").get_object(Bucket="b", Key="k")
    make("table", "u").scan()
