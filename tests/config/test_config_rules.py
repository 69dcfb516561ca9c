"""Rules between keys, stages, functions and files."""

from __future__ import annotations

import json

import pytest

from chalice.config import Config
from chalice.config.check import Effective, functions, rules, stage
from chalice.config.files import credential_policies, policy_files
from chalice.config.reader import read

FILE = ".chalice/config.json"
ROLE = "arn:aws:iam::123456789012:role/r"


def document_of(config):
    return read(json.dumps(config, indent=1).encode(), FILE)


def codes(config, stage_name="dev"):
    document = document_of(config)
    of_stage = Config(stage_name, config_from_disk=document.plain())
    return [problem.code for problem in rules(document, of_stage)]


PRIVATE = {"api_gateway_endpoint_type": "PRIVATE"}
VPCE = {"api_gateway_endpoint_vpce": "vpce-1"}
POLICY = {"api_gateway_policy_file": "policy.json"}


ALLOW = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
NO_POLICY = {"Statement": {"Effect": "allow", "Action": "*", "Resource": "*"}}


def credentials(*written):
    common = {"access_key_id": "A" * 16, "secret_access_key": "s", "arn": "arn"}
    return {"local": {"credentials": [{**common, **item} for item in written]}}


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, []),
        (PRIVATE, ["config-endpoint-private"]),
        ({**PRIVATE, **VPCE}, []),
        ({**PRIVATE, **POLICY}, []),
        ({**PRIVATE, **VPCE, **POLICY}, ["config-endpoint-policy"]),
        (VPCE, ["config-endpoint-vpce"]),
        ({**VPCE, "api_gateway_endpoint_type": "REGIONAL"}, ["config-endpoint-vpce"]),
        (POLICY, []),
        (credentials({}), []),
        (credentials({"policies": [ALLOW]}, {"access_key_id": "B" * 16}), []),
        (credentials({}, {}), ["config-credential-duplicate"]),
        (credentials({"policies": [ALLOW, NO_POLICY]}), ["config-credential-policy"]),
        ({"local": {"credentials": [5, {"access_key_id": 5}, {"policies": 5}]}}, []),
        ({"subnet_ids": ["subnet-1"]}, ["config-vpc"]),
        ({"security_group_ids": ["sg-1"]}, ["config-vpc"]),
        ({"subnet_ids": ["subnet-1"], "security_group_ids": ["sg-1"]}, []),
        ({"subnet_ids": [], "security_group_ids": []}, []),
        ({"manage_iam_role": False}, ["config-role-missing"]),
        ({"manage_iam_role": False, "iam_role_arn": ROLE}, []),
        ({"iam_role_arn": ROLE}, ["config-role-unused"]),
        ({"iam_policy_file": "p.json"}, ["config-policy-unused"]),
        ({"iam_policy_file": "p.json", "autogen_policy": False}, []),
        ({"iam_policy_file": "p.json", "autogen_policy": "merge"}, []),
        (
            {"manage_iam_role": False, "iam_role_arn": ROLE, "autogen_policy": "merge"},
            ["config-policy-unmanaged"],
        ),
        ({"manage_iam_role": False, "iam_role_arn": ROLE, "autogen_policy": False}, []),
        (
            {"manage_iam_role": False, "iam_role_arn": ROLE, "iam_role": "per_function"},
            ["config-role-unmanaged"],
        ),
        (
            {
                "iam_role_path": "/team/",
                "lambda_functions": {"f": {"manage_iam_role": False, "iam_role_arn": ROLE}},
            },
            [],
        ),
        (
            {
                "autogen_policy": True,
                "lambda_functions": {"f": {"manage_iam_role": False, "iam_role_arn": ROLE}},
            },
            [],
        ),
        (
            {
                "manage_iam_role": False,
                "iam_role_arn": ROLE,
                "lambda_functions": {"f": {"manage_iam_role": True}},
            },
            [],
        ),
        (
            {
                "manage_iam_role": False,
                "iam_role_arn": ROLE,
                "lambda_functions": {"f": {"manage_iam_role": True, "iam_role_arn": ROLE}},
            },
            ["config-role-unused"],
        ),
        ({"environment_variables": {"AB": "x" * 4087}}, []),
        ({"environment_variables": {"AB": "x" * 4088}}, ["config-environment-size"]),
        ({"environment_variables": {"AB": "\u00e9" * 2100}}, ["config-environment-size"]),
    ],
)
def test_keys_that_belong_together(config, expected):
    assert codes(config) == expected
    assert codes({"stages": {"dev": config}}) == expected
    assert codes({"stages": {"prod": config}}) == expected


