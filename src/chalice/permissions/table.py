"""Where the actions of IAM are not called as the operations of the API.

Every action that is written here is in AWS's own list (a test compares them). Sources: "SAR", the
service authorization reference, page of the service; else the guide that is named.
"""

from __future__ import annotations

#: Services whose actions are under a prefix that botocore's model does not name.
#: Source: SAR, "service prefix" of each page.
PREFIXES: dict[str, str] = {
    "apigatewaymanagementapi": "execute-api",
    "cloudcontrol": "cloudformation",
    "iot-data": "iot",
    "iot-jobs-data": "iotjobsdata",
    "iotsecuretunneling": "iot",
    "keyspaces": "cassandra",
    "mturk": "mechanicalturk",
    "partnercentral-account": "partnercentral",
    "partnercentral-benefits": "partnercentral",
    "partnercentral-channel": "partnercentral",
    "partnercentral-selling": "partnercentral",
    "resourcegroupstaggingapi": "tag",
    "sagemaker-featurestore-runtime": "sagemaker",
}

#: Services that AWS has withdrawn, and their actions from its list with them. They were called as
#: the operations are. Source: SAR, pages of 2020 to 2024 (CloudHSM Classic, IoT Things Graph,
#: Application Cost Profiler).
WITHDRAWN: frozenset[str] = frozenset({"applicationcostprofiler", "cloudhsm", "iotthingsgraph"})

#: Actions of S3. Source: S3 user guide, "Required permissions for Amazon S3 API operations".
_S3 = {
    "CompleteMultipartUpload": ("PutObject",),
    "CopyObject": ("PutObject",),
    "CreateMultipartUpload": ("PutObject",),
    "DeleteBucketAnalyticsConfiguration": ("PutAnalyticsConfiguration",),
    "DeleteBucketCors": ("PutBucketCORS",),
    "DeleteBucketEncryption": ("PutEncryptionConfiguration",),
    "DeleteBucketIntelligentTieringConfiguration": ("PutIntelligentTieringConfiguration",),
    "DeleteBucketInventoryConfiguration": ("PutInventoryConfiguration",),
    "DeleteBucketLifecycle": ("PutLifecycleConfiguration",),
    "DeleteBucketMetricsConfiguration": ("PutMetricsConfiguration",),
    "DeleteBucketOwnershipControls": ("PutBucketOwnershipControls",),
    "DeleteBucketReplication": ("PutReplicationConfiguration",),
    "DeleteBucketTagging": ("PutBucketTagging",),
    "DeleteObjects": ("DeleteObject",),
    "DeletePublicAccessBlock": ("PutBucketPublicAccessBlock",),
    "GetBucketAccelerateConfiguration": ("GetAccelerateConfiguration",),
    "GetBucketAnalyticsConfiguration": ("GetAnalyticsConfiguration",),
    "GetBucketCors": ("GetBucketCORS",),
    "GetBucketEncryption": ("GetEncryptionConfiguration",),
    "GetBucketIntelligentTieringConfiguration": ("GetIntelligentTieringConfiguration",),
    "GetBucketInventoryConfiguration": ("GetInventoryConfiguration",),
    "GetBucketLifecycle": ("GetLifecycleConfiguration",),
    "GetBucketLifecycleConfiguration": ("GetLifecycleConfiguration",),
    "GetBucketMetricsConfiguration": ("GetMetricsConfiguration",),
    "GetBucketNotificationConfiguration": ("GetBucketNotification",),
    "GetBucketReplication": ("GetReplicationConfiguration",),
    "GetObjectAttributes": ("GetObject", "GetObjectAttributes"),
    "GetObjectLockConfiguration": ("GetBucketObjectLockConfiguration",),
    "GetPublicAccessBlock": ("GetBucketPublicAccessBlock",),
    "HeadBucket": ("ListBucket",),
    "HeadObject": ("GetObject",),
    "ListBucketAnalyticsConfigurations": ("GetAnalyticsConfiguration",),
    "ListBucketIntelligentTieringConfigurations": ("GetIntelligentTieringConfiguration",),
    "ListBucketInventoryConfigurations": ("GetInventoryConfiguration",),
    "ListBucketMetricsConfigurations": ("GetMetricsConfiguration",),
    "ListBuckets": ("ListAllMyBuckets",),
    "ListMultipartUploads": ("ListBucketMultipartUploads",),
    "ListObjectVersions": ("ListBucketVersions",),
    "ListObjects": ("ListBucket",),
    "ListObjectsV2": ("ListBucket",),
    "ListParts": ("ListMultipartUploadParts",),
    "PutBucketAccelerateConfiguration": ("PutAccelerateConfiguration",),
    "PutBucketAnalyticsConfiguration": ("PutAnalyticsConfiguration",),
    "PutBucketCors": ("PutBucketCORS",),
    "PutBucketEncryption": ("PutEncryptionConfiguration",),
    "PutBucketIntelligentTieringConfiguration": ("PutIntelligentTieringConfiguration",),
    "PutBucketInventoryConfiguration": ("PutInventoryConfiguration",),
    "PutBucketLifecycle": ("PutLifecycleConfiguration",),
    "PutBucketLifecycleConfiguration": ("PutLifecycleConfiguration",),
    "PutBucketMetricsConfiguration": ("PutMetricsConfiguration",),
    "PutBucketNotificationConfiguration": ("PutBucketNotification",),
    "PutBucketReplication": ("PutReplicationConfiguration",),
    "PutObjectLockConfiguration": ("PutBucketObjectLockConfiguration",),
    "PutPublicAccessBlock": ("PutBucketPublicAccessBlock",),
    "SelectObjectContent": ("GetObject",),
    "UploadPart": ("PutObject",),
    "UploadPartCopy": ("PutObject",),
    # Transfers. Source: boto3 guide, "Uploading files"; S3 user guide, "Multipart upload API and
    # permissions": a transfer that fails takes its parts back.
    "copy": ("PutObject", "AbortMultipartUpload"),
    "download_file": ("GetObject",),
    "download_fileobj": ("GetObject",),
    "upload_file": ("PutObject", "AbortMultipartUpload"),
    "upload_fileobj": ("PutObject", "AbortMultipartUpload"),
}

