import enum
import boto3


class T(str, enum.Enum):
    USERS = "users"

    @property
    def resource(self):
        return boto3.resource("dynamodb").Table(self.value)


def go():
    T.USERS.resource.get_item(Key={})
    for t in T:
        t.resource.scan()
