"""How often a deploy calls AWS, what it writes, and what it leaves as it is."""

import json
import time

import pytest
from tests import faulty, sandboxes
from tests.deploy.asking import Ask, answer

from chalice.template.document import MAX_BYTES, MAX_INLINE_BYTES, MAX_RESOURCES

APP = """
from chalice import Chalice

app = Chalice(app_name="{name}")


@app.route("/")
def index():
    return "{word}"


@app.route("/things/{{key}}", methods=["GET", "PUT"])
def thing(key):
    return {{}}
"""

LARGE = """
from chalice import AuthResponse, Chalice

app = Chalice(app_name="large")


@app.authorizer()
def door(request):
    return AuthResponse(routes=["*"] if request.token == "open" else [], principal_id="visitor")


for number in range(300):

    @app.route(f"/r{number}/{{key}}", authorizer=door, cors=True, name=f"view{number}")
    def view(key, number=number):
        return f"{number} {key}"
"""


@pytest.fixture
def through_proxy(chalice, monkeypatch, aws_url, tmp_path_factory):
    """Give a proxy before the sandbox, and a function that runs a command on it."""
    monkeypatch.setenv("CHALICE_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_CONFIG_FILE": "/nonexistent",
        "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
    }.items():
        monkeypatch.setenv(name, value)
    with faulty.proxy(aws_url) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.url)

        def run(command, *arguments, region="us-east-1"):
            proxy.calls.clear()
            code, out, err = chalice(command, "--region", region, *arguments)
            assert code == 0, err
            return out

        yield proxy, run


def write(directory, name, word="one"):
    (directory / "app.py").write_text(APP.format(name=name, word=word))
    (directory / ".chalice").mkdir(exist_ok=True)
    config = json.dumps({"version": "2.0", "app_name": name})
    (directory / ".chalice" / "config.json").write_text(config)


def template(aws_url, stack):
    return sandboxes.account(aws_url).stacks.template(stack)


def test_a_deploy_where_nothing_is_needs_18_calls_and_12_where_the_bucket_is(
    through_proxy, tmp_path
):
    proxy, run = through_proxy

    write(tmp_path, "first")
    run("deploy", region="ap-south-2")
    with_bucket = list(proxy.counted)
    write(tmp_path, "second")
    run("deploy", region="ap-south-2")

    assert len(with_bucket) <= 18, with_bucket
    assert len(proxy.counted) <= 12, proxy.counted


def test_where_nothing_changed_nothing_is_written(through_proxy, tmp_path):
    proxy, run = through_proxy
    write(tmp_path, "unchanged")
    run("deploy")

    run("deploy")

    assert proxy.writes == []
    assert proxy.calls


def test_where_only_code_changed_only_the_code_of_functions_changes(
    through_proxy, aws_url, tmp_path
):
    _, run = through_proxy
    write(tmp_path, "codeonly")
    url = run("deploy").splitlines()[0]
    before, stack = template(aws_url, "codeonly-dev"), "codeonly-dev"
    deployment = _deployment(aws_url, url)
    write(tmp_path, "codeonly", "two")

    plan = json.loads(run("plan", "--json"))["changes"]
    again = run("deploy").splitlines()[0]

    assert [(item["logical_id"], item["details"]) for item in plan] == [("APIHandler", ["code"])]
    after = template(aws_url, stack)
    assert before["Resources"]["APIHandler"]["Properties"].pop("Code") != (
        after["Resources"]["APIHandler"]["Properties"].pop("Code")
    )
    assert after == before
    assert (again, _deployment(aws_url, again)) == (url, deployment)
    assert answer(url, Ask("index", "GET", "/")).body == b"two"


def _deployment(aws_url, url):
    """Return which deployment of its API is served at *url*."""
    api, stage = url.rstrip("/").split("/")[-2:]
    call = sandboxes.session(aws_url).call
    return call("apigateway", "get_stage", restApiId=api, stageName=stage)["deploymentId"]


def test_300_routes_with_an_authorizer_are_deployed_within_the_limits(
    through_proxy, aws_url, tmp_path
):
    proxy, run = through_proxy
    write(tmp_path, "large")
    (tmp_path / "app.py").write_text(LARGE)
    began = time.monotonic()

    url = run("deploy").splitlines()[0]

    seconds = time.monotonic() - began
    found = template(aws_url, "large-dev")
    assert MAX_INLINE_BYTES < len(json.dumps(found, separators=(",", ":"))) <= MAX_BYTES
    assert len(found["Resources"]) < 20 < MAX_RESOURCES
    assert any("/templates/" in call for call in proxy.calls)
    # Two seconds where nothing else runs.
    assert seconds < 60
    last = "/r299/key"
    opened = answer(url, Ask("open", "GET", last, {"Authorization": "open"}))
    assert (opened.status, opened.body) == (200, b"299 key")
    assert answer(url, Ask("shut", "GET", last, {"Authorization": "shut"})).status == 403
    assert answer(url, Ask("nobody", "GET", last)).status == 401
