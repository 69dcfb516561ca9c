import base64
import hashlib
import json
import os
import time
from dataclasses import replace
from random import Random

import pytest
from tests.gateway.signing import (
    ANN,
    BOB,
    HOST,
    REGION,
    arrival,
    flips,
    meaning,
    samples,
    signed,
    time_of,
)

from chalice.gateway import HttpRequest
from chalice.gateway.responses import Refusal
from chalice.gateway.sigv4 import SigningKeys, Verifier

# How many made-up requests are verified; CHALICE_SIGNED_REQUESTS=10000 for a long run.
COUNT = int(os.environ.get("CHALICE_SIGNED_REQUESTS", "500"))

MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS"
    " Secret Access Key and signing method. Consult the service documentation for details."
)


@pytest.fixture
def verifier():
    return Verifier([ANN, BOB], REGION)


def refused(verifier, request, seconds=None):
    """Return the error type, the message and the reason with which *request* is refused."""
    with pytest.raises(Refusal) as caught:
        verifier.verify(arrival(request, seconds))
    assert caught.value.answer.status == 403
    return caught.value.answer.error, caught.value.message, caught.value.reason


def with_header(request, name, value):
    """Return *request* with the header replaced, added where it is not there; None removes it."""
    kept = [item for item in request.headers if item[0].lower() != name.lower()]
    return replace(request, headers=(*kept, *([(name, value)] if value is not None else [])))


def with_authorization(request, change):
    return with_header(request, "Authorization", change(request.header("Authorization")))


# --- what is signed well -----------------------------------------------------------------------


def test_requests_that_botocore_signs_are_verified(verifier):
    for sample in samples(COUNT, seed=20_261_122):
        found = verifier.verify(arrival(sample.request))

        assert found is sample.credential, sample.request


def test_a_request_with_one_byte_changed_is_refused(verifier):
    random = Random(4_26)
    tried = 0
    for sample in samples(COUNT, seed=4_24):
        at = time_of(sample.request)
        signature = sample.request.header("Authorization") or sample.request.target
        for place, request in flips(sample.request, random):
            name = place.removeprefix("header ").lower()
            unsigned = name == "user-agent" and "user-agent" not in signature
            same = request.headers == sample.request.headers and meaning(request) == meaning(
                sample.request
            )
            if unsigned or same or _differs_in_case_alone(request, sample.request):
                continue
            tried += 1
            with pytest.raises(Refusal):
                verifier.verify(arrival(request, at))

    assert tried > 3 * COUNT


def _differs_in_case_alone(request, original):
    """Whether only the names of signed headers changed, and those in case alone."""
    one, other = request.header("Authorization") or "", original.header("Authorization") or ""
    names, others = (text.partition("SignedHeaders=")[2].partition(",")[0] for text in (one, other))
    return one.replace(names, "") == other.replace(others, "") != "" and (
        names.lower() == others.lower() and names != others
    )


def test_each_byte_of_a_request_counts(verifier):
    original = signed("/a/b?c=d", "POST", [("X-One", "1")], b"body", by=BOB)
    at = time_of(original)
    for index, (name, value) in enumerate(original.headers):
        for position, character in enumerate(value):
            other = "0" if character != "0" else "1"
            headers = list(original.headers)
            headers[index] = (name, value[:position] + other + value[position + 1 :])

            refused(verifier, replace(original, headers=tuple(headers)), at)
    for position in range(len(original.target)):
        changed = original.target[:position] + "0" + original.target[position + 1 :]

        refused(verifier, replace(original, target=changed), at)


