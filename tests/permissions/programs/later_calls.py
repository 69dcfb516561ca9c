import asyncio, atexit, boto3, itertools, sched, threading, time
s3 = boto3.client("s3")
def work(bucket, key="k"):
    s3.get_object(Bucket=bucket, Key=key)
atexit.register(work, "exit")
async def first_go(event):
    asyncio.get_running_loop().call_later(1, work, "later")
    asyncio.get_running_loop().call_soon(work, "soon")
def two(event):
    threading.Timer(0, work, ["timer"], {"key": "t"}).start()
    threading.Thread(None, work, None, ("thread",)).start()
    list(itertools.starmap(work, [("map", "m")]))
    scheduler = sched.scheduler(time.time, time.sleep)
    scheduler.enter(0, 1, work, ("sched",))
    work("known")
