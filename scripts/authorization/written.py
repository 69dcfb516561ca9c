"""What of `dependents` is written by hand: what AWS's reference lacks, or says too broadly.

Each source is beside what it is for.
"""

from __future__ import annotations

#: Service, operation, paths, actions, kind. A kind says on what: an ARN, with `{}` for what is at
#: the paths; `=` as for the operation itself, `:` by the ARN at the paths, `*` what no parameter
#: names; empty where `granting.besides.listed` knows by the action's prefix.
#: Behind `?` are parameters without which nothing is asked, and behind `=` the value that one has.
Row = tuple[str, str, str, str, str]

#: Services by which an account is run: a change without a name is one to all of it.
OF_ACCOUNTS = ("iam:", "organizations:", "ram:", "sso:", "sts:")

_RECORDS = (
    "ec2:DescribeInstances route53:ChangeResourceRecordSets route53:CreateHealthCheck"
    " route53:DeleteHealthCheck route53:GetHealthCheck route53:GetHostedZone"
    " route53:ListHostedZonesByName route53:UpdateHealthCheck"
)
_ZONE = "route53:CreateHostedZone route53:GetHostedZone route53:ListHostedZonesByName"
#: What the reference does not have, and documentation does. Sources: botocore's models,
#: "documentation" of the operation ("This operation also requires permissions for the following
#: Amazon EC2 actions"); Cloud Map developer guide, "Using identity-based policies" ("required if
#: you're using public or private DNS namespaces").
DOCUMENTED: dict[tuple[str, str], str] = {
    ("codeartifact", "GetAuthorizationToken"): "sts:GetServiceBearerToken",
    ("ecr-public", "GetAuthorizationToken"): "sts:GetServiceBearerToken",
    ("efs", "CreateMountTarget"): (
        "ec2:CreateNetworkInterface ec2:DescribeNetworkInterfaces ec2:DescribeSubnets"
    ),
    ("efs", "DeleteMountTarget"): "ec2:DeleteNetworkInterface",
    ("glue", "CreateConnection"): "glue:PassConnection",
    ("servicediscovery", "CreatePrivateDnsNamespace"): f"{_ZONE} ec2:DescribeRegions",
    ("servicediscovery", "CreatePublicDnsNamespace"): _ZONE,
    ("servicediscovery", "DeleteNamespace"): "route53:DeleteHostedZone",
    ("servicediscovery", "DeregisterInstance"): _RECORDS,
    ("servicediscovery", "RegisterInstance"): _RECORDS,
}

#: What the reference has without a condition, and is asked only where a parameter is given. By
#: prefix of the action, operations and actions that begin so. Sources: botocore's models,
#: "documentation" of the parameter; service authorization reference, description of the action.
WHEN: tuple[tuple[str, str, str, str], ...] = (
    ("cloudfront", "CreateDistribution", "cloudfront:CreateConnectionGroup", "-"),
    ("ec2", "CreateFlowLogs", "ecs:", "LogFormat"),
    ("ec2", "CreateVpcEndpoint", "route53:", "PrivateDnsEnabled"),
    ("lambda", "CreateFunction", "lambda:PassCapacityProvider", "CapacityProviderConfig"),
    ("rds", "", "rds:CreateDBInstance", "DBClusterInstanceClass"),
    ("rds", "", "rds:ModifyDBInstance", "DBClusterInstanceClass"),
    ("rds", "", "rds:CreateTenantDatabase", "MultiTenant"),
    ("rds", "Delete", "rds:CreateDB", "FinalDBSnapshotIdentifier"),
    ("rds", "Stop", "rds:CreateDBSnapshot", "DBSnapshotIdentifier"),
    ("rds", "Copy", "rds:CopyCustomDBEngineVersion", "CopyOption"),
    # A cluster of several instances, or with several databases, is nothing that a call names.
    ("rds", "Delete", "rds:Delete", "-"),
    ("rds", "RebootDBCluster", "rds:RebootDBInstance", "-"),
    ("states", "", "states:PublishStateMachineVersion", "publish"),
    ("states", "TestState", "states:RevealSecrets", "revealSecrets"),
    # What is attached to a rule group that is shared; these name none.
    ("wafv2", "", "wafv2:GetPermissionPolicy", "-"),
    ("wafv2", "", "wafv2:PutPermissionPolicy", "-"),
    # `granting.besides` has rules of when these are asked.
    ("cloudformation", "DescribeStacks", "", "-"),
    ("ec2", "", "ssm:GetParameters", "-"),
    *(
        ("s3", "CreateBucketMetadataTable", f"s3tables:{action}", "-")
        for action in ("GetTable", "PutTableEncryption", "PutTablePolicy")
    ),
    ("timestream", "", "timestream:DescribeEndpoints", "-"),
)

