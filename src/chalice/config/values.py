"""What AWS takes under the keys of the configuration: names, ARNs, numbers, and which are reserved.

Each is a kind, with its source.
"""

from __future__ import annotations

from chalice.config.kinds import Flag, ListOf, MapOf, OneOf, Record, Text, Whole
from chalice.config.local_keys import HOST_NAME

# A name of a Lambda function, or a part of one; all of it has at most 64 characters.
# Source: Lambda API reference, CreateFunction, "FunctionName".
NAME = Text("letters, digits, `-` and `_`", "[A-Za-z0-9_-]+", longest=64)

# Source: API Gateway API reference, CreateStage, "stageName" (rule 3.15).
STAGE_NAME = Text("at most 128 letters, digits, `-` and `_`", "[A-Za-z0-9_-]+", longest=128)

# Source: CloudWatch Logs API reference, PutRetentionPolicy, "retentionInDays".
RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)

# Variables that Lambda sets and refuses to take from a function's configuration.
# Source: Lambda developer guide, "Using Lambda environment variables", "Defined runtime environment
# variables"; that page lists TZ, LANG, PATH, PYTHONPATH and LD_LIBRARY_PATH as free to set.
RESERVED_VARIABLES = (
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
)

# Source: Lambda API reference, "Environment": the pattern of a key (rule 10.9).
VARIABLES = MapOf(
    name=Text("a letter, then letters, digits and `_`, 2 or more in all", "[A-Za-z][A-Za-z0-9_]+"),
    value=Text("a string without NUL", "[^\\x00]*", shortest=0),
    taken=tuple((name, "set by Lambda itself") for name in RESERVED_VARIABLES),
    taken_code="config-environment-reserved",
)

# The tag by which AWS Chalice marks what it made, set by us as well.
CHALICE_TAG = "aws-chalice"

# Source: Tagging AWS resources user guide, "Tag naming limits and requirements": at most 50 tags,
# keys to 128 characters, values to 256, no key beginning with `aws:`.
TAGS = MapOf(
    name=Text(
        "1 to 128 characters, not beginning with `aws:`", "(?![aA][wW][sS]:)[^\\x00]+", 1, 128
    ),
    value=Text("a string of at most 256 characters", "[^\\x00]*", 0, 256),
    taken=((CHALICE_TAG, "set by Chalice itself"),),
    taken_code="config-tag-reserved",
    most=49,
)

# Source: Lambda API reference, PublishLayerVersion, "LayerVersionArn".
LAYER_ARN = Text(
    "the ARN of a layer version, `arn:aws:lambda:REGION:ACCOUNT:layer:NAME:VERSION`",
    "arn:[a-z-]+:lambda:[a-z0-9-]+:[0-9]{12}:layer:[A-Za-z0-9_-]+:[0-9]+"
    "|arn:[A-Za-z0-9-]+:lambda:::awslayer:[A-Za-z0-9_-]+",
)

# Source: Lambda API reference, CreateFunction, "Role".
ROLE_ARN = Text(
    "the ARN of a role, `arn:aws:iam::ACCOUNT:role/NAME`",
    "arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+",
)

# Source: IAM API reference, CreateRole, "PermissionsBoundary"; IAM user guide, "IAM identifiers":
# policies that AWS manages have `aws` in the place of the account.
BOUNDARY_ARN = Text(
    "the ARN of a managed policy, `arn:aws:iam::ACCOUNT:policy/NAME`",
    "arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[A-Za-z0-9_+=,.@/-]+",
)

# Source: IAM API reference, CreateRole, "Path": at most 512 characters.
ROLE_PATH = Text(
    "a path that begins and ends with `/`, `/team/`", "/|/[\\x21-\\x7e]+/", longest=512
)

# Source: Lambda API reference, "VpcConfig": 16 subnets, 5 security groups.
SUBNETS = ListOf(Text("a subnet id, `subnet-...`", "subnet-[0-9a-z]+"), 16)
GROUPS = ListOf(Text("a security group id, `sg-...`", "sg-[0-9a-zA-Z]+"), 5)

