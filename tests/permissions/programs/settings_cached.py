import boto3
from functools import lru_cache
from pydantic_settings import BaseSettings
class Settings(BaseSettings):
    table: str
    region: str = "eu-west-1"
@lru_cache
def settings() -> Settings:
    return Settings()
def go(event):
    boto3.resource("dynamodb", region_name=settings().region).Table(settings().table).scan()
