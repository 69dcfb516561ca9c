"""Operations on a stack, begun, followed and ended: which events are theirs, and what is told."""

import pytest
from tests.deploy.in_memory import STACK_ID, StacksInMemory, Step, change_set, stack_of

from chalice.aws.cloudformation import Event, NewChangeSet
from chalice.aws.errors import AwsError, Denied
from chalice.deploy import stacks
from chalice.deploy.failures import StackFailed
from chalice.deploy.waiting import Clock
from chalice.diagnostics import ToolError

CLOCK = Clock(lambda _: None)


class Impatient:
    """Time that passes by waiting only."""

    def __init__(self):
        self.seconds = 0.0

    def clock(self):
        return Clock(self._sleep, lambda: self.seconds)

    def _sleep(self, seconds):
        self.seconds += seconds


def removed(api, told=None):
    stacks.remove(api, stack_of(api), (told if told is not None else []).append, CLOCK)


def followed(api, token="ours", told=None, clock=CLOCK):
    watch = (told if told is not None else []).append
    return stacks.follow(api, STACK_ID, token, watch, clock)


# --- removing ------------------------------------------------------------------------------------

NOT_EMPTY = (
    Step("DELETE_IN_PROGRESS"),
    Step("DELETE_FAILED", "Bucket", "The bucket is not empty"),
    Step("DELETE_FAILED"),
)
IN_USE = (
    Step("DELETE_IN_PROGRESS"),
    Step("DELETE_FAILED", "Network", "It is in use"),
    Step("DELETE_FAILED"),
)
GONE = (Step("DELETE_IN_PROGRESS"), Step("DELETE_COMPLETE", "Bucket"), Step("DELETE_COMPLETE"))


def test_a_removal_that_failed_is_made_again_with_another_token():
    api = StacksInMemory(comes={"DeleteStack": [NOT_EMPTY, GONE]})
    with pytest.raises(StackFailed, match="The bucket is not empty"):
        removed(api)

    removed(api)

    tokens = [token for _, token in api.calls]
    assert len(set(tokens)) == 2
    assert api.status == ""


def test_a_removal_that_fails_again_tells_its_own_reason_and_events():
    api = StacksInMemory(comes={"DeleteStack": [NOT_EMPTY, IN_USE]})
    with pytest.raises(StackFailed):
        removed(api)
    told = []

    with pytest.raises(StackFailed, match="It is in use"):
        removed(api, told)

    assert [event.status for event in told] == [step.status for step in IN_USE]


def test_a_removal_is_not_over_while_the_state_of_the_one_before_is_still_told():
    api = StacksInMemory(comes={"DeleteStack": [NOT_EMPTY, GONE]})
    with pytest.raises(StackFailed):
        removed(api)
    api.late = 3

    removed(api)

    assert api.status == ""


def test_a_removal_that_was_begun_by_an_earlier_run_is_followed():
    api = StacksInMemory()
    api.happened("before", Step("UPDATE_COMPLETE"), *NOT_EMPTY)
    api.happened("theirs", Step("DELETE_IN_PROGRESS"))
    api.coming += [("theirs", step) for step in IN_USE[1:]]
    told = []

    with pytest.raises(StackFailed, match="It is in use"):
        removed(api, told)

    assert api.calls == []
    assert [event.token for event in told] == ["theirs"] * 3


def test_a_removal_whose_request_has_arrived_before_is_begun():
    api = StacksInMemory(comes={"DeleteStack": [GONE]})
    exists = AwsError("TokenAlreadyExistsException", "DeleteStack", "it is there")
    api.refusals["DeleteStack"] = [exists]
    api.coming += [("chalice-delete", step) for step in GONE]

    removed(api)

    assert api.status == ""


def test_a_removal_that_is_refused_says_so():
    refusal = AwsError("ValidationError", "DeleteStack", "It is protected")
    api = StacksInMemory(refusals={"DeleteStack": [refusal]})

    with pytest.raises(AwsError, match="It is protected"):
        removed(api)


def test_a_removal_ends_where_events_may_not_be_seen():
    api = StacksInMemory(denied={"DescribeStackEvents"}, comes={"DeleteStack": [()]})
    stack = stack_of(api)
    api.status = "DELETE_FAILED"

    with pytest.raises(StackFailed):
        stacks.remove(api, stack, print, CLOCK)


# --- following -----------------------------------------------------------------------------------

WELL = (Step("UPDATE_IN_PROGRESS"), Step("UPDATE_COMPLETE", "Report"), Step("UPDATE_COMPLETE"))
UNDONE = (
    Step("UPDATE_IN_PROGRESS"),
    Step("UPDATE_FAILED", "Report", "No such layer"),
    Step("UPDATE_ROLLBACK_IN_PROGRESS"),
    Step("UPDATE_ROLLBACK_COMPLETE"),
)


