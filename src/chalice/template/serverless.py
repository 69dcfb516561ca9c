"""What the Serverless transform has and CloudFormation has not, and what is written instead.

AWS Chalice packages resources of the Serverless transform, so what users merge into its templates
may use its names. Sources: Serverless Application Model developer guide, "AWS SAM resources and
properties"; CloudFormation template reference, the types named.
"""

from __future__ import annotations

TRANSFORM = "AWS::Serverless-2016-10-31"

_ROLE = "write it into the role: `DefaultRole`, unless the function has its own"
_OWN = "write it as a resource of its own"
_STAGE = "write it into the resource of the stage, `RestAPI...Stage`"
_BODY = "write it into `Body`"

#: For each type: its properties that are the transform's, with what is written instead.
PROPERTIES = {
    "AWS::Lambda::Function": {
        "AssumeRolePolicyDocument": _ROLE,
        "AutoPublishAlias": "write `AWS::Lambda::Version` and `AWS::Lambda::Alias` resources",
        "CodeUri": "write `Code`",
        "DeadLetterQueue": 'write `"DeadLetterConfig": {"TargetArn": ...}`',
        "DeploymentPreference": _OWN,
        "EventInvokeConfig": "write an `AWS::Lambda::EventInvokeConfig` resource",
        "Events": _OWN + ": an event source mapping, a rule, a subscription",
        "FunctionUrlConfig": "write an `AWS::Lambda::Url` resource",
        "InlineCode": 'write `"Code": {"ZipFile": ...}`',
        "PermissionsBoundary": _ROLE,
        "Policies": _ROLE,
        "ProvisionedConcurrencyConfig": "write it into an `AWS::Lambda::Alias` resource",
        "RolePath": _ROLE,
        "Tracing": 'write `"TracingConfig": {"Mode": "Active"}`',
    },
    "AWS::ApiGateway::RestApi": {
        "AccessLogSetting": _STAGE,
        "Auth": _BODY,
        "CacheClusterEnabled": _STAGE,
        "CacheClusterSize": _STAGE,
        "CanarySetting": _STAGE,
        "Cors": _BODY + ", or `cors` in the application",
        "DefinitionBody": "write `Body`",
        "DefinitionUri": "write `BodyS3Location`",
        "Domain": "write `api_gateway_custom_domain` into the configuration",
        "GatewayResponses": _BODY,
        "MethodSettings": _STAGE,
        "Models": _BODY,
        "OpenApiVersion": "leave it out: the definition is OpenAPI 3 already",
        "StageName": "set `api_gateway_stage` in the configuration",
        "TracingEnabled": _STAGE,
        "Variables": _STAGE,
    },
    "AWS::Lambda::LayerVersion": {
        "ContentUri": "write `Content`",
        "RetentionPolicy": 'write `"DeletionPolicy": "Retain"` beside the properties',
    },
}
