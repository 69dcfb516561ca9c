import ast

import pytest
from tests.permissions.asked import allowed as allowed_by
from tests.permissions.asked import codes, load, policy_for

from chalice.iam import Question, Verdict, evaluate, parse
from chalice.permissions import policy_of, read, shown
from chalice.permissions.granting.needs import needs
from chalice.permissions.granting.resources.gateways import ENDPOINT
from chalice.permissions.reading.services import Services
from chalice.permissions.reading.values import HOLE, Use, pseudo

SERVICES = Services(load)

ARN = "arn:${AWS::Partition}"
HERE = "${AWS::Region}:${AWS::AccountId}"
STREAM = "arn:aws:kinesis:eu-west-1:123456789012:stream/s"


def found_in(source, environ=None):
    """Return the actions of a program with their resources, and the codes of its problems."""
    policy = policy_for(source, environ)
    return allowed_by(policy), codes(policy.problems)


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


# --- names that others have, too ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "action", "resource"),
    [
        (
            "'scheduler').create_schedule_group(Name='g')",
            "scheduler:CreateScheduleGroup",
            f"{ARN}:scheduler:{HERE}:schedule-group/g",
        ),
        (
            "'scheduler').get_schedule(Name='s', GroupName='g')",
            "scheduler:GetSchedule",
            f"{ARN}:scheduler:{HERE}:schedule/g/s",
        ),
        (
            f"'kinesis').describe_stream_consumer(StreamARN='{STREAM}', ConsumerName='c')",
            "kinesis:DescribeStreamConsumer",
            f"{STREAM}/consumer/c:*",
        ),
        (
            f"'kinesis').describe_stream_consumer(ConsumerARN='{STREAM}/consumer/c:1')",
            "kinesis:DescribeStreamConsumer",
            f"{STREAM}/consumer/c:1",
        ),
        (
            f"'kinesis').register_stream_consumer(StreamARN='{STREAM}', ConsumerName='c')",
            "kinesis:RegisterStreamConsumer",
            STREAM,
        ),
    ],
)
def test_what_a_call_is_about_is_told_from_what_only_bears_a_name(call, action, resource):
    assert allowed(f"boto3.client({call}") == {action: [resource]}


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


# --- what CloudFormation knows -----------------------------------------------------------------

REGION = "os.environ['AWS_REGION']"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (f"'/' + {REGION} + '/db'", ["${AWS::Region}/db"]),
        (f"'/' + {REGION} + '/db:3'", ["${AWS::Region}/db"]),
        ("'/prod/db:label'", ["prod/db"]),
    ],
)
def test_a_parameter_is_named_without_its_version(name, expected):
    found = allowed(f"boto3.client('ssm').get_parameter(Name={name})")

    assert found == {"ssm:GetParameter": [f"{ARN}:ssm:{HERE}:parameter/{expected[0]}"]}


@pytest.mark.parametrize(
    "expression",
    [
        "region.upper()",
        "region.replace('-', '')",
        "region.split('-')[0]",
        "region.split('-')[1]",
        "region.partition('-')[0]",
        "'us-east-1'.removeprefix(region)",
    ],
)
def test_a_part_of_a_region_is_not_known(expression):
    source = (
        f"region = {REGION}\nboto3.client('s3').get_object(Bucket='b-' + {expression}, Key='k')"
    )

    assert allowed(source) == {"s3:GetObject": [f"{ARN}:s3:::b-*/k"]}


@pytest.mark.parametrize(
    ("part", "expected"), [("split(':')[3]", "${AWS::Region}"), ("split(':')[-1]", "files")]
)
def test_a_part_of_an_arn_is_known(part, expected):
    source = f"arn = 'arn:aws:sns:' + {REGION} + ':123456789012:files'"
    source += f"\nboto3.client('s3').get_object(Bucket=arn.{part}, Key='k')"

    assert allowed(source) == {"s3:GetObject": [f"{ARN}:s3:::{expected}/k"]}


def test_what_is_around_a_region_may_be_joined_with_it():
    source = f"boto3.client('s3').get_object(Bucket='-'.join(['b', {REGION}]), Key='k')"

    assert allowed(source) == {"s3:GetObject": [f"{ARN}:s3:::b-${{AWS::Region}}/k"]}


