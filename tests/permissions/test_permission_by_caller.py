"""What single operations do besides, by rules of their own: each with what is known, and not."""

import pytest
from tests.permissions.asked import codes, granted

HERE = "${AWS::Region}:${AWS::AccountId}"
ARN = "arn:${AWS::Partition}"
MODEL = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"


GUARDED = {
    "converse": "modelId='m', guardrailConfig={'guardrailIdentifier': 'g'}",
    "converse_stream": "modelId='m', guardrailConfig={'guardrailIdentifier': 'g'}",
    "invoke_model": "modelId='m', body=b'', guardrailIdentifier='g'",
    "invoke_model_with_response_stream": "modelId='m', body=b'', guardrailIdentifier='g'",
}
RETRIEVED = {
    "retrieve": (
        "knowledgeBaseId='k', retrievalQuery={}, guardrailConfiguration={'guardrailId': 'g'}"
    ),
    **dict.fromkeys(
        ("retrieve_and_generate", "retrieve_and_generate_stream"),
        "input={}, retrieveAndGenerateConfiguration={'type': 'KNOWLEDGE_BASE',"
        " 'knowledgeBaseConfiguration': {'knowledgeBaseId': 'k', 'modelArn': 'm',"
        " 'generationConfiguration': {'guardrailConfiguration': {'guardrailId': 'g'}}}}",
    ),
}


@pytest.mark.parametrize(
    "call",
    [
        *(f"'bedrock-runtime').{name}({given})" for name, given in GUARDED.items()),
        *(f"'bedrock-agent-runtime').{name}({given})" for name, given in RETRIEVED.items()),
    ],
)
def test_a_guardrail_that_is_named_may_be_applied(call):
    allowed, problems = granted(call)

    assert allowed["bedrock:ApplyGuardrail"] == [f"{ARN}:bedrock:{HERE}:guardrail/g"]
    assert problems == []


