import boto3, queue, threading
jobs = queue.Queue()
def work():
    s3 = boto3.client("s3")
    while True:
        bucket, key = jobs.get()
        s3.get_object(Bucket=bucket, Key=key)
def go(event):
    threading.Thread(target=work, daemon=True).start()
    jobs.put(("b", "k"))
