from dataclasses import dataclass, field
from typing import ClassVar
import boto3
@dataclass
class Store:
    limit: ClassVar[int] = 3
    client: object = field(init=False, default_factory=lambda: boto3.client("s3"))
    bucket: str = "none"
    key: str = "k"
    def go(self):
        self.client.get_object(Bucket=self.bucket, Key=self.key)
Store("one", "x").go()
