"""Programs that are made to be hard to read: the work is bounded, and what is left out is told."""

import functools
import re

import botocore.session
import pytest
from tests.permissions.asked import load

from chalice.permissions import functions, policy_of, read, reasons
from chalice.permissions.reading.engine import MOST_STEPS_AT_LEAST, STEPS_EACH
from chalice.permissions.reading.services import Services, python_name

SERVICES = Services(load)

# What has never been read is read once more after the budget is spent: a pass over the text, in
# which an attribute is looked for in so many bases.
OVER = 3


def reading_of(source):
    return read({"app.py": source.encode()}, {}, SERVICES)


def lines(*parts):
    return "\n".join(parts) + "\n"


def each(count, line, *more):
    return "\n".join(
        one.replace("#+", str(i + 1)).replace("#", str(i))
        for i in range(count)
        for one in (line, *more)
    )


IMPORT = "import boto3"


def deep_classes():
    return lines(
        IMPORT,
        "class C0:",
        "  def __init__(self, x=None): self.x, self.c = x, boto3.client('s3')",
        "  def m0(self): return self.c",
        each(
            400,
            "class C#+(C#):",
            "  def m#+(self): return self.m#()",
            "  def n(self):",
            "    self.x = C#+(self)",
            "    return super().n()",
        ),
        "C400().m400().get_object(Bucket='b', Key='k')",
    )


def diamonds():
    return lines(
        IMPORT,
        "class A0:",
        "  def f(self): return boto3.client('s3')",
        "class B0(A0): pass",
        each(
            150,
            "class A#+(A#, B#):",
            "  def g#+(self): return self.f()",
            "class B#+(A#, B#):",
            "  def h#+(self, y): return self.g#+()",
        ),
    )


def wide_hierarchy():
    """Every method is called on an object of every class."""
    return lines(
        IMPORT,
        "class Base:",
        "  def __init__(self, **kw): self.kw = kw",
        "  def run(self, other): return other.go(self)",
        "  def go(self, other): return other.run(self)",
        each(
            400,
            "class D#(Base):",
            "  def go(self, other):",
            "    self.v# = other",
            "    return other.run(D#(x=self))",
        ),
        "ALL = [",
        each(400, "  D#(),"),
        "]",
        "for a in ALL:",
        "  for b in ALL:",
        "    a.run(b).run(a)",
    )


def mutual_recursion():
    return lines(
        each(
            500,
            "def f#(x, y):",
            "  if x: return f#+(y, (x, y))",
            "  return f#+(x, [y, #])",
        ),
        "def f500(x, y): return f0(f1(y, x), {'k': x})",
        "f0(f1, 1)",
    )


def factories():
    return lines(
        IMPORT,
        each(
            100,
            "def make#(inner):",
            "  def a(x):",
            "    def b(y):",
            "      def c(z): return make#+(inner)(x)(y)(z)",
            "      return c",
            "    return b",
            "  return a",
        ),
        "make100 = make0",
        each(100, "make#(lambda q: boto3.client('s3'))(1)(2)(3)"),
    )


def nested_loops():
    inside = "".join(
        f"{' ' * (d + 1)}for x{d} in a:\n{' ' * (d + 2)}a = [x{d}, a]\n" for d in range(18)
    )
    return "".join(f"def f{i}(a):\n{inside}" for i in range(40))


def growing_values():
    return lines(
        "def f(x): return f((x, [x], {'k': x}))",
        "f(())",
        "x = ()",
        each(300, "x = (x, x, [x], {'a': x})"),
        "while x: x = (x,); y = x.next; x = y",
    )


def one_long_chain_of_branches():
    return lines("def f(x):", "  if x: c = 1", each(2000, "  elif x == #:", "    d# = c = x"))


ADVERSARIES = [
    deep_classes,
    diamonds,
    wide_hierarchy,
    mutual_recursion,
    factories,
    nested_loops,
    growing_values,
    one_long_chain_of_branches,
]


@pytest.mark.parametrize("program", ADVERSARIES, ids=lambda program: program.__name__)
def test_the_steps_of_a_reading_are_in_proportion_to_the_text(program):
    source = program()

    reading = reading_of(source)

    budget = max(MOST_STEPS_AT_LEAST, STEPS_EACH * len(source))
    assert reading.engine.steps < OVER * budget


def test_values_are_bounded():
    reading = reading_of(wide_hierarchy())

    assert max(map(len, reading.engine.values())) <= 256


def test_what_was_followed_only_so_far_is_told_with_its_place():
    reading = reading_of(mutual_recursion())

    (problem,) = [item for item in reading.problems if item.code == "policy-bounded"]
    name, line = re.match(r"`f(\d+)` and \d+ others", problem.summary), problem.where
    assert name is not None
    assert line == f"app.py:{1 + 3 * int(name[1])}"


