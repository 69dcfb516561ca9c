import threading
from multiprocessing import Process

import boto3

ec2 = boto3.resource("ec2")


def work():
    ec2.Instance("i-1").stop()


def go():
    threads = [threading.Thread(target=work) for _ in range(3)]
    for item in threads:
        item.start()
    threading.Thread(target=work).start()
    process = Process(target=work)
    process.start()
    process.terminate()