#: Actions that the documentation of an operation names. Source: botocore's model of the service,
#: "documentation" of the operation ("you must have permission to ... action").
_DOCUMENTED: dict[str, dict[str, str]] = {
    "batch": {
        "CancelJobs": "CancelJob",
        "TerminateJobs": "TerminateJob",
        "TerminateServiceJobs": "TerminateServiceJob",
    },
    "bedrock-agent-runtime": {"RetrieveAndGenerateStream": "RetrieveAndGenerate"},
    "cloudfront": {"CreateDistributionWithTags": "CreateDistribution"},
    "cloudtrail": {"ListInsightsMetricData": "LookupEvents ListInsightsData"},
    "dms": {
        "DescribeDataProviders": "ListDataProviders",
        "DescribeExtensionPackAssociations": "ListExtensionPacks",
        "DescribeInstanceProfiles": "ListInstanceProfiles",
        "DescribeMetadataModelAssessments": "ListMetadataModelAssessments",
        "DescribeMetadataModelConversions": "ListMetadataModelConversions",
        "DescribeMetadataModelExportsAsScript": "ListMetadataModelExports",
        "DescribeMetadataModelExportsToTarget": "ListMetadataModelExports",
        "DescribeMigrationProjects": "ListMigrationProjects",
        "ModifyConversionConfiguration": "UpdateConversionConfiguration",
        "ModifyDataProvider": "UpdateDataProvider",
        "ModifyInstanceProfile": "UpdateInstanceProfile",
        "ModifyMigrationProject": "UpdateMigrationProject",
        "StartExtensionPackAssociation": "AssociateExtensionPack",
        "StartMetadataModelExportAsScript": "StartMetadataModelExportAsScripts",
    },
    "ecr": {"ListImageReferrers": "BatchGetImage"},
    # Source: Glue developer guide, "Configuring IAM permissions for Glue Data Quality".
    "glue": {
        "ListDataQualityStatisticAnnotations": "GetDataQualityResult",
        "ListDataQualityStatistics": "GetDataQualityResult",
        "GetUnfilteredPartitionMetadata": "GetPartition",
        "GetUnfilteredPartitionsMetadata": "GetPartitions",
        "GetUnfilteredTableMetadata": "GetTable",
    },
    "keyspaces": {
        "GetKeyspace": "Select",
        "GetTable": "Select",
        "GetTableAutoScalingSettings": (
            "application-autoscaling:DescribeScalableTargets"
            " application-autoscaling:DescribeScalingPolicies"
        ),
        "GetType": "Select",
        "ListKeyspaces": "Select",
        "ListTables": "Select",
        "ListTagsForResource": "Select",
        "ListTypes": "Select",
        "UpdateTable": "Alter AlterMultiRegionResource",
        "UpdateKeyspace": (
            "Alter AlterMultiRegionResource Create CreateMultiRegionResource Modify"
            " ModifyMultiRegionResource Select SelectMultiRegionResource"
        ),
    },
    "lakeformation": {"GetGlueFunctionSessionContext": "GetDataAccess"},
    "lexv2-models": {
        "ListUtteranceAnalyticsData": "ListAggregatedUtterances",
        "ListUtteranceMetrics": "ListAggregatedUtterances",
    },
    "marketplace-catalog": {"BatchDescribeEntities": "DescribeEntity"},
    "neptune-graph": {
        "ExecuteQuery": "ReadDataViaQuery WriteDataViaQuery DeleteDataViaQuery",
        "GetQuery": "GetQueryStatus",
    },
    "neptunedata": {
        "CancelGremlinQuery": "CancelQuery",
        "CancelOpenCypherQuery": "CancelQuery",
        "DeletePropertygraphStatistics": "DeleteStatistics",
        "DeleteSparqlStatistics": "DeleteStatistics",
        "ExecuteFastReset": "ResetDatabase",
        "ExecuteGremlinExplainQuery": "ReadDataViaQuery WriteDataViaQuery DeleteDataViaQuery",
        "ExecuteGremlinProfileQuery": "ReadDataViaQuery",
        "ExecuteGremlinQuery": "ReadDataViaQuery WriteDataViaQuery DeleteDataViaQuery",
        "ExecuteOpenCypherExplainQuery": "ReadDataViaQuery",
        "ExecuteOpenCypherQuery": "ReadDataViaQuery WriteDataViaQuery DeleteDataViaQuery",
        "GetGremlinQueryStatus": "GetQueryStatus",
        "GetMLDataProcessingJob": "GetMLDataProcessingJobStatus",
        "GetMLEndpoint": "GetMLEndpointStatus",
        "GetMLModelTrainingJob": "GetMLModelTrainingJobStatus",
        "GetMLModelTransformJob": "GetMLModelTransformJobStatus",
        "GetOpenCypherQueryStatus": "GetQueryStatus",
        "GetPropertygraphStatistics": "GetStatisticsStatus",
        "GetPropertygraphStream": "GetStreamRecords",
        "GetPropertygraphSummary": "GetGraphSummary",
        "GetRDFGraphSummary": "GetGraphSummary",
        "GetSparqlStatistics": "GetStatisticsStatus",
        "GetSparqlStream": "GetStreamRecords",
        "ListGremlinQueries": "GetQueryStatus",
        "ListOpenCypherQueries": "GetQueryStatus",
        "ManagePropertygraphStatistics": "ManageStatistics",
        "ManageSparqlStatistics": "ManageStatistics",
    },
    "qapps": {"CreatePresignedUrl": "ImportDocument"},
    "s3": {
        "CreateBucketMetadataConfiguration": "CreateBucketMetadataTableConfiguration",
        "CreateSession": "s3express:CreateSession",
        "DeleteBucketMetadataConfiguration": "DeleteBucketMetadataTableConfiguration",
        "GetBucketMetadataConfiguration": "GetBucketMetadataTableConfiguration",
        "ListDirectoryBuckets": "s3express:ListAllMyDirectoryBuckets",
        "RenameObject": "s3express:CreateSession",
    },
    "s3control": {
        "CreateBucket": "s3-outposts:CreateBucket",
        "DeleteAccessPointScope": "s3express:DeleteAccessPointScope",
        "DeleteBucket": "s3-outposts:DeleteBucket",
        "DeleteBucketLifecycleConfiguration": "s3-outposts:PutLifecycleConfiguration",
        "DeleteBucketPolicy": "s3-outposts:DeleteBucketPolicy",
        "DeleteBucketReplication": "s3-outposts:PutReplicationConfiguration",
        "DeleteBucketTagging": "s3-outposts:PutBucketTagging",
        "GetAccessPointScope": "s3express:GetAccessPointScope",
        "GetBucket": "s3-outposts:GetBucket",
        "GetBucketLifecycleConfiguration": "s3-outposts:GetLifecycleConfiguration",
        "GetBucketPolicy": "s3-outposts:GetBucketPolicy",
        "GetBucketReplication": "s3-outposts:GetReplicationConfiguration",
        "GetBucketTagging": "s3-outposts:GetBucketTagging",
        "GetBucketVersioning": "s3-outposts:GetBucketVersioning",
        "ListAccessPointsForDirectoryBuckets": "s3express:ListAccessPointsForDirectoryBuckets",
        "ListRegionalBuckets": "s3-outposts:ListRegionalBuckets",
        "PutAccessPointScope": "s3express:PutAccessPointScope",
        "PutBucketLifecycleConfiguration": "s3-outposts:PutLifecycleConfiguration",
        "PutBucketPolicy": "s3-outposts:PutBucketPolicy",
        "PutBucketReplication": "s3-outposts:PutReplicationConfiguration",
        "PutBucketTagging": "s3-outposts:PutBucketTagging",
        "PutBucketVersioning": "s3-outposts:PutBucketVersioning",
        "PutPublicAccessBlock": "PutAccountPublicAccessBlock",
    },
    "securityhub": {
        "BatchUpdateFindingsV2": "BatchUpdateFindings",
        "GetFindingStatisticsV2": "GetAdhocInsightResults",
        "GetFindingsV2": "GetFindings",
    },
    "ssm": {
        "DeregisterDefaultHostManagementConfiguration": "GetServiceSetting ResetServiceSetting",
        "RegisterDefaultHostManagementConfiguration": (
            "GetServiceSetting UpdateServiceSetting iam:GetRole"
        ),
    },
    "taxsettings": {
        "BatchGetTaxExemptions": "GetExemptions",
        "GetTaxExemptionTypes": "GetExemptions",
        "ListTaxExemptions": "GetExemptions",
        "PutTaxExemption": "UpdateExemptions",
    },
    "verifiedpermissions": {
        "BatchGetPolicy": "GetPolicy",
        "BatchIsAuthorized": "IsAuthorized",
        "BatchIsAuthorizedWithToken": "IsAuthorizedWithToken",
    },
    "vpc-lattice": {"BatchUpdateRule": "UpdateRule"},
}

