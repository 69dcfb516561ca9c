import boto3
from pydantic_settings import BaseSettings
class Settings(BaseSettings):
    table: str = "none"
    bucket: str = "files"
settings = Settings()
def go(event):
    boto3.client("s3").get_object(Bucket=settings.bucket, Key="k")
