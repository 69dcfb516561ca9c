import pytest

from chalice.permissions import policy_of, read, table
from chalice.permissions.services import Services, actions_of

SERVICES = Services()


def own_actions():
    for (service, operation), actions in table.ACTIONS.items():
        for action in actions:
            yield service, operation, action
    for action in (*table.S3_WITH.values(), *table.S3_OF_VERSION.values()):
        yield "s3", "", action
    for action in (*table.TRANSACTED.values(), *table.PARTIQL.values()):
        yield "dynamodb", "", action


@pytest.mark.parametrize(("service", "operation", "action"), sorted(set(own_actions())))
def test_an_action_of_our_own_table_is_one_of_aws(service, operation, action):
    found = SERVICES.get(service)

    prefixes = [table.PREFIXES[service]] if service in table.PREFIXES else found.prefixes

    assert any(action.lower() in (actions_of(prefix) or {}) for prefix in prefixes)
    transfer = operation.islower()
    assert not operation or transfer or operation in found.operations.values()


@pytest.mark.parametrize("prefix", sorted(set(table.PREFIXES.values())))
def test_a_prefix_of_our_own_table_is_one_of_aws(prefix):
    assert actions_of(prefix)


def test_an_operation_without_an_action_is_granted_and_told():
    source = b'import boto3\nboto3.client("wickr").update_network(networkId="n")\n'

    policy = policy_of(read({"app.py": source}, {}, SERVICES))

    assert policy.statements[0].actions == ("wickr:UpdateNetwork",)
    assert [(item.code, item.where) for item in policy.problems] == [
        ("policy-action-unknown", "app.py:2")
    ]


def test_nothing_of_the_project_is_executed(tmp_path):
    source = f"open({str(tmp_path / 'made')!r}, 'w').close()\n".encode()

    read({"app.py": source}, {}, SERVICES)

    assert not list(tmp_path.iterdir())
