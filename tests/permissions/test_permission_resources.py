import pytest

from chalice.permissions import policy_of, read, shown
from chalice.permissions.services import Services

SERVICES = Services()

ARN = "arn:${AWS::Partition}"
HERE = "${AWS::Region}:${AWS::AccountId}"


def found_in(source, environ=None):
    """Return the actions of a program with their resources, and the codes of its problems."""
    text = f"import boto3, os\n{source}\n"
    policy = policy_of(read({"app.py": text.encode()}, environ or {}, SERVICES))
    found = {}
    for statement in policy.statements:
        for action in statement.actions:
            found.setdefault(action, []).extend(map(shown, statement.resources))
    allowed = {action: sorted(resources) for action, resources in found.items()}
    return allowed, [problem.code for problem in policy.problems]


def allowed(source, environ=None):
    found, problems = found_in(source, environ)
    assert problems == []
    return found


# --- log groups --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("filter_log_events(logGroupName='/app')", {"logs:FilterLogEvents": "/app:*"}),
        ("put_retention_policy(logGroupName='/app')", {"logs:PutRetentionPolicy": "/app:*"}),
        ("start_query(logGroupNames=['/app'])", {"logs:StartQuery": "/app:*"}),
        (
            "start_query(logGroupIdentifiers=['arn:aws:logs:eu-west-1:123456789012:log-group:/a'])",
            {"logs:StartQuery": "arn:aws:logs:eu-west-1:123456789012:log-group:/a:*"},
        ),
        (
            "filter_log_events(logGroupIdentifier='/app')",
            {"logs:FilterLogEvents": "/app:*"},
        ),
        (
            "get_log_events(logGroupName='/app', logStreamName='s')",
            {"logs:GetLogEvents": "/app:log-stream:s"},
        ),
        (
            "tag_resource(resourceArn='arn:aws:logs:eu-west-1:123456789012:log-group:/a', tags={})",
            {"logs:TagResource": "arn:aws:logs:eu-west-1:123456789012:log-group:/a"},
        ),
    ],
)
def test_a_log_group_is_named_as_its_actions_ask_for_it(call, expected):
    found = allowed(f"boto3.client('logs').{call}")

    start = f"{ARN}:logs:{HERE}:log-group:"
    assert found == {
        action: [name if name.startswith("arn:") else start + name]
        for action, name in expected.items()
    }


# --- functions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("FunctionName='x', Qualifier='live'", ["x:live"]),
        ("FunctionName='x:live'", ["x:live"]),
        ("FunctionName=f\"x-{os.environ['AWS_REGION']}\", Qualifier='a'", ["x-${AWS::Region}:a"]),
        ("FunctionName='x', **({'Qualifier': 'live'} if os.getpid() else {})", ["x", "x:live"]),
        ("FunctionName='x', **{'Qualifier': 'live'}", ["x:live"]),
    ],
)
def test_a_version_or_alias_of_a_function_is_a_resource_of_its_own(given, expected):
    found = allowed(f"boto3.client('lambda').invoke({given})")

    start = f"{ARN}:lambda:{HERE}:function:"
    assert found == {"lambda:InvokeFunction": [start + name for name in expected]}


def test_a_function_of_another_account_is_named_with_it():
    found = allowed("boto3.client('lambda').invoke(FunctionName='123456789012:function:x')")

    assert found == {
        "lambda:InvokeFunction": [f"{ARN}:lambda:${{AWS::Region}}:123456789012:function:x"]
    }