def test_what_a_class_has_from_too_far_away_is_told_where_it_is_called():
    reading = reading_of(deep_classes())

    assert [item.code for item in reading.problems] == [
        "policy-bounded",
        "policy-bounded",
        "policy-not-followed",
    ]
    assert reading.problems[-1].summary.startswith("`get_object` may be an operation of AWS")


MAKER = "import boto3\ndef client(name):\n  return boto3.client(name)\n"

CHAINED = """
class S#+(S#):
  def __init__(self, name=None):
    super().__init__()
    self.client = client("SERVICE")
    self.cache = {}
  def run(self, key):
    self.cache[key] = [x for x in self.client.OPERATION(Key=key) or () if x]
    for item in self.cache[key]:
      value = h#(str(item))
      self.cache[value] = {**{'a': 1}, "b": item}
    return self.cache
def h#+(key, *args, **kwargs):
  first = S#+().run(key)
  return client("SERVICE").OPERATION(Key=key) or first
"""

#: How the chain begins.
FIRST = "class S0:\n  def __init__(self): self.cache = {}\ndef h0(key): return key\n"


CALLED = (("sqs", "send_message"), ("sns", "publish"), ("kms", "decrypt"))


def chained(at, text):
    """Classes that are below another one, and call what that calls, on the client of a service."""
    service, operation = CALLED[at % 3]
    return text.replace("SERVICE", service).replace("OPERATION", operation)


def test_a_helper_that_makes_clients_is_told_apart_to_the_end_of_the_budget():
    beside = CHAINED.replace("S#)", "Prev)").replace("h#(s", "prev(s")
    files = {"m0.py": FIRST.replace("S0", "S0x1").replace("h0", "h0x1")}
    for at in range(1, 20):
        before = f"from m{at - 1} import S{at - 1}x1 as Prev, h{at - 1}x1 as prev\n"
        own = (chained(at + i, beside.replace("#+", f"{at}x{i}")) for i in range(8))
        files[f"m{at}.py"] = MAKER + before + "".join(own)

    reading = read({path: text.encode() for path, text in files.items()}, {}, SERVICES)

    assert reading.engine.is_spent
    assert len({use.node for use in reading.uses}) == 19 * 8 * 2


def test_what_was_followed_only_so_far_is_no_operation_that_is_not_there():
    chain = (
        chained(at, CHAINED.replace("#+", str(at + 1)).replace("#", str(at))) for at in range(80)
    )
    source = MAKER + FIRST + "".join(chain)

    reading = reading_of(source)

    assert reading.engine.is_spent
    assert {item.code for item in reading.problems} == {"policy-bounded", "policy-not-followed"}


def test_a_client_that_is_given_to_one_of_very_many_functions_is_one_that_each_may_have():
    source = lines(
        IMPORT,
        "H = {}",
        "def reg(f):",
        "  H[f.__name__] = f",
        "  return f",
        each(300, "@reg", "def h#(client): client.get_object(Bucket='b#', Key='k')"),
        "def run(name): H[name](boto3.client('s3'))",
    )

    reading = reading_of(source)

    buckets = {resource for item in policy_of(reading).statements for resource in item.resources}
    assert len(buckets) == 300
    assert [problem.code for problem in reading.problems] == ["policy-bounded"]


def test_a_dict_of_very_many_clients_gives_them_all():
    names = ("s3", "sqs", "sns", "kms", "ssm")
    source = lines(
        IMPORT,
        "D = {",
        *(f"  'k{i}': boto3.client('{names[i % 5]}')," for i in range(40)),
        "}",
        "for c in D.values():",
        "  c.list_queues()",
    )

    reading = reading_of(source)

    assert [use.operation for use in reading.uses] == ["ListQueues"]


def test_a_call_on_something_unknown_that_looks_like_aws_is_told():
    source = lines(
        "def save(table, thing, other):",
        "  table.put_item(Item={})",
        "  thing.put_item(item={})",
        "  other.frobnicate(Item={})",
        "  other.upload_file('a', 'b', 'c')",
    )

    reading = reading_of(source)

    assert [(item.code, item.where) for item in reading.problems] == [
        ("policy-not-followed", "app.py:2"),
        ("policy-not-followed", "app.py:5"),
    ]


def test_code_that_is_nested_too_deeply_costs_its_statement_and_no_other():
    source = lines(
        IMPORT,
        "x = y" + ".a()" * 4000,
        "boto3.client('s3').list_buckets()",
    )

    reading = reading_of(source)

    assert [(item.code, item.where) for item in reading.problems] == [
        ("policy-too-deep", "app.py:2")
    ]
    assert [use.operation for use in reading.uses] == ["ListBuckets"]


def test_star_imports_in_a_circle_see_each_others_names():
    files = {
        "app.py": b"from a import *\nclient.list_buckets()\n",
        "a.py": b"from b import *\nimport boto3\n",
        "b.py": b"from a import *\nclient = boto3.client('s3')\n",
    }

    reading = read(files, {}, SERVICES)

    assert [use.operation for use in reading.uses] == ["ListBuckets"]


