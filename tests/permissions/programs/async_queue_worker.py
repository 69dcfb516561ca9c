import asyncio, aioboto3
async def worker(queue, s3):
    while True:
        key = await queue.get()
        await s3.delete_object(Bucket="b", Key=key)
        queue.task_done()
async def main():
    queue = asyncio.Queue()
    await queue.put("k")
    async with aioboto3.Session().client("s3") as s3:
        tasks = [asyncio.create_task(worker(queue, s3)) for _ in range(3)]
        async with asyncio.TaskGroup() as group:
            group.create_task(worker(queue, s3))
        await asyncio.gather(*tasks)
def go(event):
    asyncio.run(main())
