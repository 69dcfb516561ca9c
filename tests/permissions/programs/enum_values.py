import enum
import boto3


class K(enum.Enum):
    A = "a-bucket"


class C(enum.StrEnum):
    B = "b-bucket"


def go():
    boto3.client("s3").list_objects_v2(Bucket=K.A.value)
    boto3.client("s3").head_bucket(Bucket=C.B)
