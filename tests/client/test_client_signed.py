"""Applications behind AWS_IAM, tested with requests that botocore signs."""

import json

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from chalice import Chalice, IAMAuthorizer
from chalice.config import Config
from chalice.diagnostics import InvalidApp
from chalice.local import ForbiddenError, LocalGateway
from chalice.test import Client

ALLOW = {"Statement": {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "*"}}
CREDENTIAL = {
    "access_key_id": "AKIAIOSFODNN7EXAMPLE",
    "secret_access_key": "my-secret",
    "arn": "arn:aws:iam::123456789012:user/ann",
}


def an_app():
    app = Chalice(app_name="shop")

    @app.route("/who", authorizer=IAMAuthorizer())
    def who():
        return {"who": app.current_request.context["identity"]["userArn"]}

    return app


def configured(tmp_path, *, files=None, **credential):
    folder = tmp_path / ".chalice"
    folder.mkdir()
    local = {"credentials": [{**CREDENTIAL, **credential}]}
    (folder / "config.json").write_text(json.dumps({"region": "us-east-1", "local": local}))
    for name, content in (files or {}).items():
        (folder / name).write_text(json.dumps(content))
    return str(tmp_path)


def signature(path="/who"):
    request = AWSRequest(method="GET", url=f"https://shop.example{path}")
    keys = Credentials(CREDENTIAL["access_key_id"], CREDENTIAL["secret_access_key"])
    SigV4Auth(keys, "execute-api", "us-east-1").add_auth(request)
    return {"Host": "shop.example", **dict(request.headers.items())}


@pytest.mark.parametrize(
    "written",
    [{"policies": [ALLOW]}, {"policy_files": ["ann.json"], "files": {"ann.json": ALLOW}}],
    ids=["inline", "file"],
)
def test_the_client_verifies_signatures_and_asks_policies(tmp_path, written):
    client = Client(an_app(), project_dir=configured(tmp_path, **written))

    assert client.http.get("/who", headers=signature()).json_body == {"who": CREDENTIAL["arn"]}
    assert client.http.get("/who").status_code == 403


def test_a_policy_that_is_none_is_told_to_the_test(tmp_path):
    directory = configured(tmp_path, policy_files=["ann.json"], files={"ann.json": {"a": 1}})

    with pytest.raises(InvalidApp, match="no policy"):
        Client(an_app(), project_dir=directory)


def test_the_older_gateway_takes_policies_from_its_configuration():
    local = {"credentials": [{**CREDENTIAL, "policies": [ALLOW]}]}
    gateway = LocalGateway(
        an_app(), Config(config_from_disk={"region": "us-east-1", "local": local})
    )

    answer = gateway.handle_request("GET", "/who", signature(), b"")

    assert json.loads(answer["body"]) == {"who": CREDENTIAL["arn"]}


def test_the_older_gateway_lets_nobody_in_whose_policies_it_cannot_read():
    written = {**CREDENTIAL, "policies": [ALLOW], "policy_files": ["more.json"]}
    disk = {"region": "us-east-1", "local": {"credentials": [written]}}
    gateway = LocalGateway(an_app(), Config(config_from_disk=disk))

    with pytest.raises(ForbiddenError):
        gateway.handle_request("GET", "/who", signature(), b"")
