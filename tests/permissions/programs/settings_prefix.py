import boto3
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
class Base(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="BUC", frozen=True)
class Settings(Base):
    ket: str = "none"
    name: str = Field("other", validation_alias="TABLE")
    plain: str = "plain"
class Old(BaseSettings):
    class Config:
        env_prefix = "ta"
    ble: str
    user: str = "u"
settings, old = Settings(), Old(user="me")
def go(event):
    boto3.client("s3").get_object(Bucket=settings.ket, Key=settings.plain)
    boto3.client("s3").put_object(Bucket=settings.name, Key=old.ble)
    boto3.client("s3").delete_object(Bucket="b", Key=old.user)
