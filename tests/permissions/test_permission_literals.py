"""Tables of data are left out before there is a tree of them; all else stays as it is written."""

import ast

import pytest
from tests.permissions.asked import load

from chalice.permissions import policy_of, read, shown
from chalice.permissions.reading.literals import MOST_ENTRIES, without_tables
from chalice.permissions.reading.services import Services

SERVICES = Services(load)
MANY = 3 * MOST_ENTRIES


def lines(*parts):
    return ("\n".join(parts) + "\n").encode()


def rows(row, count=MANY):
    return [row.replace("~", str(number)) for number in range(count)]


def nodes(content):
    return sum(1 for _ in ast.walk(ast.parse(content)))


@pytest.mark.parametrize(
    "source",
    [
        lines("X = [", *rows("  ~,"), "]"),
        lines("X = [", *rows("  ~,"), "  7", "]"),
        lines("X = (", *rows("  ('a', [~, -1.5e3, {'k': None}]),  # a, comment"), ")"),
        lines("X = {", *rows("  'k~': {'a': (1, 2), \"b,\": r'\\d,'},"), "}"),
        lines("X = {", *rows("  b'~',"), "}"),
        lines("X = f(", *rows("  ~,"), ")"),
        lines("X = {'inner': {", *rows("  ~: '}, {',"), "}, 'other': g()}"),
        lines("X = [", "[", *rows("  [~, 0x1f, True],"), "],", "]"),
        lines("X = [", "  " + ", ".join(rows("~")) + ",", "]"),
        lines("X = [", *rows("  ~,"), "]").replace(b"\n", b"\r\n"),
    ],
)
def test_a_table_is_left_out_and_lines_keep_their_numbers(source):
    found = without_tables(source + b"last = 1\n")

    tree = ast.parse(found)
    assert nodes(found) < 100
    assert tree.body[-1].lineno == ast.parse(source + b"last = 1\n").body[-1].lineno


@pytest.mark.parametrize(
    "source",
    [
        b"",
        lines("X = [", *rows("  ~,", MOST_ENTRIES // 2), "]"),
        lines("X = [", *rows("  name~,"), "]"),
        lines("X = {", *rows("  '~': name,"), "}"),
        lines("X = [", *rows("  f'~',"), "]"),
        lines("def f():", '  """', *rows("  # words of a text"), '  """'),
        lines(*rows("# a, comment, with, commas")),
    ],
)
def test_what_is_no_table_of_constants_stays(source):
    assert without_tables(source) is source


def test_what_is_not_constant_in_a_table_is_found_under_any_key():
    source = lines(
        "import boto3",
        "THINGS = [",
        *rows("  ~,"),
        "  boto3.client('s3'),",
        *rows("  ~,"),
        "]",
        "THINGS[0].list_buckets()",
        "NAMES = {",
        *rows("  'k~': 'v~',"),
        "  'client': boto3.client('sqs'),",
        "}",
        "NAMES['client'].list_queues()",
    )

    reading = read({"app.py": source}, {}, SERVICES)

    assert [use.operation for use in reading.uses] == ["ListBuckets", "ListQueues"]


def test_what_is_wrong_with_a_table_is_told_of_the_text_as_it_is_written():
    source = lines("X = [", *rows("  ~,"), "]]", "y = 1")

    (problem,) = read({"app.py": source}, {}, SERVICES).problems

    assert (problem.code, problem.where) == ("policy-unreadable", f"app.py:{MANY + 2}")


def test_what_follows_any_number_of_things_may_be_anywhere():
    source = lines(
        "import boto3",
        "def f(others):",
        "  things = [*others, boto3.client('s3')]",
        "  things[3].list_buckets()",
        "f(range(3))",
    )

    reading = read({"app.py": source}, {}, SERVICES)

    assert [use.operation for use in reading.uses] == ["ListBuckets"]


def test_a_method_of_a_text_that_is_called_as_it_cannot_be_costs_nothing_else():
    source = lines(
        "import boto3",
        "def f(pair):",
        "  name = 'a-b'.replace(*pair)",
        "  other = 'a-b'.replace('a')",
        "  boto3.client('s3').get_object(Bucket=name, Key=other)",
    )

    (statement,) = policy_of(read({"app.py": source}, {}, SERVICES)).statements

    assert statement.actions == ("s3:GetObject",)
    assert list(map(shown, statement.resources)) == ["*"]


def test_a_decorator_that_many_functions_share_gives_each_its_own():
    source = lines(
        "import boto3",
        "ALL = {}",
        "def registered(function):",
        "  ALL[function.__name__] = function",
        "  return function",
        *rows(
            "@registered\ndef h~(name='b~'): boto3.client('s3').get_object(Bucket=name, Key='k')",
            60,
        ),
        "def handler(event, context):",
        "  h7('seven')",
    )

    reading = read({"app.py": source}, {}, SERVICES)

    (used,) = [use for use in reading.uses if use.node.lineno == 7 + 2 * 7]
    assert "seven" in dict(used.params)["Bucket"]
    assert not any("seven" in dict(use.params)["Bucket"] for use in reading.uses if use is not used)
