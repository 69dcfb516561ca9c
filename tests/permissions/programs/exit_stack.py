from contextlib import AsyncExitStack
import aioboto3
async def work():
    async with AsyncExitStack() as stack:
        s3 = await stack.enter_async_context(aioboto3.Session().client("s3"))
        await s3.get_object(Bucket="b", Key="k")
