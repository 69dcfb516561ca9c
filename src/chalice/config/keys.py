"""Every key of `.chalice/config.json`: where it may stand, what it takes, what it means.

The strict reader, the JSON Schema for editors and the table of `docs/configuration.md` are all
made from this table. To add a key, add a row; then `Settings` if a tool reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from chalice.config.kinds import (
    Flag,
    FlagOr,
    ListOf,
    MapOf,
    OneOf,
    OneOrMore,
    Record,
    Text,
    Whole,
)
from chalice.config.local_keys import FILE, HOST_NAME, LOCAL
from chalice.rules.facts import MAX_COMPRESSION_SIZE_BYTES

if TYPE_CHECKING:
    from chalice.config.kinds import Kind


class Scope(Enum):
    """How far down a key may be written: a deeper place wins over an outer one."""

    TOP = "the top level"
    STAGE = "the top level or a stage"
    FUNCTION = "the top level, a stage or a function"


@dataclass(frozen=True, slots=True)
class Key:
    """One key.

    Attributes:
        name: as it is written.
        scope: where it may stand.
        kind: what it takes.
        meaning: a sentence for people.
        default: what holds where it is written nowhere; None where nothing does.
        merged: whether the objects of all places are merged, instead of the deepest winning.
    """

    name: str
    scope: Scope
    kind: Kind
    meaning: str
    default: str | int | bool | None = None
    merged: bool = False


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
_SUBNETS = ListOf(Text("a subnet id, `subnet-...`", "subnet-[0-9a-z]+"), 16)
_GROUPS = ListOf(Text("a security group id, `sg-...`", "sg-[0-9a-zA-Z]+"), 5)

#: The value of `autogen_policy` that adds a policy file to what was found in the code.
MERGE = "merge"

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

_PACKAGE = Record(
    {
        "include": ListOf(_PATTERN),
        "exclude": ListOf(_PATTERN),
        "build": ListOf(_REQUIREMENT),
        "prune": Flag(),
        "secrets": ListOf(_PATH),
    }
)


_DEPLOY = Record(
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

# Every region's name; new ones follow the shape.
# Source: the service models of the AWS SDK, Lambda, pattern of "FunctionName".
REGION = Text("a region, `us-east-1`", "(eusc-)?[a-z]{2}(-gov|-iso[a-z]?)?-[a-z]+-[0-9]")


def _key(
    name: str,
    scope: Scope,
    kind: Kind,
    meaning: str,
    default: str | int | bool | None = None,  # noqa: FBT001 - a default of a flag is a boolean
    *,
    merged: bool = False,
) -> Key:
    return Key(name, scope, kind, meaning, default, merged)


_TABLE = (
    _key(
        "version",
        Scope.TOP,
        OneOf(("2.0", "1.0"), code="config-version"),
        "Version of this file's format.",
    ),
    _key("app_name", Scope.TOP, NAME, "Name of the application; resources are named after it."),
    _key(
        "profile",
        Scope.STAGE,
        Text("the name of an AWS profile"),
        "AWS profile of the commands.",
    ),
    _key(
        "region",
        Scope.STAGE,
        REGION,
        "Region; else AWS_REGION or AWS_DEFAULT_REGION, else the profile's where AWS is called and"
        " `us-east-1` where it is not.",
    ),
    _key(
        "account_id",
        Scope.STAGE,
        Text("an account id, 12 digits", "[0-9]{12}"),
        "Account in the ARNs of local events; else `123456789012`.",
    ),
    _key(
        "local",
        Scope.STAGE,
        LOCAL,
        "For `chalice local` alone: `api_keys` that are let in, `usage_plans` that limit keys,"
        " `allow_hosts` that are answered, `user_pools` and other issuers of tokens, `credentials`"
        " that may sign requests, `authorizers` that live elsewhere.",
    ),
    _key("api_gateway_stage", Scope.STAGE, STAGE_NAME, "Name of the API's stage.", "api"),
    _key(
        "api_gateway_endpoint_type",
        Scope.STAGE,
        OneOf(("EDGE", "REGIONAL", "PRIVATE")),
        "Kind of endpoint.",
        "EDGE",
    ),
    _key(
        "api_gateway_endpoint_vpce",
        Scope.STAGE,
        OneOrMore(Text("the id of a VPC endpoint, `vpce-...`", "vpce-[0-9a-z]+")),
        "VPC endpoints that may call a `PRIVATE` API.",
    ),
    _key("api_gateway_policy_file", Scope.STAGE, FILE, "Resource policy of the API, JSON."),
    _key(
        "minimum_compression_size",
        Scope.STAGE,
        Whole(0, MAX_COMPRESSION_SIZE_BYTES, "bytes"),
        "Compress answers of at least so many bytes.",
    ),
    _key("api_gateway_custom_domain", Scope.STAGE, _domain(_TLS_OF_REST), "Domain of the API."),
    _key(
        "websocket_api_custom_domain",
        Scope.STAGE,
        _domain(_TLS_OF_WEBSOCKETS),
        "Domain of the WebSocket API.",
    ),
    _key("automatic_layer", Scope.STAGE, Flag(), "Put requirements into a layer.", default=False),
    _key(
        "lambda_architecture",
        Scope.STAGE,
        OneOf(("x86_64", "arm64")),
        "Processor of the functions.",
        "x86_64",
    ),
    _key(
        "lambda_python_version",
        Scope.STAGE,
        OneOf(LAMBDA_PYTHONS),
        "Python of the functions; that of the running interpreter unless set.",
    ),
    _key(
        "package",
        Scope.STAGE,
        _PACKAGE,
        "What ships: files to `include` and to `exclude`, requirements to `build` though they"
        " compile, whether to `prune` what nothing runs, `secrets` that ship all the same.",
        merged=True,
    ),
    _key(
        "deploy",
        Scope.STAGE,
        _DEPLOY,
        "How it is deployed: the `stack_name`, else APP-STAGE; the `artifact_bucket` that packages"
        " travel through, else one that Chalice makes.",
        merged=True,
    ),
    _key(
        "iam_role",
        Scope.STAGE,
        OneOf(("shared", "per_function")),
        "Whether functions whose policy is written from the source code share a role, or each has"
        " its own, by what is reached from it.",
        "shared",
    ),
    _key(
        "iam_permissions_boundary",
        Scope.STAGE,
        BOUNDARY_ARN,
        "Permissions boundary of each role that is made.",
    ),
    _key("iam_role_path", Scope.STAGE, ROLE_PATH, "Path of each role that is made; else `/`."),
    _key(
        "autogen_policy",
        Scope.FUNCTION,
        FlagOr(MERGE),
        'Write the role\'s policy from the source code; `"merge"` adds the statements of the policy'
        " file.",
        default=True,
    ),
    _key(
        "iam_policy_file",
        Scope.FUNCTION,
        FILE,
        "The role's policy where `autogen_policy` is false, what is added to it where that is"
        ' `"merge"`; else `policy-STAGE.json`.',
    ),
    _key("manage_iam_role", Scope.FUNCTION, Flag(), "Make and update the role.", default=True),
    _key("iam_role_arn", Scope.FUNCTION, ROLE_ARN, "The role where `manage_iam_role` is false."),
    _key(
        "lambda_memory_size",
        Scope.FUNCTION,
        MEMORY,
        "Memory.",
        128,
    ),
    _key(
        "lambda_timeout",
        Scope.FUNCTION,
        TIMEOUT,
        "Longest run of one invocation.",
        60,
    ),
    _key(
        "reserved_concurrency",
        Scope.FUNCTION,
        Whole(0),  # Source: Lambda API reference, PutFunctionConcurrency; the account is the limit.
        "Invocations at once that are kept for the function; 0 stops it.",
    ),
    _key(
        "layers",
        Scope.FUNCTION,
        ListOf(LAYER_ARN, 5),  # Source: Lambda developer guide, "Lambda quotas", "Function layers".
        "Layers, by ARN.",
    ),
    _key(
        "log_retention_in_days",
        Scope.FUNCTION,
        OneOf(RETENTION_DAYS),
        "Days for which logs are kept; for ever where it is not set.",
    ),
    _key("xray", Scope.FUNCTION, Flag(), "Trace with X-Ray.", default=False),
    _key("subnet_ids", Scope.FUNCTION, _SUBNETS, "Subnets; needs `security_group_ids`."),
    _key("security_group_ids", Scope.FUNCTION, _GROUPS, "Security groups; needs `subnet_ids`."),
    _key(
        "environment_variables",
        Scope.FUNCTION,
        VARIABLES,
        "Environment variables, at most 4 KB in all.",
        merged=True,
    ),
    _key("tags", Scope.FUNCTION, TAGS, f"Tags; `{CHALICE_TAG}` is added.", merged=True),
)

#: Every key that takes a value, by name.
KEYS = {key.name: key for key in _TABLE}

#: The objects that hold keys, and the names under which they hold them.
STAGES = "stages"
FUNCTIONS = "lambda_functions"


class Level(Enum):
    """A place where keys are written."""

    TOP = "the top level"
    STAGE = "a stage"
    TOP_FUNCTION = "a function of the top-level `lambda_functions`"
    STAGE_FUNCTION = "a function of a stage"


def allowed(key: Key, level: Level) -> bool:
    """Tell whether *key* means something at *level*.

    What is merged is not taken from the top-level `lambda_functions`, as AWS Chalice does not.
    """
    if level is Level.TOP:
        return True
    if level is Level.STAGE:
        return key.scope is not Scope.TOP
    return key.scope is Scope.FUNCTION and not (key.merged and level is Level.TOP_FUNCTION)


def keys_at(level: Level) -> dict[str, Key]:
    """Return the keys that may be written at *level*."""
    return {name: key for name, key in KEYS.items() if allowed(key, level)}
