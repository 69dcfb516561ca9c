import attr, attrs, boto3
@attr.s
class A:
    bucket = attr.ib()
    client = attr.ib(factory=lambda: boto3.client("s3"))
    def go(self):
        self.client.get_object(Bucket=self.bucket, Key="k")
@attrs.define
class B:
    _bucket = attrs.field()
    size = attrs.field(default=3, init=False)
    _client = attrs.field(default=boto3.client("s3"))
    def go(self):
        self._client.put_object(Bucket=self._bucket, Key="k")
A("one").go()
B(bucket="two").go()
B("three").go()
