import boto3
import configparser
from dynaconf import Dynaconf
s3 = boto3.client("s3")
parsed = configparser.ConfigParser()
parsed.read("settings.ini")
settings = Dynaconf(settings_files=["settings.toml"])
def go(event):
    s3.get_object(Bucket=parsed.get("main", "bucket"), Key="k")
    s3.put_object(Bucket=settings.get("bucket", "b"), Key="k")
    s3.delete_object(Bucket=settings.setdefault("bucket", "b"), Key="k")
