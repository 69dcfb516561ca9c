import boto3
from dependency_injector import containers, providers
class Container(containers.DeclarativeContainer):
    s3 = providers.Singleton(boto3.client, "s3")
    table = providers.Factory(lambda: boto3.resource("dynamodb").Table("t"))
def go(event):
    c = Container()
    c.s3().get_object(Bucket="b", Key="k")
    c.table().scan()