# --- regions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "for r in 'a-1 b-1 c-1 d-1 e-1 f-1 g-1 h-1 i-1'.split(' '): {sqs}region_name=r).{call}",
        "def f(event): {sqs}region_name=event['r']).{call}",
        "def f(event): boto3.Session(region_name=event['r']).client('sqs').{call}",
        "def f(config): {sqs}config=config).{call}",
        "boto3.setup_default_session(region_name='eu-west-1')\nboto3.client('sqs').{call}",
        "from botocore.config import Config\ndef f(kw): {sqs}config=Config(**kw)).{call}",
    ],
)
def test_a_region_that_is_not_one_text_may_be_any(source):
    call = "get_queue_url(QueueName='q')"

    found = allowed(source.format(sqs="boto3.client('sqs', ", call=call))

    assert found == {"sqs:GetQueueUrl": [f"{ARN}:sqs:*:${{AWS::AccountId}}:q"]}


@pytest.mark.parametrize(
    ("source", "regions"),
    [
        ("for r in ('us-east-1', 'eu-west-1'): {sqs}region_name=r).{call}", "eu-west-1 us-east-1"),
        (
            "for c in [{sqs}region_name='eu-west-1'), {sqs}region_name='us-east-1')]: c.{call}",
            "eu-west-1 us-east-1",
        ),
        (
            "for c in [{sqs}region_name='eu-west-1'), boto3.client('sqs')]: c.{call}",
            "${{AWS::Region}} eu-west-1",
        ),
        (
            "kw = {{}}\nif os.getenv('R'): kw['region_name'] = 'eu-west-1'\n{sqs}**kw).{call}",
            "${{AWS::Region}} eu-west-1",
        ),
        ("class S: pass\ns = S()\nvars(s).update(r='a-1')\n{sqs}region_name=s.r).{call}", "a-1"),
        (
            (
                "from botocore.config import Config as C\nkw = {{}}\n"
                "if os.getenv('R'): kw['region_name'] = 'a-1'\n{sqs}config=C(**kw)).{call}"
            ),
            "${{AWS::Region}} a-1",
        ),
        ("names = ['r%d' % n for n in range(9)]\n{sqs}region_name=names[0]).{call}", "*"),
    ],
)
def test_regions_that_are_known_are_each_granted(source, regions):
    call = "get_queue_url(QueueName='q')"

    found = allowed(source.format(sqs="boto3.client('sqs', ", call=call))

    expected = [f"{ARN}:sqs:{region}:${{AWS::AccountId}}:q" for region in regions.format().split()]
    assert found == {"sqs:GetQueueUrl": expected}


@pytest.mark.parametrize(
    ("given", "region"),
    [
        ("region_name='eu-west-1'", "eu-west-1"),
        ("region_name=None", "${AWS::Region}"),
        ("region_name=os.environ['AWS_REGION']", "${AWS::Region}"),
        ("region_name=os.environ.get('AWS_REGION', 'us-east-1')", "${AWS::Region}"),
        ("config=Config(region_name='eu-west-1')", "eu-west-1"),
        ("config=Config(retries={'max_attempts': 1})", "${AWS::Region}"),
        ("config=None", "${AWS::Region}"),
        ("region_name='eu-west-2', config=Config(region_name='eu-west-1')", "eu-west-2"),
    ],
)
def test_a_region_that_is_named_is_that_of_the_resource(given, region):
    source = "from botocore.config import Config\n"
    source += f"boto3.client('sqs', {given}).get_queue_url(QueueName='q')"

    found = allowed(source)

    assert found == {"sqs:GetQueueUrl": [f"{ARN}:sqs:{region}:${{AWS::AccountId}}:q"]}


def test_a_region_that_is_learnt_late_is_still_one():
    source = (
        "client = boto3.client('sqs', region_name=pick())\n"
        "def f(): client.get_queue_url(QueueName='q')\n"
        "def pick(): return settings()['region']\n"
        "def settings(): return {'region': 'eu-west-1'}"
    )

    assert allowed(source) == {"sqs:GetQueueUrl": [f"{ARN}:sqs:eu-west-1:${{AWS::AccountId}}:q"]}


