import os
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.iam import naive

from chalice.iam import (
    Decision,
    PolicyError,
    Question,
    Verdict,
    evaluate,
    matches,
    parse,
    statements,
)

# Comparisons with the second implementation; CHALICE_POLICIES=20000 for a long run.
EXAMPLES = int(os.environ.get("CHALICE_POLICIES", "300"))

ACTION = "execute-api:Invoke"
ARN = "arn:aws:execute-api:us-east-1:123456789012:a1b2/api/GET/users/7"


def statement(effect="Allow", action=ACTION, resource="*", **others):
    return {"Effect": effect, "Action": action, "Resource": resource, **others}


def policy(*statements, **others):
    return {"Version": "2012-10-17", "Statement": list(statements), **others}


def verdict(*documents, question=None, resource_based=False):
    policies = [parse(document, resource_based=resource_based) for document in documents]
    return evaluate(policies, question or Question(ACTION, ARN)).verdict


# --- wildcards -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("", "", True),
        ("", "a", False),
        ("a", "a", True),
        ("a", "A", False),
        ("*", "", True),
        ("*", "a/b:c", True),
        ("a*", "a", True),
        ("a*", "ba", False),
        ("*c", "abc", True),
        ("*c", "abcd", False),
        ("a*c", "a/b/c", True),
        ("a*b*c", "aXbXc", True),
        ("a*b*c", "aXcXb", False),
        ("*a*", "bab", True),
        ("?", "a", True),
        ("?", "", False),
        ("?", "ab", False),
        ("a?c", "abc", True),
        ("a?c*", "abcd", True),
        ("*?", "", False),
        ("?*", "a", True),
        ("**", "x", True),
        ("a[b]", "ab", False),
        ("a.c", "abc", False),
        ("*aab", "aaab", True),
    ],
)
def test_a_pattern_covers_any_text_with_a_star_and_one_character_with_a_question_mark(
    pattern, value, expected
):
    assert matches(pattern, value) is expected


def naive_matches(pattern, value):
    parts = {"*": ".*", "?": "."}
    text = "".join(parts.get(character, re.escape(character)) for character in pattern)
    return re.fullmatch(text, value, re.DOTALL) is not None


@given(st.text("ab*?/", max_size=8), st.text("ab/:", max_size=10))
def test_patterns_agree_with_a_naive_reading_as_regular_expressions(pattern, value):
    assert matches(pattern, value) is naive_matches(pattern, value)


def test_a_pattern_of_many_stars_takes_no_exponential_time():
    assert not matches("*a" * 60 + "b", "a" * 500)


# --- evaluation ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ([], Verdict.IMPLICIT_DENY),
        ([policy()], Verdict.IMPLICIT_DENY),
        ([policy(statement())], Verdict.ALLOW),
        ([policy(statement("Deny"))], Verdict.EXPLICIT_DENY),
        ([policy(statement(), statement("Deny"))], Verdict.EXPLICIT_DENY),
        ([policy(statement("Deny"), statement())], Verdict.EXPLICIT_DENY),
        ([policy(statement()), policy(statement("Deny"))], Verdict.EXPLICIT_DENY),
        ([policy(statement(resource="arn:other"))], Verdict.IMPLICIT_DENY),
        ([policy(statement(resource=[])), policy()], Verdict.IMPLICIT_DENY),
        ([policy(statement(resource=["arn:other", ARN]))], Verdict.ALLOW),
        ([policy(statement(resource="arn:*/GET/users/*"))], Verdict.ALLOW),
        ([policy(statement(resource=ARN.upper()))], Verdict.IMPLICIT_DENY),
        ([policy(statement(action="EXECUTE-API:invoke"))], Verdict.ALLOW),
        ([policy(statement(action="execute-api:*"))], Verdict.ALLOW),
        ([policy(statement(action="execute-api:ManageConnections"))], Verdict.IMPLICIT_DENY),
        ([policy(statement(action=["s3:GetObject", "*"]))], Verdict.ALLOW),
        ([{"Statement": statement()}], Verdict.ALLOW),
        ([{"Version": "2008-10-17", "Statement": [statement()]}], Verdict.ALLOW),
        ([policy(statement(Sid="one"), Id="two")], Verdict.ALLOW),
    ],
)
def test_deny_wins_then_allow_and_nothing_else_admits(documents, expected):
    assert verdict(*documents) is expected


