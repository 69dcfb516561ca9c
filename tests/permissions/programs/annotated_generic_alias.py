from __future__ import annotations
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
def go(s3: S3Client | None, event):
    assert s3
    s3.get_object(Bucket="b", Key="k")
