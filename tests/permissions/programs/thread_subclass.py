import boto3, threading
class Task(threading.Thread):
    def __init__(self, key):
        super().__init__()
        self.key = key
    def run(self):
        session = boto3.session.Session()
        s3 = session.resource("s3")
        s3.Object("b", self.key).delete()
def go(event):
    Task("k").start()
