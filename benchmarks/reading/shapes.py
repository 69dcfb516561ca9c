"""Programs to read, each of one shape of code and of as many lines as asked for.

Some are as people write them, some are made to be hard: whoever bounds the work on the first kind
alone finds out in the field. All are deterministic, so that steps and calls can be compared.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Files = dict[str, bytes]

_APPLICATION = """from chalice import Chalice

app = Chalice(app_name="shop")
"""


def repeated(lines: int, block: str, start: Iterable[str] = (), end: str = "") -> bytes:
    """Return so many *lines*: *start*, then *block* again and again with its number for `#`.

    `#+` is the number of the next block; the last one's next is `LAST`.
    """
    found = [*start]
    height = block.count("\n")
    count = max(1, (lines - len(found) - end.count("\n")) // height)
    for number in range(count):
        following = str(number + 1) if number + 1 < count else "LAST"
        found += block.replace("#+", following).replace("#", str(number)).splitlines()
    return ("\n".join(found) + "\n" + end).encode()


# --- as people write them ----------------------------------------------------------------------

_STORE = '''
class Store#:
    """Keep items of one kind."""

    def __init__(self, name, size=10):
        self.name = name
        self.size = size
        self.table = boto3.resource("dynamodb").Table(name)
        self.items = {}

    def load(self, key):
        log.info("loading %s", key)
        if key in self.items:
            return self.items[key]
        found = self.table.get_item(Key={"id": key}).get("Item")
        for name, value in (found or {}).items():
            if name.startswith("_"):
                continue
            self.items[name] = json.loads(value) if isinstance(value, str) else value
        return found

    def save(self, key, value):
        body = {"id": key, "value": value, "size": self.size}
        try:
            self.table.put_item(Item=body)
        except ValueError as error:
            log.error("failed %s", error)
            raise
        return body


def work#(event, count=3):
    store = Store#(TABLE)
    result = []
    for index in range(count):
        key = f"{event}-{index}"
        item = store.load(key)
        if item is None:
            item = store.save(key, index * 2 + 1)
        result.append(item)
    s3.put_object(Bucket="files-MODULE", Key="work#", Body=json.dumps(result))
    total = sum(len(str(part)) for part in result)
    helper#("a", total)
    helper#("b", total + 1)
    return mNEXT.helper#("c", total)


def helper#(name, value):
    text = name + ":" + str(value)
    parts = [part.strip() for part in text.split(":") if part]
    if len(parts) > 2 or not value:
        return {"name": name, "parts": parts}
    log.debug("helper %s", text)
    return {"name": name.upper(), "value": value, "parts": tuple(parts)}
'''


def services(lines: int) -> Files:
    """Modules of 500 lines that call each other, with tables and buckets of their own."""
    count = max(2, lines // 500)
    found: Files = {"chalicelib/__init__.py": b""}
    for number in range(count):
        following = (number + 1) % count
        block = _STORE.replace("MODULE", str(number)).replace("NEXT", str(following))
        start = (
            "import json, logging, os",
            "import boto3",
            f"from chalicelib import m{following}",
            "log = logging.getLogger(__name__)",
            's3 = boto3.client("s3")',
            f'TABLE = os.environ.get("TABLE{number}", "table-{number}")',
        )
        found[f"chalicelib/m{number}.py"] = repeated(lines // count, block, start)
    called = "\n".join(f"    m{number}.work0(name)" for number in range(count))
    names = ", ".join(f"m{number}" for number in range(count))
    found["app.py"] = (
        f"{_APPLICATION}from chalicelib import {names}\n\n"
        f'\n@app.route("/{{name}}")\ndef index(name):\n{called}\n'
    ).encode()
    return found


def routes(lines: int) -> Files:
    """One module of routes that share clients, and call each other's helpers."""
    block = """

def shown#(key, limit=10):
    found = table.query(KeyConditionExpression=Key("id").eq(key), Limit=limit)["Items"]
    return [{"id": item["id"], "name": item.get("name", ""), "at": #} for item in found]


@app.route("/things#/{key}", methods=["GET", "POST"], cors=True)
def things#(key):
    request = app.current_request
    if request.method == "POST":
        body = request.json_body or {}
        table.put_item(Item={"id": key, **body})
        sns.publish(TopicArn=os.environ["TOPIC"], Message=json.dumps(body))
        return Response(body="", status_code=201)
    items = shown#(key, limit=int(request.query_params.get("limit", 10)))
    if not items:
        raise NotFoundError(f"no {key}")
    return {"items": items, "url": url_of(f"things#/{key}")}
"""
    start = (
        "import json, os",
        "import boto3",
        "from boto3.dynamodb.conditions import Key",
        "from chalice import NotFoundError, Response",
        *_APPLICATION.splitlines(),
        'table = boto3.resource("dynamodb").Table(os.environ.get("TABLE", "things"))',
        'sns, s3 = boto3.client("sns"), boto3.client("s3")',
        "def url_of(key):",
        '    return s3.generate_presigned_url("get_object", {"Bucket": "files", "Key": key})',
    )
    return {"app.py": repeated(lines, block, start)}


