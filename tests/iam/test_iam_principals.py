import pytest

from chalice.iam import (
    ANONYMOUS_CONTEXT,
    Question,
    Verdict,
    caller_of,
    evaluate,
    evaluate_both,
    parse,
)

ACTION = "execute-api:Invoke"
ACCOUNT = "123456789012"
ARN = f"arn:aws:execute-api:us-east-1:{ACCOUNT}:a1b2/api/GET/x"
ELSEWHERE = ARN.replace(ACCOUNT, "210987654321")

ROOT = f"arn:aws:iam::{ACCOUNT}:root"
USER = f"arn:aws:iam::{ACCOUNT}:user/team/ann"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/Admin"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/Admin/ann"
FEDERATED = f"arn:aws:sts::{ACCOUNT}:federated-user/ann"


def policy(effect="Allow", **others):
    return parse(
        {"Statement": {"Effect": effect, "Action": "*", "Resource": "*", **others}},
        resource_based=bool(others.keys() & {"Principal", "NotPrincipal"}),
    )


def verdict(policies, arn=USER, resource=ARN, **caller):
    who = caller_of(arn, **caller) if arn else None
    context = who.context() if who else ANONYMOUS_CONTEXT
    return evaluate(policies, Question(ACTION, resource, context, who)).verdict


# --- callers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arn", "given", "expected"),
    [
        (USER, {}, {"principaltype": "User", "username": "ann", "principalarn": USER}),
        (USER, {"user_id": "AIDA1"}, {"userid": "AIDA1"}),
        (USER, {"temporary": True}, {"username": "ann"}),
        (ROOT, {}, {"principaltype": "Account", "userid": ACCOUNT, "principalarn": ROOT}),
        (SESSION, {}, {"principaltype": "AssumedRole", "principalarn": ROLE}),
        (SESSION, {"user_id": "AROA1:ann"}, {"userid": "AROA1:ann"}),
        (FEDERATED, {}, {"principaltype": "FederatedUser", "userid": f"{ACCOUNT}:ann"}),
    ],
)
def test_a_caller_has_the_condition_keys_of_its_kind(arn, given, expected):
    context = caller_of(arn, **given).context()

    found = {key: context[f"aws:{key}"] for key in expected}
    assert found == {key: (value,) for key, value in expected.items()}
    assert context["aws:principalaccount"] == (ACCOUNT,)
    assert (context["aws:username"] == ()) is (":user/" not in arn)


@pytest.mark.parametrize(
    ("arn", "temporary", "known"),
    [(USER, False, True), (ROOT, False, True), (USER, True, False), (SESSION, False, False)],
)
def test_whether_a_session_has_mfa_is_known_only_where_there_is_no_session(arn, temporary, known):
    context = caller_of(arn, temporary=temporary).context()

    assert ("aws:multifactorauthpresent" in context) is known


def test_an_id_that_nobody_said_is_not_known():
    assert "aws:userid" not in caller_of(USER).context()
    assert "aws:userid" not in caller_of(SESSION).context()


def test_partitions_are_kept():
    arn = f"arn:aws-cn:sts::{ACCOUNT}:assumed-role/Admin/ann"

    assert caller_of(arn).principal_arn == f"arn:aws-cn:iam::{ACCOUNT}:role/Admin"


@pytest.mark.parametrize(
    "arn", ["", "me", ROLE, USER + "/", USER + " ", "arn:aws:iam::12:user/a", f"{ROOT}/x", ARN]
)
def test_an_arn_of_nobody_who_signs_is_no_caller(arn):
    with pytest.raises(ValueError, match="is the ARN of no user"):
        caller_of(arn)


# --- Principal -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("principal", "callers"),
    [
        ("*", [USER, ROOT, SESSION, FEDERATED, None]),
        ({"AWS": "*"}, [USER, ROOT, SESSION, FEDERATED, None]),
        ({"AWS": USER}, [USER]),
        ({"AWS": [ROLE, FEDERATED]}, [SESSION, FEDERATED]),
        ({"AWS": SESSION}, [SESSION]),
        ({"AWS": "AIDA1234567890ABCDEF"}, []),
        ({"AWS": []}, []),
        ({"AWS": "210987654321"}, []),
        ({"Service": "lambda.amazonaws.com"}, []),
    ],
)
def test_a_policy_of_an_api_allows_whom_it_names(principal, callers):
    allow = [policy(Principal=principal)]

    for arn in (USER, ROOT, SESSION, FEDERATED, None):
        given = {"user_id": "AIDA0000000000000000"} if arn in (USER, SESSION) else {}
        expected = Verdict.ALLOW if arn in callers else Verdict.IMPLICIT_DENY
        assert verdict(allow, arn, **given) is expected