def test_not_action_and_not_resource_are_about_everything_else():
    allow_others = {"Effect": "Allow", "NotAction": "s3:*", "NotResource": "arn:other"}
    deny_others = {"Effect": "Deny", "NotAction": ACTION, "NotResource": "*"}

    assert verdict(policy(allow_others)) is Verdict.ALLOW
    assert verdict(policy(statement(), deny_others)) is Verdict.ALLOW
    assert verdict(policy({**allow_others, "NotResource": ARN})) is Verdict.IMPLICIT_DENY
    assert verdict(policy({**allow_others, "NotAction": "*"})) is Verdict.IMPLICIT_DENY


CONTEXT = {
    "aws:sourceip": ("203.0.113.9",),
    "aws:useragent": ("curl/8.*",),
    "aws:referer": (),
    "aws:currenttime": ("2026-07-10T19:19:04Z",),
    "aws:epochtime": ("1783711144",),
    "aws:securetransport": ("true",),
    "aws:principalarn": ("arn:aws:iam::123456789012:user/a*b",),
    "aws:username": ("a*b",),
    "aws:tagkeys": ("one", "two"),
    "aws:numbers": ("1", "2.5", "x"),
}
TEXTS = st.sampled_from(
    [
        "203.0.113.0/24",
        "203.0.113.9",
        "10.0.0.0/8",
        "::/0",
        "curl/8.*",
        "CURL/8.*",
        "curl*",
        "${aws:username}",
        "${AWS:Username, 'none'}",
        "${aws:referer, 'x'}",
        "${aws:referer}",
        "${aws:tagkeys}",
        "${nobody}",
        "a${*}b",
        "a${?}b${$}",
        "arn:aws:iam::*:user/${aws:username}",
        "arn:aws:iam::123456789012:user/*",
        "arn:*",
        "arn:*:*:*:*:*",
        "2026-07-10T19:19:04Z",
        "2026-07-10T19:19Z",
        "2026",
        "2026-07",
        "2026-07-11",
        "1783711144",
        "1783711145.5",
        "true",
        "FALSE",
        "1",
        "2.50",
        "-3",
        "b25l",
        "one",
        "two",
        "*",
        "",
    ]
)
OPERATORS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "", "ForAllValues:", "ForAnyValue:", "ForNoValue:"]),
    st.sampled_from([*naive.OPERATORS, "Null", "StringRhymes"]),
    st.sampled_from(["", "", "IfExists"]),
)
CONDITIONS = st.dictionaries(
    OPERATORS,
    st.dictionaries(
        st.sampled_from([*CONTEXT, "AWS:UserAgent", "aws:nobody"]),
        TEXTS | st.lists(TEXTS, max_size=3),
        min_size=1,
        max_size=2,
    ),
    max_size=2,
)


def element(name, values):
    """Return *name* with some of *values*, or its negation, which names one at least."""
    return st.one_of(
        st.fixed_dictionaries({name: st.lists(values, max_size=3)}),
        st.fixed_dictionaries({f"Not{name}": st.lists(values, min_size=1, max_size=3)}),
    )


STATEMENTS = st.builds(
    lambda effect, action, resource, conditions: {
        "Effect": effect,
        **action,
        **resource,
        **({"Condition": conditions} if conditions else {}),
    },
    st.sampled_from(["Allow", "Deny"]),
    element(
        "Action", st.sampled_from([ACTION, "execute-api:*", "*", "EXECUTE-API:I?voke", "s3:*"])
    ),
    element(
        "Resource",
        st.sampled_from([ARN, "*", "arn:*:GET/users/*", "arn:*/POST/*", "arn:*/${aws:username}"])
        | st.text("arn:*?/GET", max_size=12),
    ),
    CONDITIONS,
)
DOCUMENTS = st.builds(
    lambda version, statements: {"Version": version, "Statement": statements},
    st.sampled_from(["2012-10-17", "2008-10-17"]),
    st.lists(STATEMENTS, max_size=3),
)