@pytest.mark.parametrize(
    "settings",
    [
        "class S:\n  region: str\ns = S()",
        "from pydantic import BaseSettings\nclass S(BaseSettings):\n  region: str\ns = S()",
        "import settings as s",
        "class S:\n  @property\n  def region(self): raise NotImplementedError\ns = S()",
        "class S:\n  def __getattr__(self, name): return os.environ[name]\ns = S()",
        "s = globals()['s']",
        "s = some_name_of_nowhere",
    ],
)
def test_a_client_counts_where_nothing_is_found_for_its_region(settings):
    source = f"{settings}\nboto3.client('sqs', region_name=s.region).get_queue_url(QueueName='q')"

    found, _ = found_in(source)

    assert found == {"sqs:GetQueueUrl": [f"{ARN}:sqs:*:${{AWS::AccountId}}:q"]}


# --- credentials -------------------------------------------------------------------------------

OTHER = (
    "sts = boto3.client('sts')\n"
    "def other():\n"
    "  answer = sts.assume_role(RoleArn='arn:aws:iam::123456789012:role/r', RoleSessionName='s')\n"
    "  return answer['Credentials']\n"
    "keys = other()\n"
)
ASSUMED = {"sts:AssumeRole": ["arn:aws:iam::123456789012:role/r"]}


@pytest.mark.parametrize(
    "client",
    [
        "boto3.client('s3', aws_access_key_id=keys['AccessKeyId'])",
        "boto3.client('s3', aws_access_key_id=keys.get('AccessKeyId'))",
        "boto3.Session(keys['AccessKeyId'], keys['SecretAccessKey']).client('s3')",
        "boto3.Session(aws_access_key_id=keys['AccessKeyId']).resource('s3').meta.client",
        "boto3.client('s3', aws_access_key_id='AKIAIOSFODNN7EXAMPLE')",
    ],
)
def test_what_is_done_under_other_credentials_is_not_granted_but_told(client):
    found, problems = found_in(f"{OTHER}{client}.get_object(Bucket='b', Key='k')")

    assert found == ASSUMED
    assert problems == ["policy-other-credentials"]


def test_a_resource_object_under_other_credentials_is_not_granted():
    table = "boto3.resource('dynamodb', aws_access_key_id=keys['AccessKeyId']).Table('t')"

    found, problems = found_in(f"{OTHER}table = {table}\ntable.put_item(Item={{}})")

    assert (found, problems) == (ASSUMED, ["policy-other-credentials"])


@pytest.mark.parametrize(
    "key",
    [
        "os.environ['AWS_ACCESS_KEY_ID']",
        "os.getenv('AWS_ACCESS_KEY_ID')",
        "None",
        "boto3.Session().get_credentials().access_key",
        "keys['AccessKeyId'] if os.getpid() else None",
    ],
)
def test_credentials_that_may_be_the_roles_own_count_for_it(key):
    client = f"boto3.client('s3', aws_access_key_id={key})"

    found = allowed(f"{OTHER}{client}.get_object(Bucket='b', Key='k')")

    assert found == {**ASSUMED, "s3:GetObject": [f"{ARN}:s3:::b/k"]}


@pytest.mark.parametrize(
    "code",
    [
        "somelib.Auth(credentials.access_key, credentials.secret_key)",
        "somelib.sign(credentials=credentials.get_frozen_credentials())",
        "SigV4Auth(credentials, 'es', 'eu-west-1').add_auth(request)",
    ],
)
def test_requests_that_are_signed_with_the_roles_credentials_are_told(code):
    start = "import somelib\nfrom botocore.auth import SigV4Auth\nrequest = somelib.request()\n"

    found, problems = found_in(f"{start}credentials = boto3.Session().get_credentials()\n{code}")

    assert (found, problems) == ({}, ["policy-outside-sdk"])


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("type(s3).get_object(s3, Bucket='b', Key='k')", "policy-not-followed"),
        ("def f(event): event['f'](Bucket='b', Key='k')", "policy-not-followed"),
        ("somelib.run(s3.get_object)", "policy-not-followed"),
        ("somelib.run(s3)", "policy-outside-sdk"),
        ("somelib.Files(client=s3)", "policy-outside-sdk"),
        ("import smart_open\nsmart_open.open('s3://b/k')", "policy-outside-sdk"),
        ("from pynamodb.models import Model\nclass User(Model): pass", "policy-outside-sdk"),
    ],
)
def test_what_may_call_aws_and_is_not_followed_is_told(code, expected):
    found, problems = found_in(f"import somelib\ns3 = boto3.client('s3')\n{code}")

    assert (found, problems) == ({}, [expected])


