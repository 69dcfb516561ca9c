import boto3
from dependency_injector import containers, providers
from dependency_injector.wiring import Provide, inject
class Container(containers.DeclarativeContainer):
    s3 = providers.Singleton(boto3.client, "s3")
@inject
def go(event, s3=Provide[Container.s3]):
    s3.get_object(Bucket="b", Key="k")