@settings(max_examples=EXAMPLES)
@given(st.lists(DOCUMENTS, max_size=3))
def test_evaluation_agrees_with_a_naive_one(documents):
    question = Question(ACTION, ARN, CONTEXT)

    assert verdict(*documents, question=question) is naive.evaluate(documents, question)


@settings(max_examples=EXAMPLES)
@given(OPERATORS, st.sampled_from([*CONTEXT]), st.lists(TEXTS, max_size=3))
def test_a_condition_agrees_with_a_naive_one(operator, key, values):
    document = policy(statement(Condition={operator: {key: values}}))
    question = Question(ACTION, ARN, CONTEXT)

    assert verdict(document, question=question) is naive.evaluate([document], question)


# --- what cannot be evaluated ----------------------------------------------------------------

CONDITION = {"Condition": {"StringRhymes": {"aws:UserAgent": "curl"}}}


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([statement(**CONDITION)], Verdict.UNDECIDED),
        ([statement("Deny", **CONDITION)], Verdict.UNDECIDED),
        ([statement(), statement("Deny", **CONDITION)], Verdict.UNDECIDED),
        ([statement("Deny", **CONDITION), statement("Deny", **CONDITION)], Verdict.UNDECIDED),
        ([statement(**CONDITION), statement(**CONDITION)], Verdict.UNDECIDED),
        ([statement(), statement(**CONDITION)], Verdict.ALLOW),
        ([statement("Deny"), statement("Deny", **CONDITION)], Verdict.EXPLICIT_DENY),
        ([statement("Deny", **CONDITION), statement("Deny")], Verdict.EXPLICIT_DENY),
        ([statement(resource="arn:other", **CONDITION)], Verdict.IMPLICIT_DENY),
        ([statement(action="s3:*", **CONDITION)], Verdict.IMPLICIT_DENY),
    ],
)
def test_what_cannot_be_evaluated_never_admits(statements, expected):
    assert verdict(policy(*statements)) is expected


