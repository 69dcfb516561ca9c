import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.gateway.apis import Served, document, header, proxy

from chalice.gateway.routing import Routes


def routes(**resources):
    found = Routes()
    for path, verbs in resources.items():
        found.add(path, {verb: f"{verb} {path}" for verb in verbs.split()})
    return found


TREE = {
    "/": "GET",
    "/users": "GET POST",
    "/users/me": "GET",
    "/users/{id}": "GET DELETE",
    "/users/{id}/files/{proxy+}": "GET",
    "/files": "",
    "/files/{key+}": "ANY PUT",
    "/deep/a/b": "POST",
    "/deep/{proxy+}": "GET",
    "/items/{id}/edit": "GET",
    "/part1": "GET",
    "/part1/hardcoded": "GET",
}


@pytest.mark.parametrize(
    ("verb", "path", "served", "captured"),
    [
        ("GET", "/", "GET /", None),
        ("GET", "/users", "GET /users", None),
        ("GET", "/users/", "GET /users", None),
        ("POST", "/users", "POST /users", None),
        ("DELETE", "/users", None, None),
        ("GET", "/Users", None, None),
        ("GET", "/users/me", "GET /users/me", None),
        ("GET", "/users/7", "GET /users/{id}", {"id": "7"}),
        ("GET", "/users/a%2Fb", "GET /users/{id}", {"id": "a%2Fb"}),
        # No turning back from a literal to a plain variable.
        ("DELETE", "/users/me", None, None),
        ("GET", "/users//", None, None),
        (
            "GET",
            "/users/7/files/a/b/",
            "GET /users/{id}/files/{proxy+}",
            {"id": "7", "proxy": "a/b"},
        ),
        # To a greedy one the walk turns back, whatever stands beside it.
        ("GET", "/users/me/files/a", "GET /users/{id}/files/{proxy+}", {"id": "me", "proxy": "a"}),
        ("GET", "/users/7/files/", None, None),
        ("GET", "/files", None, None),
        ("GET", "/files/", None, None),
        ("GET", "/files/a//b", "ANY /files/{key+}", {"key": "a//b"}),
        ("GET", "/files//a", "ANY /files/{key+}", {"key": "a"}),
        ("GET", "/files//", None, None),
        ("PUT", "/files/a", "PUT /files/{key+}", {"key": "a"}),
        ("POST", "/deep/a/b", "POST /deep/a/b", None),
        ("GET", "/deep/a/b", "GET /deep/{proxy+}", {"proxy": "a/b"}),
        ("GET", "/deep/a", "GET /deep/{proxy+}", {"proxy": "a"}),
        ("GET", "/deep/a/b/c", "GET /deep/{proxy+}", {"proxy": "a/b/c"}),
        ("PUT", "/deep/a/b", None, None),
        ("GET", "/items/7", None, None),
        ("GET", "/items//edit", None, None),
        ("ANY", "/files/a", None, None),
        ("get", "/users", None, None),
        ("BREW", "/files/a", None, None),
    ],
)
def test_the_most_specific_resource_that_serves_the_verb_answers(verb, path, served, captured):
    expected = None if served is None else (served, captured)

    assert routes(**TREE).match(verb, path) == expected


def test_an_outer_greedy_resource_catches_what_inner_ones_do_not_serve():
    tree = routes(**{"/{proxy+}": "ANY", "/jobs": "", "/jobs/{kind}": "GET", "/a/{rest+}": "POST"})

    assert tree.match("GET", "/jobs") == ("ANY /{proxy+}", {"proxy": "jobs"})
    assert tree.match("POST", "/jobs/x") == ("ANY /{proxy+}", {"proxy": "jobs/x"})
    assert tree.match("GET", "/jobs/x") == ("GET /jobs/{kind}", {"kind": "x"})
    assert tree.match("POST", "/a/b") == ("POST /a/{rest+}", {"rest": "b"})
    assert tree.match("GET", "/a/b") == ("ANY /{proxy+}", {"proxy": "a/b"})
    assert tree.match("GET", "/") is None


def test_captured_values_do_not_leak_from_one_attempt_to_the_next():
    tree = routes(
        **{"/{a}/x": "GET", "/{a}/{b}/y": "GET", "/z/{rest+}": "GET", "/{a}/q/{c+}": "GET"}
    )

    assert tree.match("GET", "/z/q/r") == ("GET /z/{rest+}", {"rest": "q/r"})
    assert tree.match("GET", "/1/q/r") == ("GET /{a}/q/{c+}", {"a": "1", "c": "r"})
    assert tree.match("GET", "/1/2/3") is None


