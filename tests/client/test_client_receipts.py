"""The test client says which rules decided an answer."""

from chalice import AuthResponse, Chalice
from chalice.test import Client, HTTPResponse


def an_app():
    app = Chalice(app_name="shop")

    @app.authorizer()
    def door(request):
        return AuthResponse(routes=["*"], principal_id="visitor")

    @app.route("/guarded", authorizer=door)
    def guarded():
        return {}

    return app


def test_a_response_names_the_rules(tmp_path):
    with Client(an_app(), project_dir=str(tmp_path)) as client:
        first, second = (
            client.http.get("/guarded", headers={"Authorization": "a"}) for _ in range(2)
        )

    assert first.rules == ("3.1", "4.1", "4.11", "2.1")
    assert second.rules == ("3.1", "4.12", "4.11", "2.1")
    assert [text[:4] for text in first.not_emulated] == ["1.16"]


def test_a_refusal_names_the_rule(tmp_path):
    with Client(an_app(), project_dir=str(tmp_path)) as client:
        assert client.http.get("/guarded").rules == ("3.1", "4.4")
        assert client.http.get("/nowhere").rules == ("3.5",)


def test_a_refusal_has_its_reason_and_shows_it(tmp_path):
    with Client(an_app(), project_dir=str(tmp_path)) as client:
        refused = client.http.get("/guarded")
        answered = client.http.get("/guarded", headers={"Authorization": "a"})

    reason = "`Authorization`, by which `door` identifies callers, is missing or empty"
    assert refused.reason == reason
    assert repr(refused) == f"<HTTPResponse 401 {refused.body!r} ({reason})>"
    assert answered.reason is None
    assert repr(answered) == "<HTTPResponse 200 b'{}'>"


def test_a_response_made_by_hand_has_no_rules():
    response = HTTPResponse(200, {}, b"")

    assert response.rules == response.not_emulated == ()
    assert response.reason is None
