"""What a plan looks like: in a log, on terminals of several widths, and in colour."""

import io

import pytest

from chalice.cli.console import Console
from chalice.deploy.grants import Compared, Granted
from chalice.deploy.plan import Item, Plan

FUNCTION, API = "AWS::Lambda::Function", "AWS::ApiGateway::RestApi"

PLAN = Plan(
    "shop-dev",
    (
        Item("delete", "function", "Old", FUNCTION),
        Item("replace", "queue", "Orders", "AWS::SQS::Queue", ("QueueName: a -> b",), where="m:2"),
        Item("change", "API", "RestAPI", API, ("+ GET /a", "- GET /b"), where="app.py:3"),
        Item("add", "API deployment", "RestAPIDeployment468e3647e9", "AWS::ApiGateway::Deployment"),
        Item("retain", "log group", "Logs", "AWS::Logs::LogGroup"),
    ),
)

IN_A_LOG = """\
- function Old                                          AWS::Lambda::Function
± queue Orders                                m:2       AWS::SQS::Queue
    QueueName: a -> b
~ API RestAPI                                 app.py:3  AWS::ApiGateway::RestApi
    + GET /a
    - GET /b
+ API deployment RestAPIDeployment468e3647e9            AWS::ApiGateway::Deployment
o log group Logs                                        AWS::Logs::LogGroup
1 to add, 1 to change, 1 to replace, 1 to delete
"""


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("as_data", [True, False])
def test_a_plan_has_a_line_for_each_resource_and_columns(as_data):
    out, err = io.StringIO(), io.StringIO()

    Console(out, err, {}).plan(PLAN, as_data=as_data)

    assert (out if as_data else err).getvalue() == IN_A_LOG
    assert not (err if as_data else out).getvalue()


@pytest.mark.parametrize(("files", "counted"), [(1, "1 file"), (3, "3 files")])
def test_files_that_would_be_deleted_have_a_line(files, counted):
    out = io.StringIO()

    Console(out, io.StringIO(), {}).plan(Plan("s", (), files=files, bucket="b"), as_data=True)

    assert out.getvalue() == f"- {counted} of the bucket `b`, packages and templates\n"


def test_where_lines_would_wrap_types_are_told_in_short():
    out = Terminal()

    Console(out, io.StringIO(), {"NO_COLOR": "1"}).plan(PLAN, as_data=True)

    assert out.getvalue() == IN_A_LOG.replace("AWS::", "")
    assert max(map(len, out.getvalue().splitlines())) <= 80


def test_on_a_terminal_signs_have_colours():
    out = Terminal()

    Console(out, io.StringIO(), {}).plan(PLAN, as_data=True)

    assert "\x1b[31;1m-\x1b[0m function" in out.getvalue()
    assert "    \x1b[32m+\x1b[0m GET /a\n" in out.getvalue()
    assert "    QueueName: a -> b\n" in out.getvalue()


def test_columns_that_nothing_stands_in_are_left_out():
    out = io.StringIO()

    Console(out, io.StringIO(), {}).plan(Plan("s", PLAN.items[:1]), as_data=True)

    assert out.getvalue().startswith("- function Old  AWS::Lambda::Function\n")


PERMISSIONS = Compared(
    (
        Granted("R", "s3:GetObject", "arn:aws:s3:::b/*", where="app.py:3"),
        Granted("R", "s3:PutObject", "arn:aws:s3:::b/*", where="app.py:3"),
        Granted("R", "sns:Publish", "*", condition='{"Bool": {"a": "true"}}'),
        Granted("R", "sqs:*", "*", allows=False),
    ),
    (Granted("R\x1b", "sqs:SendMessage", "Queue.Arn"), Granted("R", "s3:*", "*", allows=False)),
)

TOLD = """
Permissions gained
+ R: s3:GetObject, s3:PutObject on arn:aws:s3:::b/*  app.py:3
+ R: sns:Publish on * if {"Bool": {"a": "true"}}
+ R: sqs:* on *, which is denied no more

Permissions lost
- R\\x1b: sqs:SendMessage on Queue.Arn
- R: s3:* on *, which is denied
"""


def test_what_roles_gain_and_lose_has_sections_of_its_own():
    out = io.StringIO()

    Console(out, io.StringIO(), {}).plan(
        Plan("s", PLAN.items[:1], permissions=PERMISSIONS), as_data=True
    )

    assert out.getvalue().endswith(f" to delete\n{TOLD}")


def test_a_plan_without_changes_says_so():
    out = io.StringIO()

    Console(out, io.StringIO(), {}).plan(Plan("s", ()), as_data=True)

    assert out.getvalue() == "Nothing would change\n"


def test_what_passes_never_wraps():
    err = Terminal()

    Console(io.StringIO(), err, {}).passing("x" * 200)

    assert err.getvalue() == "\r\x1b[K" + "x" * 79
