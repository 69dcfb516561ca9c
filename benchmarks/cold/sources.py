"""The applications whose cold start is measured, as source that both packages take."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

BARE = """\
def app(event, context):
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": "{}"}
"""

HELLO = """\
from chalice import Chalice

app = Chalice(app_name="hello")


@app.route("/")
def index():
    return {"hello": "world"}
"""

# The large application: so many modules of its own, each with so many functions and classes. With
# what stands around them that is a little over 15,000 lines.
MODULES = 60
PIECES = 14

_PIECE = '''\

class Item{n}:
    """One item of kind {n} in the inventory of area {area}."""

    kind = "item-{n}"

    def __init__(self, name, price, tags=()):
        self.name = name
        self.price = price
        self.tags = list(tags)


def total_{n}(items, discount=0):
    """Return the price of *items* in cents after *discount* percent."""
    prices = [item.price for item in items if "free" not in item.tags]
    return sum(prices) * (100 - discount) // 100
'''


def write(folder: Path, name: str) -> None:
    """Write the project *name*, `bare`, `hello` or `large`, into *folder*."""
    settings = folder / ".chalice"
    settings.mkdir(parents=True)
    (settings / "config.json").write_text(
        json.dumps({"version": "2.0", "app_name": name, "stages": {"dev": {}}}), encoding="utf-8"
    )
    (folder / "requirements.txt").write_text("", encoding="utf-8")
    (folder / "app.py").write_text({"bare": BARE, "hello": HELLO, "large": _large()}[name], "utf-8")
    if name == "large":
        library = folder / "chalicelib"
        library.mkdir()
        (library / "__init__.py").write_text("", encoding="utf-8")
        for area in range(MODULES):
            (library / f"area{area}.py").write_text(_module(area), encoding="utf-8")


def _large() -> str:
    imports = [f"from chalicelib import area{area}" for area in range(MODULES)]
    routes = [
        f'\n\n@app.route("/area{area}/{{name}}")\ndef show_{area}(name):\n'
        f"    return area{area}.describe(name)"
        for area in range(MODULES)
    ]
    return "\n".join((*imports, "", HELLO, *routes)) + "\n"


def _module(area: int) -> str:
    head = f'"""Area {area}."""\n\nimport json\nimport re\n\nNAME = re.compile("[a-z]+")\n'
    pieces = (_PIECE.format(n=number, area=area) for number in range(PIECES))
    tail = (
        "\n\ndef describe(name):\n"
        '    """Return what is known of *name*."""\n'
        f'    return {{"name": name, "area": {area}, "known": bool(NAME.match(name))}}\n'
    )
    return head + "\n".join(pieces) + tail