# Source: DynamoDB developer guide, "Using IAM with DynamoDB backup and restore": "read and write
# permissions on the target table are necessary".
_ITEMS = (
    "dynamodb:BatchWriteItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query"
    " dynamodb:Scan dynamodb:UpdateItem"
)
# Source: DynamoDB developer guide, "Requesting a table import in DynamoDB".
_ERRORS = (
    "logs:CreateLogGroup logs:CreateLogStream logs:DescribeLogGroups logs:DescribeLogStreams"
    " logs:PutLogEvents logs:PutRetentionPolicy"
)
_TABLE = "dynamodb:R:A:table/{}"
_KEPT_BY_REDSHIFT = "secretsmanager:R:A:secret:redshift!*"
_CONNECTION = "secretsmanager:R:A:secret:events!connection/{}/*"
# Sources: S3 user guide, "Setting up permissions for configuring metadata tables" and "Working with
# AWS managed table buckets": where these tables are.
_MANAGED = "s3tables:R:A:bucket/aws-s3"
_METADATA = (
    "s3tables:CreateTable s3tables:GetTable s3tables:PutTableEncryption s3tables:PutTablePolicy"
)
# Source: Bedrock user guide, "Set up permissions to use guardrails for content filtering": "invoke
# guardrails" beside the inference.
_GUARDRAIL = ("bedrock:ApplyGuardrail", "bedrock:R:A:guardrail/{}")
_IN_ANSWERS = " ".join(
    f"retrieveAndGenerateConfiguration.{kind}.generationConfiguration.guardrailConfiguration"
    ".guardrailId"
    for kind in ("externalSourcesConfiguration", "knowledgeBaseConfiguration")
)
_ACCESS_LOGS = (
    "logs:CreateLogDelivery logs:DescribeLogGroups logs:DescribeResourcePolicies"
    " logs:GetLogDelivery logs:ListLogDeliveries logs:UpdateLogDelivery"
)
# Source: service authorization reference, RDS, "Resource types".
_SNAPSHOT, _OF_CLUSTER = "rds:R:A:snapshot:{}", "rds:R:A:cluster-snapshot:{}"
_FINAL = "FinalDBSnapshotIdentifier"
# Sources: Lambda developer guide, "Granting layer access to other accounts"; "Configuring file
# system access".
_LAYERS = ("Layers", "lambda:GetLayerVersion", "lambda:R:A:layer:{}")
_MOUNTED = ("?FileSystemConfigs.Arn", "elasticfilesystem:DescribeMountTargets", "*")