@pytest.mark.parametrize(
    "code",
    [
        "print(s3, type(s3), callable(s3.get_object))",
        "def f(make): make(Name='x', Kind='y')",
        "import logging\nlogging.info('%s', s3)",
        "from aws_lambda_powertools import Logger\nLogger(service='x').info(s3)",
        "somelib.User(Name='x').save()",
    ],
)
def test_what_does_not_look_like_aws_is_not_told(code):
    found = found_in(f"import somelib\ns3 = boto3.client('s3')\n{code}")

    assert found == ({}, [])


# --- variables ---------------------------------------------------------------------------------


def test_a_variable_that_lambda_does_not_set_is_told():
    source = "boto3.client('s3').get_object(Bucket='b-' + os.environ['AWS_ACCOUNT_ID'], Key='k')"

    assert found_in(source) == (
        {"s3:GetObject": [f"{ARN}:s3:::b-*/k"]},
        ["policy-variable-missing"],
    )


@pytest.mark.parametrize("name", ["AWS_LAMBDA_FUNCTION_NAME", "LAMBDA_TASK_ROOT", "TZ", "PATH"])
def test_a_variable_that_lambda_sets_is_not_told(name):
    source = f"boto3.client('s3').get_object(Bucket='b', Key=os.environ['{name}'])"

    assert allowed(source) == {"s3:GetObject": [f"{ARN}:s3:::b/*"]}


# --- ARNs that are given -----------------------------------------------------------------------

TABLE = "arn:aws:dynamodb:eu-west-1:123456789012:table/t"


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (
            f"'backup').start_backup_job(BackupVaultName='v', ResourceArn='{TABLE}')",
            {"backup:StartBackupJob": f"{ARN}:backup:{HERE}:backup-vault:v"},
        ),
        (
            "'elbv2').describe_tags(TargetGroupArn='arn:aws:elasticloadbalancing:r:1:targetgroup/t')",
            {"elasticloadbalancing:DescribeTags": "*"},
        ),
        (
            (
                "'elbv2').deregister_targets(Targets=[], TargetGroupArn="
                "'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/t/1')"
            ),
            {
                "elasticloadbalancing:DeregisterTargets": (
                    "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/t/1"
                )
            },
        ),
        (
            (
                "'dms').start_replication_task(ReplicationTaskArn="
                "'arn:aws:dms:eu-west-1:123456789012:task:t', StartReplicationTaskType='resume')"
            ),
            {"dms:StartReplicationTask": "arn:aws:dms:eu-west-1:123456789012:task:t"},
        ),
        (
            (
                "'wafv2').associate_web_acl(WebACLArn='arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/w/1'"
                ", ResourceArn='arn:aws:apigateway:eu-west-1::/restapis/r/stages/s')"
            ),
            {
                "apigateway:SetWebACL": "arn:aws:apigateway:eu-west-1::/restapis/r/stages/s",
                "wafv2:AssociateWebACL": (
                    "arn:aws:apigateway:eu-west-1::/restapis/r/stages/s",
                    "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/w/1",
                ),
            },
        ),
    ],
)
def test_only_arns_that_the_action_is_about_are_resources(call, expected):
    assert allowed(f"boto3.client({call}") == {
        action: [resource] if isinstance(resource, str) else list(resource)
        for action, resource in expected.items()
    }


