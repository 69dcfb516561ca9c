import asyncio, boto3, concurrent.futures
s3 = boto3.client("s3")
async def main():
    loop = asyncio.get_event_loop()
    with concurrent.futures.ThreadPoolExecutor() as executor:
        await loop.run_in_executor(executor, s3.upload_file, "/tmp/x", "b", "k")
def go(event):
    asyncio.get_event_loop().run_until_complete(main())
