"""`chalice.config.Config` as tests and tools in the wild use it, and what tools resolve it to."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

import chalice
from chalice.config import (
    Config,
    Credential,
    CustomDomain,
    FunctionSettings,
    PackageSettings,
    Settings,
    UserPool,
    settings_of,
)
from chalice.config.keys import KEYS

DISK = {
    "app_name": "demo",
    "profile": "work",
    "lambda_timeout": 1,
    "lambda_memory_size": 256,
    "environment_variables": {"AA": "top", "BB": "top", "CC": "top"},
    "tags": {"team": "top"},
    "lambda_functions": {"f": {"lambda_timeout": 2, "lambda_memory_size": 512}},
    "stages": {
        "dev": {
            "lambda_timeout": 3,
            "api_gateway_stage": "live",
            "environment_variables": {"BB": "stage", "CC": "stage"},
            "lambda_functions": {
                "f": {"lambda_timeout": 4, "environment_variables": {"CC": "function"}}
            },
        }
    },
}


def test_a_config_of_nothing_reads_as_aws_chalices():
    config = Config()

    assert (config.chalice_stage, config.function_name) == ("dev", "api_handler")
    assert (config.lambda_timeout, config.app_name, config.project_dir) == (None, None, None)
    assert (config.environment_variables, config.config_from_disk) == ({}, {})
    assert (config.manage_iam_role, config.automatic_layer) == (True, False)
    assert (config.lambda_architecture, config.config_file_version) == ("x86_64", "1.0")
    assert config.lambda_python_version == f"python3.{sys.version_info.minor}"


def test_create_takes_what_the_command_line_gives():
    config = Config.create(
        chalice_stage="beta",
        project_dir="/p",
        app_name="demo",
        lambda_timeout=7,
        chalice_app=lambda: "the application",
    )

    assert (config.chalice_stage, config.project_dir, config.app_name) == ("beta", "/p", "demo")
    assert (config.lambda_timeout, config.chalice_app) == (7, "the application")


def test_an_application_that_was_not_given_is_a_type_error():
    with pytest.raises(TypeError, match="give a callable"):
        _ = Config().chalice_app


def config_of(stage="dev", function="api_handler", *, given=None, defaults=None):
    return Config(stage, function, given, DISK, defaults)


# The function in its stage, the command line, the stage, the function at the top, the top.
@pytest.mark.parametrize(
    ("stage", "function", "given", "expected"),
    [
        ("dev", "f", {"lambda_timeout": 9}, 4),
        ("dev", "g", {"lambda_timeout": 9}, 9),
        ("dev", "api_handler", None, 3),
        ("prod", "f", None, 2),
        ("prod", "g", None, 1),
    ],
)
def test_the_deepest_place_wins(stage, function, given, expected):
    assert config_of(stage, function, given=given).lambda_timeout == expected


def test_a_default_holds_where_nothing_is_written():
    config = config_of(defaults={"lambda_timeout": 9, "reserved_concurrency": 5})

    assert (config.lambda_timeout, config.reserved_concurrency) == (3, 5)


def test_objects_are_merged_name_by_name():
    config = config_of("dev", "f", given={"environment_variables": {"DD": "given", "CC": "given"}})

    assert config.environment_variables == {
        "AA": "top",
        "BB": "stage",
        "CC": "given",
        "DD": "given",
    }
    assert config_of("dev", "f").environment_variables["CC"] == "function"


def test_functions_of_the_top_level_take_no_part_in_merging():
    disk = {"lambda_functions": {"f": {"environment_variables": {"AA": "1"}}}}

    assert Config("dev", "f", config_from_disk=disk).environment_variables == {}


def test_the_python_of_lambda_is_the_configured_one():
    disk = {"lambda_python_version": "3.12", "stages": {"prod": {"lambda_python_version": "3.14"}}}
    config = Config("dev", config_from_disk=disk)

    assert config.lambda_python_version == "python3.12"
    assert config.scope("prod", "api_handler").lambda_python_version == "python3.14"


def test_some_keys_are_read_at_the_top_only():
    below = {"app_name": "stage", "version": "1.0"}
    config = Config("dev", config_from_disk={"version": "2.0", "stages": {"dev": below}})

    assert (config.app_name, config.config_file_version) == (None, "2.0")


def test_stages_in_several_accounts_have_profiles_of_their_own():
    disk = {"profile": "work", "stages": {"prod": {"profile": "live"}}}
    config = Config("dev", config_from_disk=disk)

    assert (config.profile, config.scope("prod", "api_handler").profile) == ("work", "live")


def test_keys_of_a_stage_are_not_read_from_functions():
    disk = {"stages": {"dev": {"lambda_functions": {"f": {"api_gateway_stage": "x"}}}}}

    assert Config("dev", "f", config_from_disk=disk).api_gateway_stage is None


def test_scope_is_the_same_configuration_seen_by_another_function():
    config = config_of(given={"lambda_memory_size": 1024}).scope("prod", "f")

    assert (config.chalice_stage, config.function_name) == ("prod", "f")
    assert (config.lambda_timeout, config.lambda_memory_size) == (2, 1024)


def test_tags_name_chalice():
    mark = f"version={chalice.__version__}:stage=dev:app=demo"

    assert config_of().tags == {"team": "top", "aws-chalice": mark}


def test_every_key_can_be_read():
    disk = {name: f"value of {name}" for name in KEYS}
    config = Config("dev", config_from_disk=disk)
    renamed = {"xray": "xray_enabled", "version": "config_file_version"}
    # Keys that AWS Chalice does not have, and merged ones.
    others = {
        *("region", "account_id", "local", "package", "deploy", "lambda_python_version"),
        *("environment_variables", "tags"),
        *("iam_role", "iam_permissions_boundary", "iam_role_path"),
    }

    for name in KEYS:
        if name not in others:
            assert getattr(config, renamed.get(name, name)) == f"value of {name}"
    assert config.value("region") == "value of region"


def test_a_configuration_of_nonsense_can_be_read():
    config = Config("dev", config_from_disk={"stages": [], "lambda_functions": 5, "tags": "x"})

    assert (config.lambda_timeout, config.environment_variables) == (None, {})
    assert list(config.tags) == ["aws-chalice"]


# --- settings -----------------------------------------------------------------------------------


def settings(disk, stage="dev", environ=None, **given):
    config = Config(stage, "api_handler", given, disk)
    return settings_of(config, app_name="by-app", environ=environ or {})


def test_settings_of_nothing_are_the_defaults():
    found = settings({})

    assert (found.stage, found.app_name, found.api_gateway_stage) == ("dev", "by-app", "api")
    assert (found.endpoint_type, found.endpoint_vpce, found.resource_policy) == ("EDGE", (), None)
    assert (found.region, found.account_id) == ("us-east-1", "123456789012")
    assert (found.lambda_architecture, found.automatic_layer) == ("x86_64", False)
    assert (found.api_keys, found.allow_hosts, found.profile) == ((), (), None)
    assert (found.custom_domain, found.minimum_compression_size) == (None, None)
    tags = {"aws-chalice": f"version={chalice.__version__}:stage=dev:app=by-app"}
    assert found.function("any") == FunctionSettings("any", tags=tags)


def test_settings_hold_what_the_stage_says():
    found = settings(DISK)

    assert (found.app_name, found.api_gateway_stage, found.profile) == ("demo", "live", "work")
    assert found.function("f").timeout_seconds == 4
    assert found.function("f").memory_mb == 512
    assert found.function("f").environment == {"AA": "top", "BB": "stage", "CC": "function"}
    assert found.function("other").timeout_seconds == 3
    assert found.function("other").name == "other"


def test_everything_of_a_function_is_resolved():
    function = {
        "reserved_concurrency": 0,
        "layers": ["arn:layer"],
        "log_retention_in_days": 7,
        "xray": True,
        "subnet_ids": ["subnet-1"],
        "security_group_ids": ["sg-1"],
        "iam_role_arn": "arn:role",
        "manage_iam_role": False,
        "autogen_policy": False,
        "iam_policy_file": "p.json",
    }

    found = settings({"lambda_functions": {"f": function}}).function("f")

    assert (found.reserved_concurrency, found.layers) == (0, ("arn:layer",))
    assert (found.log_retention_days, found.xray) == (7, True)
    assert (found.subnet_ids, found.security_group_ids) == (("subnet-1",), ("sg-1",))
    assert (found.iam_role_arn, found.manage_iam_role) == ("arn:role", False)
    assert (found.autogen_policy, found.iam_policy_file) == (False, "p.json")


@pytest.mark.parametrize(
    ("disk", "environ", "region"),
    [
        ({"region": "eu-west-1"}, {"AWS_REGION": "eu-west-2"}, "eu-west-1"),
        (
            {"region": "eu-west-1", "stages": {"dev": {"region": "eu-west-3"}}},
            {},
            "eu-west-3",
        ),
        ({}, {"AWS_REGION": "eu-west-2", "AWS_DEFAULT_REGION": "eu-west-3"}, "eu-west-2"),
        ({}, {"AWS_DEFAULT_REGION": "eu-west-3"}, "eu-west-3"),
    ],
)
def test_the_region_comes_from_the_file_then_from_the_environment(disk, environ, region):
    assert settings(disk, environ=environ).region == region


def test_what_ships_is_read_name_by_name():
    outer = {"include": ["a.py"], "exclude": ["b/**"], "prune": False}
    inner = {"exclude": ["c/**"], "build": ["lxml"], "secrets": ["ca.pem"]}
    disk = {
        "lambda_python_version": "3.13",
        "package": outer,
        "stages": {"dev": {"package": inner}},
    }

    found = settings(disk)

    assert found.lambda_python == (3, 13)
    assert found.package == PackageSettings(
        ("a.py",), ("c/**",), ("lxml",), prune=False, secrets=("ca.pem",)
    )


def test_the_package_is_for_the_python_that_runs_unless_told():
    assert settings({}).lambda_python == sys.version_info[:2]
    assert settings({}).package == PackageSettings()


def test_local_keys_and_hosts_are_read():
    disk = {"account_id": "210987654321", "local": {"api_keys": ["k" * 20], "allow_hosts": ["a"]}}

    found = settings(disk)

    assert (found.account_id, found.api_keys) == ("210987654321", ("k" * 20,))
    assert found.allow_hosts == ("a",)


def test_local_user_pools_are_read():
    pool = {"jwks_file": "k.json", "jwks_url": "http://a", "issuer": "http://b"}
    pools = {"us-east-1_abc": {**pool, "client_ids": ["c"]}, "https://id.example": {}}

    found = settings({"local": {"user_pools": pools}})

    assert found.user_pools == (
        UserPool("us-east-1_abc", "k.json", "http://a", "http://b", ("c",)),
        UserPool("https://id.example"),
    )


@pytest.mark.parametrize(
    ("endpoints", "source"),
    [("vpce-1", "vpce-1"), (["vpce-1"], "vpce-1"), (["vpce-1", "vpce-2"], ["vpce-1", "vpce-2"])],
)
def test_a_private_api_lets_in_its_endpoints(endpoints, source):
    disk = {"api_gateway_endpoint_type": "PRIVATE", "api_gateway_endpoint_vpce": endpoints}

    policy = settings(disk).resource_policy

    [statement] = policy["Statement"]
    assert statement["Condition"] == {"StringEquals": {"aws:SourceVpce": source}}
    assert (statement["Effect"], statement["Principal"]) == ("Allow", "*")


def test_custom_domains_are_read():
    domain = {"domain_name": "a.example", "certificate_arn": "arn:c", "url_prefix": "(none)"}
    disk = {
        "api_gateway_custom_domain": domain,
        "websocket_api_custom_domain": {**domain, "tls_version": "TLS_1_0", "url_prefix": "v1"},
    }

    found = settings(disk)

    assert found.custom_domain == CustomDomain("a.example", "arn:c")
    assert found.websocket_custom_domain == CustomDomain("a.example", "arn:c", "TLS_1_0", "v1")


def test_importing_the_configuration_is_light():
    heavy = "{'difflib', 'jsonschema', 'hypothesis', 'click', 'botocore', 'aiohttp', 'asyncio'}"
    code = f"import sys, chalice.config; print(sorted({heavy} & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_credentials_have_the_policies_of_their_files_too():
    allow, deny = {"Statement": ["allow"]}, {"Statement": ["deny"]}
    written = {
        "access_key_id": "A" * 16,
        "secret_access_key": "my-secret",
        "arn": "arn:aws:iam::123456789012:user/ann",
        "session_token": "my-token",
        "user_id": "AIDA1",
        "policies": [allow],
        "policy_files": ["deny.json"],
    }
    config = Config(config_from_disk={"local": {"credentials": [written]}})

    [found] = settings_of(
        config, app_name="a", environ={}, credential_policies={"deny.json": deny}
    ).credentials

    assert found == Credential(
        "A" * 16, "my-secret", written["arn"], "my-token", "AIDA1", (allow, deny)
    )
    assert "my-" not in repr(found)


def test_a_policy_that_nobody_has_read_denies_everything():
    written = {
        "access_key_id": "A" * 16,
        "secret_access_key": "s",
        "arn": "arn",
        "policy_files": ["deny.json"],
    }
    config = Config(config_from_disk={"local": {"credentials": [written]}})

    [found] = settings_of(config, app_name="a", environ={}).credentials

    everything = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    assert found.policies == ({"Statement": everything},)


def test_where_nothing_is_set_both_classes_have_the_defaults_of_the_table():
    config = Config("dev", config_from_disk={"app_name": "shop"})

    settings = settings_of(config, app_name="shop", environ={})

    assert replace(settings, any_function=FunctionSettings("")) == Settings("dev", "shop")
    assert replace(settings.function("f"), tags={}) == FunctionSettings("f")
    assert {name: config.resolved(name) for name in KEYS if KEYS[name].default is not None} == {
        name: key.default for name, key in KEYS.items() if key.default is not None
    }
