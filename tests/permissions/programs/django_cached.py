import boto3
from django.utils.functional import cached_property
class A:
    @cached_property
    def table(self):
        return boto3.resource("dynamodb").Table("t")
    def go(self):
        return self.table.scan()
def go(event):
    A().go()
