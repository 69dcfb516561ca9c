import boto3
from pathlib import PurePosixPath, Path
def go(event, name):
    s3 = boto3.client("s3")
    s3.put_object(Bucket="b", Key=str(PurePosixPath("in") / "raw" / name))
    s3.upload_file(str(Path("/tmp") / name), "b", f"up/{Path(name).name}")
