import pytest
from tests.permissions.asked import load

from chalice.permissions import policy_of, read, shown, table
from chalice.permissions.reading.services import Services, actions_of

SERVICES = Services(load)

POLICY_STORE = "arn:${AWS::Partition}:verifiedpermissions::${AWS::AccountId}:policy-store/p"
DIRECTORY_BUCKET = (
    "arn:${AWS::Partition}:s3express:${AWS::Region}:${AWS::AccountId}:bucket/b--use1-az4--x-s3"
)


def own_actions():
    for (service, operation), actions in table.ACTIONS.items():
        for action in actions:
            yield service, operation, action
    for action in (*table.S3_WITH.values(), *table.S3_OF_VERSION.values()):
        yield "s3", "", action
    for action in (*table.TRANSACTED.values(), *table.PARTIQL.values()):
        yield "dynamodb", "", action


@pytest.mark.parametrize(("service", "operation", "action"), sorted(set(own_actions())))
def test_an_action_of_our_own_table_is_one_of_aws(service, operation, action):
    found = SERVICES.get(service)

    other, _, name = action.rpartition(":")
    prefixes = [table.PREFIXES[service]] if service in table.PREFIXES else found.prefixes

    assert any(
        name.lower() in (actions_of(prefix) or {}) for prefix in ([other] if other else prefixes)
    )
    transfer = operation.islower()
    assert not operation or transfer or operation in found.operations.values()


@pytest.mark.parametrize("prefix", sorted(set(table.PREFIXES.values())))
def test_a_prefix_of_our_own_table_is_one_of_aws(prefix):
    assert actions_of(prefix)


@pytest.mark.parametrize(
    ("call", "note"),
    [
        ("list_metrics()", "the action takes no resource"),
        ("put_metric_data(Namespace='n', MetricData=[])", "the action takes no resource"),
        ("put_metric_alarm(AlarmName=NAMES[0])", "which resource is only known when it runs"),
    ],
)
def test_what_no_parameter_names_is_no_resource_that_could_be_known(call, note):
    source = f"import boto3\nfrom lib import NAMES\nboto3.client('cloudwatch').{call}\n".encode()

    (statement,) = policy_of(read({"app.py": source}, {}, SERVICES)).statements

    assert [(need.resource, need.note) for need in statement.needs] == [("*", note)]


@pytest.mark.parametrize(
    ("call", "note"),
    [
        ("'sns').publish(PhoneNumber=x, Message=x)", "what the call gives names no resource"),
        ("'ssm').get_parameters_by_path(Path='/')", "what the call gives names no resource"),
        ("'geo-places').geocode(QueryText=x)", "what the call gives names no resource"),
        ("'account').get_contact_information()", "what the call gives names no resource"),
        ("'sns').publish(TopicArn=x, Message='m')", "which resource is only known when it runs"),
        ("'sns').publish(**x)", "which resource is only known when it runs"),
    ],
)
def test_of_a_call_that_names_nothing_it_is_not_said_that_it_is_known_later(call, note):
    source = f"import boto3\ndef do(x):\n    boto3.client({call}\n".encode()

    (statement,) = policy_of(read({"app.py": source}, {}, SERVICES)).statements

    assert [(need.resource, need.note) for need in statement.needs] == [("*", note)]


def test_an_operation_without_an_action_is_granted_and_told():
    source = b'import boto3\nboto3.client("emr-containers").update_virtual_cluster(id="c")\n'

    policy = policy_of(read({"app.py": source}, {}, SERVICES))

    assert policy.statements[0].actions == ("emr-containers:UpdateVirtualCluster",)
    assert [(item.code, item.where) for item in policy.problems] == [
        ("policy-action-unknown", "app.py:2")
    ]


def test_an_action_that_cloudformation_needs_is_one():
    source = b'import boto3\nboto3.client("wickr").update_network(networkId="n")\n'

    policy = policy_of(read({"app.py": source}, {}, SERVICES))

    assert policy.statements[0].actions == ("wickr:UpdateNetwork",)
    assert policy.problems == ()


def test_nothing_of_the_project_is_executed(tmp_path):
    source = f"open({str(tmp_path / 'made')!r}, 'w').close()\n".encode()

    read({"app.py": source}, {}, SERVICES)

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("call", "actions"),
    [
        (
            "'iot-jobs-data').describe_job_execution(thingName='t', jobId='j')",
            {
                "iotjobsdata:DescribeJobExecution": (
                    "arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:thing/t"
                )
            },
        ),
        (
            "'budgets').create_budget(AccountId='1')",
            {"budgets:ModifyBudget": ("arn:${AWS::Partition}:budgets::${AWS::AccountId}:budget/*")},
        ),
        (
            "'s3').create_session(Bucket='b--use1-az4--x-s3')",
            {"s3express:CreateSession": DIRECTORY_BUCKET},
        ),
        ("'s3').list_directory_buckets()", {"s3express:ListAllMyDirectoryBuckets": "*"}),
        (
            "'s3').write_get_object_response(RequestRoute='r', RequestToken='t')",
            {"s3-object-lambda:WriteGetObjectResponse": "*"},
        ),
        (
            "'verifiedpermissions').batch_is_authorized(policyStoreId='p', requests=[])",
            {"verifiedpermissions:IsAuthorized": POLICY_STORE},
        ),
        (
            "'neptunedata').execute_gremlin_query(gremlinQuery='g.V()')",
            {f"neptune-db:{verb}DataViaQuery": "*" for verb in ("Delete", "Read", "Write")},
        ),
        (
            "'s3control').put_public_access_block(AccountId='1')",
            {"s3:PutAccountPublicAccessBlock": "*"},
        ),
        (
            "'s3control').get_public_access_block(AccountId='1')",
            {"s3:GetAccountPublicAccessBlock": "*"},
        ),
        ("'batch').cancel_jobs(jobs=[])", {"batch:CancelJob": "*"}),
        # These are on AWS's list under no name; botocore's documentation has theirs.
        ("'kms').decapsulate(CiphertextBlob=b'')", {"kms:Decapsulate": "*"}),
        (
            "'s3tables').get_table_bucket_logging(tableBucketARN='arn:aws:s3tables:::b')",
            {"s3tables:GetTableBucketLogging": "arn:aws:s3tables:::b"},
        ),
        # These are signed for by no IAM.
        ("'codecatalyst').list_spaces()", {}),
        ("'connectparticipant').send_message(Content='x')", {}),
        ("'cognito-idp').get_client_token()", {}),
        # These are on AWS's list, and no policy is asked all the same.
        ("'cognito-idp').get_user(AccessToken='t')", {}),
        ("'sts').get_caller_identity()", {}),
        ("'s3').get_bucket_cors(Bucket='b')", {"s3:GetBucketCORS": "arn:${AWS::Partition}:s3:::b"}),
    ],
    ids=lambda value: value.partition("(")[0] if isinstance(value, str) else "",
)
def test_an_operation_whose_action_has_another_name(call, actions):
    source = f"import boto3\nboto3.client({call}\n".encode()

    policy = policy_of(read({"app.py": source}, {}, SERVICES))

    found = {
        action: shown(resource)
        for item in policy.statements
        for action in item.actions
        for resource in item.resources
    }
    assert found == actions
    assert policy.problems == ()
