import boto3
class A:
    s3 = boto3.client("s3")
    head = s3.get_object(Bucket="b", Key="body")
    make = staticmethod(lambda: boto3.client("sqs"))
    class Inner:
        table = boto3.resource("dynamodb").Table("t")
        def go(self):
            return self.table.scan()
def go(event):
    A.make().list_queues()
    A.Inner().go()
