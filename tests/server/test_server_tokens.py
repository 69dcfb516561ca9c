"""Tokens over the socket: keys are looked for beside the event loop, and outlive an edit."""

import asyncio
import json
import threading
import time
from concurrent.futures import Future

import pytest
from tests.gateway.apis import document, proxy
from tests.gateway.test_gateway_tokens import (
    ACCESS,
    GOOD,
    ID,
    answer,
    bearer,
    guarded,
    scheme,
)
from tests.projects import write_project
from tests.server.raw_client import RawClient
from tests.server.serving import GatewaySource, Records, local_project, on_a_socket
from tests.tokens import POOL, POOL_ARN, KeysForTests, NeverFound, key_set, minted

from chalice.gateway import Gateway
from chalice.gateway.exchange import KeysFound, KeysWanted, NoKeys
from chalice.server.deployment import find
from chalice.server.hosts import Hosts
from chalice.server.records import Fault

WANTED = KeysWanted("https://id.example", "https://id.example/keys", "url", within_seconds=0.05)


class Late:
    """A source whose keys come from another thread, a moment later."""

    def find(self, wanted):
        del wanted
        found = Future()
        threading.Timer(0.1, found.set_result, [KeysFound(key_set("one"))]).start()
        return found


def over_a_socket(keys):
    """Return a context manager that serves a guarded API; its log is checked for bugs."""
    api = guarded(keys=keys)
    source = GatewaySource(api.gateway, api.invoker, keys=keys, hosts=Hosts())
    return on_a_socket(source, Records())


def get(url, headers=(), target="/x"):
    with RawClient(url) as client:
        return client.get(target, headers)


@pytest.mark.parametrize(
    "keys", [KeysForTests({f"{ID['iss']}/.well-known/jwks.json": key_set("one")}), Late()]
)
def test_a_token_is_let_in_when_its_keys_are_there(keys):
    with over_a_socket(keys) as url:
        response = get(url, bearer(GOOD))

    assert response.status == 200
    claims = json.loads(response.body)["requestContext"]["authorizer"]["claims"]
    assert claims["sub"] == ID["sub"]


def test_refusals_are_those_of_the_gateway():
    with over_a_socket(KeysForTests()) as url:
        without = get(url)
        expired = get(url, bearer(minted({**ID, "exp": 1})))
        unknown = get(url, bearer(GOOD))

    assert answer(without) == (401, b'{"message":"Unauthorized"}', "UnauthorizedException")
    assert (expired.status, expired.body) == (401, b'{"message":"The incoming token has expired"}')
    assert answer(unknown) == (500, b'{"message":null}', "AuthorizerConfigurationException")


def test_an_issuer_that_hangs_holds_up_nobody_else():
    keys = NeverFound()
    operation = {**proxy(), "security": [{"auth": []}]}
    definition = document(
        {"/x": {"get": operation}, "/open": {"get": proxy()}}, schemes={"auth": scheme()}
    )
    api = guarded(keys=keys)
    gateway = Gateway(definition, api.stage, clock=api.clock)
    with on_a_socket(GatewaySource(gateway, api.invoker, keys=keys)) as url:
        hanging = threading.Thread(target=get, args=(url, bearer(GOOD)))
        hanging.start()
        began = time.monotonic()
        for _ in range(20):
            assert get(url, target="/open").status == 200
        took = time.monotonic() - began
        hanging.join()

    assert took < 2.5
    assert time.monotonic() - began > 2.5


def test_without_a_source_there_are_no_keys():
    assert asyncio.run(find(None, WANTED)) == NoKeys("there is no source of keys")


def test_keys_that_come_too_late_disturb_nobody():
    late = Future()

    class Source:
        def find(self, wanted):
            return late

    async def look():
        found = await find(Source(), WANTED)
        later = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(later.set_result, None)
        await later
        return found

    assert asyncio.run(look()) == NoKeys("no answer within 0.05 s")
    late.set_result(KeysFound("x"))  # the loop that waited is closed


def test_keys_that_come_while_the_loop_still_runs_settle_nothing_that_is_over():
    late = Future()

    class Source:
        def find(self, wanted):
            return late

    async def look():
        found = await find(Source(), WANTED)
        late.set_result(KeysFound("x"))
        await asyncio.sleep(0.01)
        return found

    assert asyncio.run(look()) == NoKeys("no answer within 0.05 s")


APP = f"""
from chalice import Chalice, CognitoUserPoolAuthorizer

app = Chalice(app_name="shop")
pool = CognitoUserPoolAuthorizer("pool", provider_arns=["{POOL_ARN}"])


@app.route("/", authorizer=pool)
def index():
    return {{"version": 1, "sub": app.current_request.context["authorizer"]["claims"]["sub"]}}


@app.route("/scoped", authorizer=pool.with_scopes(["shop/read"]))
def scoped():
    return {{}}
"""


def test_a_project_with_its_keys_in_a_file_is_served_and_edited(tmp_path):
    config = {
        "local": {"user_pools": {POOL: {"jwks_file": "keys.json", "client_ids": ["client1"]}}}
    }
    files = {".chalice/keys.json": key_set("one")}
    directory = write_project(tmp_path / "shop", APP, config, files)
    now = time.time()
    good = minted({**ID, "iat": now, "exp": now + 600})
    other_client = minted({**ID, "iat": now, "exp": now + 600, "aud": "client2"})

    with local_project(directory) as project:
        assert project.get("/").status == 401
        assert json.loads(project.get("/", bearer(good)).body) == {"version": 1, "sub": ID["sub"]}
        assert project.get("/", bearer(other_client)).status == 401
        access = {**ACCESS, "iat": now, "exp": now + 600}
        assert project.get("/scoped", bearer(good)).status == 401
        assert project.get("/scoped", bearer(minted(access))).status == 200

        project.edit("app.py", APP.replace('"version": 1', '"version": 2'))
        until = time.monotonic() + 20
        while b'"version":2' not in project.get("/", bearer(good)).body:
            assert time.monotonic() < until
            time.sleep(0.05)

        assert project.records.of(Fault) == []
        reasons = [item.reason for item in project.answers() if item.status == 401]
    assert reasons[0] == "authorizer `pool` (COGNITO_USER_POOLS): there is no token"
