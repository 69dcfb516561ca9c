import json
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalice.diagnostics import Problem
from chalice.resources.fitting import fit
from chalice.resources.limits import (
    MAX_MANAGED_POLICIES,
    MAX_MANAGED_POLICY,
    MAX_ROLE_POLICY,
    policy_size,
)


def statement(actions, resources, **more):
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def fitted(statements, version="2012-10-17"):
    return fit({"Version": version, "Statement": statements}, "DefaultRole", "app.py")


def tables(first, count):
    return [
        f"arn:aws:dynamodb:us-east-1:123456789012:table/table-{n:05}"
        for n in range(first, first + count)
    ]


def as_list(value):
    return value if isinstance(value, list) else [value]


def granted(statements):
    """All that the statements say, one action on one resource at a time."""
    return {
        (
            action,
            resource,
            json.dumps({k: v for k, v in item.items() if k not in ("Action", "Resource", "Sid")}),
        )
        for item in statements
        for action, resource in product(
            as_list(item.get("Action", "-")), as_list(item.get("Resource", "-"))
        )
    }


def test_what_fits_stays_one_inline_policy():
    statements = [statement("s3:GetObject", "arn:aws:s3:::b/*")]

    found = fitted(statements)

    assert found.inline == {"Version": "2012-10-17", "Statement": statements}
    assert found.managed == ()


def test_what_does_not_fit_inline_is_in_managed_policies_with_numbers():
    statements = [statement("dynamodb:GetItem", tables(at * 100, 60)) for at in range(4)]

    found = fitted(statements)

    assert found.inline is None
    assert [name for name, _ in found.managed] == [f"DefaultRolePolicy{n}" for n in (1, 2, 3, 4)]
    assert found == fitted(statements)


def test_the_version_of_a_document_is_that_of_all_that_it_is_laid_into():
    found = fitted([statement("dynamodb:GetItem", tables(0, 300))], version="2008-10-17")

    assert {document["Version"] for _, document in found.managed} == {"2008-10-17"}


def test_a_statement_that_is_too_long_is_split_and_its_id_stands_once():
    found = fitted([statement(["dynamodb:GetItem"], tables(0, 300), Sid="Tables")])

    ids = [item.get("Sid") for _, document in found.managed for item in document["Statement"]]
    assert ids.count("Tables") == 1
    assert len(ids) > 2


@pytest.mark.parametrize(
    ("over", "fits"),
    [(0, True), (1, False)],
    ids=["at the limit", "one character over"],
)
def test_the_limit_of_inline_policies(over, fits):
    around = policy_size(fitted([statement("a:b", "")]).inline)

    found = fitted([statement("a:b", "x" * (MAX_ROLE_POLICY - around + over))])

    assert isinstance(found, Problem) is not fits


def test_white_space_does_not_count():
    found = fitted([statement("a:b", "x" + " " * MAX_ROLE_POLICY)])

    assert not isinstance(found, Problem)


def test_what_is_not_listed_is_not_split():
    found = fitted(
        [{"Effect": "Allow", "NotAction": [f"a:{n:05}" for n in range(3000)], "Resource": "*"}]
    )

    assert isinstance(found, Problem)
    assert (found.code, found.where) == ("role-policy-size", "app.py")


def test_more_than_the_managed_policies_of_a_role_is_told():
    statements = [statement("dynamodb:GetItem", tables(0, 1100))]

    found = fitted(statements)

    assert isinstance(found, Problem)
    assert f"a role takes {MAX_MANAGED_POLICIES}" in found.hint


def test_pseudo_parameters_are_measured_by_what_they_come_to():
    arn = {"Fn::Sub": "arn:${AWS::Partition}:s3:::${!x}"}

    size = policy_size({"Statement": [arn]})

    assert size == policy_size({"Statement": ["arn:aws-us-gov:s3:::${x}"]})


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 40),
            st.integers(1, 120),
            st.booleans(),
            st.sampled_from(["Allow", "Deny"]),
        ),
        max_size=8,
    ),
)
def test_the_documents_fit_and_grant_together_exactly_what_was_given(shapes):
    statements = []
    for at, (actions, resources, conditional, effect) in enumerate(shapes):
        made = statement([f"s{at}:Action{n}" for n in range(actions)], tables(at, resources))
        made["Effect"] = effect
        if conditional:
            made["Condition"] = {"Bool": {"aws:SecureTransport": "true"}}
        statements.append(made)

    found = fitted(statements)

    if isinstance(found, Problem):
        assert (
            policy_size({"Statement": statements}) > MAX_MANAGED_POLICY * MAX_MANAGED_POLICIES / 2.5
        )
        return
    documents = [found.inline] if found.inline else [document for _, document in found.managed]
    assert granted(item for document in documents for item in document["Statement"]) == granted(
        statements
    )
    sizes = [policy_size(document) for document in documents]
    assert all(size <= (MAX_ROLE_POLICY if found.inline else MAX_MANAGED_POLICY) for size in sizes)
    assert len(found.managed) <= MAX_MANAGED_POLICIES