@pytest.mark.parametrize(
    ("others", "because"),
    [
        (CONDITION, "the condition operator `StringRhymes`"),
        (
            {"Condition": {"ForSomeValues:StringEquals": {"aws:UserAgent": "a"}}},
            "the condition operator `ForSomeValues:StringEquals`",
        ),
        (
            {"Condition": {"NullIfExists": {"aws:UserAgent": "true"}}},
            "the condition operator `NullIfExists`",
        ),
        ({"Condition": {"Null": {"aws:SourceVpc": "true"}}}, "the condition key `aws:SourceVpc`"),
        ({"Condition": {"Null": {"aws:UserAgent": "yes"}}}, "the boolean `yes`"),
        ({"Condition": {"Bool": {"aws:UserAgent": "true"}}}, "the boolean `curl`"),
        ({"Condition": {"NumericEquals": {"aws:EpochTime": "NaN"}}}, "the number `NaN`"),
        ({"Condition": {"DateEquals": {"aws:EpochTime": "2026-13-01"}}}, "the date `2026-13-01`"),
        ({"Condition": {"BinaryEquals": {"aws:UserAgent": "#"}}}, "the base64 `#`"),
        ({"Condition": {"ArnLike": {"aws:UserAgent": "a:b"}}}, "the ARN `a:b`"),
        ({"Condition": {"ArnLike": {"aws:UserAgent": "a:b:c:d:e:f"}}}, "the ARN `curl`"),
        (
            {"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}},
            "the condition key `aws:SourceVpce`",
        ),
        (
            {"Condition": {"StringEquals": {"aws:UserAgent": "${aws:username}"}}},
            "the policy variable `${aws:username}`",
        ),
        (
            {"Condition": {"IpAddress": {"aws:SourceIp": "somewhere"}}},
            "the address `somewhere`",
        ),
        ({"Resource": "arn:${aws:username}"}, "the policy variable `${aws:username}`"),
    ],
)
def test_a_decision_says_what_could_not_be_evaluated(others, because):
    read = parse(policy({**statement(), **others}), resource_based=False)
    context = {
        "aws:sourceip": ("127.0.0.1",),
        "aws:useragent": ("curl",),
        "aws:epochtime": ("1767225600",),
    }

    decision = evaluate([read], Question(ACTION, ARN, context))

    assert decision == Decision(Verdict.UNDECIDED, because)


def test_variables_are_plain_text_before_the_version_that_has_them():
    document = {
        "Version": "2008-10-17",
        "Statement": statement(
            resource="${a}", Condition={"StringEquals": {"aws:UserAgent": "${b}"}}
        ),
    }

    found = verdict(document, question=Question(ACTION, "${a}", {"aws:useragent": ("${b}",)}))

    assert found is Verdict.ALLOW


# --- conditions ------------------------------------------------------------------------------

VERDICTS = {True: Verdict.ALLOW, False: Verdict.IMPLICIT_DENY, None: Verdict.UNDECIDED}


@pytest.mark.parametrize(
    ("operator", "values", "request_values", "holds"),
    [
        ("StringEquals", "curl", ("curl",), True),
        ("StringEquals", ["wget", "curl"], ("curl",), True),
        ("StringEquals", "Curl", ("curl",), False),
        ("StringEquals", "curl", (), False),
        ("StringEqualsIfExists", "curl", (), True),
        ("StringEqualsIfExists", "curl", ("wget",), False),
        ("StringNotEquals", "curl", ("wget",), True),
        ("StringNotEquals", ["wget", "curl"], ("curl",), False),
        ("StringNotEquals", "curl", (), True),
        ("StringEqualsIgnoreCase", "CURL", ("curl",), True),
        ("StringNotEqualsIgnoreCase", "CURL", ("curl",), False),
        ("StringLike", "cu*/?", ("curl/8",), True),
        ("StringNotLike", "cu*", ("curl",), False),
        ("Bool", True, ("true",), True),
        ("Bool", "false", ("true",), False),
        ("StringEquals", 8, ("8",), True),
        ("StringEquals", "${aws:username}", ("ann",), True),
        ("StringEquals", "${nobody, 'x'}", ("ann",), None),
        ("StringEquals", "${aws:Referer, 'curl'}", ("curl",), True),
        ("StringEquals", "${aws:referer}", ("curl",), None),
        ("StringEquals", ["${nobody}", "ann"], ("ann",), True),
        ("StringLike", "a*${*}", ("ab*",), True),
        ("StringLike", "a*${*}", ("abc",), False),
        ("NumericEquals", "8.0", ("8",), True),
        ("NumericNotEquals", "8", ("9",), True),
        ("NumericLessThan", "10", ("9",), True),
        ("NumericLessThanEquals", "9", ("9",), True),
        ("NumericGreaterThan", "9", ("9",), False),
        ("NumericGreaterThanEquals", "-1", ("0",), True),
        ("NumericNotEquals", "8", ("curl",), None),
        ("DateEquals", "2026-01-01T00:00:00Z", ("1767225600",), True),
        ("DateEquals", "2026-01-01T01:00+01:00", ("2026-01-01T00:00:00Z",), True),
        ("DateNotEquals", "2026-01-01T00:00:00.5Z", ("1767225600",), True),
        ("DateLessThan", "2026", ("2025-12-31T23:59:59Z",), True),
        ("DateLessThanEquals", "2026-01", ("1767225600",), True),
        ("DateGreaterThan", "2026-01-01", ("1767225601",), True),
        ("DateGreaterThanEquals", "1767225600.5", ("1767225600",), False),
        ("BinaryEquals", "Y3VybA==", ("Y3VybA==",), True),
        ("ArnEquals", "arn:aws:iam::*:user/*", ("arn:aws:iam::1:user/a:b",), True),
        ("ArnLike", "arn:*:user/a", ("arn:aws:iam::1:user/a",), None),
        ("ArnLike", "arn:aws:iam::?:user/${aws:username}", ("arn:aws:iam::1:user/ann",), True),
        ("ArnNotLike", "arn:aws:iam::2:*", ("arn:aws:iam::1:user/a",), True),
        ("ArnNotEquals", "arn:aws:iam::1:*", ("curl",), None),
        ("Null", "true", (), True),
        ("Null", "false", (), False),
        ("Null", False, ("curl",), True),
        ("ForAnyValue:StringEquals", ["a", "b"], ("b", "c"), True),
        ("ForAnyValue:StringEquals", "a", (), False),
        ("ForAnyValue:StringNotEquals", "a", ("a", "b"), True),
        ("ForAnyValue:StringNotEquals", "a", (), False),
        ("ForAnyValue:StringEqualsIfExists", "a", (), True),
        ("ForAllValues:StringLike", ["a*", "b"], ("ab", "b"), True),
        ("ForAllValues:StringLike", "a*", ("ab", "b"), False),
        ("ForAllValues:StringNotLike", "c*", ("ab", "b"), True),
        ("ForAllValues:StringEquals", "a", (), True),
    ],
)
def test_a_condition_compares_any_of_its_values_with_the_request(
    operator, values, request_values, holds
):
    document = policy(statement(Condition={operator: {"AWS:UserAgent": values}}))
    context = {"aws:useragent": request_values, "aws:username": ("ann",), "aws:referer": ()}

    question = Question(ACTION, ARN, context)

    expected = VERDICTS[holds]
    assert verdict(document, question=question) is expected


@pytest.mark.parametrize(
    ("operator", "network", "address", "holds"),
    [
        ("IpAddress", "10.0.0.0/8", "10.1.2.3", True),
        ("IpAddress", "10.0.0.0/8", "11.1.2.3", False),
        ("IpAddress", "10.1.2.3", "10.1.2.3", True),
        ("IpAddress", "10.1.2.3/8", "10.9.9.9", True),
        ("IpAddress", "::1/128", "::1", True),
        ("IpAddress", "10.0.0.0/8", "::1", False),
        ("NotIpAddress", "10.0.0.0/8", "10.1.2.3", False),
        ("NotIpAddress", "10.0.0.0/8", "11.1.2.3", True),
        ("IpAddress", "10.0.0.0/8", "::ffff:10.1.2.3", True),
        ("NotIpAddress", "10.0.0.0/8", "::ffff:10.1.2.3", False),
    ],
)
def test_addresses_are_compared_with_networks(operator, network, address, holds):
    document = policy(statement(Condition={operator: {"aws:SourceIp": network}}))
    question = Question(ACTION, ARN, {"aws:sourceip": (address,)})

    expected = Verdict.ALLOW if holds else Verdict.IMPLICIT_DENY
    assert verdict(document, question=question) is expected


def test_all_conditions_of_a_statement_have_to_hold():
    both = {"StringEquals": {"aws:UserAgent": "curl"}, "Bool": {"aws:SecureTransport": "true"}}
    document = policy(statement(Condition=both))

    def asked(agent, secure):
        context = {"aws:useragent": (agent,), "aws:securetransport": (secure,)}
        return verdict(document, question=Question(ACTION, ARN, context))

    assert asked("curl", "true") is Verdict.ALLOW
    assert asked("curl", "false") is asked("wget", "true") is Verdict.IMPLICIT_DENY


def test_a_condition_that_fails_decides_whatever_else_is_unknown():
    both = {"StringEquals": {"aws:UserAgent": "curl"}, **CONDITION["Condition"]}

    found = verdict(
        policy(statement(Condition=both)),
        question=Question(ACTION, ARN, {"aws:useragent": ("wget",)}),
    )

    assert found is Verdict.IMPLICIT_DENY


# --- principals ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ({"Principal": "*"}, Verdict.ALLOW),
        ({"Principal": {"AWS": "*"}}, Verdict.ALLOW),
        ({"Principal": {"AWS": ["*"]}}, Verdict.ALLOW),
        ({"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}, Verdict.IMPLICIT_DENY),
        ({"Principal": {"Service": "lambda.amazonaws.com"}}, Verdict.IMPLICIT_DENY),
        ({"NotPrincipal": {"AWS": "arn:aws:iam::123456789012:root"}}, Verdict.UNDECIDED),
    ],
)
def test_an_unsigned_caller_is_only_the_principal_that_anybody_is(principal, expected):
    assert verdict(policy(statement(**principal)), resource_based=True) is expected


# --- documents -------------------------------------------------------------------------------


ALLOW_ALL_BUT = {"Effect": "Allow", "NotAction": "s3:*", "NotResource": "arn:other"}


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (None, "the policy document is not an object"),
        ([], "the policy document is not an object"),
        ("{}", "the policy document is not an object"),
        ({}, "the policy document has no Statement"),
        (policy(version="2012-10-17"), "the policy document has an unknown element `version`"),
        ({"Version": "2012", "Statement": []}, "Version is `2012`"),
        ({"Statement": "all"}, "Statement 0 is not an object"),
        ({"Statement": [1]}, "Statement 0 is not an object"),
        (policy({**statement(), "Effects": 1}), "Statement 0 has an unknown element `Effects`"),
        (policy(statement("allow")), "Effect of Statement 0 is `allow`"),
        (policy({"Action": "*", "Resource": "*"}), "Effect of Statement 0 is `None`"),
        (policy({"Effect": "Allow", "Resource": "*"}), "needs one of Action and NotAction"),
        (policy({"Effect": "Allow", "Action": "*"}), "needs one of Resource and NotResource"),
        (policy(statement(NotAction="*")), "needs one of Action and NotAction"),
        (policy(statement(action={"a": 1})), "Action of Statement 0 is neither a text nor a list"),
        (policy(statement(resource=[None])), "Resource of Statement 0 is neither a text"),
        (policy(statement(Condition=[])), "Condition of Statement 0 is not an object"),
        (policy(statement(Condition={"Bool": 1})), "Bool of Statement 0 is not an object"),
        (policy(statement(Condition={"Bool": {"a": {}}})), "Bool of Statement 0 is neither"),
        (policy({**ALLOW_ALL_BUT, "NotResource": []}), "NotResource of Statement 0 is empty"),
        (policy({**ALLOW_ALL_BUT, "NotAction": []}), "NotAction of Statement 0 is empty"),
        (policy(statement(Principal="*")), "Statement 0 of a caller's policy has a Principal"),
    ],
)
def test_a_document_that_is_no_policy_says_what_is_wrong(document, says):
    with pytest.raises(PolicyError, match=re.escape(says)):
        parse(document, resource_based=False)


