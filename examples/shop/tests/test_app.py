import json

import pytest
from chalice.test import Client

from app import app

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def client():
    with Client(app) as client:
        yield client


def test_each_stage_has_its_name():
    with Client(app, stage_name="prod") as client:
        assert client.http.get("/").json_body == {"shop": "The Great Shop"}

    with Client(app) as client:
        assert client.http.get("/").json_body == {"shop": "The Corner Shop"}


def test_an_order_is_found_where_the_answer_says(client):
    placed = client.http.post("/orders", JSON, json.dumps({"item": "tea"}))

    assert placed.status_code == 201
    assert client.http.get(placed.headers["Location"]).json_body["item"] == "tea"


def test_an_order_needs_an_item(client):
    response = client.http.post("/orders", JSON, "{}")

    assert response.status_code == 400
    assert response.json_body["Message"] == "an order needs an item"


def test_the_stock_is_for_those_who_have_a_key(client):
    with_key = {**JSON, "x-api-key": client.api_key}

    counted = client.http.put("/stock/tea", with_key, json.dumps({"count": 2}))

    assert client.http.get("/stock").status_code == 403
    assert counted.json_body["tea"] == 2


@pytest.mark.parametrize("path", ["/", "/orders/none"])
def test_nothing_is_cached(client, path):
    assert client.http.get(path).headers["Cache-Control"] == "no-store"


def test_the_report_counts_orders_and_has_five_minutes(client):
    report = client.lambda_.invoke("nightly_report", {"orders": ["a", "b"]}).payload

    assert report["orders"] == 2
    assert 290 <= report["seconds"] <= 300
