import inspect
import re

import pytest
from tests.permissions.asked import allowed, arns_of, load, policy_for

from chalice.permissions import policy_of, read, shown
from chalice.permissions.granting import s3
from chalice.permissions.granting.besides import by_caller, itself, linked, objects, passing
from chalice.permissions.lists import lines
from chalice.permissions.reading import services
from chalice.permissions.reading.services import Services

SERVICES = Services(load)


def granted(call, region=""):
    """Return what a call of an operation may do."""
    service, _, rest = call.partition(".")
    return allowed(policy_for(f"boto3.client('{service}'{region}).{rest}"))


def own(rest, where="${AWS::Region}:${AWS::AccountId}"):
    """Return an ARN after its service: `glue:job/j`."""
    service, _, name = rest.partition(":")
    return f"arn:${{AWS::Partition}}:{service}:{where}:{name}"


@pytest.mark.parametrize(
    ("call", "resources"),
    [
        # A part is the parameter of its name, or of what the type and it are called together.
        ("glue.start_job_run(JobName='j')", [own("glue:job/j")]),
        ("route53.get_hosted_zone(Id='Z1')", [own("route53:hostedzone/Z1", ":")]),
        ("route53.get_hosted_zone(Id='/hostedzone/Z1')", [own("route53:hostedzone/Z1", ":")]),
        (
            "ecs.describe_clusters(clusters=['a', 'b'])",
            [own("ecs:cluster/a"), own("ecs:cluster/b")],
        ),
        ("redshift.describe_logging_status(ClusterIdentifier='c')", [own("redshift:cluster:c")]),
        # Parts that no parameter names are any; so is what is not said, as a default cluster.
        ("ecs.run_task(taskDefinition='web')", [own("ecs:task-definition/web:*")]),
        ("ecs.run_task(taskDefinition='web:3')", [own("ecs:task-definition/web:3")]),
        ("ecs.delete_service(service='web')", [own("ecs:service/*/web")]),
        # ARNs are taken as they are, with what they lack.
        (
            "ecs.run_task(taskDefinition='arn:aws:ecs:eu-west-1:123456789012:task-definition/web')",
            ["arn:aws:ecs:eu-west-1:123456789012:task-definition/web:*"],
        ),
        (
            "ecs.delete_service(cluster='arn:aws:ecs:eu-west-1:1:cluster/c', service='web')",
            [own("ecs:service/c/web")],
        ),
        # What is only known when it runs may be an ARN of any account.
        ("glue.start_job_run(JobName=input())", ["*"]),
        ("glue.start_job_run(**input())", ["*"]),
        # What may be a name is not the id that the ARN has: it is one of the type.
        (
            "appconfig.get_configuration(Application='a', Environment='e', Configuration='c')",
            [own("appconfig:application/*")],
        ),
        (
            "backup.create_backup_plan(BackupPlan={'BackupPlanName': 'p', 'Rules': []})",
            [own("backup:backup-plan:*")],
        ),
        ("glue.get_jobs()", ["*"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_literal_name_is_the_resource_of_its_type(call, resources):
    found = granted(call)

    assert list(found.values()) == [resources]


def test_each_type_that_a_call_is_always_about_is_granted():
    found = granted("batch.submit_job(jobName='j', jobQueue='q', jobDefinition='d:1')")

    assert found == {
        "batch:SubmitJob": [
            own("batch:job-definition/d:1"),
            own("batch:job-queue/q"),
            own("batch:job/*"),
        ]
    }


@pytest.mark.parametrize(
    ("protected", "resources"),
    [
        ("'arn:aws:apigateway:us-east-1::/restapis/r/stages/s'", 2),
        ("input()", 1),
    ],
    ids=["known", "not known"],
)
def test_what_may_be_of_several_types_is_granted_beside_what_is_always_meant(protected, resources):
    acl = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/w/1"
    found = granted(f"wafv2.associate_web_acl(WebACLArn='{acl}', ResourceArn={protected})")

    expected = sorted([acl, protected.strip("'")]) if resources > 1 else ["*"]
    assert found["wafv2:AssociateWebACL"] == expected


def test_an_arn_of_no_listed_type_is_no_resource():
    table = "arn:aws:dynamodb:us-east-1:123456789012:table/t"
    found = granted(
        f"backup.start_backup_job(BackupVaultName='v', ResourceArn='{table}', IamRoleArn=input())"
    )

    assert found["backup:StartBackupJob"] == [own("backup:backup-vault:v")]


def test_the_region_of_a_client_is_that_of_its_resources():
    found = granted("glue.start_job_run(JobName='j')", ", region_name='eu-west-1'")

    assert found == {"glue:StartJobRun": [own("glue:job/j", "eu-west-1:${AWS::AccountId}")]}


def test_every_line_of_the_list_can_be_read():
    prefixes = list(lines("formats"))

    assert len(prefixes) > 400
    for prefix in prefixes:
        assert all(text.count(":") >= 3 for every in arns_of(prefix).values() for text in every)


def test_each_action_that_a_call_needs_besides_is_on_the_list_of_aws():
    source = "".join(map(inspect.getsource, (by_caller, itself, linked, objects, passing, s3)))
    named = set(re.findall(r'yield "([a-z0-9-]+)", "(\w+)"', source))
    of_tables = {
        **by_caller.SCALED,
        "ecr": by_caller._OF_IMAGES,
        "logs": itself._OF_LOGS.values(),
        "ses": itself._CONTENTS.values(),
    }
    named |= {(prefix, action) for prefix, found in of_tables.items() for action in found}
    named |= {("dynamodb", action) for action in (*by_caller._MADE, *by_caller._REMOVED)}

    assert len(named) > 45
    assert {
        pair for pair in named if pair[1].lower() not in (services.actions_of(pair[0]) or {})
    } == set()


def test_a_job_with_a_role_for_its_data_reads_with_that_one():
    found = granted(
        "transcribe.start_transcription_job(TranscriptionJobName='j',"
        " Media={'MediaFileUri': 's3://audio/a.mp3'}, JobExecutionSettings="
        "{'DataAccessRoleArn': 'arn:aws:iam::123456789012:role/r'})"
    )

    assert sorted(found) == ["iam:PassRole", "transcribe:StartTranscriptionJob"]


@pytest.mark.parametrize(
    ("more", "action"),
    [
        ("WorkgroupName='w'", "redshift-serverless:GetCredentials"),
        ("ClusterIdentifier='c'", "redshift:GetClusterCredentialsWithIAM"),
        ("ClusterIdentifier='c', DbUser='u'", "redshift:GetClusterCredentials"),
        ("ClusterIdentifier='c', SecretArn='s'", "secretsmanager:GetSecretValue"),
    ],
    ids=["workgroup", "role", "user", "secret"],
)
def test_the_way_into_redshift_is_the_one_that_is_taken(more, action):
    found = granted(f"redshift-data.execute_statement(Database='d', Sql='x', {more})")

    assert sorted(found) == sorted(["redshift-data:ExecuteStatement", action])


def test_a_token_is_for_the_region_that_it_is_signed_for():
    found = granted("rds.generate_db_auth_token('h', 3306, 'app', Region='eu-west-1')")

    assert found == {"rds-db:connect": [own("rds-db:dbuser:*/app", "eu-west-1:${AWS::AccountId}")]}


def test_a_queue_of_another_account_is_that_accounts():
    source = (
        b"import boto3\n"
        b"jobs = boto3.resource('sqs').get_queue_by_name(\n"
        b"    QueueName='q', QueueOwnerAWSAccountId='111122223333'\n"
        b")\n"
        b"jobs.purge()\n"
    )

    policy = policy_of(read({"app.py": source}, {}, SERVICES))

    found = {action: item.resources for item in policy.statements for action in item.actions}
    assert list(map(shown, found["sqs:PurgeQueue"])) == [
        "arn:${AWS::Partition}:sqs:${AWS::Region}:111122223333:q"
    ]