@pytest.mark.parametrize(
    ("call", "expected", "problems"),
    [
        (
            "'sns').publish(TopicArn=f'arn:aws:sns:{os.getpid()}', Message='')",
            {"sns:Publish": "*"},
            ["policy-resource-form"],
        ),
        (
            "'sns').publish(TopicArn='arn:aws:sns:us-east-1:ACCOUNT:topic', Message='')",
            {"sns:Publish": "*"},
            ["policy-resource-form"],
        ),
        ("'s3').get_object(Bucket='b', Key='日本/a')", {"s3:GetObject": f"{ARN}:s3:::b/*/a"}, []),
        ("'s3').get_object(Bucket='', Key='k')", {"s3:GetObject": "*"}, []),
        (
            "'s3').get_object(Bucket='b', Key='\\x1b')",
            {"s3:GetObject": f"{ARN}:s3:::b/*"},
            [],
        ),
    ],
)
def test_an_arn_that_iam_refuses_is_not_written(call, expected, problems):
    assert found_in(f"boto3.client({call}") == (
        {action: [resource] for action, resource in expected.items()},
        problems,
    )


# --- secrets -----------------------------------------------------------------------------------

SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("db", f"{ARN}:secretsmanager:{HERE}:secret:db-??????"),
        (SECRET, f"{SECRET}-??????"),
        (f"{SECRET}-a1B2c3", f"{SECRET}-a1B2c3"),
        (f"{SECRET}-*", f"{SECRET}-*"),
    ],
)
def test_the_arn_of_a_secret_ends_in_six_characters(name, expected):
    found = allowed(f"boto3.client('secretsmanager').get_secret_value(SecretId='{name}')")

    assert found == {"secretsmanager:GetSecretValue": [expected]}


@pytest.mark.parametrize(
    ("given", "reads", "others"),
    [
        ("SecretIdList=['db']", f"{ARN}:secretsmanager:{HERE}:secret:db-??????", set()),
        ("Filters=[]", "*", {"secretsmanager:ListSecrets"}),
        ("**os.stat('x')", "*", {"secretsmanager:ListSecrets"}),
    ],
)
def test_secrets_are_read_one_by_one(given, reads, others):
    found = allowed(f"boto3.client('secretsmanager').batch_get_secret_value({given})")

    whole = {"secretsmanager:BatchGetSecretValue", *others}
    assert found == {"secretsmanager:GetSecretValue": [reads], **{item: ["*"] for item in whole}}


# --- mails -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "others", "template"),
    [
        ("Content={'Simple': {}}", set(), ""),
        ("Content={'Raw': {'Data': b''}}", {"SendRawEmail"}, ""),
        ("Content={'Template': {'TemplateName': 'n'}}", {"SendTemplatedEmail"}, "n"),
        ("Content=os.stat('x')", {"SendRawEmail", "SendTemplatedEmail"}, "*"),
    ],
)
def test_what_a_mail_holds_says_what_it_needs(given, others, template):
    call = f"send_email(FromEmailAddress='me@example.com', {given})"

    found = allowed(f"boto3.client('sesv2').{call}")

    start = f"{ARN}:ses:{HERE}"
    expected = [f"{start}:identity/example.com", f"{start}:identity/me@example.com"]
    templates = [f"{start}:template/{template}"] if template else []
    assert found == {
        f"ses:{name}": expected if name == "SendRawEmail" else expected + templates
        for name in {"SendEmail", *others}
    }


def test_many_mails_need_what_templates_need():
    found = allowed("boto3.client('sesv2').send_bulk_email(FromEmailAddress=os.stat('x'))")

    assert found == {"ses:SendBulkEmail": ["*"], "ses:SendBulkTemplatedEmail": ["*"]}


