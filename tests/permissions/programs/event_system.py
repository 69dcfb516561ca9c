import boto3
class Bus:
    def __init__(self):
        self.listeners = {}
    def on(self, name):
        def decorate(function):
            self.listeners.setdefault(name, []).append(function)
            return function
        return decorate
    def emit(self, name, **kwargs):
        for listener in self.listeners.get(name, []):
            listener(**kwargs)
bus = Bus()
@bus.on("saved")
def saved(key, s3):
    s3.put_object(Bucket="b", Key=key)
def go(event):
    bus.emit("saved", key="k", s3=boto3.client("s3"))