def test_a_role_of_all_stages_has_an_effect_where_one_of_them_takes_it():
    config = {"iam_role_arn": ROLE, "stages": {"prod": {"manage_iam_role": False}}}

    assert codes(config) == []
    assert codes({**config, "stages": {"prod": {}}}) == ["config-role-unused"]


@pytest.mark.parametrize(
    ("key", "value", "takes", "other", "code"),
    [
        (
            "iam_policy_file",
            "p.json",
            {"autogen_policy": False},
            {},
            "config-policy-unused",
        ),
        (
            "iam_role_path",
            "/team/",
            {},
            {"manage_iam_role": False, "iam_role_arn": ROLE},
            "config-role-unmanaged",
        ),
    ],
)
def test_what_only_other_stages_take_has_an_effect(key, value, takes, other, code):
    both = {key: value, "stages": {"dev": other, "prod": takes}}

    assert code not in codes(both)
    assert code in codes({key: value, "stages": {"dev": other, "prod": other}})


def test_keys_of_different_places_are_seen_together():
    config = {
        "subnet_ids": ["subnet-1"],
        "stages": {
            "dev": {"security_group_ids": ["sg-1"]},
            "prod": {"lambda_functions": {"f": {"security_group_ids": ["sg-1"]}}},
        },
    }
    document = document_of(config)

    found = list(rules(document, Config("dev", config_from_disk=config)))

    assert [problem.code for problem in found] == ["config-vpc"]  # of prod, but for `f`
    assert found[0].where == document.where(document.find(["subnet_ids"]))


def test_the_variables_of_a_function_are_counted_with_those_it_inherits():
    config = {
        "environment_variables": {"AB": "x" * 3000},
        "stages": {
            "dev": {"lambda_functions": {"f": {"environment_variables": {"CD": "x" * 2000}}}}
        },
    }
    document = document_of(config)

    [problem] = rules(document, Config("dev", config_from_disk=config))

    where = document.find(["stages", "dev", "lambda_functions", "f", "environment_variables"])
    assert problem.code == "config-environment-size"
    assert problem.where == document.where(where)
    assert "of function `f` has 50" in problem.summary


def test_rules_stand_values_of_wrong_types():
    config = {
        "subnet_ids": 5,
        "manage_iam_role": "no",
        "environment_variables": "x",
        "stages": {"dev": [], "prod": {"lambda_functions": 5}},
        "lambda_functions": [1],
    }

    assert codes(config) == ["config-vpc"]


def test_what_the_command_line_gives_has_no_line():
    given = {"api_gateway_endpoint_type": "PRIVATE"}

    [problem] = rules(document_of({}), Config.create(**given))

    assert (problem.code, problem.where) == ("config-endpoint-private", "")


def test_what_only_a_default_sets_has_the_line_of_the_stage():
    config = {"version": "2.0", "stages": {"dev": {}}}
    document = document_of(config)

    effective = Effective(Config("dev", config_from_disk=config), document)

    assert effective.get("lambda_timeout") == 60
    assert effective.where("lambda_timeout") == document.where(document.find(["stages", "dev"]))


STAGES = {"stages": {"prod": {}, "staging": {}}}


@pytest.mark.parametrize("name", ["prod", "staging", "dev"])
def test_a_declared_stage_is_known_and_so_is_dev(name):
    assert list(stage(document_of(STAGES), name)) == []


@pytest.mark.parametrize(
    ("config", "name", "code", "where", "hint"),
    [
        (STAGES, "prd", "stage-unknown", f"{FILE}:2", 'write `prod`, or add `"prd": {}`'),
        (STAGES, "zzz", "stage-unknown", f"{FILE}:2", 'add `"zzz": {}` under `stages`'),
        ({}, "prod", "stage-unknown", FILE, 'add `"prod": {}` under `stages`'),
        (STAGES, "a b", "stage-name", "", "letters"),
    ],
)
def test_another_stage_is_told(config, name, code, where, hint):
    [problem] = stage(document_of(config), name)

    assert (problem.code, problem.where) == (code, where)
    assert hint in problem.hint


def test_functions_that_the_application_lacks_are_told_with_their_lines():
    config = {
        "lambda_functions": {"api_handler": {}, "my_aut": {}},
        "stages": {"dev": {"lambda_functions": {"zzz": {}, "my_auth": {}}}, "prod": {}},
    }
    document = document_of(config)

    found = list(functions(document, {"my_auth": None, "api_handler": None}))

    assert [problem.code for problem in found] == ["config-function-unknown"] * 2
    assert "write `my_auth`" in found[0].hint
    assert found[0].where == document.where(document.find(["lambda_functions", "my_aut"]))
    assert "known are api_handler, my_auth" in found[1].hint


# --- files ------------------------------------------------------------------------------------

GOOD = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
}