def test_a_header_that_is_signed_may_not_be_missing_or_repeated(verifier):
    original = signed(headers=[("X-One", "1"), ("X-Empty", "")])
    at = time_of(original)

    for name in ("X-One", "X-Empty", "Host"):
        assert refused(verifier, with_header(original, name, None), at)[0] == (
            "InvalidSignatureException"
        )
    again = replace(original, headers=(*original.headers, ("x-one", "1")))
    assert refused(verifier, again, at)[0] == "InvalidSignatureException"


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("/x?a=b+c", "/x?a=b%20c"),
        ("/x?a=b:c", "/x?a=b%3Ac"),
        ("/x?a=%2f", "/x?a=%2F"),
        ("/x?b=1&a=2", "/x?a=2&b=1"),
        ("/x?a", "/x?a="),
        ("/x?", "/x"),
        ("/x?&a=1&", "/x?a=1"),
        ("/x?a=%zz", "/x?a=%25zz"),
        ("//x/./y/../z", "/x/z"),
        ("/..", "/"),
    ],
)
def test_what_is_written_otherwise_is_signed_alike(verifier, sent, meant):
    request = replace(signed(meant), target=sent)

    assert verifier.verify(arrival(request)) is ANN


def test_blanks_around_and_inside_a_header_count_as_one(verifier):
    request = with_header(signed(headers=[("X-One", "a b")]), "X-One", " a \t  b\t")

    assert verifier.verify(arrival(request)) is ANN


def test_bytes_that_are_no_utf_8_are_signed_as_they_are(verifier):
    request = replace(signed("/x?a=%FF"), target="/x?a=%ff")

    assert verifier.verify(arrival(request)) is ANN


def test_names_of_signed_headers_may_be_written_in_capitals_and_in_any_order(verifier):
    original = signed(headers=[("X-One", "1")])
    request = with_authorization(
        original,
        lambda text: text.replace("host;x-amz-date;x-one", "X-One;Host;X-Amz-Date"),
    )

    assert verifier.verify(arrival(request)) is ANN


def test_what_cloudfront_adds_needs_no_signature(verifier):
    request = with_header(signed(), "X-Amz-Cf-Id", "added")

    assert verifier.verify(arrival(request)) is ANN


def test_a_declared_hash_of_the_body_has_to_be_right(verifier):
    declared = "X-Amz-Content-Sha256"
    right = "230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5"

    assert verifier.verify(arrival(signed("/x", "POST", [(declared, right)], b"body"))) is ANN
    error, _, reason = refused(verifier, signed("/x", "POST", [(declared, "0" * 64)], b"body"))
    assert (error, reason) == (
        "InvalidSignatureException",
        "X-Amz-Content-Sha256 is not the hash of the body",
    )


@pytest.mark.parametrize(
    "marker",
    [
        "UNSIGNED-PAYLOAD",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    ],
)
def test_a_body_that_is_not_signed_as_a_whole_is_refused_and_the_terminal_says_why(
    verifier, marker
):
    request = signed("/x", "POST", [("X-Amz-Content-Sha256", marker)], b"body")

    error, message, reason = refused(verifier, request)

    assert error == "InvalidSignatureException"
    assert message.startswith(MISMATCH)
    assert reason == f"`{marker}` is not taken by API Gateway: sign the hash of the whole body"


# --- what is missing ---------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["/x", "/x?X-Amz-Signature=abc&X-Amz-Credential=abc"])
def test_a_request_without_a_signature_lacks_a_token(verifier, target):
    error, message, _ = refused(verifier, HttpRequest("GET", target), 0)

    assert (error, message) == (
        "MissingAuthenticationTokenException",
        "Missing Authentication Token",
    )


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            "Bearer token",
            (
                "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with"
                " SHA-256 and encoded with Base64): 'HASH'."
            ),
        ),
        (
            "AWS4-HMAC-SHA256 Credential=a, Signature=b",
            (
                "Authorization header requires 'SignedHeaders' parameter. Authorization header"
                " requires existence of either a 'X-Amz-Date' or a 'Date' header. (Hashed with"
                " SHA-256 and encoded with Base64) Authorization=HASH"
            ),
        ),
    ],
)
def test_an_authorization_header_that_is_no_signature_says_what_it_lacks(verifier, value, message):
    request = HttpRequest("GET", "/x", (("Host", HOST), ("Authorization", value)))

    error, found, reason = refused(verifier, request, 0)

    hashed = base64.b64encode(hashlib.sha256(value.encode()).digest()).decode()
    assert (error, found) == ("IncompleteSignatureException", message.replace("HASH", hashed))
    assert "token" not in reason


