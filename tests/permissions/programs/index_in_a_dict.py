import boto3
t = boto3.resource("dynamodb").Table("orders")
def a(e):
    kw = {"IndexName": "idx1"}
    kw.update(Limit=3)
    return t.query(**kw)
def b(e, k):
    kw = {"IndexName": "idx2"}
    for n in ("Limit", "ScanIndexForward"):
        kw[n] = k
    return t.query(**kw)
def c(e, **kwargs):
    return t.query(IndexName="idx3", **kwargs)
def d(**kwargs):
    return t.query(**kwargs)
def f(e):
    d(IndexName="idx4", Limit=e)
def g(e):
    kw = dict(IndexName="idx5")
    while e:
        kw["ExclusiveStartKey"] = t.query(**kw)["LastEvaluatedKey"]
def h(e):
    kw = {"IndexName": "idx8"}
    kw["ExclusiveStartKey"] = e["x"]
    return t.query(**kw)
