import os
import boto3

db = boto3.resource("dynamodb")
s3 = boto3.client("s3")
ALONE = os.getenv("NOPE_ALONE")
LATER = os.environ.get("NOPE_LATER")
if not LATER:
    LATER = "later"
NONE = os.environ.get("NOPE_NONE")
if NONE is None:
    NONE = "none"
TESTED = os.environ.get("NOPE_TESTED")
try:
    TRIED = os.environ["NOPE_TRIED"]
except KeyError:
    TRIED = "tried"
BOTH = os.environ["NOPE_BOTH"] if "NOPE_BOTH" in os.environ else "both"


def go(k):
    s3.get_object(Bucket=ALONE, Key=k)


def default():
    for name in (
        os.environ.get("NOPE", "given"),
        os.environ.get("NOPE") or "or",
        os.getenv("NOPE") or os.getenv("NOPE2") or "getenv",
        LATER,
        NONE,
        TRIED,
        BOTH,
        f"{LATER}-x",
    ):
        db.Table(name).scan()


def flag():
    if os.getenv("DEBUG"):
        print("x")
    if os.getenv("STAGE") == "prod":
        print("y")


def tested():
    if TESTED:
        s3.delete_object(Bucket=TESTED, Key="k")