def test_a_presigned_url_that_is_not_complete_says_what_it_lacks(verifier):
    request = HttpRequest("GET", "/x?X-Amz-Algorithm=&X-Amz-Date=1&X-Amz-Signature=2")

    error, message, _ = refused(verifier, request, 0)

    assert error == "IncompleteSignatureException"
    assert message == (
        "AWS query-string parameters must include 'X-Amz-Algorithm'."
        " AWS query-string parameters must include 'X-Amz-Credential'."
        " AWS query-string parameters must include 'X-Amz-SignedHeaders'."
        " Re-examine the query-string parameters."
    )


@pytest.mark.parametrize("name", ["X-Amz-Signature", "X-Amz-Expires", "X-Amz-Credential"])
def test_no_part_of_a_presigned_signature_may_be_there_twice(verifier, name):
    original = signed(presigned=True)
    request = replace(original, target=f"{original.target}&{name}=1")

    assert refused(verifier, request, time_of(original))[:2] == (
        "IncompleteSignatureException",
        "Re-examine the query-string parameters.",
    )


def test_a_request_is_signed_in_one_place(verifier):
    request = with_header(signed(presigned=True), "Authorization", "AWS4-HMAC-SHA256 a=b")

    assert refused(verifier, request, 0)[:2] == (
        "InvalidSignatureException",
        "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    )


# --- time --------------------------------------------------------------------------------------


@pytest.mark.parametrize("late", [-300, -1, 0, 300])
def test_clocks_may_be_five_minutes_apart(verifier, late):
    request = signed()

    assert verifier.verify(arrival(request, time_of(request) + late)) is ANN


def test_a_signature_ends_after_five_minutes_and_does_not_begin_before(verifier):
    request = with_header(signed(), "X-Amz-Date", "20260710T191904Z")

    assert refused(verifier, request, 1783711144 + 301)[:2] == (
        "InvalidSignatureException",
        (
            "Signature expired: 20260710T191904Z is now earlier than 20260710T191905Z"
            " (20260710T192405Z - 5 min.)"
        ),
    )
    assert refused(verifier, request, 1783711144 - 301)[:2] == (
        "InvalidSignatureException",
        (
            "Signature not yet current: 20260710T191904Z is still later than 20260710T191903Z"
            " (20260710T191403Z + 5 min.)"
        ),
    )


def test_a_presigned_url_is_good_for_as_long_as_it_says(verifier):
    request = signed(presigned=True, expires=3600)
    at = time_of(request)

    assert verifier.verify(arrival(request, at + 3600)) is ANN
    error, message, _ = refused(verifier, request, at + 3601)
    assert error == "InvalidSignatureException"
    assert message.startswith("Signature expired: ")
    assert message.endswith(" - 60 min.)")
    assert refused(verifier, request, at - 301)[1].startswith("Signature not yet current: ")


@pytest.mark.parametrize("expires", ["0", "604801", "-1", "a", "", "9999999", "\u0661"])
def test_a_presigned_url_is_good_for_a_week_at_most(verifier, expires):
    original = signed(presigned=True)
    request = replace(original, target=original.target.replace("Expires=60", f"Expires={expires}"))

    error, message, _ = refused(verifier, request, time_of(original))

    assert error == "IncompleteSignatureException"
    assert message.startswith("X-Amz-Expires must be a number from 1 to 604800, got '")


def test_a_presigned_url_without_an_end_is_good_for_five_minutes(verifier):
    original = signed(presigned=True)
    request = replace(original, target=original.target.replace("&X-Amz-Expires=60", ""))

    error, message, _ = refused(verifier, request, time_of(original) + 301)

    assert error == "InvalidSignatureException"
    assert message.startswith("Signature expired: ")


@pytest.mark.parametrize(
    "date", ["", "yesterday", "2026-07-10T19:19:04Z", "20261310T191904Z", "20260710T191904Z,x"]
)
def test_a_date_that_is_none_is_refused(verifier, date):
    request = with_header(signed(), "X-Amz-Date", date)

    assert refused(verifier, request, 0)[:2] == (
        "IncompleteSignatureException",
        (
            f"Date must be in ISO-8601 'basic format'. Got '{date}'."
            " See http://en.wikipedia.org/wiki/ISO_8601"
        ),
    )


def test_the_date_header_serves_where_there_is_no_other(verifier):
    request = signed(headers=[("Date", "now")])

    assert request.header("X-Amz-Date") is None
    assert verifier.verify(arrival(request)) is ANN
    zoned = with_header(request, "Date", request.header("Date").replace("-0000", "GMT"))
    assert refused(verifier, zoned)[1].startswith(MISMATCH)


# --- scope and headers -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"region": "eu-west-1"},
            "Credential should be scoped to a valid region, not 'eu-west-1'. ",
        ),
        ({"service": "s3"}, "Credential should be scoped to correct service: 'execute-api'. "),
        (
            {"region": "x", "service": "es"},
            (
                "Credential should be scoped to a valid region, not 'x'. "
                "Credential should be scoped to correct service: 'execute-api'. "
            ),
        ),
    ],
)
def test_a_signature_for_another_scope_says_so(verifier, changes, message):
    assert refused(verifier, signed(**changes))[:2] == ("InvalidSignatureException", message)


