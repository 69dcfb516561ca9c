"""A short run of the mutator; `python -m tests.runtime.mutator` is the long one."""

from tests.runtime.calling import an_app, an_event
from tests.runtime.mutator import Mutator, fault, main, run


def test_no_event_raises_is_refused_or_is_our_fault():
    tally = run(2026, range(3000))

    assert tally.faults == []
    assert tally.events == 3000


def test_a_short_run_reaches_every_kind_of_answer():
    statuses = {status for _, status in run(2026, range(3000)).statuses}

    assert statuses >= {200, 201, 400, 404, 405, 415, 500}


def test_an_event_of_a_seed_is_always_the_same():
    assert Mutator(1).event(5) == Mutator(1).event(5)
    assert Mutator(1).event(5) != Mutator(2).event(5)


def test_the_faults_of_a_handler_are_found():
    def raises(event, context):
        raise SystemExit("the door")

    def refused(event, context):
        return {"statusCode": 200, "body": {"not": "text"}}

    def unwritable(event, context):
        return {"statusCode": 200, "body": {1}}

    def status(handler, *, by_client=True):
        return fault(handler, an_event(), by_client=by_client)

    failing = an_app(lambda: 1 / 0)
    failing.log.disabled = True
    try:
        assert status(raises) == (None, "raised SystemExit: the door")
        assert status(refused)[1].startswith("refused: ")
        assert status(unwritable)[1].startswith("refused: ")
        assert status(failing)[1].startswith("our fault: 500")
        assert status(failing, by_client=False) == (500, None)
    finally:
        failing.log.disabled = False


def test_the_command_prints_what_it_found(capsys):
    code = main(["200", "--seed", "3"])

    assert code == 0
    assert "200 events in" in capsys.readouterr().out
