from dataclasses import dataclass, field
from typing import Any
import boto3


@dataclass
class Storage:
    bucket: str = "b"
    client: Any = field(default_factory=lambda: boto3.client("s3"))

    def read(self):
        return self.client.get_object(Bucket=self.bucket, Key="k")


Storage().read()