def test_five_thousand_routes_are_walked_and_not_scanned():
    tree = Routes()
    for number in range(5_000):
        tree.add(f"/r{number}/{{id}}", {"GET": number})

    assert tree.match("GET", "/r4999/7") == (4999, {"id": "7"})


@given(st.sampled_from(["GET", "POST", "ANY", "x"]), st.text("/ab.%{}+", max_size=12))
def test_whatever_matches_captures_text_of_the_path(verb, path):
    tree = routes(**{"/a": "GET", "/a/{x}": "GET", "/{y}/b": "POST", "/{y}/a/{z+}": "ANY"})

    found = tree.match(verb, f"/{path}")

    for value in (found[1] or {}).values() if found else ():
        assert value
        assert value in path


# --- what is not served ----------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "BREW", "ANY", "get"])
def test_an_unknown_path_or_verb_asks_for_a_token_and_is_never_404_or_405(method):
    served = Served(document({"/known": {"delete": proxy()}}))

    for target in ("/known", "/unknown"):
        response = served(target, method)

        assert response.status == 403
        assert response.body == b'{"message":"Missing Authentication Token"}'
        assert header(response, "x-amzn-ErrorType") == ["MissingAuthenticationTokenException"]
        assert header(response, "Content-Type") == ["application/json"]
        assert response.resource is None


def hashed(value):
    return base64.b64encode(hashlib.sha256(value.encode()).digest()).decode()


CREDENTIAL = "Authorization header requires 'Credential' parameter."
SIGNATURE = "Authorization header requires 'Signature' parameter."
SIGNED_HEADERS = "Authorization header requires 'SignedHeaders' parameter."
DATE = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."


@pytest.mark.parametrize(
    ("value", "headers", "sentences"),
    [
        ("Basic dXNlcjpwYXNz=", (), [CREDENTIAL, SIGNATURE, SIGNED_HEADERS, DATE]),
        ("a=b", (), [CREDENTIAL, SIGNATURE, SIGNED_HEADERS, DATE]),
        ("AWS4-HMAC-SHA256 Credential=a, Signature=b", (("Date", "x"),), [SIGNED_HEADERS]),
        ("AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c", (), [DATE]),
    ],
)
def test_an_authorization_of_pairs_is_told_what_a_signature_lacks(value, headers, sentences):
    response = Served()("/nowhere", headers=[("authorization", value), *headers])

    text = " ".join(sentences)
    note = "(Hashed with SHA-256 and encoded with Base64)"
    message = f"{text} {note} Authorization={hashed(value)}"
    assert response.body.decode() == f'{{"message":"{message}"}}'
    assert header(response, "x-amzn-ErrorType") == ["IncompleteSignatureException"]


@pytest.mark.parametrize("value", ["Bearer abc", "abc", "AWS4 Credential=a, b", "Bearer a=b, "])
def test_any_other_authorization_is_no_pair_and_its_secret_is_not_shown(value):
    response = Served()("/nowhere", headers=[("Authorization", value)])

    message = (
        "Invalid key=value pair (missing equal-sign) in Authorization header"
        f" (hashed with SHA-256 and encoded with Base64): '{hashed(value)}'."
    )
    assert response.body.decode() == f'{{"message":"{message}"}}'
    assert response.status == 403


@pytest.mark.parametrize(
    "headers",
    [
        [("Authorization", "")],
        [
            ("Authorization", "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c"),
            ("X-Amz-Date", "20260101T000000Z"),
        ],
    ],
    ids=["empty", "complete"],
)
def test_no_authorization_and_a_complete_signature_get_the_plain_answer(headers):
    response = Served()("/nowhere", headers=headers)

    assert response.body == b'{"message":"Missing Authentication Token"}'


def test_any_serves_every_verb_and_a_verb_of_its_own_goes_before_it():
    paths = {"/x": {"x-amazon-apigateway-any-method": proxy(), "get": proxy("Get")}}
    served = Served(document(paths), functions={"Fn": lambda _: {}, "Get": lambda _: {}})

    for method in ("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD"):
        assert served(method=method).status == 200

    assert [event["httpMethod"] for event in served.functions["Get"].events] == ["GET"]
    assert len(served.functions["Fn"].events) == 6
