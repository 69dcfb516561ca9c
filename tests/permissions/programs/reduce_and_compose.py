import boto3, functools
def compose(*functions):
    return functools.reduce(lambda f, g: lambda x: g(f(x)), functions)
s3 = boto3.client("s3")
go = compose(lambda event: event["key"], lambda key: s3.get_object(Bucket="b", Key=key))