# --- names that hold more than a name ----------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (
            "'sqs').get_queue_url(QueueName='q', QueueOwnerAWSAccountId='111122223333')",
            {"sqs:GetQueueUrl": f"{ARN}:sqs:${{AWS::Region}}:111122223333:q"},
        ),
        (
            (
                "'sqs').purge_queue(QueueUrl=boto3.client('sqs').get_queue_url("
                "QueueName='q', QueueOwnerAWSAccountId='111122223333')['QueueUrl'])"
            ),
            {
                "sqs:GetQueueUrl": f"{ARN}:sqs:${{AWS::Region}}:111122223333:q",
                "sqs:PurgeQueue": f"{ARN}:sqs:${{AWS::Region}}:111122223333:q",
            },
        ),
        (
            "'dynamodb').execute_statement(Statement='SELECT * FROM \"my.table\"')",
            {"dynamodb:PartiQLSelect": f"{ARN}:dynamodb:{HERE}:table/my.table"},
        ),
        (
            "'dynamodb').execute_statement(Statement='SELECT * FROM \"my.table\".\"by.x\" ')",
            {"dynamodb:PartiQLSelect": f"{ARN}:dynamodb:{HERE}:table/my.table/index/by.x"},
        ),
        (
            "'dynamodb').execute_statement(Statement='SELECT * FROM users;')",
            {"dynamodb:PartiQLSelect": f"{ARN}:dynamodb:{HERE}:table/users"},
        ),
        (
            "'dynamodb').execute_statement(Statement='SELECT * FROM users.mails')",
            {"dynamodb:PartiQLSelect": f"{ARN}:dynamodb:{HERE}:table/users/index/mails"},
        ),
        (
            (
                "'events').put_rule(Name='r', EventBusName="
                "'arn:aws:events:eu-west-1:111122223333:event-bus/x')"
            ),
            {"events:PutRule": "arn:aws:events:eu-west-1:111122223333:rule/x/r"},
        ),
        (
            (
                "'events').put_rule(Name='r', EventBusName="
                "'arn:aws:events:eu-west-1:111122223333:event-bus/default')"
            ),
            {"events:PutRule": "arn:aws:events:eu-west-1:111122223333:rule/r"},
        ),
        (
            "'stepfunctions').create_activity(name='a')",
            {"states:CreateActivity": f"{ARN}:states:{HERE}:activity:a"},
        ),
    ],
)
def test_the_resource_is_what_is_named(call, expected):
    assert allowed(f"boto3.client({call}") == {
        action: [resource] for action, resource in expected.items()
    }


def test_a_role_may_be_below_a_path():
    start = f"{ARN}:iam::${{AWS::AccountId}}:role"

    found = allowed("boto3.client('iam').get_role(RoleName='r')")

    assert found == {"iam:GetRole": [f"{start}/*/r", f"{start}/r"]}


@pytest.mark.parametrize("geography", ["apac", "au", "ca", "eu", "global", "jp", "us", "us-gov"])
def test_a_profile_of_a_geography_leads_to_its_model(geography):
    call = f"boto3.client('bedrock-runtime').converse(modelId='{geography}.amazon.nova-lite-v1:0')"

    assert allowed(call) == {
        "bedrock:InvokeModel": [
            f"{ARN}:bedrock:{HERE}:inference-profile/{geography}.amazon.nova-lite-v1:0",
            f"{ARN}:bedrock:*::foundation-model/amazon.nova-lite-v1:0",
        ]
    }


# --- objects of S3 -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "actions"),
    [
        ("s3.delete_objects(Bucket='b', Delete={'Objects': [{'Key': 'k'}]})", {"DeleteObject"}),
        (
            "s3.delete_objects(Bucket='b', Delete={'Objects': [{'Key': 'k', 'VersionId': '1'}]})",
            {"DeleteObjectVersion"},
        ),
        (
            (
                "s3.delete_objects(Bucket='b', BypassGovernanceRetention=True,"
                " Delete={'Objects': [{'Key': 'k', 'VersionId': '1'}]})"
            ),
            {"BypassGovernanceRetention", "DeleteObjectVersion"},
        ),
        (
            "s3.get_object_attributes(Bucket='b', Key='k', ObjectAttributes=[])",
            {"GetObject", "GetObjectAttributes"},
        ),
        (
            "s3.get_object_attributes(Bucket='b', Key='k', VersionId='1', ObjectAttributes=[])",
            {"GetObjectVersion", "GetObjectVersionAttributes"},
        ),
        (
            "s3.delete_object(Bucket='b', Key='k', BypassGovernanceRetention=True)",
            {"BypassGovernanceRetention", "DeleteObject"},
        ),
        (
            "s3.put_object_retention(Bucket='b', Key='k', BypassGovernanceRetention=True)",
            {"BypassGovernanceRetention", "PutObjectRetention"},
        ),
    ],
)
def test_an_object_needs_what_its_parameters_ask(source, actions):
    found = allowed(f"s3 = boto3.client('s3')\n{source}")

    assert found == {f"s3:{action}": [f"{ARN}:s3:::b/k"] for action in actions}