def files_of(config, contents, *, roles=False):
    """Return what `policy_files` says where `.chalice` holds *contents*."""

    def content(name):
        try:
            return contents[name]
        except KeyError:
            raise FileNotFoundError(name) from None

    document = document_of(config)
    policy, of_roles, problems = policy_files(
        Config("dev", config_from_disk=config), document, content
    )
    return (policy, of_roles, problems) if roles else (policy, problems)


def test_the_policy_of_the_api_is_read():
    policy, problems = files_of(POLICY, {"policy.json": json.dumps(GOOD).encode()})

    assert (policy, problems) == (GOOD, [])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "config-file-missing"),
        (b"{", "config-file-json"),
        (b"\xff", "config-file-json"),
        (b"[" * 100_000, "config-file-json"),
        (b"[]", "config-file-policy"),
        (b'{"Statement": "x"}', "config-file-policy"),
    ],
)
def test_a_policy_that_cannot_be_read_is_told(content, code):
    contents = {} if content is None else {"policy.json": content}

    policy, [problem] = files_of(POLICY, contents)

    assert (policy, problem.code) == (None, code)
    assert problem.where.startswith(".chalice/")


def test_the_policy_of_a_role_is_looked_for_under_its_default_name():
    _, [problem] = files_of({"autogen_policy": False}, {})

    assert problem.code == "config-file-missing"
    assert "`.chalice/policy-dev.json`" in problem.summary
    assert problem.where == f"{FILE}:2"


def test_each_function_may_have_its_own_policy():
    config = {
        "stages": {
            "dev": {
                "lambda_functions": {
                    "f": {"autogen_policy": False, "iam_policy_file": "f.json"},
                    "g": {"autogen_policy": False, "iam_policy_file": "g.json"},
                }
            }
        }
    }

    _, problems = files_of(config, {"f.json": json.dumps(ALLOW).encode()})

    assert ["g.json" in problem.summary for problem in problems] == [True]


def test_policies_of_roles_are_read_by_file_that_of_all_other_functions_too():
    config = {
        "autogen_policy": False,
        "stages": {"dev": {"lambda_functions": {"f": {"iam_policy_file": "f.json"}}}},
    }
    other = {**ALLOW, "Id": "of all others"}
    contents = {"f.json": ALLOW, "policy-dev.json": other}

    _, of_roles, problems = files_of(
        config, {name: json.dumps(item).encode() for name, item in contents.items()}, roles=True
    )

    assert (of_roles, problems) == (contents, [])


def test_a_policy_of_a_role_is_refused_if_iam_would_not_take_it():
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Perhaps", "Action": "s3:*"}]}

    _, [problem] = files_of(
        {"autogen_policy": False}, {"policy-dev.json": json.dumps(policy).encode()}
    )

    assert (problem.code, problem.where) == ("config-file-policy", ".chalice/policy-dev.json:1")
    assert "no policy of a role" in problem.summary


def test_a_policy_that_only_functions_nobody_configured_would_have_may_be_missing():
    config = {
        "autogen_policy": False,
        "stages": {"dev": {"lambda_functions": {"api_handler": {"autogen_policy": True}}}},
    }

    assert files_of(config, {}) == (None, [])


def test_a_policy_of_the_api_longer_than_its_quota_is_a_warning():
    statement = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    long = {"Statement": {**statement, "Sid": "x" * 8_192}}

    policy, [problem] = files_of(POLICY, {"policy.json": json.dumps(long).encode()})

    assert policy == long
    assert (problem.code, problem.severity) == ("quota-resource-policy", "warning")


def test_a_domain_of_websockets_has_no_effect():
    domain = {"domain_name": "ws.example.com", "certificate_arn": "arn:aws:acm:::certificate/a"}

    assert codes({"websocket_api_custom_domain": domain}) == ["config-websocket-domain"]


def test_no_policy_is_looked_for_where_the_role_is_somebody_elses():
    config = {"autogen_policy": False, "manage_iam_role": False, "iam_role_arn": ROLE}

    assert files_of(config, {}) == (None, [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (json.dumps(ALLOW), None),
        (json.dumps(NO_POLICY), "config-file-policy"),
        ("{}", "config-file-policy"),
        ("{", "config-file-json"),
        (None, "config-file-missing"),
    ],
)
def test_policies_of_credentials_may_be_in_files(text, code):
    config = credentials({"policy_files": ["ann.json", "ann.json"]}, {"policy_files": ["ann.json"]})

    def content(name):
        assert name == "ann.json"
        if text is None:
            raise FileNotFoundError
        return text.encode()

    found, problems = credential_policies(
        Config(config_from_disk=config), document_of(config), content
    )

    assert [problem.code for problem in problems] == ([code] if code else [])
    if code is None:
        assert found == {"ann.json": ALLOW}
