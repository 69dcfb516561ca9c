import somelib


def go(event):
    somelib.x.get_object(Bucket="b", Key="k")