#: (service, operation) -> actions, with a prefix where it is not that of the service.
ACTIONS: dict[tuple[str, str], tuple[str, ...]] = {
    **{("s3", operation): actions for operation, actions in _S3.items()},
    **{
        (service, operation): tuple(actions.split())
        for service, operations in _DOCUMENTED.items()
        for operation, actions in operations.items()
    },
    # Source: CloudFormation's schema of AWS::ApiGateway::DomainNameAccessAssociation.
    ("apigateway", "CreateDomainNameAccessAssociation"): ("POST", "CreateAccessAssociation"),
    ("apigateway", "RejectDomainNameAccessAssociation"): ("POST", "RejectAccessAssociation"),
    # Source: API Gateway developer guide, "Control access to WebSocket APIs with IAM".
    ("apigatewaymanagementapi", "DeleteConnection"): ("ManageConnections",),
    ("apigatewaymanagementapi", "GetConnection"): ("ManageConnections",),
    ("apigatewaymanagementapi", "PostToConnection"): ("ManageConnections",),
    # Source: Bedrock API reference, "Converse": "This operation requires permission for the
    # bedrock:InvokeModel action", and the like of the others.
    ("bedrock-runtime", "Converse"): ("InvokeModel",),
    ("bedrock-runtime", "ConverseStream"): ("InvokeModelWithResponseStream",),
    ("bedrock-runtime", "InvokeModelWithBidirectionalStream"): ("InvokeModelWithResponseStream",),
    ("bedrock-runtime", "StartAsyncInvoke"): ("InvokeModel",),
    # Source: SAR, "AWS Budget Service", "API operations defined by AWS Budget Service".
    **{
        ("budgets", f"{verb}{what}"): ("ModifyBudget",)
        for verb in ("Create", "Delete", "Update")
        for what in ("Budget", "Notification", "Subscriber")
    },
    ("budgets", "DescribeBudget"): ("ViewBudget",),
    ("budgets", "DescribeBudgetNotificationsForAccount"): ("ViewBudget",),
    ("budgets", "DescribeBudgetPerformanceHistory"): ("ViewBudget",),
    ("budgets", "DescribeBudgets"): ("ViewBudget",),
    ("budgets", "DescribeNotificationsForBudget"): ("ViewBudget",),
    ("budgets", "DescribeSubscribersForNotification"): ("ViewBudget",),
    # Source: Connect Participant API reference: requests carry the token of a connection.
    ("connectparticipant", "DescribeView"): (),
    # Source: CloudSearch developer guide, "Configuring access for Amazon CloudSearch".
    ("cloudsearchdomain", "UploadDocuments"): ("document",),
    # What each of their items asks: see `TRANSACTED` and `PARTIQL`.
    **{
        ("dynamodb", operation): ()
        for operation in (
            *("BatchExecuteStatement", "ExecuteStatement", "ExecuteTransaction"),
            *("TransactGetItems", "TransactWriteItems"),
        )
    },
    # Source: AWS's service reference, "Operations" of detective.
    ("detective", "ListOrganizationAdminAccounts"): ("ListOrganizationAdminAccount",),
    # Source: SAR, "AWS IoT", of which commands are a part, unlike jobs.
    ("iot-jobs-data", "StartCommandExecution"): ("iot:StartCommandExecution",),
    # Source: SAR, "Amazon Keyspaces (for Apache Cassandra)", "API operations".
    **{
        ("keyspaces", f"{verb}{what}"): (action,)
        for verb, action in (("Create", "Create"), ("Delete", "Drop"))
        for what in ("Keyspace", "Table", "Type")
    },
    # Source: Keyspaces developer guide, "Configure restore table IAM permissions".
    ("keyspaces", "RestoreTable"): ("Restore", "Select"),
    # Source: SAR, "AWS Signin", whose actions are without the way in which a request is signed.
    **{
        ("signin", f"{what}WithIAM"): (what,)
        for what in ("CreateOAuth2Token", "IntrospectOAuth2Token", "RevokeOAuth2Token")
    },
    # Source: SAR, "AWS KMS": one action for the key that it was encrypted under, one for the other.
    ("kms", "ReEncrypt"): ("ReEncryptFrom", "ReEncryptTo"),
    # Source: SAR, "AWS Lambda".
    ("lambda", "GetLayerVersionByArn"): ("GetLayerVersion",),
    ("lambda", "Invoke"): ("InvokeFunction",),
    ("lambda", "InvokeWithResponseStream"): ("InvokeFunction",),
    # Sources: RDS user guide, "Creating and using an IAM policy for IAM database access"; Aurora
    # DSQL user guide, "Authentication and authorization": a token lets in whom the policy does.
    ("dsql", "generate_db_connect_admin_auth_token"): ("DbConnectAdmin",),
    ("dsql", "generate_db_connect_auth_token"): ("DbConnect",),
    ("rds", "generate_db_auth_token"): ("rds-db:connect",),
    # Source: S3 user guide, "Required permissions for Amazon S3 API operations", of accounts.
    ("s3control", "DeletePublicAccessBlock"): ("PutAccountPublicAccessBlock",),
    ("s3control", "GetPublicAccessBlock"): ("GetAccountPublicAccessBlock",),
    # Source: S3 user guide, "Writing Lambda functions for S3 Object Lambda Access Points".
    ("s3", "WriteGetObjectResponse"): ("s3-object-lambda:WriteGetObjectResponse",),
    # Source: Timestream developer guide, "How Timestream for LiveAnalytics works with IAM": a query
    # selects; one that names no table needs SelectValues.
    ("timestream-query", "Query"): ("Select", "SelectValues"),
    # Source: SNS developer guide, "Using identity-based policies": PublishBatch is Publish.
    ("sns", "PublishBatch"): ("Publish",),
    # Source: SQS developer guide, "Amazon SQS API permissions": a batch is what it is made of.
    ("sqs", "ChangeMessageVisibilityBatch"): ("ChangeMessageVisibility",),
    ("sqs", "DeleteMessageBatch"): ("DeleteMessage",),
    ("sqs", "SendMessageBatch"): ("SendMessage",),
}