def test_the_scope_ends_as_it_has_to_and_has_the_day_of_the_date(verifier):
    original = signed()
    today = original.header("X-Amz-Date")[:8]
    request = with_authorization(
        original,
        lambda text: text.replace(f"/{today}/", "/20200101/").replace("aws4_request", "aws4"),
    )

    assert refused(verifier, request)[:2] == (
        "InvalidSignatureException",
        (
            "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws4'. "
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from"
            f" HTTP: '20200101' != '{today}', from '{original.header('X-Amz-Date')}'. "
        ),
    )


def test_a_credential_has_five_parts(verifier):
    request = with_authorization(signed(), lambda text: text.replace("/aws4_request", ""))

    error, message, _ = refused(verifier, request)

    assert error == "IncompleteSignatureException"
    assert message.startswith(
        "Credential must have exactly 5 slash-delimited elements,"
        " e.g. keyid/date/region/service/term, got 'AKIAIOSFODNN7EXAMPLE/"
    )


@pytest.mark.parametrize(
    "algorithm", ["AWS4-HMAC-SHA1", "AWS4-ECDSA-P256-SHA256", "aws4-hmac-sha256"]
)
def test_there_is_one_algorithm(verifier, algorithm):
    request = with_authorization(signed(), lambda text: text.replace("AWS4-HMAC-SHA256", algorithm))

    assert refused(verifier, request)[:2] == (
        "IncompleteSignatureException",
        f"Unsupported AWS 'algorithm': '{algorithm}' (only AWS4-HMAC-SHA256 for now). ",
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("host", "'Host' or ':authority'"),
        ("x-amz-date", "'X-Amz-Date'"),
        ("x-amz-security-token", "'X-Amz-Security-Token'"),
    ],
)
def test_what_has_to_be_signed_is_asked_for(verifier, name, shown):
    request = with_authorization(
        signed(by=BOB),
        lambda text: text.replace(name, "", 1).replace("=;", "=").replace(";;", ";"),
    )

    assert refused(verifier, request)[:2] == (
        "InvalidSignatureException",
        f"{shown} must be a 'SignedHeader' in the AWS Authorization.",
    )


def test_the_date_header_has_to_be_signed_where_it_counts(verifier):
    request = with_authorization(
        signed(headers=[("Date", "now")]), lambda text: text.replace("date;", "")
    )

    assert refused(verifier, request)[1].startswith("'Date' must be a 'SignedHeader'")


@pytest.mark.parametrize("presigned", [True, False])
def test_a_header_of_amazon_that_is_not_signed_is_refused(verifier, presigned):
    request = with_header(signed(presigned=presigned), "X-Amz-Target", "x")

    assert refused(verifier, request)[1] == (
        "'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization."
    )


def test_a_header_that_is_signed_and_not_there_is_refused_even_where_the_signature_matches(
    verifier,
):
    request = with_header(signed(headers=[("X-Empty", "")]), "X-Empty", None)

    assert refused(verifier, request)[2] == (
        "the header `x-empty` is said to be signed and is not there"
    )


