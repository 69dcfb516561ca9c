"""What an editor infers for a test of an application. Checked by mypy and pyright; never run."""

from __future__ import annotations

from typing import assert_type

from chalice import Chalice
from chalice.test import Client, HTTPResponse

with Client(Chalice(app_name="typed")) as client:
    assert_type(client, Client)
    response = client.http.get("/", headers={"Accept": "application/json"})
    assert_type(response, HTTPResponse)
    assert_type(response.status_code, int)
    assert_type(response.body, bytes)
    assert_type(response.reason, str | None)
    assert_type(client.http.post("/", body=b"{}"), HTTPResponse)
