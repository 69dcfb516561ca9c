"""A project loaded for serving: what it sees of the environment while it is imported."""

import os
import subprocess
import sys

import pytest
from tests.projects import application, write_project

# An application changes the process that loads it, so each is loaded in one of its own.
LOAD = """
import os, pathlib, sys
from chalice.server.facts import NotLoaded
from chalice.server.loading import load
try:
    load(pathlib.Path(), "dev", spare_api_key="key", environ=os.environ)
except NotLoaded as error:
    print(*(problem.code for problem in error.problems))
"""
SHOW = application("""
    import os
    names = ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_LAMBDA_FUNCTION_NAME", "SETTING")
    print(*(os.environ.get(name, "-") for name in names))
    @app.route("/")
    def f(): return {}
""")
REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")


def seen(directory, **environ):
    ended = subprocess.run(
        [sys.executable, "-c", LOAD],
        cwd=directory,
        env={name: text for name, text in os.environ.items() if name not in REGIONS} | environ,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return ended.stdout.split()


@pytest.mark.parametrize(
    ("region", "environ", "expected"),
    [
        (None, {}, ["us-east-1", "-"]),
        (None, {"AWS_DEFAULT_REGION": "eu-west-3"}, ["eu-west-3", "eu-west-3"]),
        (
            None,
            {"AWS_REGION": "eu-west-2", "AWS_DEFAULT_REGION": "eu-west-3"},
            ["eu-west-2", "eu-west-2"],
        ),
        ("sa-east-1", {"AWS_REGION": "eu-west-2"}, ["sa-east-1", "sa-east-1"]),
    ],
)
def test_the_region_is_the_one_that_every_tool_finds(tmp_path, region, environ, expected):
    config = {"app_name": "shop", "environment_variables": {"SETTING": "on"}}
    if region:
        config["region"] = region

    found = seen(write_project(tmp_path, SHOW, config), **environ)

    assert found == [*expected, "shop-dev", "on"]


@pytest.mark.parametrize(
    "config",
    [
        "[1]",
        "{",
        '{"environment_variables": 7}',
        '{"environment_variables": {"A": 7, "": "x"}, "region": 7, "app_name": []}',
        '{"region": "nowhere at all"}',
    ],
)
def test_a_configuration_that_is_wrong_is_a_problem_and_no_bug(tmp_path, config):
    found = seen(write_project(tmp_path, SHOW, config))

    assert any(word.startswith("config-") for word in found), found
