"""Why a deploy failed: the cause and not its aftermath, its line, and what is left."""

from datetime import UTC, datetime

import pytest

from chalice.aws.cloudformation import Event, Stack
from chalice.aws.errors import AwsError
from chalice.deploy.failures import StackFailed, first_cause, locating, plain, refused
from chalice.diagnostics import InvalidApp, ToolError

STACK = "AWS::CloudFormation::Stack"


def event(number, name, status, reason="", kind="AWS::Lambda::Function"):
    at = datetime.fromtimestamp(number, UTC)
    return Event(str(number), at, name, name, kind, status, reason, "token")


FAILED = [
    event(1, "s", "UPDATE_IN_PROGRESS", kind=STACK),
    event(2, "Role", "UPDATE_FAILED", "Resource update cancelled", "AWS::IAM::Role"),
    event(3, "APIHandler", "UPDATE_FAILED", "Layer version 9 does not exist."),
    event(4, "Report", "UPDATE_FAILED", "Something later"),
    event(5, "s", "UPDATE_ROLLBACK_IN_PROGRESS", "The following resource(s) failed", STACK),
]


def test_the_first_cause_is_not_what_was_cancelled_because_of_it():
    assert first_cause(FAILED) == FAILED[2]


def test_without_a_cause_of_its_own_the_first_failure_stands_for_it():
    assert first_cause(FAILED[:2]) == FAILED[1]
    assert first_cause(FAILED[:1]) is None


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (
            'Resource handler returned message: "No such layer." (RequestToken: 1-2, Handler...)',
            "No such layer",
        ),
        ("""b'{"__type":"InvalidParameter","message":"Layer is missing"}'""", "Layer is missing"),
        (
            """Attaching failed: b'{"Message":"Layer is missing"}'.""",
            "Attaching failed: Layer is missing",
        ),
        ("""b'{not json}'""", "b'{not json}'"),
        ("two\nlines", r"two\nlines"),
        ("", "no reason was given"),
    ],
    ids=[
        "of a handler",
        "of MiniStack",
        "of MiniStack, in a sentence",
        "damaged",
        "two lines",
        "none",
    ],
)
def test_a_reason_is_told_as_a_sentence(reason, said):
    assert plain(reason) == said


@pytest.mark.parametrize(
    ("status", "left", "following"),
    [
        ("ROLLBACK_COMPLETE", "nothing is deployed", "`chalice deploy`"),
        ("UPDATE_ROLLBACK_COMPLETE", "what ran before runs on", "`chalice deploy`"),
        ("UPDATE_ROLLBACK_FAILED", "some the old", "`chalice rollback`"),
        ("ROLLBACK_FAILED", "parts of it are there", "`chalice delete`"),
        ("DELETE_FAILED", "the rest is there", "`chalice delete`"),
        ("IMPORT_ROLLBACK_FAILED", "IMPORT_ROLLBACK_FAILED", "`chalice status`"),
    ],
)
def test_a_failure_says_cause_place_what_is_left_and_the_next_command(status, left, following):
    error = StackFailed(Stack("id", "shop-dev", status), FAILED, {"APIHandler": "app.py:3"})

    text = str(error)
    assert text.startswith(
        "app.py:3: function `APIHandler` (AWS::Lambda::Function) could not be changed: Layer"
        " version 9 does not exist. "
    )
    assert left in text
    assert following in text
    assert error.where == "app.py:3"


PLACES = {
    "APIHandler": "app.py:3",
    "APIHandler.Role": "config.json:5",
    "APIHandler.Layers": "config.json:6",
    "APIHandler.MemorySize": "config.json:7",
    "APIHandler.VpcConfig": "config.json:8",
    "APIHandler.VpcConfig.SecurityGroupIds": "config.json:9",
    "APIHandler.ReservedConcurrentExecutions": "config.json:10",
    "Other.Layers": "config.json:1",
}


@pytest.mark.parametrize(
    ("reason", "place"),
    [
        ("Layer version arn:aws:lambda:a:1:layer:b:3 does not exist.", "config.json:6"),
        ("Value '9' at 'memorySize' failed to satisfy constraint", "config.json:7"),
        ("The subnet ID 'subnet-1' does not exist", "config.json:8"),
        ("The securityGroup ID 'sg-1' does not exist (subnet fine)", "config.json:9"),
        ("Specified ReservedConcurrentExecutions decreases account's", "config.json:10"),
        ("A controller refused it: resource limit exceeded", "app.py:3"),
    ],
)
def test_a_failure_that_names_a_property_points_to_where_that_is_set(reason, place):
    failed = event(1, "APIHandler", "CREATE_FAILED", reason)

    assert StackFailed(Stack("id", "s", "ROLLBACK_COMPLETE"), [failed], PLACES).where == place


def test_a_failure_without_events_says_what_the_stack_says():
    error = StackFailed(Stack("id", "shop-dev", "DELETE_FAILED", "Bucket is not empty"), (), {})

    assert str(error).startswith("CloudFormation failed on the stack `shop-dev`: Bucket is not")


def test_a_template_that_is_refused_says_that_nothing_was_changed():
    error = refused("s", AwsError("ValidationError", "CreateChangeSet", "Unresolved Ref"))

    assert str(error) == (
        "CloudFormation refuses the template for `s`: Unresolved Ref. Nothing was changed"
    )


def test_a_stack_that_somebody_else_works_on_since_a_moment_is_told():
    reason = "Stack:arn:x is in UPDATE_IN_PROGRESS state and can not be updated."

    error = refused("s", AwsError("ValidationError", "CreateChangeSet", reason))

    assert "is being worked on by somebody else" in str(error)
    assert "Nothing was changed" in str(error)


def test_any_other_refusal_stays_what_it_is():
    error = AwsError("InternalFailure", "CreateChangeSet", "x")

    assert refused("s", error) is error


# --- templates that CloudFormation does not take -------------------------------------------------


def test_types_that_nobody_knows_are_told_where_they_are_written():
    error = ToolError("AWS refused it: Unrecognized resource types: [AWS::A::B, AWS::C::D]")
    document = {
        "Resources": {"One": {"Type": "AWS::C::D"}, "Two": {"Type": "AWS::S3::Bucket"}},
    }

    with pytest.raises(InvalidApp) as found, locating(document, {"One": "m.yaml:3"}):
        raise error

    assert str(found.value) == (
        "m.yaml:3: CloudFormation has no type `AWS::C::D` here, that of resource `One`; nothing was"
        " changed; write one that its resource reference lists for the region, and run the command"
        " again [resource-type]"
    )


@pytest.mark.parametrize("text", ["Unrecognized resource types: [AWS::A::B]", "something else"])
def test_what_is_about_no_type_of_the_template_is_told_as_it_is(text):
    error = ToolError(text)

    with pytest.raises(ToolError) as found, locating({"Resources": {"A": {"Type": "B"}}}, {}):
        raise error

    assert found.value is error