@pytest.mark.parametrize(
    ("source", "actions"),
    [
        ("bucket.objects.delete()", {"DeleteObject": "b/*", "ListBucket": "b"}),
        (
            "bucket.object_versions.delete()",
            {"DeleteObjectVersion": "b/*", "ListBucketVersions": "b"},
        ),
        (
            "def f(these): bucket.delete_objects(Delete={'Objects': these})",
            {"DeleteObject": "b/*", "DeleteObjectVersion": "b/*"},
        ),
    ],
)
def test_objects_are_deleted_with_the_versions_that_they_may_have(source, actions):
    found = allowed(f"bucket = boto3.resource('s3').Bucket('b')\n{source}")

    assert found == {f"s3:{action}": [f"{ARN}:s3:::{name}"] for action, name in actions.items()}


# --- tags at creation --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "actions", "resource"),
    [
        (
            "'sqs').create_queue(QueueName='q', tags={'a': 'b'})",
            {"sqs:CreateQueue", "sqs:TagQueue"},
            f"sqs:{HERE}:q",
        ),
        (
            "'sns').create_topic(Name='t', Tags=[])",
            {"sns:CreateTopic", "sns:TagResource"},
            f"sns:{HERE}:t",
        ),
        ("'sns').create_topic(Name='t')", {"sns:CreateTopic"}, f"sns:{HERE}:t"),
        (
            "'secretsmanager').create_secret(Name='s', Tags=[])",
            {"secretsmanager:CreateSecret", "secretsmanager:TagResource"},
            f"secretsmanager:{HERE}:secret:s-??????",
        ),
        (
            "'dynamodb').create_table(TableName='t', Tags=[])",
            {"dynamodb:CreateTable", "dynamodb:TagResource"},
            f"dynamodb:{HERE}:table/t",
        ),
        (
            "'lambda').create_event_source_mapping(FunctionName='f', Tags={})",
            {"lambda:CreateEventSourceMapping", "lambda:TagResource"},
            "",
        ),
        (
            "'ssm').put_parameter(Name='p', Value='v', Tags=[])",
            {"ssm:PutParameter", "ssm:AddTagsToResource"},
            f"ssm:{HERE}:parameter/p",
        ),
    ],
)
def test_what_is_made_with_tags_may_be_tagged(call, actions, resource):
    found = allowed(f"boto3.client({call}")

    assert found.keys() == actions
    assert not resource or all(item == [f"{ARN}:{resource}"] for item in found.values())


def test_a_log_group_is_tagged_under_its_plain_arn():
    found = allowed("boto3.client('logs').create_log_group(logGroupName='/a', tags={})")

    group = f"{ARN}:logs:{HERE}:log-group:/a"
    assert found == {"logs:CreateLogGroup": [f"{group}:*"], "logs:TagResource": [group]}


# --- names of methods as texts -----------------------------------------------------------------


@pytest.mark.parametrize(
    "call",
    [
        "operator.methodcaller('get_object', Bucket='b', Key='k')(s3)",
        "operator.attrgetter('get_object')(s3)(Bucket='b', Key='k')",
        "list(map(operator.methodcaller('get_object', Bucket='b', Key='k'), [s3]))",
    ],
)
def test_a_method_that_is_called_by_its_name_is_followed(call):
    found = allowed(f"import operator\ns3 = boto3.client('s3')\n{call}")

    assert found == {"s3:GetObject": [f"{ARN}:s3:::b/k"]}


def test_a_method_whose_name_is_not_known_is_told():
    call = "operator.methodcaller(os.getcwd(), Bucket='b')(boto3.client('s3'))"

    assert found_in(f"import operator\n{call}") == ({}, ["policy-dynamic"])


