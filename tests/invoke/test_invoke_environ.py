"""The environment variables that Lambda sets, as far as they mean something here."""

from chalice.invoke.environ import function_environment
from chalice.invoke.functions import LocalFunction


def environment(inherited=None, **options):
    function = LocalFunction("demo-dev", handler_string="app.app", **options)
    return function_environment(function, "/project", inherited or {})


def test_the_variables_describe_the_function():
    variables = environment(memory_mb=256, region="eu-central-1")

    assert variables["_HANDLER"] == "app.app"
    assert variables["AWS_LAMBDA_FUNCTION_NAME"] == "demo-dev"
    assert variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
    assert variables["AWS_LAMBDA_FUNCTION_VERSION"] == "$LATEST"
    assert variables["AWS_REGION"] == variables["AWS_DEFAULT_REGION"] == "eu-central-1"
    assert variables["LAMBDA_TASK_ROOT"] == "/project"


def test_credentials_and_the_search_path_stay_the_user_s():
    variables = environment()

    assert not {name for name in variables if "KEY" in name or "TOKEN" in name or "PATH" in name}


def test_the_function_s_own_variables_win():
    assert environment(environment={"TZ": "Asia/Tokyo"})["TZ"] == "Asia/Tokyo"


def test_a_region_that_nobody_chose_does_not_hide_the_profile_s():
    assert "AWS_DEFAULT_REGION" not in environment()
    assert environment({"AWS_REGION": "us-east-1"})["AWS_DEFAULT_REGION"] == "us-east-1"
