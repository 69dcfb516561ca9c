"""Every key of `.chalice/config.json`: where it may stand, what it takes, what it means.

The strict reader, the JSON Schema for editors and the table of `docs/configuration.md` are all
made from this table. To add a key, add a row; then `Settings` if a tool reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from chalice.config.kinds import Flag, FlagOr, ListOf, OneOf, OneOrMore, Text, Whole
from chalice.config.local_keys import FILE, LOCAL
from chalice.config.values import (
    BOUNDARY_ARN,
    CHALICE_TAG,
    DEPLOY,
    DOMAIN,
    GROUPS,
    LAMBDA_PYTHONS,
    LAYER_ARN,
    MEMORY,
    NAME,
    PACKAGE,
    REGION,
    RETENTION_DAYS,
    ROLE_ARN,
    ROLE_PATH,
    STAGE_NAME,
    SUBNETS,
    TAGS,
    TIMEOUT,
    VARIABLES,
    WEBSOCKET_DOMAIN,
)
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


#: The value of `autogen_policy` that adds a policy file to what was found in the code.
MERGE = "merge"


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
    _key("api_gateway_custom_domain", Scope.STAGE, DOMAIN, "Domain of the API."),
    _key(
        "websocket_api_custom_domain",
        Scope.STAGE,
        WEBSOCKET_DOMAIN,
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
        PACKAGE,
        "What ships: files to `include` and to `exclude`, requirements to `build` though they"
        " compile, whether to `prune` what nothing runs, `secrets` that ship all the same.",
        merged=True,
    ),
    _key(
        "deploy",
        Scope.STAGE,
        DEPLOY,
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
    _key("subnet_ids", Scope.FUNCTION, SUBNETS, "Subnets; needs `security_group_ids`."),
    _key("security_group_ids", Scope.FUNCTION, GROUPS, "Security groups; needs `subnet_ids`."),
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