# What one function may have.
# Source: Lambda developer guide, "Lambda quotas", "Compute and storage" (rule 10.14).
MEMORY = Whole(128, 10_240, "MB")
TIMEOUT = Whole(1, 900, "seconds")

# The minor versions of Python that Lambda runs and we run on, oldest first; when each ends is dated
# data of the package's inspection.
# Source: Lambda developer guide, "Lambda runtimes", "Supported runtimes" (rule 10.15).
LAMBDA_PYTHONS = ("3.11", "3.12", "3.13", "3.14")

# A glob pattern that cannot leave the project: relative, with `/`, without a part `..`.
_PATTERN = Text(
    "a pattern within the project, `data/*.json`, with `/` and without `..`",
    "(?!/|[A-Za-z]:|(.*/)?\\.\\.(/|$))[^\\x00-\\x1f\\\\]+",
)
_PATH = Text("the path of a file in the project, with `/` and without `..`", _PATTERN.pattern)

# Source: core metadata specifications, "Name".
_REQUIREMENT = Text(
    "the name of a requirement", "[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", longest=214
)

PACKAGE = Record(
    {
        "include": ListOf(_PATTERN),
        "exclude": ListOf(_PATTERN),
        "build": ListOf(_REQUIREMENT),
        "prune": Flag(),
        "secrets": ListOf(_PATH),
    }
)

DEPLOY = Record(
    {
        # Source: CloudFormation API reference, CreateChangeSet, "StackName".
        "stack_name": Text(
            "at most 128 letters, digits and `-`, a letter first",
            "[A-Za-z][A-Za-z0-9-]*",
            longest=128,
        ),
        # Source: S3 user guide, "General purpose bucket naming rules".
        "artifact_bucket": Text(
            "the name of a bucket: 3 to 63 lower-case letters, digits, `-` and `.`",
            "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
        ),
    }
)

CERTIFICATE_ARN = Text(
    "the ARN of a certificate", "arn:[a-z-]+:(acm|iam):[a-z0-9-]*:[0-9]{12}:[^\\s]+"
)


# Source: API Gateway API reference (V1), CreateDomainName, "securityPolicy".
_TLS_OF_REST = (
    "TLS_1_0",
    "TLS_1_2",
    "SecurityPolicy_TLS13_1_3_2025_09",
    "SecurityPolicy_TLS13_1_3_FIPS_2025_09",
    "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09",
    "SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09",
    "SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09",
    "SecurityPolicy_TLS13_1_2_Ext2_PQ_2025_09",
    "SecurityPolicy_TLS13_1_2_Ext2_FIPS_PQ_2025_09",
    "SecurityPolicy_TLS13_1_2_PQ_2025_09",
    "SecurityPolicy_TLS13_1_2_2021_06",
    "SecurityPolicy_TLS13_2025_EDGE",
    "SecurityPolicy_TLS12_PFS_2025_EDGE",
    "SecurityPolicy_TLS12_2018_EDGE",
)

# Source: API Gateway API reference (V2), "DomainNameConfiguration", "securityPolicy".
_TLS_OF_WEBSOCKETS = ("TLS_1_0", "TLS_1_2")


def _domain(tls_versions: tuple[str, ...]) -> Record:
    return Record(
        {
            "domain_name": Text("a host name, `api.example.com`", HOST_NAME, longest=253),
            "certificate_arn": CERTIFICATE_ARN,
            "tls_version": OneOf(tls_versions),
            "url_prefix": Text(
                "a path without slashes at its ends", "\\(none\\)|[^/\\s]+(/[^/\\s]+)*"
            ),
            "tags": TAGS,
        },
        required=("domain_name", "certificate_arn"),
    )


DOMAIN = _domain(_TLS_OF_REST)
WEBSOCKET_DOMAIN = _domain(_TLS_OF_WEBSOCKETS)

# Every region's name; new ones follow the shape.
# Source: the service models of the AWS SDK, Lambda, pattern of "FunctionName".
REGION = Text("a region, `us-east-1`", "(eusc-)?[a-z]{2}(-gov|-iso[a-z]?)?-[a-z]+-[0-9]")
