"""What sentences of botocore's models say that callers need besides, by operation.

`python -m scripts.authorization` writes it with the other rows; a test reads the models and knows
each sentence that names an action. Where no source is named, it is such a sentence: the
"documentation" of the operation, or of the parameter at the place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.authorization.said_of_s3 import OF_S3

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.authorization.written import Row

_CLUSTER, _IN_EACH_REGION = "dsql:R:A:cluster/{}", "dsql:*:A:cluster/{}"
_PEERS, _WITNESS = "multiRegionProperties.clusters", "multiRegionProperties.witnessRegion"
_ACCESS_POINT = "s3:R:A:accesspoint/{}"
_RECORDER = "config:R:A:configuration-recorder/*"
_SECRET = "secretsmanager:R:A:secret:{}"  # noqa: S105 (an ARN)
_LOG_GROUP = "logs:R:A:log-group:*"
_STACK = "cloudformation:R:A:stack/{}/*"
_SERVICE_OF_LINK = "ec2:R:A:vpc-endpoint-service/*"
_ENDPOINT, _INTERFACE = "ec2:R:A:vpc-endpoint/*", "ec2:R:A:network-interface/*"

# Bedrock user guide, "Prerequisites" of inline agents, of the role that invokes one; "Create a
# service role for Amazon Bedrock Agents", of collaborators.
_MODELS = "foundationModel collaborators.foundationModel"
_INLINE: tuple[tuple[str, str, str], ...] = (
    (_MODELS, "bedrock:InvokeModel", "bedrock:R::foundation-model/{}"),
    (
        f"{_MODELS}?streamingConfigurations",
        *("bedrock:InvokeModelWithResponseStream", "bedrock:R::foundation-model/{}"),
    ),
    (
        "knowledgeBases.knowledgeBaseId collaborators.knowledgeBases.knowledgeBaseId",
        *("bedrock:Retrieve", "bedrock:R:A:knowledge-base/{}"),
    ),
    (
        (
            "actionGroups.actionGroupExecutor.lambda"
            " collaborators.actionGroups.actionGroupExecutor.lambda"
            " customOrchestration.executor.lambda promptOverrideConfiguration.overrideLambda"
            " collaborators.promptOverrideConfiguration.overrideLambda"
        ),
        *("lambda:InvokeFunction", "lambda:R:A:function:{}"),
    ),
    (
        (
            "actionGroups.apiSchema.s3.s3BucketName+s3ObjectKey+"
            " collaborators.actionGroups.apiSchema.s3.s3BucketName+s3ObjectKey+"
        ),
        *("s3:GetObject", ""),
    ),
    (
        "inlineSessionState.files.source.s3Location.uri",
        "s3:GetObject s3:GetObjectAttributes s3:GetObjectVersion s3:GetObjectVersionAttributes",
        "",
    ),
    (
        "collaboratorConfigurations.agentAliasArn",
        *("bedrock:GetAgentAlias bedrock:InvokeAgent", ":"),
    ),
)
#: By the kind of a policy for all log groups, what showing and deleting one needs.
_POLICIES = {
    "DATA_PROTECTION_POLICY": ("GetDataProtectionPolicy", "DeleteDataProtectionPolicy"),
    "FIELD_INDEX_POLICY": ("DescribeIndexPolicies", "DeleteIndexPolicy"),
    "RETENTION_POLICY": ("", "DeleteRetentionPolicy"),
    "SUBSCRIPTION_FILTER_POLICY": ("DescribeSubscriptionFilters", "DeleteSubscriptionFilter"),
    "TRANSFORMER_POLICY": ("GetTransformer", "DeleteTransformer"),
}


#: Services, operations, paths, actions, kind: what several operations need alike.
_ALIKE: tuple[Row, ...] = (
    (
        *("batch", "CreateComputeEnvironment UpdateComputeEnvironment"),
        *("?computeResources.capacityTags", "batch:SetCapacityTags", "="),
    ),
    (
        *("cloudwatch", "PutCompositeAlarm PutLogAlarm PutMetricAlarm"),
        "?ActionConfiguration.AlarmTagsPropagation.Enabled",
        *("cloudwatch:ListTagsForResource", "="),
    ),
    (
        *("connectcases", "CreateCase UpdateCase"),
        *("performedBy.userArn", "connect:DescribeUser", ":"),
    ),
    ("logs", "FilterLogEvents GetLogEvents GetLogRecord", "?unmask", "logs:Unmask", "="),
    (
        *("logs", "PutAccountPolicy", "?policyType=METRIC_EXTRACTION_POLICY"),
        *("logs:PutMetricExtractionPolicy", _LOG_GROUP),
    ),
    (
        *("mediatailor", "CreateSourceLocation UpdateSourceLocation"),
        *("?AccessConfiguration.AccessType=S3_SIGV4", "s3:GetObject", "*"),
    ),
    (
        *("mediatailor", "CreateSourceLocation UpdateSourceLocation"),
        *("?AccessConfiguration.AccessType=AUTODETECT_SIGV4", "mediapackagev2:GetObject", "*"),
    ),
    (
        "notifications",
        (
            "AssociateManagedNotificationAccountContact"
            " AssociateManagedNotificationAdditionalChannel"
            " UpdateManagedNotificationChannelAssociation"
        ),
        "managedNotificationConfigurationArn?isSensitiveEventsSubscribed",
        *("notifications:SubscribeSensitiveEvents", ":"),
    ),
    (
        *("oam", "GetLink GetSink UpdateLink"),
        *("Identifier?IncludeTags", "oam:ListTagsForResource", ":"),
    ),
    (
        *("pcs", "CreateComputeNodeGroup UpdateComputeNodeGroup"),
        *("?sshKeyName", "ec2:DescribeKeyPairs", "*"),
    ),
    (
        *("qconnect wisdom", "CreateAssistant CreateKnowledgeBase"),
        *("serverSideEncryptionConfiguration.kmsKeyId", "kms:Decrypt kms:GenerateDataKey", ""),
    ),
    (
        *("wafv2", "CreateRuleGroup CreateWebACL UpdateRuleGroup UpdateWebACL"),
        "MonetizationConfig.ConnectedAccountConfigs.ConnectedAccountArn",
        *("payments:GetConnectedAccount", ":"),
    ),
)


def _policies() -> Iterator[Row]:
    for kind, (shows, deletes) in _POLICIES.items():
        when = f"?policyType={kind}"
        yield "logs", "DeleteAccountPolicy", when, f"logs:{deletes}", _LOG_GROUP
        if shows:
            yield "logs", "DescribeAccountPolicies", when, f"logs:{shows}", _LOG_GROUP


#: Rows as `written.OWN` has them.
SAID: tuple[Row, ...] = (
    *(
        (service, name, path, actions, kind)
        for services, names, path, actions, kind in _ALIKE
        for service in services.split()
        for name in names.split()
    ),
    *_policies(),
    *OF_S3,
    *(
        ("bedrock-agent-runtime", "InvokeInlineAgent", path, actions, kind)
        for path, actions, kind in _INLINE
    ),
    # Sources: API reference, "CreateVpcLink": "permissions to create and update VPC Endpoint
    # services"; API Gateway developer guide, "Grant permissions for API Gateway to create a VPC
    # link". What is made, has no name yet.
    (
        *("apigateway", "CreateVpcLink", ""),
        "ec2:CreateVpcEndpointServiceConfiguration ec2:ModifyVpcEndpointServicePermissions",
        _SERVICE_OF_LINK,
    ),
    (
        *("apigateway", "CreateVpcLink", ""),
        "ec2:DescribeVpcEndpointServiceConfigurations elasticloadbalancing:DescribeLoadBalancers",
        "*",
    ),
    (
        *("apigateway", "DeleteVpcLink", ""),
        *("ec2:DeleteVpcEndpointServiceConfigurations", _SERVICE_OF_LINK),
    ),
    (
        *("apigateway", "DeleteVpcLink", ""),
        *("ec2:DescribeVpcEndpointServiceConfigurations", "*"),
    ),
    (
        *("batch", "CreateComputeEnvironment", "eksConfiguration.eksClusterArn"),
        *("eks:DescribeCluster", ":"),
    ),
    (
        *("bedrock", "CreateCustomModel"),
        "customModelDataSource.modelPackageArnDataSource.modelPackageArn",
        *("sagemaker:AccessModelPackageData sagemaker:DescribeModelPackage", ":"),
    ),
    # Which model it is, the agent says.
    (
        *("bedrock-agent-runtime", "InvokeAgent", "?streamingConfigurations"),
        *("bedrock:InvokeModelWithResponseStream", "*"),
    ),
    (
        *("bedrock-agentcore", "InvokeAgentRuntime", "?runtimeUserId"),
        *("bedrock-agentcore:InvokeAgentRuntimeForUser", "="),
    ),
    (
        *("bedrock-agentcore", "StartBrowserSession"),
        "proxyConfiguration.proxies.externalProxy.credentials.basicAuth.secretArn",
        *("secretsmanager:GetSecretValue", _SECRET),
    ),
    ("cloudwatch", "DisassociateDatasetKmsKey", "", "kms:Decrypt", "*"),
    (
        *("connecthealth", "CreateDataset", "config.medicalCoding.s3InputPath"),
        *("s3:GetObject s3:ListBucket", ""),
    ),
    (
        *("connecthealth", "CreateDataset", "config.medicalCoding.s3OutputPath"),
        *("s3:PutObject", ""),
    ),
    (
        *("dsql", "CreateCluster", "?multiRegionProperties"),
        *("dsql:PutMultiRegionProperties", _CLUSTER.replace("{}", "*")),
    ),
    (
        *("dsql", "CreateCluster", f"?{_PEERS}"),
        *("dsql:AddPeerCluster", _CLUSTER.replace("{}", "*")),
    ),
    ("dsql", "CreateCluster", _PEERS, "dsql:AddPeerCluster", ":"),
    # It is asked in the region of the witness, too.
    (
        *("dsql", "CreateCluster", f"?{_WITNESS}"),
        *("dsql:PutWitnessRegion", _IN_EACH_REGION.replace("{}", "*")),
    ),
    (
        *("dsql", "UpdateCluster", "identifier?multiRegionProperties"),
        *("dsql:GetCluster dsql:PutMultiRegionProperties", _CLUSTER),
    ),
    ("dsql", "UpdateCluster", f"identifier?{_PEERS}", "dsql:AddPeerCluster", _CLUSTER),
    ("dsql", "UpdateCluster", _PEERS, "dsql:AddPeerCluster", ":"),
    # What is no peer any more, no parameter names.
    ("dsql", "UpdateCluster", f"?{_PEERS}", "dsql:RemovePeerCluster", "*"),
    ("dsql", "UpdateCluster", f"identifier?{_WITNESS}", "dsql:PutWitnessRegion", _IN_EACH_REGION),
    # Source: CloudFormation's schema of the table, "handlers".
    (
        *("dynamodb", "CreateTable", "TableName?ResourcePolicy"),
        *("dynamodb:PutResourcePolicy", "dynamodb:R:A:table/{}"),
    ),
    # Source: DynamoDB developer guide, "Using IAM with Kinesis Data Streams for DynamoDB".
    ("dynamodb", "EnableKinesisStreamingDestination", "", "kinesis:ListStreams", "*"),
    (
        *("dynamodb", "UpdateTable", "?ReplicaUpdates.Disassociate"),
        *("dynamodb:DisassociateTableReplica", "="),
    ),
    ("efs", "ListTagsForResource", "", "elasticfilesystem:DescribeAccessPoints", "="),
    ("elasticbeanstalk", "UpdateTagsForResource", "?TagsToAdd", "elasticbeanstalk:AddTags", "="),
    (
        *("elasticbeanstalk", "UpdateTagsForResource", "?TagsToRemove"),
        *("elasticbeanstalk:RemoveTags", "="),
    ),
    # Sources: ElastiCache user guide, "AWS managed policies", AmazonElastiCacheFullAccess;
    # CloudFormation's schema of the cache, "handlers".
    ("elasticache", "CreateServerlessCache", "", "ec2:CreateTags ec2:CreateVpcEndpoint", _ENDPOINT),
    ("elasticache", "CreateServerlessCache", "", "ec2:CreateVpcEndpoint", "ec2:R:A:vpc/*"),
    *(
        (
            "elasticache",
            "CreateServerlessCache",
            path,
            "ec2:CreateVpcEndpoint",
            f"ec2:R:A:{kind}/{{}}",
        )
        for path, kind in (("SecurityGroupIds", "security-group"), ("SubnetIds", "subnet"))
    ),
    (
        *("fsx", "CreateAndAttachS3AccessPoint", "Name"),
        "s3:CreateAccessPoint s3:DeleteAccessPoint s3:GetAccessPoint s3:PutAccessPointPolicy",
        _ACCESS_POINT,
    ),
    ("fsx", "DetachAndDeleteS3AccessPoint", "Name", "s3:DeleteAccessPoint", _ACCESS_POINT),
    (
        *("fsx", "DeleteVolume", "?OntapConfiguration.BypassSnaplockEnterpriseRetention"),
        *("fsx:BypassSnaplockEnterpriseRetention", "="),
    ),
    (
        *("fsx", "DeleteVolume", "?OntapConfiguration.FinalBackupTags"),
        *("fsx:TagResource", "fsx:R:A:backup/*"),
    ),
    (
        *("gamelift", "CreateVpcPeeringConnection", ""),
        (
            "ec2:AcceptVpcPeeringConnection ec2:AuthorizeSecurityGroupEgress"
            " ec2:AuthorizeSecurityGroupIngress ec2:CreateRoute ec2:DescribeRouteTables"
            " ec2:DescribeSecurityGroups"
        ),
        "*",
    ),
    # Source: AWS IoT developer guide, "AWS IoT Core policy actions": who publishes a message that
    # is retained needs this one, too.
    ("iot-data", "Publish", "?retain", "iot:RetainPublish", "="),
    (
        *("keyspaces", "UpdateKeyspace", ""),
        (
            "application-autoscaling:DeregisterScalableTarget"
            " application-autoscaling:DescribeScalableTargets"
            " application-autoscaling:DescribeScalingPolicies"
            " application-autoscaling:PutScalingPolicy"
            " application-autoscaling:RegisterScalableTarget"
        ),
        "*",
    ),
    *(
        ("mq", "CreateBroker", "", actions, kind)
        for actions, kind in (
            ("ec2:DeleteNetworkInterfacePermission ec2:DescribeRouteTables", "*"),
            ("ec2:DeleteNetworkInterface ec2:DetachNetworkInterface", _INTERFACE),
            ("ec2:DetachNetworkInterface", "ec2:R:A:instance/*"),
        )
    ),
    (
        *("notifications", "ListManagedNotificationEvents", "?includeSensitiveEvents"),
        *("notifications:AccessSensitiveEvents", "*"),
    ),
    (
        *("observabilityadmin", "StartThirdPartyTelemetryEnrichment", ""),
        *("config:PutThirdPartyServiceLinkedConfigurationRecorder", _RECORDER),
    ),
    (
        *("observabilityadmin", "StopThirdPartyTelemetryEnrichment", ""),
        *("config:DeleteServiceLinkedConfigurationRecorder", _RECORDER),
    ),
    (
        *("rekognition", "CreateDataset", "DatasetSource.DatasetArn"),
        *("rekognition:ListDatasetEntries", ":"),
    ),
    (
        *("sagemaker", "CreateFeatureGroup", "OnlineStoreConfig.SecurityConfig.KmsKeyId"),
        (
            "kms:Decrypt kms:Encrypt kms:GenerateDataKey kms:ListGrants kms:ReEncryptFrom"
            " kms:ReEncryptTo kms:RetireGrant kms:RevokeGrant"
        ),
        "",
    ),
    (
        *("sagemaker", "CreateFeatureGroup", "?OnlineStoreConfig.SecurityConfig.KmsKeyId"),
        *("kms:ListAliases", "*"),
    ),
    (
        *("sagemaker-runtime", "InvokeEndpointWithResponseStream", ""),
        *("sagemaker:InvokeEndpoint", "="),
    ),
    (
        *("secretsmanager", "AssociateCrossAccountReplica", ""),
        *("secretsmanager:GetSecretValue", "="),
    ),
    (
        *("secretsmanager", "AssociateCrossAccountReplica", "CrossAccountReplicaARN"),
        *("secretsmanager:AcceptCrossAccountReplication", ":"),
    ),
    ("secretsmanager", "AssociateCrossAccountReplica", "", "kms:Decrypt kms:Encrypt", "*"),
    # Sources: Secrets Manager user guide, "Prevent AWS Secrets Manager replication", whose policy
    # lets secrets be made with replicas by both; CloudFormation's schema of the secret, "handlers".
    (
        *("secretsmanager", "CreateSecret", "?AddReplicaRegions"),
        *("secretsmanager:ReplicateSecretToRegions", "="),
    ),
    (
        *("secretsmanager", "CreateSecret", "?CrossAccountPrimaryARN"),
        *("secretsmanager:PutResourcePolicy", "="),
    ),
    (
        *("secretsmanager", "StopReplicationToReplica", ""),
        *("secretsmanager:DeleteResourcePolicy", "="),
    ),
    (
        *("secretsmanager", "ValidateResourcePolicy", ""),
        *("secretsmanager:PutResourcePolicy", "="),
    ),
    (
        *("servicecatalog", "ImportAsProvisionedProduct", "PhysicalId"),
        *("cloudformation:DescribeStacks cloudformation:GetTemplate", ":"),
    ),
    (
        *("servicecatalog-appregistry", "AssociateResource"),
        "resource?resourceType=CFN_STACK",
        *("cloudformation:UpdateStack", _STACK),
    ),
    (
        *("servicecatalog-appregistry", "AssociateResource"),
        "?options=APPLY_APPLICATION_TAG",
        *("tag:GetResources tag:TagResources", "*"),
    ),
    (
        *("servicecatalog-appregistry", "AssociateResource", ""),
        *("resource-groups:AssociateResource", "*"),
    ),
    (
        *("servicecatalog-appregistry", "DisassociateResource"),
        "resource?resourceType=CFN_STACK",
        *("cloudformation:DescribeStacks cloudformation:UpdateStack", _STACK),
    ),
    (
        *("servicecatalog-appregistry", "DisassociateResource", ""),
        *("resource-groups:DisassociateResource tag:GetResources tag:UntagResources", "*"),
    ),
    ("ssm", "DeregisterDefaultHostManagementConfiguration", "", "iam:DeleteRole", "*"),
    (
        *("ssm", "RegisterDefaultHostManagementConfiguration", "?PermissionModel=SERVICE_MANAGED"),
        *("iam:AttachRolePolicy iam:CreateRole", "*"),
    ),
    ("ssm", "UpdateAssociation", "", "ssm:DescribeAssociation", "="),
    (
        *("storagegateway", "StartCacheReport", "LocationARN"),
        *("s3:AbortMultipartUpload s3:PutObject", ""),
    ),
    (
        *("transfer", "UpdateHostKey", "?StorageType=SECRETS_MANAGER"),
        *("transfer:ExportHostKey", "="),
    ),
    (
        *("wellarchitected", "CreateWorkload", "ReviewTemplateArns"),
        (
            "wellarchitected:GetReviewTemplate wellarchitected:GetReviewTemplateAnswer"
            " wellarchitected:GetReviewTemplateLensReview wellarchitected:ListReviewTemplateAnswers"
        ),
        ":",
    ),
)