#: What S3 asks besides where a parameter is given, for the same object.
#: Source: S3 user guide, "Required permissions for Amazon S3 API operations", conditional ones.
S3_WITH: dict[str, str] = {
    "ACL": "PutObjectAcl",
    "GrantFullControl": "PutObjectAcl",
    "GrantRead": "PutObjectAcl",
    "GrantReadACP": "PutObjectAcl",
    "GrantWriteACP": "PutObjectAcl",
    "ObjectLockLegalHoldStatus": "PutObjectLegalHold",
    "ObjectLockMode": "PutObjectRetention",
    "Tagging": "PutObjectTagging",
}

#: What S3 asks instead where a version is named. Source: as above.
S3_OF_VERSION: dict[str, str] = {
    "DeleteObject": "DeleteObjectVersion",
    "DeleteObjectTagging": "DeleteObjectVersionTagging",
    "GetObject": "GetObjectVersion",
    "GetObjectAcl": "GetObjectVersionAcl",
    "GetObjectAttributes": "GetObjectVersionAttributes",
    "GetObjectTagging": "GetObjectVersionTagging",
    "PutObjectAcl": "PutObjectVersionAcl",
    "PutObjectTagging": "PutObjectVersionTagging",
}

#: DynamoDB's transactions ask what each of their items asks.
#: Source: DynamoDB developer guide, "Using IAM with DynamoDB transactions".
TRANSACTED: dict[str, str] = {
    "ConditionCheck": "ConditionCheckItem",
    "Delete": "DeleteItem",
    "Get": "GetItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
}