@pytest.mark.parametrize(
    ("principals", "says"),
    [
        ({}, "Statement 0 needs one of Principal and NotPrincipal"),
        ({"Principal": "*", "NotPrincipal": "*"}, "Statement 0 needs one of Principal and"),
        ({"Principal": 7}, "Principal of Statement 0 is neither `*` nor an object"),
        ({"Principal": "me"}, "Principal of Statement 0 is neither `*` nor an object"),
        ({"Principal": {"Aws": "*"}}, "Principal of Statement 0 has an unknown kind `Aws`"),
        ({"Principal": {"AWS": ["*", 1]}}, "Principal of Statement 0 holds something that is no"),
        ({"NotPrincipal": {"AWS": "me"}}, "NotPrincipal of Statement 0 names `me`, which is no"),
        (
            {"Principal": {"AWS": "arn:aws:iam::123456789012:user/*"}},
            "names `arn:aws:iam::123456789012:user/*`, which is no principal",
        ),
    ],
)
def test_a_policy_of_an_api_names_its_principals(principals, says):
    with pytest.raises(PolicyError, match=re.escape(says)):
        parse(policy(statement(**principals)), resource_based=True)


def test_the_longest_resource_is_what_a_limit_can_be_compared_with():
    assert parse(policy(), resource_based=False).longest_resource == 0
    assert (
        parse(policy(statement(resource=["a", "abc"])), resource_based=False).longest_resource == 3
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["Version", "Statement", "Effect", "Action", "Resource", "Condition", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_a_policy_or_malformed(document):
    try:
        read = parse(document, resource_based=False)
    except PolicyError:
        return

    assert evaluate([read], Question(ACTION, ARN)).verdict in Verdict


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ({"Statement": statement()}, [statement()]),
        (
            {"Statement": [statement(), "nothing", statement("Deny")]},
            [statement(), statement("Deny")],
        ),
        ({}, []),
        ([statement()], []),
        (None, []),
    ],
)
def test_statements_are_found_where_a_document_has_them(document, found):
    assert statements(document) == found