def test_an_operation_that_ended_well_has_even_if_the_next_one_has_begun():
    api = StacksInMemory()
    api.happened("ours", *WELL)
    api.status = "UPDATE_IN_PROGRESS"

    done = followed(api)

    assert done.status == "UPDATE_COMPLETE"


def test_an_operation_that_failed_has_even_if_the_next_one_went_well():
    api = StacksInMemory()
    api.happened("ours", *UNDONE)
    api.status = "UPDATE_COMPLETE"

    with pytest.raises(StackFailed, match="No such layer") as caught:
        followed(api)

    assert caught.value.stack.status == "UPDATE_ROLLBACK_COMPLETE"


def test_a_change_set_that_cannot_be_begun_is_not_waited_for():
    failed = change_set("ours", "EXECUTE_FAILED", "The role may not be assumed")
    api = StacksInMemory(known_change_sets={"ours": failed})
    time = Impatient()

    with pytest.raises(StackFailed, match="The role may not be assumed"):
        followed(api, clock=time.clock())

    assert time.seconds < 2


def test_events_that_are_late_are_waited_for_and_the_history_is_read_once():
    api = StacksInMemory(late=20)
    api.happened("before", *WELL * 100)
    api.coming += [("ours", step) for step in WELL]
    before = len(api.log)

    done = followed(api)

    assert done.status == "UPDATE_COMPLETE"
    assert api.looked_at < 2 * before


def test_each_event_is_told_once_and_in_order():
    api = StacksInMemory()
    api.coming += [("ours", step) for step in WELL]
    told = []

    followed(api, told=told)

    assert [event.status for event in told] == [step.status for step in WELL]


# --- look-ups that are denied --------------------------------------------------------------------


def test_why_a_change_set_failed_is_told_where_more_may_not_be_seen():
    name = "chalice-1"
    failed = change_set(name, "UNAVAILABLE", "validation failed: use DescribeEvents", "FAILED")
    api = StacksInMemory(
        known_change_sets={name: failed}, denied={"DescribeEvents", "DeleteChangeSet"}
    )
    wanted = NewChangeSet("shop-dev", name, "{}", creates=False, description="")

    with pytest.raises(ToolError, match="validation failed") as caught:
        stacks.make(api, wanted, CLOCK)

    assert not isinstance(caught.value, Denied)


def test_what_is_wrong_with_single_resources_is_always_asked_for():
    name = "chalice-1"
    failed = change_set(name, "UNAVAILABLE", "It cannot be done", "FAILED")
    at = StacksInMemory()
    at.happened("", Step("CREATE_FAILED", "Report", "It exists already"))
    wrong: tuple[Event, ...] = tuple(at.log)
    api = StacksInMemory(known_change_sets={name: failed}, wrong=wrong)
    wanted = NewChangeSet("shop-dev", name, "{}", creates=False, description="")

    with pytest.raises(ToolError, match=r"`Report` .*: It exists already"):
        stacks.make(api, wanted, CLOCK)


def test_why_an_operation_failed_is_told_where_more_may_not_be_seen():
    api = StacksInMemory(denied={"DescribeEvents"})
    failed = Step("UPDATE_FAILED", "Report", "No: use DescribeEvents")
    api.happened("ours", Step("UPDATE_IN_PROGRESS"), failed, Step("UPDATE_ROLLBACK_COMPLETE"))

    with pytest.raises(StackFailed, match="No: use DescribeEvents"):
        followed(api)


def test_why_nothing_is_executed_is_told_where_events_may_not_be_seen():
    refusal = AwsError("InsufficientCapabilities", "ExecuteChangeSet", "It needs more")
    api = StacksInMemory(refusals={"ExecuteChangeSet": [refusal]}, denied={"DescribeStackEvents"})

    with pytest.raises(AwsError, match="It needs more"):
        stacks.execute(api, "shop-dev", "ours")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("InvalidChangeSetStatus", "it is OBSOLETE"),
        ("ChangeSetNotFound", "ChangeSet [ours] does not exist"),
        ("ValidationError", "Stack [shop-dev] does not exist"),
    ],
)
def test_a_change_set_that_does_not_hold_any_more_is_told(code, reason):
    refusal = AwsError(code, "ExecuteChangeSet", reason)
    api = StacksInMemory(refusals={"ExecuteChangeSet": [refusal]})

    with pytest.raises(stacks.Moved):
        stacks.execute(api, "shop-dev", "ours")
