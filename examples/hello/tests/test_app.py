import json

import pytest
from chalice.test import Client

from app import PIXEL, app


@pytest.fixture
def http():
    with Client(app) as client:
        yield client.http


def test_the_index_needs_no_credentials(http):
    response = http.get("/")

    assert response.status_code == 200
    assert response.json_body == {"hello": "world"}


@pytest.mark.parametrize(
    ("path", "greeting"),
    [("/hello/Ada", "Hello, Ada!"), ("/hello/Ada?greeting=Bonjour", "Bonjour, Ada!")],
)
def test_a_greeting_names_who_is_greeted(http, path, greeting):
    assert http.get(path).json_body == {"greeting": greeting}


def test_a_note_that_was_written_can_be_read(http):
    headers = {"Content-Type": "application/json"}

    written = http.put("/notes/list", headers, json.dumps({"text": "milk"}))
    read = http.get("/notes/list")

    assert (written.status_code, written.json_body) == (201, {"written": "list"})
    assert read.json_body == {"text": "milk"}


def test_a_note_that_nobody_wrote_is_not_found(http):
    response = http.get("/notes/none")

    assert response.status_code == 404
    assert response.json_body["Code"] == "NotFoundError"


def test_a_page_of_another_origin_may_write_notes(http):
    preflight = http.options("/notes/list", {"Origin": "https://example.com"})

    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert preflight.headers["Access-Control-Allow-Methods"] == "GET,PUT,OPTIONS"


def test_the_picture_arrives_as_bytes(http):
    response = http.get("/pixel.png", {"Accept": "image/png"})

    assert response.headers["Content-Type"] == "image/png"
    assert response.body == PIXEL


def test_bytes_are_reversed(http):
    types = {
        "Content-Type": "application/octet-stream",
        "Accept": "application/octet-stream",
    }

    assert http.post("/reverse", types, b"\x00\x01\xff").body == b"\xff\x01\x00"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer something"}, 403),
        ({"Authorization": "Bearer let-me-in"}, 200),
    ],
    ids=["no token", "a wrong token", "the right token"],
)
def test_the_private_page_asks_for_the_right_token(http, headers, status):
    assert http.get("/private", headers).status_code == status


def test_who_is_let_in_is_known_to_the_view(http):
    response = http.get("/private", {"Authorization": "Bearer let-me-in"})

    assert response.json_body == {"you are": "visitor"}