def test_a_function_of_a_long_registry_is_still_one_of_its_own():
    source = lines(
        IMPORT,
        "from chalice import Chalice",
        "app = Chalice(app_name='x')",
        each(
            60,
            "@app.lambda_function()",
            "def h#(event, context): boto3.client('s3').list_buckets()",
        ),
    )

    assert len(functions(reading_of(source))) == 60


def test_a_long_expression_is_shown_in_part():
    source = lines(
        IMPORT, "boto3.client('s3').list_objects_v2(Bucket=" + " + ".join(["'a'"] * 1500) + ")"
    )

    (statement,) = policy_of(reading_of(source)).statements

    (why,) = reasons(statement)["s3:ListBucket"]
    assert why.where == "app.py:2"
    assert len(why.expression) <= 100


def test_an_annotation_says_what_a_call_is_about():
    source = lines(
        "from mypy_boto3_s3 import S3Client",
        "def save(client: S3Client, other: 'S3Client', unknown):",
        "  client.get_object(Bucket='a', Key='k')",
        "  other.put_object(Bucket='a', Key='k')",
        "  unknown.delete_object(Bucket='a', Key='k')",
    )

    reading = reading_of(source)

    assert [use.operation for use in reading.uses] == ["GetObject", "PutObject"]
    assert [item.where for item in reading.problems] == ["app.py:5"]


def test_an_initializer_may_name_nothing():
    source = lines(
        IMPORT,
        "class Store:",
        "  def __init__(*args, **kwargs): args[0].client = boto3.client('s3')",
        "  def names(self): return boto3.client('s3').list_buckets()",
    )

    assert [use.operation for use in reading_of(source).uses] == ["ListBuckets"]


def test_what_is_written_in_a_call_stays_known_where_its_body_is_followed_only_so_far():
    count = 300
    bodies = [
        line
        for at in range(count)
        for line in (
            f"def f{at}(a, b=None, *args, **kw):",
            f"  d = {{'a': b, 'b': [x for x in b if x], 'c': a, 'n{at}': [a]}}",
            f"  for k in a: f{(at * 7 + 1) % count}(d[k], d, *args, **kw)",
            f"  boto3.client('sqs').send_message(QueueUrl=URL + 'q{at}', MessageBody=a)",
            f"  return [f{(at * 5 + 2) % count}(x, b=a) for x in a] or d",
        )
    ]
    source = lines(
        IMPORT, "URL = 'https://sqs.us-east-1.amazonaws.com/123456789012/'", *bodies, "f0([], {})"
    )

    reading = reading_of(source)

    assert "policy-bounded" in {item.code for item in reading.problems}
    (statement,) = policy_of(reading).statements
    assert {item.rpartition(":")[2] for item in statement.resources} == {
        f"q{at}" for at in range(count)
    }


# --- helpers that make clients -----------------------------------------------------------------

MAKERS = {
    "a function": "def c(name):\n    return boto3.client(name)\n",
    "a cache": (
        "MADE = {}\ndef c(name):\n    if name not in MADE:\n"
        "        MADE[name] = boto3.client(name)\n    return MADE[name]\n"
    ),
    "two functions": (
        "def made(name, region=None):\n    return boto3.client(name, region_name=region)\n"
        "def c(name):\n    return made(name)\n"
    ),
    "a class": (
        "class Clients:\n    def __init__(self):\n        self.session = boto3.Session()\n"
        "    def get(self, name):\n        return self.session.client(name)\n"
        "clients = Clients()\ndef c(name):\n    return clients.get(name)\n"
    ),
}


@functools.cache
def one_call_each(count):
    """Return *count* services, each with an operation that is asked for."""
    services = Services(load)
    found = []
    for name in botocore.session.Session().get_available_services():
        known = services.get(name)
        listed = [item for item in sorted(known.inputs) if item.startswith("List")]
        found += [(name, python_name(listed[0]))] if listed else []
        if len(found) == count:
            break
    return found


def statements(policy):
    return [(statement.actions, statement.resources) for statement in policy.statements]


@pytest.mark.parametrize("maker", MAKERS)
def test_a_helper_that_makes_clients_is_told_apart_for_64_services(maker):
    calls = one_call_each(64)
    plain = "".join(f"boto3.client({name!r}).{method}()\n" for name, method in calls)
    helped = "".join(f"c({name!r}).{method}()\n" for name, method in calls)

    wanted, found = (
        policy_of(read({"app.py": f"import boto3\n{text}".encode()}, {}, Services(load)))
        for text in (plain, MAKERS[maker] + helped)
    )

    assert len(calls) == 64
    assert statements(found) == statements(wanted)
    assert [item.code for item in found.problems] == [item.code for item in wanted.problems]
