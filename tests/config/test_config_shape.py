"""Each key and value, wherever it stands."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalice.config.check import functions, shape
from chalice.config.keys import KEYS, Level, allowed
from chalice.config.reader import read
from chalice.config.values import RESERVED_VARIABLES, RETENTION_DAYS
from chalice.iam import caller_of

FILE = ".chalice/config.json"


def problems(config):
    text = config if isinstance(config, str) else json.dumps(config, indent=1)
    return list(shape(read(text.encode(), FILE)))


LAYER = "arn:aws:lambda:us-east-1:123456789012:layer:tools:3"
DOMAIN = {
    "domain_name": "api.example.com",
    "certificate_arn": "arn:aws:acm:us-east-1:123456789012:certificate/abc-1",
}

PLANS = [
    {"api_keys": []},
    {"api_keys": ["k" * 20], "rate": 0.5, "burst": 3},
    {"api_keys": ["k" * 20], "quota": {"limit": 10, "period": "WEEK"}},
]
NO_PLANS = [
    {},
    {"api_keys": ["short"]},
    {"api_keys": [], "rate": "5", "burst": 3},
    {"api_keys": [], "rate": True, "burst": 3},
    {"api_keys": [], "rate": -1, "burst": 3},
    {"api_keys": [], "rate": 5, "burst": 0.5},
    {"api_keys": [], "quota": 10},
    {"api_keys": [], "quota": {"limit": 10}},
    {"api_keys": [], "quota": {"limit": 10, "period": "YEAR"}},
    {"api_keys": [], "limit": 10},
]
STAND_INS = ["my_auth", "tests.auth:check", "a:B.c", {"returns": {}}, {"file": "answer.json"}]
NO_STAND_INS = [
    *("", "a b", "a:", ":b", "a:b:c", 5, [], {}),
    *({"returns": "x"}, {"file": ""}, {"file": 5}, {"return": {}}),
    {"returns": {}, "file": "x"},
]
USER_POOLS = [
    {"user_pools": {}},
    {"user_pools": {"us-east-1_abc": {}}},
    {"user_pools": {"https://id.example/tenant/": {"jwks_file": "keys.json"}}},
    {
        "user_pools": {
            "us-east-1_abc": {
                "jwks_url": "http://localhost:9229/keys",
                "issuer": "http://localhost:9229/us-east-1_abc",
                "client_ids": ["a", "b"],
            }
        }
    },
]

ACCOUNT = "123456789012"
CREDENTIAL = {
    "access_key_id": "AKIAIOSFODNN7EXAMPLE",
    "secret_access_key": "wJalrXUtnFEMI/K7MDENG",
    "arn": f"arn:aws:iam::{ACCOUNT}:user/ann",
}
# Members of a credential that are taken, and that are not.
CREDENTIALS = [
    ("session_token", "a+b/c=="),
    ("user_id", "AROA1:ann@example.com"),
    ("policies", [{"Version": "2012-10-17", "Statement": []}]),
    ("policy_files", ["ann.json"]),
    ("arn", f"arn:aws:iam::{ACCOUNT}:root"),
    ("arn", f"arn:aws-cn:iam::{ACCOUNT}:user/team/a.b/ann+x=1,y@z_-"),
    ("arn", f"arn:aws:sts::{ACCOUNT}:assumed-role/Admin/ann@example.com"),
    ("arn", f"arn:aws:sts::{ACCOUNT}:federated-user/ann"),
]
NO_CREDENTIALS = [
    ("access_key_id", "AKIA"),
    ("access_key_id", "AKIA/IOSFODNN7/EXAMPLE"),
    ("secret_access_key", ""),
    ("secret_access_key", 5),
    ("secret_access_key", "a b"),
    ("session_token", ""),
    ("session_token", "a\nb"),
    ("user_id", "a b"),
    ("policies", ["Allow"]),
    ("policies", [{}]),
    ("policies", {"Statement": []}),
    ("policy_files", [""]),
    ("arn", "ann"),
    ("arn", f"arn:aws:iam::{ACCOUNT}:role/Admin"),
    ("arn", f"arn:aws:iam::{ACCOUNT}:user/"),
    ("arn", f"arn:aws:sts::{ACCOUNT}:assumed-role/Admin"),
    ("arn", "arn:aws:iam::12:user/ann"),
    ("account", ACCOUNT),
]

# Key, values that are taken, values that are not.
VALUES = [
    ("version", ["2.0", "1.0"], ["3.0", 2.0, 2, None, ""]),
    ("app_name", ["demo", "My_app-1"], ["my app", "", "a.b", 5, "x" * 65]),
    ("profile", ["default"], ["", 5]),
    ("region", ["us-east-1", "us-gov-west-1", "eusc-de-east-1"], ["us", "US-EAST-1", 1]),
    ("account_id", ["123456789012"], [123456789012, "1234", "12345678901a"]),
    (
        "local",
        [
            {},
            {"api_keys": ["k" * 20, "k" * 128]},
            {"allow_hosts": ["shop.test", "a"]},
            *({"credentials": [{**CREDENTIAL, name: value}]} for name, value in CREDENTIALS),
            *USER_POOLS,
            *({"usage_plans": {"a plan": plan}} for plan in PLANS),
            *({"authorizers": {"theirs": value}} for value in STAND_INS),
        ],
        [
            [],
            {"api_keys": ["short"]},
            {"api_keys": ["k" * 129]},
            {"api_keys": "k" * 20},
            {"api_keys": ["k" * 20 + " "]},
            {"allow_hosts": ["http://shop.test"]},
            {"allow_hosts": ["shop.test:80"]},
            {"hosts": []},
            {"credentials": {}},
            {"credentials": ["AKIAIOSFODNN7EXAMPLE"]},
            *({"credentials": [{**CREDENTIAL, name: value}]} for name, value in NO_CREDENTIALS),
            *(
                {"credentials": [{key: CREDENTIAL[key] for key in CREDENTIAL if key != name}]}
                for name in CREDENTIAL
            ),
            {"user_pools": []},
            {"user_pools": {"us-east-1_abc": []}},
            {"user_pools": {"a b": {}}},
            {"user_pools": {"us-east-1_abc": {"jwks": "keys.json"}}},
            {"user_pools": {"us-east-1_abc": {"jwks_file": 7}}},
            {"user_pools": {"us-east-1_abc": {"jwks_url": "keys.json"}}},
            {"user_pools": {"us-east-1_abc": {"jwks_url": "file:///keys.json"}}},
            {"user_pools": {"us-east-1_abc": {"client_ids": "a"}}},
            {"usage_plans": []},
            {"usage_plans": {"": {"api_keys": []}}},
            *({"usage_plans": {"a plan": plan}} for plan in NO_PLANS),
            {"authorizers": []},
            *({"authorizers": {"theirs": value}} for value in NO_STAND_INS),
        ],
    ),
    ("api_gateway_stage", ["api", "v1-a_B", "x" * 128], ["a b", "a.b", "", "x" * 129, 1]),
    ("api_gateway_endpoint_type", ["EDGE", "REGIONAL", "PRIVATE"], ["edge", "", 1, ["EDGE"]]),
    (
        "api_gateway_endpoint_vpce",
        ["vpce-1a", ["vpce-1", "vpce-2"]],
        ["1a", [], ["vpce-1", "x"], {}, 5],
    ),
    ("api_gateway_policy_file", ["policy.json"], ["", 5]),
    ("minimum_compression_size", [0, 10_485_760], [-1, 10_485_761, "0", True, 1.5]),
    (
        "api_gateway_custom_domain",
        [
            DOMAIN,
            {**DOMAIN, "tls_version": "SecurityPolicy_TLS13_1_3_2025_09", "tags": {"a": "b"}},
            {**DOMAIN, "url_prefix": "v1"},
            {**DOMAIN, "url_prefix": "(none)"},
        ],
        [
            {},
            "api.example.com",
            {"domain_name": "api.example.com"},
            {**DOMAIN, "tls_version": "TLS_1_1"},
            {**DOMAIN, "url_prefix": "/v1/"},
            {**DOMAIN, "domain_name": "https://api.example.com"},
            {**DOMAIN, "certificate_arn": "abc"},
            {**DOMAIN, "tls": "TLS_1_2"},
        ],
    ),
    ("websocket_api_custom_domain", [DOMAIN], [{**DOMAIN, "tls_version": "TLS_1_3"}]),
    ("automatic_layer", [True, False], ["true", 1, None]),
    ("lambda_architecture", ["x86_64", "arm64"], ["ARM64", "arm", 64]),
    ("lambda_python_version", ["3.11", "3.14"], ["3.10", "3.15", "python3.13", 3.13, 3, ""]),
    (
        "package",
        [
            {},
            {"include": ["data/**/*.json", "models.py"], "exclude": ["**/*.psd"]},
            {"include": ["a..b/..c", ".well-known/x"]},
            {"build": ["ruamel.yaml", "a"], "prune": False, "secrets": ["chalicelib/ca.pem"]},
        ],
        [
            [],
            {"includes": []},
            {"include": "data"},
            {"include": [""]},
            {"include": ["/etc/passwd"]},
            {"include": ["C:/x"]},
            {"include": ["a\\b"]},
            {"include": ["../shared"]},
            {"include": ["a/../../b"]},
            {"exclude": ["a/.."]},
            {"exclude": [".."]},
            {"build": ["a b"]},
            {"prune": "false"},
            {"secrets": ["/etc/netrc"]},
        ],
    ),
    (
        "deploy",
        [{}, {"stack_name": "shop-v1", "artifact_bucket": "our.bucket-1"}],
        [
            "shop",
            {"stack": "shop"},
            {"stack_name": "1shop"},
            {"stack_name": "my_shop"},
            {"artifact_bucket": "Ours"},
            {"artifact_bucket": "b"},
            {"artifact_bucket": ""},
        ],
    ),
    ("iam_role", ["shared", "per_function"], ["per-function", True]),
    (
        "iam_permissions_boundary",
        [
            "arn:aws:iam::123456789012:policy/team/boundary",
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
        ],
        ["boundary", "arn:aws:iam::123456789012:role/r", 5],
    ),
    ("iam_role_path", ["/", "/team/", "/a/b/"], ["team", "/team", "team/", "", "/a b/", 5]),
    ("autogen_policy", [True, False, "merge"], ["false", "Merge", "both", 0, []]),
    ("iam_policy_file", ["policy-dev.json"], [True]),
    ("manage_iam_role", [True, False], [0]),
    (
        "iam_role_arn",
        ["arn:aws:iam::123456789012:role/path/name", "arn:aws-cn:iam::123456789012:role/n"],
        ["name", "arn:aws:iam::123456789012:user/n", 5],
    ),
    ("lambda_memory_size", [128, 10_240, 1769], [127, 10_241, "128", "abc", 128.0, True]),
    ("lambda_timeout", [1, 900], [0, 901, "60", None]),
    ("reserved_concurrency", [0, 1000], [-1, "5"]),
    ("layers", [[], [LAYER] * 5], [[LAYER] * 6, LAYER, ["arn:aws:lambda:x"], [1]]),
    ("log_retention_in_days", list(RETENTION_DAYS), [0, 2, 8, 366, "7", True]),
    ("xray", [True], ["on"]),
    ("subnet_ids", [[], ["subnet-1a"] * 16], [["subnet-1"] * 17, "subnet-1", ["sg-1"]]),
    ("security_group_ids", [["sg-1"] * 5], [["sg-1"] * 6, ["subnet-1"]]),
    (
        "environment_variables",
        [{}, {"TABLE": "x", "a1": "", "TZ": "UTC", "PYTHONPATH": "/x", "PATH_2": "\u00e9"}],
        [
            [],
            {"TABLE": 1},
            {"TABLE": None},
            {"TABLE": True},
            {"T": "x"},
            {"1A": "x"},
            {"A-B": "x"},
            {"_A": "x"},
            {"AB": "a\x00"},
            *({name: "x"} for name in RESERVED_VARIABLES),
        ],
    ),
    (
        "tags",
        [{}, {"team": "a", "cost center": ""}],
        [
            {"aws:x": "1"},
            {"AWS:x": "1"},
            {"": "1"},
            {"k" * 129: "1"},
            {"k": "v" * 257},
            {"k": 1},
            {"aws-chalice": "x"},
            {f"k{index}": "v" for index in range(50)},
        ],
    ),
]


def each(index):
    return [(name, value) for name, *rows in VALUES for value in rows[index]]


def test_every_key_has_its_values_tested():
    assert [name for name, *_ in VALUES] == list(KEYS)


@pytest.mark.parametrize(("name", "value"), each(0))
def test_a_right_value_is_taken(name, value):
    assert problems({name: value}) == []


@pytest.mark.parametrize(("name", "value"), each(1))
def test_a_wrong_value_is_told_with_what_to_write(name, value):
    [problem, *_] = problems({name: value})

    assert problem.code.startswith("config-")
    assert problem.where == f"{FILE}:{problem.where.rpartition(':')[2]}"
    assert name in problem.summary
    assert problem.hint


@pytest.mark.parametrize(
    ("config", "code", "summary", "hint"),
    [
        (
            {"lambda_memory_size": "abc"},
            "config-type",
            "`lambda_memory_size` is the string `abc`",
            "write a whole number from 128 to 10240 (MB)",
        ),
        ({"lambda_timeout": "60"}, "config-type", "`60`", "write `60`, without quotes"),
        ({"lambda_timeout": 60.0}, "config-type", "the number `60.0`", "write `60`"),
        ({"lambda_timeout": 901}, "config-value", "is `901`", "from 1 to 900 (seconds)"),
        ({"xray": "true"}, "config-type", "`true`", "write `true`, without quotes"),
        ({"xray": None}, "config-type", "`null`", "`true` or `false`"),
        ({"version": "2.1"}, "config-version", "`2.1`", "`2.0`"),
        ({"version": 2.0}, "config-type", "the number `2.0`", 'write `"2.0"`'),
        ({"log_retention_in_days": "7"}, "config-type", "`7`", "write `7`, without quotes"),
        (
            {"api_gateway_endpoint_type": "regionl"},
            "config-value",
            "`regionl`",
            "write `REGIONAL`; it takes one of",
        ),
        ({"lambda_python_version": "3.10"}, "config-value", "`3.10`", "write `3.11`; it takes"),
        ({"lambda_python_version": "3.19"}, "config-value", "`3.19`", "write `3.14`; it takes"),
        (
            {"environment_variables": {"DEBUG": 1}},
            "config-type",
            "`environment_variables.DEBUG` is the number `1`",
            'write a string: `"1"`',
        ),
        (
            {"environment_variables": {"AWS_REGION": "x"}},
            "config-environment-reserved",
            "sets `AWS_REGION`, which is set by Lambda itself",
            "use another name",
        ),
        (
            {"environment_variables": {"my-var": "x"}},
            "config-name",
            "`my-var`",
            "a letter, then letters",
        ),
        ({"layers": LAYER}, "config-type", "the string", f'write `["{LAYER[:60]}'),
        ({"lambda_memory": 128}, "config-key-unknown", "no key `lambda_memory`", "_memory_size`"),
        ({"qqq": 1}, "config-key-unknown", "the configuration has no key `qqq`", "known are"),
        ({"stages": {"dev": {"qqq": 1}}}, "config-key-unknown", "stage `dev`", "known are"),
        (
            {"stages": {"dev": {"lambda_function": {}}}},
            "config-key-unknown",
            "`lambda_function`",
            "write `lambda_functions`",
        ),
        (
            {"stages": {"dev": {"app_name": "x"}}},
            "config-key-scope",
            "`app_name` has no effect in a stage",
            "write it at the top level",
        ),
        (
            {"lambda_functions": {"f": {"api_gateway_stage": "x"}}},
            "config-key-scope",
            "`api_gateway_stage` has no effect in a function",
            "the top level or a stage",
        ),
        (
            {"lambda_functions": {"f": {"environment_variables": {}}}},
            "config-key-scope",
            "the top-level `lambda_functions`",
            "under `stages`",
        ),
        (
            {"stages": {"dev": {"lambda_functions": {"f": {"lambda_functions": {}}}}}},
            "config-key-scope",
            "`lambda_functions` has no effect in a function of a stage",
            "a stage",
        ),
        ({"stages": {"dev": {"stages": {}}}}, "config-key-scope", "`stages`", "the top level"),
        ({"stages": []}, "config-type", "`stages` is no object", '{"NAME": {}}'),
        ({"stages": {"dev": []}}, "config-type", "stage `dev` is no object", "write"),
        ({"stages": {"my stage": {}}}, "config-name", "stage `my stage`", "letters"),
        ([], "config-type", "the configuration is no object", "write"),
        ("5", "config-type", "the configuration is no object", "write"),
    ],
)
def test_the_message_says_what_is_wrong_and_what_to_write(config, code, summary, hint):
    [problem] = problems(config)

    assert problem.code == code
    assert summary in problem.summary
    assert hint in problem.hint


def test_everything_wrong_is_told_at_once_with_its_line():
    text = """{
      "lambda_timeout": 0,
      "lambda_timeoout": 5,
      "stages": {
        "dev": {
          "app_name": "x",
          "lambda_functions": {
            "f": {"lambda_memory_size": 1, "subnet_ids": ["a", "b"]}
          }
        }
      },
      "lambda_timeout": 1
    }"""

    found = {(problem.code, int(problem.where.rpartition(":")[2])) for problem in problems(text)}

    assert found == {
        ("config-value", 2),
        ("config-key-duplicate", 12),
        ("config-key-unknown", 3),
        ("config-key-scope", 6),
        ("config-value", 8),
    }


@pytest.mark.parametrize("name", ["secret_access_key", "session_token"])
@pytest.mark.parametrize("value", ["my secret", 70001, ["my secret"], {"70001": 1}])
def test_what_is_secret_of_a_credential_is_never_shown(name, value):
    [problem] = problems({"local": {"credentials": [{**CREDENTIAL, name: value}]}})

    assert "my secret" not in str(problem)
    assert "70001" not in str(problem)
    assert f"`local.credentials[0].{name}`" in problem.summary


@given(
    st.from_regex(
        KEYS["local"].kind.fields["credentials"].item.fields["arn"].pattern, fullmatch=True
    )
)
def test_every_arn_that_is_taken_is_one_of_a_caller(arn):
    assert caller_of(arn).arn == arn


def test_of_a_key_that_is_written_twice_each_value_is_checked():
    text = """{
      "stages": {"dev": {"xray": 1}},
      "stages": {
        "dev": {"lambda_functions": {"f": {"xray": 2}}},
        "dev": {"lambda_functions": {"f": {}, "f": {"xray": 3}}, "tags": {"a": 1,
          "a": "b"}}
      },
      "api_gateway_custom_domain": {"domain_name": 1,
        "domain_name": "a.example", "certificate_arn": "arn:aws:acm:us-east-1:123456789012:c/1"}
    }"""

    found = [problem.where for problem in problems(text) if problem.code == "config-type"]

    assert sorted(found) == [f"{FILE}:{line}" for line in (2, 4, 5, 5, 8)]


def test_a_function_is_looked_for_in_each_place_that_names_one():
    text = """{
      "lambda_functions": {"a": {}},
      "lambda_functions": {"b": {}},
      "stages": {"dev": {"lambda_functions": {"c": {}, "mine": {}}},
                 "dev": {"lambda_functions": {"d": {}}}}
    }"""

    found = [problem.where for problem in functions(read(text.encode(), FILE), {"mine": None})]

    assert sorted(found) == [f"{FILE}:{line}" for line in (2, 3, 4, 5)]


def test_a_key_of_a_local_gateway_is_never_shown():
    [problem] = problems({"local": {"api_keys": ["my-secret"]}})

    assert "my-secret" not in str(problem)
    assert "has 9 characters" in problem.summary


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (Level.TOP, set(KEYS)),
        (Level.STAGE, set(KEYS) - {"version", "app_name"}),
        (
            Level.STAGE_FUNCTION,
            {
                *("autogen_policy", "iam_policy_file", "manage_iam_role", "iam_role_arn"),
                *("lambda_memory_size", "lambda_timeout", "reserved_concurrency", "layers"),
                *("log_retention_in_days", "xray", "subnet_ids", "security_group_ids"),
                *("environment_variables", "tags"),
            },
        ),
    ],
)
def test_the_keys_of_a_level(level, expected):
    assert {name for name, key in KEYS.items() if allowed(key, level)} == expected


def test_what_is_merged_is_not_taken_from_functions_of_the_top_level():
    of_stage = {name for name, key in KEYS.items() if allowed(key, Level.STAGE_FUNCTION)}
    of_top = {name for name, key in KEYS.items() if allowed(key, Level.TOP_FUNCTION)}

    assert of_stage - of_top == {"environment_variables", "tags"}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*KEYS, "stages", "lambda_functions", "dev"]) | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(anything)
def test_any_configuration_is_taken_or_told_why_not(value):
    text = json.dumps(value)

    found = problems(text)

    assert all(problem.summary and problem.hint and problem.where for problem in found)
    assert all(problem.summary.isprintable() for problem in found)
