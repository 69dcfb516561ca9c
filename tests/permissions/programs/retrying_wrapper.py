import boto3, functools
class Retrying:
    def __init__(self, client, retry):
        self.client = client
        self.retry = retry
    def _wrap(self, unwrapped):
        again = self.retry(unwrapped)
        @functools.wraps(unwrapped)
        def deciding(*args, aws_retry=False, **kwargs):
            if aws_retry:
                return again(*args, **kwargs)
            return unwrapped(*args, **kwargs)
        return deciding
    def __getattr__(self, name):
        unwrapped = getattr(self.client, name)
        if callable(unwrapped):
            wrapped = self._wrap(unwrapped)
            setattr(self, name, wrapped)
            return wrapped
        return unwrapped
def twice(function):
    def inner(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except Exception:
            return function(*args, **kwargs)
    return inner
def go(event):
    c = Retrying(boto3.client("s3"), twice)
    c.get_object(Bucket="b", Key="k", aws_retry=True)
