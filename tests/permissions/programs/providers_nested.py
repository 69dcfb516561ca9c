import boto3
from dependency_injector import containers, providers
class Repo:
    def __init__(self, table, s3):
        self.table, self.s3 = table, s3
    def go(self):
        self.table.scan()
        self.s3.get_object(Bucket="b", Key="k")
class Container(containers.DeclarativeContainer):
    db = providers.Singleton(boto3.resource, "dynamodb", region_name="eu-west-1")
    table = providers.Callable(lambda db, name: db.Table(name), db, name="t")
    s3 = providers.Object(boto3.client("s3"))
    repo = providers.Factory(Repo, table=table, s3=s3)
def go(event):
    Container().repo().go()