# --- what looks like a policy variable ---------------------------------------------------------


@pytest.mark.parametrize("bucket", ["b", "arn:aws:s3:us-east-1:123456789012:accesspoint/b"])
def test_a_name_that_looks_like_a_policy_variable_is_no_variable(bucket):
    source = f"boto3.client('s3').get_object(Bucket={bucket!r}, Key='a${{b}}c')"

    policy = policy_of(read({"app.py": f"import boto3\n{source}\n".encode()}, {}, SERVICES))

    (statement,) = policy.to_dict()["Statement"]
    resource = statement["Resource"]
    if isinstance(resource, dict):
        template = resource["Fn::Sub"].replace("${AWS::Partition}", "aws")
        # What CloudFormation makes of it.
        resource = template.replace("${!", "${")
    document = {"Version": "2012-10-17", "Statement": [{**statement, "Resource": resource}]}
    for key, verdict in (("a${b}c", Verdict.ALLOW), ("axc", Verdict.IMPLICIT_DENY)):
        whole = resource.replace("a${$}{b}c", key)
        found = evaluate([parse(document, resource_based=False)], Question("s3:GetObject", whole))
        assert found.verdict is verdict


# --- what names no resource ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "action"),
    [
        ("boto3.client('sns').publish(TopicArn='not-an-arn', Message='m')", "sns:Publish"),
        ("boto3.client('sqs').purge_queue(QueueUrl='jobs')", "sqs:PurgeQueue"),
        (
            "boto3.client('stepfunctions').start_execution(stateMachineArn=os.environ['M'])",
            "states:StartExecution",
        ),
    ],
)
def test_what_is_known_and_no_arn_or_url_is_told(call, action):
    found, problems = found_in(call, {"M": "my-machine"})

    assert (found, problems) == ({action: ["*"]}, ["policy-resource-form"])


@pytest.mark.parametrize("topic", ["os.environ['T']", "f'{unknown()}:t'", "input()"])
def test_what_may_be_an_arn_once_it_is_known_is_not_told(topic):
    source = f"boto3.client('sns').publish(TopicArn={topic}, Message='m')"

    _, problems = found_in(source, {"T": "\x01Topic\x02"})

    assert "policy-resource-form" not in problems


def test_the_reason_for_everything_says_that_nothing_is_named():
    source = b"import boto3\nboto3.client('sns').publish(TopicArn='t', Message='m')\n"

    [statement] = policy_of(read({"app.py": source}, {}, SERVICES)).statements

    assert [need.note for need in statement.needs] == ["what the call gives names no resource"]


# --- connections -------------------------------------------------------------------------------

OF_TEMPLATE = f"{pseudo('Api')}.execute-api.{pseudo('AWS::Region')}"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://abc.execute-api.eu-west-1.amazonaws.com/prod", "eu-west-1:A:abc/prod"),
        ("https://abc.execute-api.eu-west-1.amazonaws.com", "eu-west-1:A:abc/*"),
        (f"https://{HOLE}.execute-api.us-east-1.amazonaws.com/{HOLE}", "us-east-1:A:*/*"),
        (
            f"https://{pseudo('Api')}.execute-api.{pseudo('AWS::Region')}.amazonaws.com/v1/",
            "R:A:${Api}/v1",
        ),
        (f"https://{HOLE}/{HOLE}", "R:A:*/*"),
        ("http://localhost:4566", "R:A:*/*"),
        (HOLE, "R:A:*/*"),
    ],
)
def test_the_address_of_a_client_names_the_api_and_the_stage_of_connections(address, expected):
    given = (("ConnectionId", frozenset(["c"])), (ENDPOINT, frozenset([address])))
    use = Use("apigatewaymanagementapi", "PostToConnection", given, "app.py", ast.Constant(0))
    use.node.lineno = 1

    [need], problems = needs(use, read({}, {}, SERVICES).engine)

    api = expected.replace("R:A", HERE).replace(":A:", ":${AWS::AccountId}:")
    assert shown(need.resource) == f"{ARN}:execute-api:{api}/POST/@connections/*"
    assert problems == []
