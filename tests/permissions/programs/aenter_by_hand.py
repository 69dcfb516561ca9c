import aioboto3


async def go():
    s = aioboto3.Session()
    c = await s.client("sns").__aenter__()
    await c.list_topics()
    r = await s.resource("dynamodb").__aenter__()
    await (await r.Table("t")).scan()