#: Rows that are written by hand. They are in the place of what the reference has of the same
#: actions.
OWN: tuple[Row, ...] = (
    *(
        (service, name, path, *_GUARDRAIL)
        for service, name, path in (
            (
                *("bedrock-agent-runtime", "AgenticRetrieveStream"),
                "policyConfiguration.bedrockGuardrailConfiguration.guardrailId",
            ),
            (
                *("bedrock-agent-runtime", "InvokeInlineAgent"),
                (
                    "collaborators.guardrailConfiguration.guardrailIdentifier"
                    " guardrailConfiguration.guardrailIdentifier"
                ),
            ),
            ("bedrock-agent-runtime", "Retrieve", "guardrailConfiguration.guardrailId"),
            ("bedrock-agent-runtime", "RetrieveAndGenerate", _IN_ANSWERS),
            ("bedrock-agent-runtime", "RetrieveAndGenerateStream", _IN_ANSWERS),
            ("bedrock-runtime", "Converse", "guardrailConfig.guardrailIdentifier"),
            ("bedrock-runtime", "ConverseStream", "guardrailConfig.guardrailIdentifier"),
            ("bedrock-runtime", "InvokeModel", "guardrailIdentifier"),
            ("bedrock-runtime", "InvokeModelWithResponseStream", "guardrailIdentifier"),
        )
    ),
    # Source: CloudFormation's schema of the table, "handlers": what making one with a stream of
    # Kinesis needs.
    (
        *("dynamodb", "EnableKinesisStreamingDestination", "StreamArn"),
        *("kinesis:DescribeStream kinesis:PutRecords", ":"),
    ),
    # Source: service authorization reference, ElastiCache and MemoryDB, dependent actions: the
    # snapshots that a cluster is made from are objects.
    ("elasticache", "CreateCacheCluster", "SnapshotArns", "s3:GetObject", ""),
    ("elasticache", "CreateReplicationGroup", "SnapshotArns", "s3:GetObject", ""),
    ("memorydb", "CreateCluster", "SnapshotArns", "s3:GetObject", ""),
    *(
        ("s3", name, "", actions, kind)
        for name in (
            "CreateBucketMetadataConfiguration",
            "UpdateBucketMetadataInventoryTableConfiguration",
        )
        for actions, kind in (
            (
                "s3tables:CreateNamespace s3tables:CreateTableBucket s3tables:PutTableBucketPolicy",
                _MANAGED,
            ),
            (_METADATA, _MANAGED),
            (_METADATA, f"{_MANAGED}/table/*"),
        )
    ),
    # Source: Polly developer guide, "Creating long audio files": who makes the task "can also
    # publish to the SNS topic".
    ("polly", "StartSpeechSynthesisTask", "SnsTopicArn", "sns:Publish", ":"),
    ("dynamodb", "ImportTable", "", _ERRORS, "logs:R:A:log-group:/aws-dynamodb/*"),
    ("dynamodb", "RestoreTableFromBackup", "TargetTableName", _ITEMS, _TABLE),
    ("dynamodb", "RestoreTableToPointInTime", "TargetTableName", _ITEMS, _TABLE),
    ("lambda", "CreateFunction", *_LAYERS),
    ("lambda", "CreateFunction", *_MOUNTED),
    ("lambda", "UpdateFunctionConfiguration", *_LAYERS),
    ("lambda", "UpdateFunctionConfiguration", *_MOUNTED),
    # Source: botocore's model of Secrets Manager, "RotateSecret": "You also need
    # lambda:InvokeFunction permissions on the rotation function".
    (
        *("secretsmanager", "RotateSecret", "RotationLambdaARN"),
        *("lambda:InvokeFunction", "lambda:R:A:function:{}"),
    ),
    # Source: botocore's model of Service Catalog, "CreateProduct", "ImportFromPhysicalId" and
    # "LoadTemplateFromURL" in `Info`.
    *(
        row
        for name, path in (
            ("CreateProduct", "ProvisioningArtifactParameters.Info.*"),
            ("CreateProvisioningArtifact", "Parameters.Info.*"),
        )
        for row in (
            ("servicecatalog", name, path, "cloudformation:GetTemplate", ":"),
            ("servicecatalog", name, path, "s3:GetObject", ""),
        )
    ),
    # Source: EventBridge user guide, "Using identity-based policies", AmazonEventBridgeFullAccess:
    # secrets of connections are made, changed and deleted with the rights of the caller.
    (
        *("events", "CreateConnection", "Name"),
        *("secretsmanager:CreateSecret secretsmanager:GetSecretValue", _CONNECTION),
    ),
    ("events", "CreateConnection", "Name", "secretsmanager:PutSecretValue", _CONNECTION),
    ("events", "DeleteConnection", "Name", "secretsmanager:DeleteSecret", _CONNECTION),
    (
        *("events", "UpdateConnection", "Name"),
        *("secretsmanager:GetSecretValue secretsmanager:UpdateSecret", _CONNECTION),
    ),
    ("events", "UpdateConnection", "Name", "secretsmanager:PutSecretValue", _CONNECTION),
    # Sources: VPC user guide, "Publish flow logs to Amazon S3", of principals that publish; WAF
    # developer guide, "Logging destinations"; API Gateway developer guide, "Configure logging for
    # HTTP APIs", "Permissions".
    *(
        row
        for service, name, when, path in (
            ("ec2", "CreateFlowLogs", "LogDestination", "LogDestination"),
            (
                *("wafv2", "PutLoggingConfiguration", "LoggingConfiguration"),
                "LoggingConfiguration.LogDestinationConfigs",
            ),
        )
        for row in (
            (service, name, f"?{when}", "logs:CreateLogDelivery logs:DeleteLogDelivery", "*"),
            (service, name, path, "s3:GetBucketPolicy s3:PutBucketPolicy", ":"),
        )
    ),
    ("wafv2", "DeleteLoggingConfiguration", "", "logs:DeleteLogDelivery", "*"),
    ("apigatewayv2", "CreateStage", "?AccessLogSettings", _ACCESS_LOGS, "*"),
    ("apigatewayv2", "UpdateStage", "?AccessLogSettings", _ACCESS_LOGS, "*"),
    # Source: Auto Scaling user guide, "Control Amazon EC2 launch template usage in Auto Scaling
    # groups": who names a template needs to run instances; EC2 user guide, "EC2 Fleet
    # prerequisites". What of a template they are of is not in the call.
    *(
        ("autoscaling", name, "?LaunchTemplate MixedInstancesPolicy", "ec2:RunInstances", "*")
        for name in ("CreateAutoScalingGroup", "UpdateAutoScalingGroup")
    ),
    ("ec2", "CreateFleet", "", "ec2:RunInstances", "*"),
    # Source: botocore's model of EC2, "ResolveAlias": the parameter of the image is read.
    ("ec2", "DescribeLaunchTemplateVersions", "?ResolveAlias", "ssm:GetParameters", "*"),
    # Source: CloudFormation's schema of the rule, which reads the credentials of the registry.
    (
        *("ecr", "CreatePullThroughCacheRule", "credentialArn"),
        *("secretsmanager:GetSecretValue", "secretsmanager:R:A:secret:{}"),
    ),
    ("eks", "CreateNodegroup", "?launchTemplate", "ec2:RunInstances", "*"),
    # Source: MSK developer guide, "Sign-in credentials authentication with AWS Secrets Manager": a
    # secret is under a key of one's own, which the call does not name.
    ("kafka", "BatchAssociateScramSecret", "", "kms:CreateGrant", "*"),
    # Source: KMS API reference, "ReplicateKey", "Required permissions", in the replica's region.
    ("kms", "ReplicateKey", "", "kms:CreateKey", "*"),
    # Source: service authorization reference, Redshift Serverless: the secret that it keeps for the
    # namespace, whether it does is not in the call.
    (
        *("redshift-serverless", "DeleteNamespace", ""),
        *("secretsmanager:DeleteSecret secretsmanager:DescribeSecret", _KEPT_BY_REDSHIFT),
    ),
    # Source: service authorization reference, Resource Groups, dependent actions.
    ("resource-groups", "GroupResources", "", "resource-groups:Tag", "="),
    ("resource-groups", "GroupResources", "", "tag:TagResources", "*"),
    ("resource-groups", "UngroupResources", "", "resource-groups:Untag", "="),
    ("resource-groups", "UngroupResources", "", "tag:UntagResources", "*"),
    ("rds", "DeleteDBCluster", _FINAL, "rds:CreateDBClusterSnapshot", _OF_CLUSTER),
    ("rds", "DeleteDBInstance", _FINAL, "rds:CreateDBSnapshot", _SNAPSHOT),
    ("rds", "StopDBInstance", "DBSnapshotIdentifier", "rds:CreateDBSnapshot", _SNAPSHOT),
    (
        *("scheduler", "DeleteScheduleGroup", "Name"),
        *("scheduler:DeleteSchedule", "scheduler:R:A:schedule/{}/*"),
    ),
)

#: Secrets that a service keeps for who asks it to: by service, the parameter and how they are
#: called. Sources: RDS user guide, "Password management with Amazon RDS and AWS Secrets Manager";
#: Redshift management guide, "Managing Amazon Redshift admin passwords using AWS Secrets Manager".
SECRETS = {
    "docdb": ("ManageMasterUserPassword", "rds!*"),
    "neptune": ("ManageMasterUserPassword", "rds!*"),
    "rds": ("ManageMasterUserPassword", "rds!*"),
    "redshift": ("ManageMasterPassword", "redshift!*"),
    "redshift-serverless": ("manageAdminPassword", "redshift!*"),
}
