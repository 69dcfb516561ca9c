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
    "iot-jobs-data": "iot",
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
    "GetBucketEncryption": ("GetEncryptionConfiguration",),
    "GetBucketIntelligentTieringConfiguration": ("GetIntelligentTieringConfiguration",),
    "GetBucketInventoryConfiguration": ("GetInventoryConfiguration",),
    "GetBucketLifecycle": ("GetLifecycleConfiguration",),
    "GetBucketLifecycleConfiguration": ("GetLifecycleConfiguration",),
    "GetBucketMetricsConfiguration": ("GetMetricsConfiguration",),
    "GetBucketNotificationConfiguration": ("GetBucketNotification",),
    "GetBucketReplication": ("GetReplicationConfiguration",),
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

#: (service, operation) -> actions, all with the prefix of the service.
ACTIONS: dict[tuple[str, str], tuple[str, ...]] = {
    **{("s3", operation): actions for operation, actions in _S3.items()},
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
    # Source: SAR, "AWS KMS": one action for the key that it was encrypted under, one for the other.
    ("kms", "ReEncrypt"): ("ReEncryptFrom", "ReEncryptTo"),
    # Source: SAR, "AWS Lambda".
    ("lambda", "GetLayerVersionByArn"): ("GetLayerVersion",),
    ("lambda", "Invoke"): ("InvokeFunction",),
    ("lambda", "InvokeWithResponseStream"): ("InvokeFunction",),
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

#: Parameters that hand a role to a service. Source: IAM user guide, "Grant a user permissions to
#: pass a role to an AWS service".
PASSED: dict[str, tuple[str, ...]] = {
    "ecs": ("executionRoleArn", "taskRoleArn"),
    "events": ("RoleArn",),
    "glue": ("Role",),
    "lambda": ("Role",),
    "pipes": ("RoleArn",),
    "sagemaker": ("RoleArn",),
    "stepfunctions": ("roleArn",),
}

#: Which parameter names the resource, and its ARN: `{}` is the parameter, after region and account.
#: Source: SAR, "Resource types" of each service.
RESOURCES: dict[str, tuple[tuple[str, str], ...]] = {
    "athena": (("WorkGroup", "athena:R:A:workgroup/{}"),),
    "bedrock-agent-runtime": (("knowledgeBaseId", "bedrock:R:A:knowledge-base/{}"),),
    "cloudwatch": (
        ("AlarmNames", "cloudwatch:R:A:alarm:{}"),
        ("AlarmName", "cloudwatch:R:A:alarm:{}"),
    ),
    "codebuild": (("projectName", "codebuild:R:A:project/{}"),),
    "codepipeline": (("name", "codepipeline:R:A:{}"),),
    "cognito-idp": (("UserPoolId", "cognito-idp:R:A:userpool/{}"),),
    "cognito-identity": (("IdentityPoolId", "cognito-identity:R:A:identitypool/{}"),),
    "dynamodbstreams": (("StreamArn", ""),),
    "ecr": (("repositoryName", "ecr:R:A:repository/{}"),),
    "firehose": (("DeliveryStreamName", "firehose:R:A:deliverystream/{}"),),
    "iam": (
        ("RoleName", "iam::A:role/{}"),
        ("UserName", "iam::A:user/{}"),
        ("GroupName", "iam::A:group/{}"),
        ("PolicyArn", ""),
    ),
    "iot-data": (
        ("topic", "iot:R:A:topic/{}"),
        ("thingName", "iot:R:A:thing/{}"),
    ),
    "kinesis": (("StreamARN", ""), ("StreamName", "kinesis:R:A:stream/{}")),
    "rds-data": (("resourceArn", ""),),
    "scheduler": (),
    "sns": (
        ("TopicArn", ""),
        ("TargetArn", ""),
        ("Name", "sns:R:A:{}"),
    ),
    "stepfunctions": (
        ("stateMachineArn", ""),
        ("executionArn", ""),
        ("activityArn", ""),
        ("name", "states:R:A:stateMachine:{}"),
    ),
    "sts": (("RoleArn", ""),),
    "transcribe": (("TranscriptionJobName", "transcribe:R:A:transcription-job/{}"),),
}
