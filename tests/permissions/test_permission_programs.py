import pytest
from tests.permissions.asked import load
from tests.permissions.seeded import ENVIRON, NAMES, answer, files

from chalice.permissions import policy_of, read, shown
from chalice.permissions.reading.services import Services

# Models are read once for all programs.
SERVICES = Services(load)


def allowed(policy):
    found = {}
    for statement in policy.statements:
        for action in statement.actions:
            found.setdefault(action, []).extend(map(shown, statement.resources))
    return {action: sorted(resources) for action, resources in sorted(found.items())}


@pytest.mark.parametrize("name", NAMES)
def test_a_program_may_do_what_its_code_does_and_no_more(name):
    policy = policy_of(read(files(name), ENVIRON, SERVICES))

    expected = answer(name)
    assert allowed(policy) == expected["allowed"]
    assert [problem.code for problem in policy.problems] == expected["problems"]


def test_there_are_at_least_sixty_programs():
    assert len(NAMES) >= 60
