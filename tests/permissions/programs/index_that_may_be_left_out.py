import functools
import boto3

db = boto3.resource("dynamodb")


def popped(e):
    kw = {"IndexName": "i"}
    if e:
        kw.pop("IndexName")
    return db.Table("popped").query(**kw)


def deleted(e):
    kw = {"IndexName": "i"}
    if e:
        del kw["IndexName"]
    return db.Table("deleted").query(**kw)


def cleared(e):
    kw = {"IndexName": "i"}
    if e:
        kw.clear()
    return db.Table("cleared").query(**kw)


def some(e):
    kw = {}
    if e:
        kw["IndexName"] = "i"
    return through(**kw)


def through(**kwargs):
    return db.Table("through").query(**kwargs)


def either(e):
    kw = {"IndexName": "i"} if e else {"Limit": 1}
    return db.Table("either").query(**kw)


def later(e):
    kw = {}
    if e:
        kw["IndexName"] = "i"
    return functools.partial(db.Table("later").query, **kw)(**{"Limit": 1})


def filtered(e):
    kw = {"IndexName": e and "i", "Limit": 1}
    return db.Table("filtered").query(**{k: v for k, v in kw.items() if v})
