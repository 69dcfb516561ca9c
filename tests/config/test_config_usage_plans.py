"""Usage plans of `local`: what is wrong between them, and where it stands."""

import pytest

from chalice.config import Config, check, settings_of
from chalice.config.local_settings import StandIn
from chalice.config.reader import read
from chalice.rules.callers import UsagePlan

KEY, OTHER = "k" * 20, "o" * 20


def problems(text):
    document = read(text.encode(), ".chalice/config.json")
    found = check.rules(document, Config("dev", config_from_disk=document.plain()))
    return [(problem.code, problem.where, problem.summary) for problem in found]


def test_a_key_is_in_one_plan_only():
    text = f"""{{
      "local": {{
        "api_keys": ["{KEY}"],
        "usage_plans": {{
          "small": {{"api_keys": ["{KEY}"]}},
          "large": {{"api_keys": ["{OTHER}"]}},
          "again": {{"api_keys": ["x", "{OTHER}"]}},
          "twice": {{"api_keys": ["y", "y"]}}
        }}
      }}
    }}"""

    assert problems(text) == [
        (
            "config-usage-plan-key",
            ".chalice/config.json:5",
            "key 0 of `local.usage_plans.small` is also in `local.api_keys`",
        ),
        (
            "config-usage-plan-key",
            ".chalice/config.json:7",
            "key 1 of `local.usage_plans.again` is also in `local.usage_plans.large`",
        ),
        (
            "config-usage-plan-key",
            ".chalice/config.json:8",
            "key 1 of `local.usage_plans.twice` is also in `local.usage_plans.twice`",
        ),
    ]


@pytest.mark.parametrize(("given", "missing"), [("rate", "burst"), ("burst", "rate")])
def test_rate_and_burst_go_together(given, missing):
    text = f'{{\n"local": {{"usage_plans": {{\n"p": {{"api_keys": [], "{given}": 1}}}}}}}}'

    assert problems(text) == [
        (
            "config-usage-plan",
            ".chalice/config.json:3",
            f"`local.usage_plans.p` has a `{given}` and no `{missing}`",
        )
    ]


def test_what_is_written_is_read():
    local = {
        "usage_plans": {
            "free": {"api_keys": [KEY], "rate": 0.5, "burst": 2},
            "paid": {"api_keys": [OTHER], "quota": {"limit": 9, "period": "MONTH"}},
        },
        "authorizers": {"a": "mine", "b": {"returns": {"x": 1}}, "c": {"file": "c.json"}},
    }

    found = settings_of(
        Config("dev", config_from_disk={"local": local}), app_name="shop", environ={}
    )

    assert found.usage_plans == (
        UsagePlan((KEY,), rate=0.5, burst=2),
        UsagePlan((OTHER,), quota=9, period="MONTH"),
    )
    assert found.stand_ins == (
        StandIn("a", function="mine"),
        StandIn("b", returns={"x": 1}),
        StandIn("c", file="c.json"),
    )


def test_a_key_is_not_shown():
    text = f'{{"local": {{"usage_plans": {{"p": {{"api_keys": ["{KEY}", "{KEY}"]}}}}}}}}'

    assert KEY not in problems(text)[0][2]
