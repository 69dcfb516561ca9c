import boto3
from fastapi import Depends, FastAPI
api = FastAPI()
def table():
    return boto3.resource("dynamodb").Table("t")
@api.get("/x")
def x(items=Depends(table)):
    return items.scan()
