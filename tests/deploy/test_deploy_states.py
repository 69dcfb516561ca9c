"""What each state of a stack means to a deploy."""

import pytest
from tests.projects import write_project

from chalice.aws.account import Caller
from chalice.aws.cloudformation import Stack
from chalice.deploy.addresses import url_of
from chalice.deploy.deployment import Look
from chalice.deploy.states import Stuck, Way, busy, way_of
from chalice.deploy.target import stack_name, target_of
from chalice.diagnostics import InvalidApp


def stack(status, reason=""):
    return Stack("id", "shop-dev", status, reason)


@pytest.mark.parametrize(
    ("status", "way"),
    [
        ("REVIEW_IN_PROGRESS", Way.CREATE),
        ("DELETE_COMPLETE", Way.CREATE),
        ("CREATE_COMPLETE", Way.UPDATE),
        ("UPDATE_COMPLETE", Way.UPDATE),
        ("UPDATE_ROLLBACK_COMPLETE", Way.UPDATE),
        ("IMPORT_COMPLETE", Way.UPDATE),
        ("ROLLBACK_COMPLETE", Way.REMOVE_FIRST),
        ("DELETE_IN_PROGRESS", Way.WAIT_FIRST),
        ("CREATE_IN_PROGRESS", Way.BUSY),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", Way.BUSY),
        ("UPDATE_ROLLBACK_IN_PROGRESS", Way.BUSY),
    ],
)
def test_a_state_has_a_way(status, way):
    assert way_of(stack(status)) is way


def test_a_stack_that_is_not_there_is_made():
    assert way_of(None) is Way.CREATE


@pytest.mark.parametrize(
    ("status", "following"),
    [
        ("CREATE_FAILED", "`chalice delete`"),
        ("DELETE_FAILED", "`chalice delete`"),
        ("ROLLBACK_FAILED", "`chalice delete`"),
        ("UPDATE_FAILED", "`chalice rollback`"),
        ("UPDATE_ROLLBACK_FAILED", "`chalice rollback`"),
        ("IMPORT_ROLLBACK_FAILED", "console"),
        ("OF_TOMORROW", "console"),
    ],
)
def test_a_state_that_needs_help_is_a_sentence_with_the_next_command(status, following):
    with pytest.raises(Stuck) as caught:
        way_of(stack(status, "why"))

    text = str(caught.value)
    assert text.startswith(f"The stack `shop-dev` is in the state {status}: ")
    assert "(CloudFormation says: why)" in text
    assert following in text


def test_a_stack_that_is_worked_on_says_by_whom_and_what_to_do():
    text = str(busy(stack("UPDATE_IN_PROGRESS"), "of `arn:aws:iam::1:user/ann` since 12:00:00 UTC"))

    assert "of `arn:aws:iam::1:user/ann` since 12:00:00 UTC has not ended" in text
    assert "Nothing was changed" in text
    assert "`chalice status`" in text


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        ("UPDATE_IN_PROGRESS", True),
        ("CREATE_IN_PROGRESS", False),
        ("ROLLBACK_IN_PROGRESS", False),
        ("UPDATE_ROLLBACK_IN_PROGRESS", False),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", False),
    ],
)
def test_an_update_can_be_stopped_and_nothing_else(status, offered):
    assert ("cancel-update-stack" in str(busy(stack(status), ""))) is offered


@pytest.mark.parametrize(
    ("status", "deployed"),
    [
        ("CREATE_IN_PROGRESS", True),
        ("UPDATE_COMPLETE", True),
        ("REVIEW_IN_PROGRESS", False),
        ("ROLLBACK_COMPLETE", False),
        ("DELETE_IN_PROGRESS", False),
    ],
)
def test_what_a_failed_first_deploy_left_is_nothing_that_is_deployed(status, deployed):
    there = stack(status)

    assert Look(Caller("1", "arn"), there, way_of(there)).is_deployed is deployed


# --- whose stack -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("app", "stage", "name"),
    [
        ("shop", "dev", "shop-dev"),
        ("my_shop", "v1", "my-shop-v1"),
        ("7up", "d", "chalice-7up-d"),
    ],
)
def test_a_stack_is_named_after_application_and_stage(app, stage, name):
    assert stack_name(app, stage) == name


def test_the_configuration_names_stack_bucket_region_profile_and_account(tmp_path):
    config = {
        "version": "2.0",
        "app_name": "shop",
        "region": "eu-central-1",
        "profile": "work",
        "stages": {
            "prod": {
                "account_id": "123456789012",
                "deploy": {"stack_name": "old-stack", "artifact_bucket": "our-bucket"},
            }
        },
    }
    write_project(tmp_path, config=config)

    prod = target_of(tmp_path, "prod", {})
    other = target_of(tmp_path, "dev", {}, profile="mine", region="us-west-2")

    assert (prod.stack_name, prod.bucket, prod.account_id) == (
        "old-stack",
        "our-bucket",
        "123456789012",
    )
    assert (prod.access.region, prod.access.profile) == ("eu-central-1", "work")
    assert (other.stack_name, other.bucket) == ("shop-dev", None)
    assert (other.access.region, other.access.profile) == ("us-west-2", "mine")


def test_the_sandbox_takes_neither_profile_nor_bucket(tmp_path):
    config = {"version": "2.0", "app_name": "s", "deploy": {"artifact_bucket": "our-bucket"}}
    write_project(tmp_path, config=config)

    target = target_of(tmp_path, "dev", {}, profile="work", sandbox="http://127.0.0.1:1")

    assert (target.sandbox, target.bucket, target.access.profile) == (True, None, None)
    assert target.access.endpoint_url == "http://127.0.0.1:1"


def test_a_configuration_with_problems_is_told(tmp_path):
    write_project(tmp_path, config='{"app_name": "s", "deploy": {"stack_name": "1"}}')

    with pytest.raises(InvalidApp, match="stack_name"):
        target_of(tmp_path, "dev", {})


# --- addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("endpoint", "url"),
    [
        (None, "https://a1.execute-api.x.amazonaws.com/api/"),
        ("http://localhost:4566", "http://localhost:4566/_aws/execute-api/a1/api/"),
        ("https://cloudformation.of.ours", "https://a1.execute-api.x.amazonaws.com/api/"),
    ],
    ids=["AWS", "on this machine", "elsewhere"],
)
def test_an_api_on_this_machine_answers_below_its_endpoint(endpoint, url):
    outputs = {"RestAPIId": "a1", "EndpointURL": "https://a1.execute-api.x.amazonaws.com/api/"}

    assert url_of(outputs, endpoint) == url


def test_a_stack_without_an_api_has_no_address():
    assert url_of({}, None) is None
