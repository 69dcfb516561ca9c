import asyncio
import aioboto3
from chalice import Chalice

app = Chalice(app_name="program")
session = aioboto3.Session()
async def work():
    async with session.client("s3") as s3:
        await s3.upload_fileobj(None, "b", "k")
    async with session.resource("dynamodb") as ddb:
        table = await ddb.Table("users")
        await table.put_item(Item={"id": 1})
@app.lambda_function()
def handler(event, context):
    asyncio.run(work())