def models(lines: int) -> Files:
    """Data classes, enumerations and conversions, with no AWS in them at all."""
    block = '''

class Kind#(enum.Enum):
    FIRST = "first#"
    SECOND = "second#"


@dataclass(frozen=True)
class Order#:
    """An order."""

    id: str
    kind: Kind# = Kind#.FIRST
    amount: int = #
    tags: list[str] = field(default_factory=list)
    parent: Order# | None = None

    @classmethod
    def from_dict(cls, data):
        tags = [str(tag) for tag in data.get("tags", [])]
        return cls(data["id"], Kind#(data["kind"]), int(data["amount"]), tags)

    @property
    def total(self):
        return self.amount + (self.parent.total if self.parent else 0)

    def to_dict(self):
        found = {"id": self.id, "kind": self.kind.value, "amount": self.amount}
        for position, tag in enumerate(self.tags):
            found[f"tag{position}"] = tag
        return found


def parsed#(text):
    orders = [Order#.from_dict(item) for item in json.loads(text)]
    by_id = {order.id: order for order in orders}
    total = 0
    for order in orders:
        if order.total > 100 and order.id in by_id:
            total += order.total
    return sorted(by_id.values(), key=lambda order: order.total), total
'''
    start = (
        "from __future__ import annotations",
        "import enum, json",
        "from dataclasses import dataclass, field",
    )
    module = repeated(lines, block, start)
    return {"app.py": f"{_APPLICATION}import models\n".encode(), "models.py": module}


def asynchronous(lines: int) -> Files:
    """Coroutines that hand clients to each other."""
    block = """

async def fetched#(client, key, retries=3):
    for attempt in range(retries):
        try:
            found = await client.get_object(Bucket="files", Key=f"{key}/#")
        except OSError:
            await asyncio.sleep(2**attempt)
        else:
            async with found["Body"] as stream:
                return json.loads(await stream.read())
    return None


async def all#(keys):
    async with session.client("s3") as client, session.client("sqs") as queue:
        found = await asyncio.gather(*[fetched#(client, key) for key in keys])
        for item in found:
            await queue.send_message(QueueUrl=QUEUE, MessageBody=json.dumps(item))
        return {key: item for key, item in zip(keys, found)}
"""
    start = (
        "import asyncio, json",
        "import aioboto3",
        "session = aioboto3.Session()",
        'QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/done"',
    )
    return {"app.py": repeated(lines, block, start)}


def handlers(lines: int) -> Files:
    """Functions in a registry, each called with a client by whoever looks it up."""
    block = """

@registered("event#")
def on#(client, event):
    detail = event.get("detail", {})
    client.put_object(Bucket="bucket#", Key=detail.get("id", "none"), Body=b"")
    return detail
"""
    start = (
        "import boto3",
        "HANDLERS = {}",
        "def registered(name):",
        "    def decorator(function):",
        "        HANDLERS[name] = function",
        "        return function",
        "    return decorator",
    )
    end = """
def handle(event, context):
    return HANDLERS[event["name"]](boto3.client("s3"), event)
"""
    return {"app.py": repeated(lines, block, start, end)}


def own_source(lines: int) -> Files:
    """This package's own source: typed, of many modules, and nobody's example."""
    root = Path(__file__).parents[2] / "src"
    found: Files = {"app.py": b"import chalice\n"}
    for path in sorted(root.rglob("*.py")):
        found[str(path.relative_to(root))] = path.read_bytes()
        if sum(content.count(b"\n") for content in found.values()) >= lines:
            break
    return found


# --- data ----------------------------------------------------------------------------------------


def table(lines: int) -> Files:
    """One literal: rows with texts, lists and dicts in them."""
    row = "    'key#': ['a#', {'x': #, 'y': ('t', #)}],\n"
    end = "}\n\n\ndef found(key):\n    return TABLE[key][1]['y']\n"
    return {"app.py": repeated(lines, row, ("TABLE = {",), end)}


