"""CORS headers of answers."""

import pytest
from tests.runtime.calling import an_app, an_event, answer

from chalice import BadRequestError, CORSConfig, Response

ALLOWED = "Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key"

CONFIGURATIONS = [
    (
        CORSConfig(),
        {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": ALLOWED},
    ),
    (
        CORSConfig(
            allow_origin="https://foo.example.com",
            allow_headers=["X-Special-Header"],
            max_age=600,
            expose_headers=["X-Special-Header", "X-Other"],
            allow_credentials=True,
        ),
        {
            "Access-Control-Allow-Origin": "https://foo.example.com",
            "Access-Control-Allow-Headers": (
                "Authorization,Content-Type,X-Amz-Date,X-Amz-Security-Token,X-Api-Key,"
                "X-Special-Header"
            ),
            "Access-Control-Expose-Headers": "X-Special-Header,X-Other",
            "Access-Control-Max-Age": "600",
            "Access-Control-Allow-Credentials": "true",
        },
    ),
    (
        CORSConfig(max_age=0, allow_credentials=False, expose_headers=[]),
        {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Headers": ALLOWED,
            "Access-Control-Max-Age": "0",
        },
    ),
]


@pytest.mark.parametrize(("cors", "headers"), CONFIGURATIONS)
def test_every_answer_of_a_route_with_cors_says_who_may_read_it(cors, headers):
    assert cors.get_access_control_headers() == headers
    for _ in range(2):
        assert answer(lambda: 1, cors=cors)["headers"] == headers


def test_true_is_the_default_configuration_and_false_none():
    assert answer(lambda: 1, cors=True)["headers"] == CONFIGURATIONS[0][1]
    assert answer(lambda: 1, cors=False)["headers"] == {}


def fails():
    raise BadRequestError("no")


def crashes():
    return 1 / 0


def refuses_binary():
    return Response(b"\xff", {"Content-Type": "image/png"})


@pytest.mark.parametrize(
    ("view", "status"),
    [(fails, 400), (crashes, 500), (set, 500), (refuses_binary, 400)],
)
def test_an_error_has_the_cors_headers_of_its_route(view, status):
    result = answer(view, cors=True)

    assert result["statusCode"] == status
    assert result["headers"]["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "headers",
    [
        {"Access-Control-Allow-Origin": "https://a.example"},
        {"access-control-allow-origin": "https://a.example"},
        {"ACCESS-CONTROL-ALLOW-ORIGIN": ["https://a.example"]},
    ],
)
def test_what_the_view_sets_itself_stays_whatever_its_case(headers):
    response = Response(1, dict(headers))

    result = answer(lambda: response, cors=True)

    sent = {**result["headers"], **result["multiValueHeaders"]}
    assert sent == {**headers, "Access-Control-Allow-Headers": ALLOWED}
    assert response.headers == headers


def test_an_origin_that_is_a_list_is_sent_as_one_and_never_shared():
    app = an_app(lambda: Response(1, {"X-A": "1"}), cors=CORSConfig(allow_origin=["a", "b"]))

    first = app(an_event(), None)
    first["multiValueHeaders"]["Access-Control-Allow-Origin"].append("c")
    second = app(an_event(), None)

    assert second["multiValueHeaders"] == {"Access-Control-Allow-Origin": ["a", "b"]}


def test_a_list_of_the_views_own_goes_before_that_of_the_configuration():
    app = an_app(
        lambda: Response(1, {"access-control-allow-origin": ["c"]}),
        cors=CORSConfig(allow_origin=["a", "b"]),
    )

    assert app(an_event(), None)["multiValueHeaders"] == {"access-control-allow-origin": ["c"]}


def test_the_application_may_say_what_routes_get_that_say_nothing():
    app = an_app()
    app.route("/before")(lambda: 1)
    app.api.cors = True
    app.route("/")(lambda: 1)
    app.route("/off", cors=False)(lambda: 1)
    app.route("/none", cors=None)(lambda: 1)

    def origin(path):
        return app(an_event(path), None)["headers"].get("Access-Control-Allow-Origin")

    assert [origin(path) for path in ("/before", "/", "/off", "/none")] == [None, "*", None, "*"]


def test_the_application_may_say_it_with_a_configuration():
    app = an_app()
    app.api.cors = CORSConfig(allow_origin="https://a.example")
    app.route("/")(lambda: 1)

    assert app(an_event(), None)["headers"]["Access-Control-Allow-Origin"] == "https://a.example"


def test_configurations_are_equal_when_they_send_the_same():
    assert CORSConfig() == CORSConfig(max_age=None)
    assert CORSConfig() != CORSConfig(max_age=1)
    assert CORSConfig() != "*"


def test_a_configuration_is_mutable_and_so_has_no_hash():
    with pytest.raises(TypeError):
        hash(CORSConfig())


def test_a_configuration_has_the_attributes_of_its_arguments():
    cors = CORSConfig("https://a.example", ["X-A", "X-A"], ["X-B"], 5, allow_credentials=True)

    assert (cors.allow_origin, cors.expose_headers, cors.max_age, cors.allow_credentials) == (
        "https://a.example",
        ["X-B"],
        5,
        True,
    )
    assert cors.allow_headers == ALLOWED.replace("X-Amz-Date", "X-A,X-Amz-Date")
