"""Requests that botocore signs and other clients send, to routes that AWS_IAM guards."""

import json

import httpx
import pytest
import urllib3
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from tests.projects import application, write_project
from tests.server.serving import Program, local_project

APP = application("""
    iam = IAMAuthorizer()
    @app.route("/{name}", methods=["GET", "POST"], authorizer=iam)
    def index(name):
        event = app.current_request.to_dict()
        return {"who": app.current_request.context["identity"]["userArn"], "name": name,
                "body": app.current_request.raw_body.decode()}
""")

ANN = {
    "access_key_id": "AKIAIOSFODNN7EXAMPLE",
    "secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "arn": "arn:aws:iam::123456789012:user/ann",
    "policies": [{"Statement": {"Effect": "Allow", "Action": "execute-api:*", "Resource": "*"}}],
}
BOB = {
    "access_key_id": "ASIAIOSFODNN7EXAMPLE",
    "secret_access_key": "another/secret+of/40=characters",
    "session_token": "a+session/token==",
    "arn": "arn:aws:sts::123456789012:assumed-role/Reader/bob",
    "policy_files": ["reader.json"],
}
READER = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Action": "execute-api:Invoke",
        "Resource": "arn:aws:execute-api:us-east-1:123456789012:*/api/GET/*",
        "Condition": {"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}},
    },
}


@pytest.fixture
def directory(tmp_path):
    config = {"region": "us-east-1", "local": {"credentials": [ANN, BOB]}}
    files = {".chalice/reader.json": json.dumps(READER)}
    return write_project(tmp_path / "demo", APP, config, files)


@pytest.fixture
def url(directory):
    with local_project(directory) as project:
        yield project.url.rstrip("/")


def signed(url, method="GET", body=b"", headers=None, *, by=ANN, presigned=False):
    """Return the request that botocore has signed, as a URL and headers."""
    keys = Credentials(by["access_key_id"], by["secret_access_key"], by.get("session_token"))
    request = AWSRequest(method=method, url=url, data=body, headers=headers)
    signer = SigV4QueryAuth if presigned else SigV4Auth
    signer(keys, "execute-api", "us-east-1").add_auth(request)
    return request.url, dict(request.headers.items())


TARGETS = ("/a", "/a?b=2&a=1&a=&%C3%A4=%2B%20", "/a%20b%2Fc", "/%E6%97%A5", "/x:y@z", "//a/")


@pytest.mark.parametrize("presigned", [False, True], ids=["header", "presigned"])
@pytest.mark.parametrize("by", [ANN, BOB], ids=["user", "session"])
def test_signed_requests_of_httpx_and_urllib3_are_let_in(url, by, presigned):
    pool = urllib3.PoolManager()
    for target in TARGETS:
        if presigned and "a=1&a=" in target:
            continue  # botocore drops repeated names from the URLs that it presigns
        address, headers = signed(f"{url}{target}", by=by, presigned=presigned)

        answers = [
            httpx.get(address, headers=headers).json(),
            json.loads(pool.request("GET", address, headers=headers).data),
        ]

        assert [answer.get("who") for answer in answers] == [by["arn"]] * 2, (target, answers)
    pool.clear()


def test_a_signed_body_arrives_and_another_one_does_not(url):
    body = "{déjà}".encode()
    address, headers = signed(f"{url}/a", "POST", body, {"Content-Type": "application/json"})

    assert httpx.post(address, headers=headers, content=body).json()["body"] == "{déjà}"
    other = httpx.post(address, headers=headers, content=body + b" ")
    assert (other.status_code, other.headers["x-amzn-errortype"]) == (
        403,
        "InvalidSignatureException",
    )


def test_the_policies_of_who_signed_count(url):
    address, headers = signed(f"{url}/a", "POST", by=BOB)

    response = httpx.post(address, headers=headers)

    assert response.status_code == 403
    assert response.json()["Message"].startswith(f"User: {BOB['arn']} is not authorized to")


def test_the_host_is_signed_as_well(url):
    address, headers = signed(f"{url}/a")

    elsewhere = address.replace("127.0.0.1", "localhost")
    response = httpx.get(elsewhere, headers={**headers, "Host": "other.localhost"})

    assert response.headers["x-amzn-errortype"] == "InvalidSignatureException"


def test_the_program_says_how_to_configure_a_key_and_prints_no_secret(directory):
    with Program(directory) as program:
        address, headers = signed(f"{program.url.rstrip('/')}/a")
        assert httpx.get(address, headers=headers).json()["who"] == ANN["arn"]
        unknown = {**ANN, "access_key_id": "AKIAUNKNOWN00000"}
        address, headers = signed(f"{program.url.rstrip('/')}/a", by=unknown)
        response = httpx.get(address, headers=headers)
        wrong = {**ANN, "secret_access_key": "wrong"}
        address, headers = signed(f"{program.url.rstrip('/')}/a", by=wrong)
        mismatch = httpx.get(address, headers=headers)
        program.interrupt()
        program.wait()

    assert response.json() == {"message": "The security token included in the request is invalid."}
    log = program.errors.read_text()
    assert "`AKIAUNKNOWN00000`, which is not configured: add it to `local.credentials`" in log
    for secret in (ANN["secret_access_key"], BOB["secret_access_key"], BOB["session_token"]):
        assert secret not in log + mismatch.text
