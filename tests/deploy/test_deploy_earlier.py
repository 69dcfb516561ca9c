"""What AWS Chalice has deployed: it is never doubled silently."""

import json

import pytest
from tests.projects import write_project

from chalice.deploy.earlier import foretold, not_here, noted, recorded, refuse
from chalice.diagnostics import ToolError

RECORD = """{"resources": [
    {"name": "api_handler", "resource_type": "lambda_function", "lambda_arn": "arn:f"},
    {"name": "rest_api", "resource_type": "rest_api", "rest_api_id": "a", "rest_api_url": "https://a/"},
    {"name": "other", "resource_type": "sqs_event", "queue": "q"}
], "schema_version": "2.0", "backend": "api"}"""


def test_an_earlier_deployment_of_aws_chalice_is_never_doubled_silently(tmp_path):
    write_project(tmp_path, files={".chalice/deployed/dev.json": RECORD})

    with pytest.raises(ToolError) as caught:
        refuse(tmp_path, "dev")

    text = str(caught.value)
    assert "  rest api `https://a/`\n" in text
    assert "`chalice deploy --beside`" in text
    refuse(tmp_path, "prod")


@pytest.mark.parametrize("record", ["{}", '{"resources": []}', '{"resources": null}'])
def test_an_empty_record_is_no_deployment(tmp_path, record):
    write_project(tmp_path, files={".chalice/deployed/dev.json": record})

    assert recorded(tmp_path, "dev") is None


@pytest.mark.parametrize(
    "record", ["{", "[]", "5", '{"resources": 5}', '{"resources": {}}', '{"resources": ["a"]}']
)
def test_a_damaged_record_is_told(tmp_path, record):
    write_project(tmp_path, files={".chalice/deployed/dev.json": record})

    with pytest.raises(ToolError, match="cannot be read") as caught:
        recorded(tmp_path, "dev")

    assert foretold(tmp_path, "dev") == f"{caught.value}. `chalice deploy` refuses until then"


def test_a_record_that_is_a_folder_is_told(tmp_path):
    (tmp_path / ".chalice" / "deployed" / "dev.json").mkdir(parents=True)

    assert "cannot be read: Is a directory. Restore it" in foretold(tmp_path, "dev")


@pytest.mark.parametrize("record", ["[]", '{"dev": 5}', '{"dev": {"lambda_functions": 5}}'])
def test_a_damaged_record_of_all_stages_is_told(tmp_path, record):
    write_project(tmp_path, files={".chalice/deployed.json": record})

    with pytest.raises(ToolError, match="cannot be read"):
        recorded(tmp_path, "dev")


def test_a_plan_says_what_a_deploy_would_say_of_a_record(tmp_path):
    write_project(tmp_path, files={".chalice/deployed/dev.json": RECORD})

    assert foretold(tmp_path, "dev") == (
        f"{noted(tmp_path, 'dev')}. `chalice deploy` says what the ways forward are"
    )
    assert foretold(tmp_path, "prod") == ""


@pytest.mark.parametrize(
    "function", ["arn:f", {"type": "pure_lambda", "arn": "arn:f"}], ids=["text", "object"]
)
def test_the_one_record_of_all_stages_is_read_as_well(tmp_path, function):
    record = {
        "dev": {
            "api_handler_arn": "arn:h",
            "rest_api_id": "a1",
            "lambda_functions": {"shop-dev-f": function},
        }
    }
    write_project(tmp_path, files={".chalice/deployed.json": json.dumps(record)})

    found = recorded(tmp_path, "dev")

    assert found is not None
    assert found.file == ".chalice/deployed.json"
    assert found.found == ("lambda function `arn:f`", "lambda function `arn:h`", "rest api `a1`")
    assert recorded(tmp_path, "prod") is None
    with pytest.raises(
        ToolError, match=r"\(`.chalice/deployed.json`\):\n  lambda function `arn:f`"
    ):
        refuse(tmp_path, "dev")


def test_a_record_of_the_stage_stands_before_the_one_of_all_stages(tmp_path):
    files = {
        ".chalice/deployed/dev.json": "{}",
        ".chalice/deployed.json": '{"dev": {"rest_api_id": "a1"}}',
    }
    write_project(tmp_path, files=files)

    assert recorded(tmp_path, "dev") is None


def test_commands_in_the_sandbox_say_that_the_record_means_nothing_there(tmp_path):
    write_project(tmp_path, files={".chalice/deployed/dev.json": RECORD})

    assert not_here(tmp_path, "dev") == (
        "`.chalice/deployed/dev.json` says that AWS Chalice has deployed the stage; the sandbox is"
        " an account of its own, so that is passed over here"
    )
    assert not_here(tmp_path, "prod") == ""


def test_a_damaged_record_is_no_answer_to_who_looks_for_a_stack(tmp_path):
    write_project(tmp_path, files={".chalice/deployed/dev.json": "{"})

    assert (noted(tmp_path, "dev"), not_here(tmp_path, "dev")) == ("", "")
