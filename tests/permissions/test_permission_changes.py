import json
import time
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalice.iam import matches
from chalice.permissions.changes import SOMETHING, Grant, changes, covers


def document(*statements):
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": effect, "Action": action, "Resource": resource, **(more[0] if more else {})}
            for effect, action, resource, *more in statements
        ],
    }


def shown(grants):
    return [(item.action, item.resource) for item in grants]


def test_what_is_gained_and_lost():
    before = document(("Allow", ["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::b/*"))
    after = document(
        ("Allow", ["s3:GetObject", "s3:DeleteObject"], "arn:aws:s3:::b/*"),
    )

    found = changes(before, after)

    assert shown(found.gained) == [("s3:DeleteObject", "arn:aws:s3:::b/*")]
    assert shown(found.lost) == [("s3:PutObject", "arn:aws:s3:::b/*")]


def test_a_wildcard_covers_what_it_stands_for():
    before = document(("Allow", "s3:*", "arn:aws:s3:::b*"))
    after = document(("Allow", "S3:GetObject", ["arn:aws:s3:::b/*", "arn:aws:s3:::c/*"]))

    found = changes(before, after)

    assert shown(found.gained) == [("S3:GetObject", "arn:aws:s3:::c/*")]
    assert shown(found.lost) == [("s3:*", "arn:aws:s3:::b*")]


def test_a_policy_does_not_differ_from_the_same_in_other_words():
    before = document(("Allow", "s3:GetObject", "*"), ("Allow", "s3:PutObject", ["*"]))
    after = {
        "Statement": {
            "Effect": "Allow",
            "Action": ["s3:PutObject", "s3:GetObject"],
            "Resource": "*",
        }
    }

    found = changes(before, after)

    assert (found.gained, found.lost) == ((), ())


CONDITION = {"Condition": {"StringEquals": {"aws:PrincipalTag/team": "a"}}}


@pytest.mark.parametrize(
    ("before", "after", "widens"),
    [
        (("Allow", "s3:*", "*"), ("Allow", "s3:*", "*", CONDITION), False),
        (("Allow", "s3:*", "*", CONDITION), ("Allow", "s3:*", "*"), True),
        (("Deny", "s3:*", "*"), ("Deny", "s3:Get*", "*"), True),
        (("Deny", "s3:Get*", "*"), ("Deny", "s3:*", "*"), False),
        (("Allow", "s3:*", "*"), ("Deny", "s3:*", "*"), False),
    ],
    ids=["a condition more", "a condition less", "less denied", "more denied", "denied instead"],
)
def test_whether_more_may_be_done(before, after, widens):
    found = changes(document(before), document(after))

    more = [item for item in found.gained if item.allows]
    assert bool(more + [item for item in found.lost if not item.allows]) is widens


def test_not_action_covers_itself_alone():
    one = {"Statement": [{"Effect": "Allow", "NotAction": ["iam:*", "sts:*"], "Resource": "*"}]}
    other = {"Statement": [{"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"}]}

    assert changes(one, one).gained == ()
    assert shown(changes(one, other).gained) == [("not iam:*", "*")]
    assert changes(document(("Allow", "*", "*")), other).gained == ()


def test_expressions_are_compared_with_what_they_came_to():
    planned = document(
        ("Allow", "s3:GetObject", {"Fn::Sub": "arn:${AWS::Partition}:s3:::b/*"}),
        ("Allow", "s3:GetObject", {"Fn::GetAtt": ["Bucket", "Arn"]}),
    )
    deployed = document(("Allow", "s3:GetObject", "arn:aws:s3:::b/*"))

    found = changes(deployed, planned, {"AWS::Partition": "aws"})

    assert shown(found.gained) == [("s3:GetObject", '{"Fn::GetAtt": ["Bucket", "Arn"]}')]
    assert found.lost == ()


PATTERNS = st.text(alphabet="ab*?", max_size=6)
WORDS = ["".join(letters) for length in range(7) for letters in product("abc", repeat=length)]


@settings(max_examples=150, deadline=None)
@given(PATTERNS, PATTERNS)
def test_a_pattern_covers_another_if_it_matches_whatever_that_one_matches(wide, narrow):
    found = covers(wide, narrow)

    assert found is all(matches(wide, word) for word in WORDS if matches(narrow, word))


def test_the_time_is_in_proportion_to_the_grants():
    def seconds(count):
        names = [
            f"arn:${{AWS::Partition}}:dynamodb:us-east-1:1:table/name-{i}" for i in range(count)
        ]
        before = document(("Allow", ["dynamodb:GetItem", "dynamodb:PutItem"], names))
        after = document(("Allow", ["dynamodb:GetItem", "dynamodb:Query"], [*names, "a*"]))
        began = time.process_time()
        found = changes(before, after)
        assert (len(found.gained), len(found.lost)) == (count + 2, count)
        return time.process_time() - began

    few = max(seconds(150) for _ in range(3))

    # In proportion it would be 10 times, one by one 100 times.
    assert seconds(1500) < 40 * few


@given(
    st.lists(st.tuples(PATTERNS, PATTERNS), max_size=5),
    st.lists(st.tuples(PATTERNS, PATTERNS), max_size=5),
)
def test_what_is_lost_is_what_no_single_grant_covers(old, new):
    before = document(*(("Allow", *one) for one in old))
    after = document(*(("Allow", *one) for one in new))

    found = changes(before, after)

    alone = {
        (action, resource)
        for action, resource in old
        if not any(covers(a.lower(), action.lower()) and covers(r, resource) for a, r in new)
    }
    assert set(shown(found.lost)) == alone


def test_a_statement_that_is_an_expression_is_one_grant():
    sometimes = {"Fn::If": ["Sometimes", {"Effect": "Allow"}, {"Ref": "AWS::NoValue"}]}

    found = changes({"Statement": []}, {"Statement": [sometimes]})

    assert found.gained == (Grant(SOMETHING, json.dumps(sometimes)),)
    assert changes({"Statement": [sometimes]}, {"Statement": [sometimes]}).gained == ()


def test_a_statement_about_nothing_grants_nothing():
    empty = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": []}

    assert changes({"Statement": []}, {"Statement": [empty]}).gained == ()