# --- keys --------------------------------------------------------------------------------------


def test_an_access_key_that_is_not_configured_is_refused_and_the_terminal_says_where(verifier):
    error, message, reason = refused(verifier, signed(access_key_id="AKIAUNKNOWN00000"))

    assert error == "UnrecognizedClientException"
    assert message == "The security token included in the request is invalid."
    assert reason == (
        "signed with the access key `AKIAUNKNOWN00000`, which is not configured: add it to"
        " `local.credentials` in .chalice/config.json"
    )


def test_a_signature_of_another_secret_says_what_it_should_have_been_of(verifier):
    request = signed(
        "/a b%20ü/?b=1&a=".replace(" ", "").replace("ü", "%C3%BC"),
        "POST",
        [("X-One", "1")],
        b"body",
        secret_access_key="wrong",
    )
    date = request.header("X-Amz-Date")

    error, message, reason = refused(verifier, request)

    canonical = (
        "POST\n/ab%2520%25C3%25BC/\na=&b=1\n"
        f"host:{HOST}\nx-amz-date:{date}\nx-one:1\n\nhost;x-amz-date;x-one\n"
        "230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5"
    )
    assert error == "InvalidSignatureException"
    head, _, rest = message.partition("\n\nThe String-to-Sign should have been\n")
    assert (
        head
        == f"{MISMATCH}\n\nThe Canonical String for this request should have been\n'{canonical}'"
    )
    assert rest.startswith(
        f"'AWS4-HMAC-SHA256\n{date}\n{date[:8]}/us-east-1/execute-api/aws4_request\n"
    )
    assert rest.endswith("'\n")
    assert ANN.secret_access_key not in message + reason


@pytest.mark.parametrize("presigned", [True, False])
@pytest.mark.parametrize("token", [None, "another", "a+session/token=="])
def test_temporary_credentials_come_with_their_token(verifier, presigned, token):
    request = signed(by=BOB, session_token=token, presigned=presigned)

    if token == BOB.session_token:
        assert verifier.verify(arrival(request)) is BOB
        return
    error, message, reason = refused(verifier, request)
    assert (error, message) == (
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
    )
    assert "session token" in reason
    assert BOB.session_token not in reason


def test_credentials_for_long_come_without_a_token(verifier):
    assert refused(verifier, signed(session_token="any"))[0] == "UnrecognizedClientException"


def test_what_is_secret_is_not_shown():
    shown = repr([ANN, BOB])

    for secret in (ANN.secret_access_key, BOB.secret_access_key, BOB.session_token):
        assert secret not in shown


def test_signing_keys_are_kept_but_not_without_end():
    keys = SigningKeys(most=2)
    days = [f"2026070{day}/eu-west-1/execute-api/aws4_request" for day in range(1, 6)]
    made = [keys.key(ANN, day) for day in days]

    assert len(keys) == 2
    assert keys.key(ANN, days[-1]) is made[-1]
    assert keys.key(ANN, days[0]) == made[0]
    assert keys.key(ANN, days[0]) is not made[0]


# --- any request -------------------------------------------------------------------------------


def test_no_request_breaks_the_verifier(verifier):
    random = Random(1)
    alphabet = "AWS4-HMAC-SHA256 =,;/&?%+:'\"é\udcff\n\0x1"
    names = ["Authorization", "X-Amz-Date", "Host", "X-Amz-Content-Sha256", "Date"]
    for _ in range(COUNT):
        texts = ["".join(random.choices(alphabet, k=random.randrange(40))) for _ in range(3)]
        base = signed("/x", presigned=random.random() < 0.5)
        request = replace(
            base,
            target=base.target + random.choice(("", texts[0], f"&X-Amz-Expires={texts[0]}")),
            headers=(*base.headers, (random.choice(names), texts[1])),
        )

        broken = arrival(with_header(request, "X-Broken", texts[2]), time.time())
        try:
            found = verifier.verify(broken)
        except Refusal as refusal:
            json.dumps(refusal.message).encode()
        else:
            assert found is ANN