#: PartiQL asks by the first word of the statement. Source: DynamoDB developer guide, "IAM security
#: policies with PartiQL for DynamoDB".
PARTIQL: dict[str, str] = {
    "DELETE": "PartiQLDelete",
    "INSERT": "PartiQLInsert",
    "SELECT": "PartiQLSelect",
    "UPDATE": "PartiQLUpdate",
}

#: Which parameter names the resource, and its ARN: `{}` is the parameter, after region and account;
#: where it is not what AWS's list of ARNs says by itself, see `formats`.
#: Source: SAR, "Resource types" of each service.
RESOURCES: dict[str, tuple[tuple[str, str], ...]] = {
    "athena": (("WorkGroup", "athena:R:A:workgroup/{}"),),
    "cloudwatch": (("AlarmName", "cloudwatch:R:A:alarm:{}"),),
    "cognito-idp": (("UserPoolId", "cognito-idp:R:A:userpool/{}"),),
    "kinesis": (("StreamARN", ""),),
    # Which database it is, the host name does not say.
    "rds": (("DBUsername", "rds-db:R:A:dbuser:*/{}"),),
    "rds-data": (("resourceArn", ""),),
    "stepfunctions": (
        ("stateMachineArn", ""),
        ("executionArn", ""),
        ("activityArn", ""),
    ),
    "sts": (("RoleArn", ""),),
}

#: What parameters say that ARNs have in other words: by service and parameter, by value. Sources:
#: WAF developer guide, "Actions, resources, and condition keys", ARNs of `regional/` and `global/`;
#: SageMaker developer guide, "Domain resource isolation", which has `jupyterserver`, where ARNs
#: that SageMaker returns have `JupyterServer`.
IN_ARNS: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {
    ("sagemaker", "AppType"): {
        name: (name, name.lower())
        for name in ("Canvas", "CodeEditor", "JupyterLab", "JupyterServer", "KernelGateway")
    },
    ("wafv2", "Scope"): {"CLOUDFRONT": ("global",), "REGIONAL": ("regional",)},
}