def numbers(lines: int) -> Files:
    """One literal of rows of numbers."""
    row = "    [" + ", ".join(f"#.{digit}" for digit in range(12)) + "],\n"
    end = "]\n\n\ndef weight(row, column):\n    return WEIGHTS[row][column]\n"
    return {"app.py": repeated(lines, row, ("WEIGHTS = [",), end)}


def tables(lines: int) -> Files:
    """Literals of 100 lines, each looked up by a function."""
    rows = "".join(f"    'key{row}': ('a#', {row}, None, -1.5),\n" for row in range(96))
    block = f"\nTABLE# = {{\n{rows}}}\ndef found#(key): return TABLE#[key]\n"
    return {"app.py": repeated(lines, block)}


# --- made to be hard -----------------------------------------------------------------------------


def call_diamonds(lines: int) -> Files:
    """Every function calls the next ones in two ways, with what it was given and more."""
    block = """
def step#(client, name, options):
    if name:
        found = step#+(client, name + "#", options)
    else:
        found = step#+(client, "#", {"more": options})
    client.put_object(Bucket=name, Key="#")
    return found or step#+(found, name, options)
"""
    end = """
def stepLAST(client, name, options):
    return client

step0(boto3.client("s3"), "a", {}).list_buckets()
step1(boto3.client("s3"), "b", None)
"""
    return {"app.py": repeated(lines, block, ("import boto3",), end)}


def class_diamonds(lines: int) -> Files:
    """Every class inherits from two that inherit from the same two."""
    block = """
class A#+(A#, B#):
    def g#+(self):
        return self.f()
class B#+(A#, B#):
    def h#+(self, y):
        return self.g#()
"""
    start = (
        "import boto3",
        "class A0:",
        "    def f(self): return boto3.client('s3')",
        "    def g0(self): return self.f()",
        "class B0(A0): pass",
    )
    end = "ALAST().f().get_object(Bucket='b', Key='k')\n"
    return {"app.py": repeated(lines, block, start, end)}


def factories(lines: int) -> Files:
    """Functions that return functions that return functions, in a circle."""
    block = """
def make#(inner):
    def a(x):
        def b(y):
            def c(z):
                def d(w):
                    return make#+(inner)(x)(y)(z)(w)
                return d
            return c
        return b
    return a
make#(lambda q: boto3.client('s3'))(1)(2)(3)(4)
"""
    return {"app.py": repeated(lines, block, ("import boto3",), "makeLAST = make0\n")}


def decorators(lines: int) -> Files:
    """One decorator, ten times around each function."""
    block = f"""
{"@wrapped" + chr(10) * 1}{("@wrapped" + chr(10)) * 9}def do#(x):
    return boto3.client('s3').get_object(Bucket='b#', Key=x)
do#('k')
"""
    start = (
        "import boto3",
        "def wrapped(function):",
        "    def inner(*args, **kwargs):",
        "        return function(*args, **kwargs)",
        "    return inner",
    )
    return {"app.py": repeated(lines, block, start)}


def hierarchy(lines: int) -> Files:
    """Every method is called on an object of every class, with each other."""
    block = """
class D#(Base):
    def go(self, other):
        self.v# = other
        return other.run(D#(x=self))
ALL.append(D#())
"""
    start = (
        "class Base:",
        "    def __init__(self, **kw): self.kw = kw",
        "    def run(self, other): return other.go(self)",
        "    def go(self, other): return other.run(self)",
        "ALL = []",
    )
    end = "for a in ALL:\n    for b in ALL:\n        a.run(b).run(a)\n"
    return {"app.py": repeated(lines, block, start, end)}


def recursion(lines: int) -> Files:
    """Functions that call each other in circles, with ever larger values."""
    block = """
def f#(x, y):
    if x:
        return f#+(y, (x, y))
    return f#+(x, [y, #])
"""
    end = "def fLAST(x, y): return f0(f1(y, x), {'k': x})\nf0(f1, 1)\n"
    return {"app.py": repeated(lines, block, (), end)}


def branches(lines: int) -> Files:
    """Long chains of branches on names that all of them change."""
    chain = "".join(f"    elif x == {row}:\n        d{row} = c = x\n" for row in range(100))
    block = f"\ndef f#(x):\n    c = None\n    if x: c = boto3.client('s3')\n{chain}    return c\n"
    return {"app.py": repeated(lines, block, ("import boto3",))}


SHAPES: dict[str, Callable[[int], Files]] = {
    shape.__name__: shape
    for shape in (
        services,
        routes,
        models,
        asynchronous,
        handlers,
        own_source,
        table,
        numbers,
        tables,
        call_diamonds,
        class_diamonds,
        factories,
        decorators,
        hierarchy,
        recursion,
        branches,
    )
}
