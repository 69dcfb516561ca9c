"""Texts that programs put together, held against what Python makes of the same expressions."""

import datetime as dt
import os
import string
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import pytest
from tests.permissions.asked import load

from chalice.permissions import policy_of, read, shown
from chalice.permissions.reading.services import Services

# Models are read once for all programs.
SERVICES = Services(load)

NAMES = {
    "PurePosixPath": PurePosixPath,
    "Template": string.Template,
    "os": os,
    "urlsplit": urlsplit,
    "when": dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC),
}

KNOWN = [
    '"a/%s/%d" % ("b", 7)',
    '"%05d|%x|%+d|%-4s|%4s|%%" % (7, 255, 3, "a", "b")',
    '"%(a)s/%(b)03d" % {"a": "x", "b": 4}',
    '"%s" % "one"',
    '"%r" % "one"',
    '"{}/{}".format("a", 3)',
    '"{1}/{0}/{name:>4}".format("a", "b", name="c")',
    '"{0:04d}/{0!s}/{1!r}".format(12, "q")',
    '"{{}}/{a[k]}/{b[0]}".format(a={"k": "v"}, b=("w",))',
    '"{a}/{b}".format(**{"a": "x", "b": "y"})',
    '"{a}-{b:02}".format_map({"a": "x", "b": 5})',
    "f\"{3:05d}/{255:x}/{'a':>3}/{'b'!s}\"",
    'Template("$a/${b}c/$$").substitute(a="x", b="y")',
    'Template("$a/$b").safe_substitute({"a": "x"}, b=2)',
    'os.path.join("a", "b/", "c")',
    'os.path.join("", "b")',
    'os.path.join("a", "/b")',
    '"/".join(["a", "b", "c"])',
    'format(7, "03d")',
    'str(PurePosixPath("a") / "b" / "c")',
    '"/A/b/".strip("/").lower()',
    '"in/a.csv".replace("in/", "out/").removesuffix(".csv")',
    '"prefix-name"[7:] + "abc"[-1] + "abcdef"[1:5:2]',
    '"/".join("a/b/c/d".split("/")[1:3])',
    'urlsplit("s3://bucket/k/e.y?v=1").path',
]

UNKNOWN = [
    '"a/%s/%d/b" % (x, y)',
    '"a/%05d.%s" % (y, "json")',
    '"%(a)s/mid/%(b)s" % {"a": x, "b": "z"}',
    '"in/%s/%s" % pair',
    '"%(x)s/%(y)s/end" % mapping',
    '(x + "/%s/%s") % ("a", "b")',
    '"{}/a/{}".format(x, y)',
    '"{0}/{1:04d}/z".format(x, y)',
    '"{0:{1}}/z".format(x, 5)',
    '"{p[0]}/{p[1]}/z".format(p=pair)',
    '"{x}/b/{y}".format(**mapping)',
    '"{x}/c".format_map(mapping)',
    '(x + "/{}").format("a")',
    'f"a/{x}/{y:03d}/{x!r}"',
    'Template("a/$x/${y}.json").substitute(mapping)',
    'Template("a/$x/${y}.json").substitute(x=x, y=y)',
    'os.path.join("a", x, "b")',
    'os.path.join(x, "b")',
    '"a/%s" % (x,)',
    'str(PurePosixPath("a") / x / "b")',
    'str(PurePosixPath(x, "b"))',
    'f"/in/{x}/Data/".strip("/")',
    'f"RAW/{x}.CSV".lower()',
    'f"in/{x}/b".removeprefix("in/")',
    'f"in/{x}/b".removesuffix("/b") + "/c"',
    'f"a/{x}/".rstrip("/") + "/z"',
    'f"/{x}/b".lstrip("/") + "z"',
    'f"s3://b/{x}".replace("s3://", "") + "/c"',
    'f"a{x}b".replace("ab", "c") + "z"',
    'f"{x}/y/".removeprefix("a/") + "z"',
    'f"a-{x}-b".title() + "z"',
    '"z/" + f"a/{x}"[:3]',
    'urlsplit(f"s3://b/k/{x}").path',
    'f"{when:%Y/%m}/{x}"',
    'when.strftime("%Y-%m/%d") + "/x"',
    'f"{when:%H}:{y:.2%}/z"',
    '"/".join(f"a/{x}".split("/")) + "z"',
    '"a" + f"z/{x}".partition("/")[2]',
]

ANSWERS = [("q", 3), ("", 0), ("a/b", -12), ("ends/", 100_000)]


def pattern(expression):
    """Return what may be the key of an object that a program gets by *expression*."""
    source = f"""
import os
from pathlib import PurePosixPath
from string import Template
from urllib.parse import urlsplit
import boto3
s3 = boto3.client("s3")
def handler(x, y, pair, mapping, when):
    s3.get_object(Bucket="b", Key={expression})
"""
    policy = policy_of(read({"app.py": source.encode()}, {}, SERVICES))
    assert not policy.problems
    ((resource,),) = ([shown(item) for item in found.resources] for found in policy.statements)
    return resource.removeprefix("arn:${AWS::Partition}:s3:::b/")


@pytest.mark.parametrize("expression", KNOWN)
def test_a_text_of_known_parts_is_what_python_makes_of_it(expression):
    assert pattern(expression) == eval(expression, dict(NAMES))


@pytest.mark.parametrize("expression", UNKNOWN)
@pytest.mark.parametrize(("x", "y"), ANSWERS)
def test_a_text_with_parts_that_are_not_known_is_among_what_is_granted(expression, x, y):
    given = {**NAMES, "x": x, "y": y, "pair": (x, y), "mapping": {"x": x, "y": y}}
    made = eval(expression, given)

    granted = pattern(expression)

    assert fnmatchcase(made, granted)
    assert len(granted.replace("*", "")) >= 1


@pytest.mark.parametrize("spec", ["{:999999999}", "{:.999999999f}", "%999999999d", "%.999999999f"])
def test_a_width_that_no_name_has_is_not_written_out(spec):
    expression = f'"{spec}" % 1' if spec.startswith("%") else f'"{spec}".format(1)'

    assert pattern(expression) == "*"