@pytest.mark.parametrize("account", [ACCOUNT, ROOT])
def test_an_account_stands_for_everybody_in_it_but_leaves_its_own_users_to_their_policies(account):
    named = {"Principal": {"AWS": account}}

    for arn in (USER, SESSION, FEDERATED):
        assert verdict([policy(**named)], arn) is Verdict.IMPLICIT_DENY
        assert verdict([policy(**named), policy()], arn) is Verdict.ALLOW
        assert verdict([policy(**named)], arn, ELSEWHERE) is Verdict.ALLOW
        assert verdict([policy("Deny", **named), policy()], arn) is Verdict.EXPLICIT_DENY
    assert verdict([policy(**named)], ROOT) is Verdict.ALLOW


def test_a_unique_id_is_the_one_that_was_said():
    allow = [policy(Principal={"AWS": "AIDA1234567890ABCDEF"})]

    assert verdict(allow, user_id="AIDA1234567890ABCDEF") is Verdict.ALLOW
    assert verdict(allow) is Verdict.UNDECIDED


def test_whether_a_role_has_the_path_that_a_policy_names_is_not_known():
    named = {"Principal": {"AWS": ROLE.replace("/Admin", "/team/Admin")}}

    assert verdict([policy(**named)], SESSION) is Verdict.UNDECIDED
    assert verdict([policy("Deny", **named), policy()], SESSION) is Verdict.UNDECIDED
    assert verdict([policy(**named)], USER) is Verdict.IMPLICIT_DENY


@pytest.mark.parametrize(
    ("kind", "arn", "expected"),
    [
        ("Federated", SESSION, Verdict.UNDECIDED),
        ("Federated", USER, Verdict.IMPLICIT_DENY),
        ("CanonicalUser", USER, Verdict.UNDECIDED),
        ("Federated", None, Verdict.IMPLICIT_DENY),
    ],
)
def test_principals_that_are_not_of_iam_let_nobody_in(kind, arn, expected):
    assert verdict([policy(Principal={kind: "x", "Service": "y"})], arn) is expected


@pytest.mark.parametrize(
    ("principal", "arn", "denied"),
    [
        ({"AWS": [USER, ROOT]}, USER, False),
        ({"AWS": [USER]}, USER, True),
        ({"AWS": [ROOT]}, USER, True),
        ({"AWS": [SESSION, ROLE, ACCOUNT]}, SESSION, False),
        ({"AWS": [SESSION, ACCOUNT]}, SESSION, True),
        ({"AWS": [ROLE, ACCOUNT]}, SESSION, True),
        ({"AWS": ROOT}, ROOT, False),
        ({"AWS": USER}, ROOT, True),
        ({"AWS": [USER, ROOT]}, None, True),
        ("*", USER, False),
        ("*", None, False),
    ],
)
def test_not_principal_leaves_out_whom_it_names_with_role_and_account(principal, arn, denied):
    policies = [policy("Deny", NotPrincipal=principal), policy(Principal="*")]

    expected = Verdict.EXPLICIT_DENY if denied else Verdict.ALLOW
    assert verdict(policies, arn) is expected


def test_a_not_principal_that_allows_lets_nobody_in():
    assert verdict([policy(NotPrincipal={"AWS": ROOT})]) is Verdict.UNDECIDED


# --- both sides ------------------------------------------------------------------------------

NOTHING, ALLOW, DENY = [], [policy()], [policy("Deny")]
UNKNOWN = [policy(Condition={"Bool": {"aws:nobody": "true"}})]


@pytest.mark.parametrize(
    ("identity", "resource", "expected"),
    [
        (ALLOW, ALLOW, Verdict.ALLOW),
        (ALLOW, NOTHING, Verdict.IMPLICIT_DENY),
        (NOTHING, ALLOW, Verdict.IMPLICIT_DENY),
        (NOTHING, NOTHING, Verdict.IMPLICIT_DENY),
        (ALLOW, DENY, Verdict.EXPLICIT_DENY),
        (DENY, ALLOW, Verdict.EXPLICIT_DENY),
        (DENY, NOTHING, Verdict.EXPLICIT_DENY),
        (UNKNOWN, ALLOW, Verdict.UNDECIDED),
        (ALLOW, UNKNOWN, Verdict.UNDECIDED),
        (UNKNOWN, NOTHING, Verdict.IMPLICIT_DENY),
        (UNKNOWN, DENY, Verdict.EXPLICIT_DENY),
    ],
)
def test_between_accounts_both_sides_have_to_allow(identity, resource, expected):
    assert evaluate_both(identity, resource, Question(ACTION, ARN)).verdict is expected


def test_a_resource_without_an_arn_belongs_to_no_account():
    assert Question(ACTION, "x").resource_account == ""
    assert Question(ACTION, ARN).resource_account == ACCOUNT