QUEUE = "arn:aws:sqs:eu-west-1:123456789012"
STREAM = "arn:aws:kinesis:eu-west-1:123456789012:stream/s"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:t"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/k"
IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/group/app:latest"
REPOSITORY = f"{ARN}:ecr:eu-west-1:123456789012:repository/group/app"
TABLE = f"{ARN}:dynamodb:eu-west-1:${{AWS::AccountId}}:table/t"
DISTRIBUTION = "arn:aws:cloudfront::123456789012:distribution/E1"
TABLES = "arn:aws:s3tables:eu-west-1:123456789012:bucket/x"
CASES = {
    "language": (
        "'translate').translate_text(SourceLanguageCode='auto', TargetLanguageCode='de')",
        {"comprehend:DetectDominantLanguage": ["*"]},
    ),
    "language of a document": (
        "'translate').translate_document(SourceLanguageCode=x, TargetLanguageCode='de')",
        {"comprehend:DetectDominantLanguage": ["*"]},
    ),
    "redrive": (
        f"'sqs').start_message_move_task(SourceArn='{QUEUE}:d', DestinationArn='{QUEUE}:q')",
        {
            "sqs:DeleteMessage": [f"{QUEUE}:d"],
            "sqs:GetQueueAttributes": [f"{QUEUE}:d"],
            "sqs:ReceiveMessage": [f"{QUEUE}:d"],
            "sqs:SendMessage": [f"{QUEUE}:q"],
        },
    ),
    "credentials": (
        (
            "'redshift').get_cluster_credentials(ClusterIdentifier='c', DbUser='u',"
            " AutoCreate=True, DbGroups=['g', 'h'])"
        ),
        {
            "redshift:CreateClusterUser": [f"{ARN}:redshift:{HERE}:dbuser:c/u"],
            "redshift:JoinGroup": [
                f"{ARN}:redshift:{HERE}:dbgroup:c/g",
                f"{ARN}:redshift:{HERE}:dbgroup:c/h",
            ],
        },
    ),
    "rotated": (
        "'rds').modify_db_instance(DBInstanceIdentifier='d', RotateMasterUserPassword=True)",
        {
            "secretsmanager:RotateSecret": [f"{ARN}:secretsmanager:{HERE}:secret:rds!*"],
        },
    ),
    "kept": (
        "'rds').modify_db_instance(DBInstanceIdentifier='d', ManageMasterUserPassword=True)",
        {
            "kms:DescribeKey": [f"{ARN}:kms:{HERE}:key/*"],
            "secretsmanager:CreateSecret": [f"{ARN}:secretsmanager:{HERE}:secret:rds!*"],
        },
    ),
    "notice": (
        (
            "'polly').start_speech_synthesis_task(OutputFormat='mp3', OutputS3BucketName='b',"
            f" Text='', VoiceId='v', SnsTopicArn='{TOPIC}')"
        ),
        {"sns:Publish": [TOPIC]},
    ),
    "image": (
        f"'lambda').update_function_code(FunctionName='f', ImageUri='{IMAGE}')",
        {"ecr:GetRepositoryPolicy": [REPOSITORY], "ecr:SetRepositoryPolicy": [REPOSITORY]},
    ),
    "new image": (
        (
            "'lambda').create_function(FunctionName='f', Role='arn:aws:iam::123456789012:role/r',"
            f" PackageType='Image', Code={{'ImageUri': '{IMAGE}'}})"
        ),
        {"ecr:GetRepositoryPolicy": [REPOSITORY], "ecr:SetRepositoryPolicy": [REPOSITORY]},
    ),
    "stream of a table": (
        f"'dynamodb').enable_kinesis_streaming_destination(TableName='t', StreamArn='{STREAM}')",
        {"kinesis:DescribeStream": [STREAM], "kinesis:PutRecords": [STREAM]},
    ),
    "replica": (
        (
            "'dynamodb').update_table(TableName='t',"
            " ReplicaUpdates=[{'Create': {'RegionName': 'eu-west-1'}}])"
        ),
        {
            "dynamodb:CreateTable": [TABLE],
            "dynamodb:CreateTableReplica": [TABLE],
            "dynamodb:Scan": [TABLE],
        },
    ),
    "replica that goes": (
        (
            "'dynamodb').update_table(TableName='t',"
            " ReplicaUpdates=[{'Delete': {'RegionName': 'eu-west-1'}}])"
        ),
        {"dynamodb:DeleteTable": [TABLE], "dynamodb:DeleteTableReplica": [TABLE]},
    ),
    "key of a stream": (
        f"'kinesis').start_stream_encryption(StreamName='s', EncryptionType='KMS', KeyId='{KEY}')",
        {"kinesis:StartStreamEncryption": [KEY, f"{ARN}:kinesis:{HERE}:stream/s"]},
    ),
    "automation": (
        (
            "'ssm').start_automation_execution(DocumentName='Mine',"
            " Parameters={'AutomationAssumeRole':"
            " ['arn:aws:iam::123456789012:role/r']})"
        ),
        {
            "ssm:StartAutomationExecution": [
                f"{ARN}:ssm:{HERE}:automation-definition/Mine:*",
            ]
        },
    ),
    "prompt's model": (
        (
            "'bedrock-agent-runtime').rerank(queries=[], sources=[],"
            " rerankingConfiguration={'type': 'BEDROCK_RERANKING_MODEL',"
            " 'bedrockRerankingConfiguration': {'modelConfiguration':"
            f" {{'modelArn': '{MODEL}'}}}}}})"
        ),
        {"bedrock:InvokeModel": [MODEL]},
    ),
    "jobs of a model": (
        (
            "'bedrock-runtime').start_async_invoke(modelId='amazon.nova', modelInput={},"
            " outputDataConfig={'s3OutputDataConfig': {'s3Uri': 's3://b/k'}})"
        ),
        {
            "bedrock:InvokeModel": [
                f"{ARN}:bedrock:${{AWS::Region}}::foundation-model/amazon.nova",
                f"{ARN}:bedrock:{HERE}:async-invoke/*",
            ]
        },
    ),
    "logs": (
        f"'logs').put_delivery_source(name='n', resourceArn='{DISTRIBUTION}', logType='L')",
        {"cloudfront:AllowVendedLogDeliveryForResource": [DISTRIBUTION]},
    ),
    "trust store": (
        (
            "'elbv2').create_trust_store(Name='t', CaCertificatesBundleS3Bucket='certs',"
            " CaCertificatesBundleS3Key='ca.pem')"
        ),
        {"s3:GetObject": [f"{ARN}:s3:::certs/ca.pem"]},
    ),
    "managed tables": (
        "'s3').create_bucket_metadata_configuration(Bucket='b', MetadataConfiguration={})",
        {
            "s3tables:CreateTable": [
                f"{ARN}:s3tables:{HERE}:bucket/aws-s3",
                f"{ARN}:s3tables:{HERE}:bucket/aws-s3/table/*",
            ],
            "s3tables:PutTableBucketPolicy": [f"{ARN}:s3tables:{HERE}:bucket/aws-s3"],
        },
    ),
    "tables of a bucket": (
        (
            "'s3').create_bucket_metadata_table_configuration(Bucket='b',"
            " MetadataTableConfiguration={'S3TablesDestination': {'TableName': 't',"
            f" 'TableBucketArn': '{TABLES}'}}}})"
        ),
        {
            "s3tables:CreateTable": [TABLES],
            "s3tables:GetTable": [f"{TABLES}/table/*"],
            "s3tables:PutTablePolicy": [f"{TABLES}/table/*"],
        },
    ),
    "snapshots": (
        (
            "'elasticache').create_replication_group(ReplicationGroupId='r',"
            " ReplicationGroupDescription='', SnapshotArns=['arn:aws:s3:::bk/x.rdb'])"
        ),
        {"s3:GetObject": [f"{ARN}:s3:::bk/x.rdb"]},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_named_is_granted(name):
    call, wanted = CASES[name]

    allowed, problems = granted(call)

    missing = {
        action: resources
        for action, resources in wanted.items()
        if not set(resources) <= set(allowed.get(action, ()))
    }
    assert missing == {}
    assert problems == []


NOT_ASKED = {
    "a language that is known": (
        "'translate').translate_text(Text='', SourceLanguageCode='en', TargetLanguageCode='de')",
        "comprehend:DetectDominantLanguage",
    ),
    "no user is made": (
        "'redshift').get_cluster_credentials(ClusterIdentifier='c', DbUser='u', AutoCreate=False)",
        "redshift:CreateClusterUser",
    ),
    "a password that stays": (
        "'rds').modify_db_instance(DBInstanceIdentifier='d', ManageMasterUserPassword=True)",
        "secretsmanager:RotateSecret",
    ),
    "a password with a key": (
        "'rds').modify_db_instance(DBInstanceIdentifier='d', MasterUserPassword='x')",
        "kms:DescribeKey",
    ),
    "code without an image": (
        "'lambda').update_function_code(FunctionName='f', S3Bucket='b', S3Key='k')",
        "ecr:SetRepositoryPolicy",
    ),
    "a table without replicas": (
        "'dynamodb').update_table(TableName='t')",
        "dynamodb:CreateTableReplica",
    ),
    "statements of a cluster": (
        "'redshift-data').list_statements(ClusterIdentifier='c', Database='d')",
        "redshift:GetClusterCredentialsWithIAM",
    ),
    "sessions of a workgroup": (
        "'redshift-data').list_sessions(WorkgroupName='w')",
        "redshift-serverless:GetCredentials",
    ),
    "a model": ("'bedrock-runtime').converse(modelId='m')", "bedrock:RenderPrompt"),
}


@pytest.mark.parametrize("name", NOT_ASKED)
def test_what_a_call_does_not_ask_for_is_not_granted(name):
    call, action = NOT_ASKED[name]

    allowed, problems = granted(call)

    assert action not in allowed
    assert problems == []


TOLD = {
    "where messages came from": (
        f"'sqs').start_message_move_task(SourceArn='{QUEUE}:d')",
        "sqs:SendMessage",
    ),
    "an image": (
        "'lambda').update_function_code(FunctionName='f', ImageUri=anything['image'])",
        "ecr:SetRepositoryPolicy",
    ),
}


@pytest.mark.parametrize("name", TOLD)
def test_what_nobody_knows_is_told(name):
    call, action = TOLD[name]

    allowed, problems = granted(call)

    assert action not in allowed
    assert codes(problems) == ["policy-rights-of-caller"]


def test_a_prompt_is_rendered_and_its_model_may_be_any():
    prompt = "arn:aws:bedrock:us-east-1:123456789012:prompt/PR1:1"

    allowed, problems = granted(f"'bedrock-runtime').converse(modelId='{prompt}')")

    assert allowed == {"bedrock:InvokeModel": ["*"], "bedrock:RenderPrompt": [prompt]}
    assert problems == []


def test_a_network_interface_that_is_made_has_no_name_yet():
    allowed, _ = granted("'mediaconnect').create_router_input(Name='r', Configuration={})")

    assert f"{ARN}:ec2:{HERE}:network-interface/*" in allowed["ec2:CreateNetworkInterface"]
