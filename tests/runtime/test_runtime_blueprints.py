"""Parts of an application in modules of their own."""

import pytest
from tests.runtime.calling import an_app, an_event, sample

from chalice import Blueprint
from chalice.app import DecoratorAPI


def a_part(path="/orders"):
    part = Blueprint("chalicelib.part")

    @part.route(path)
    def orders():
        return {"path": part.current_request.path}

    return part


PREFIXES = [
    (None, "/orders", "/orders"),
    ("/v1", "/orders", "/v1/orders"),
    ("/v1/", "/orders", "/v1/orders"),
    ("/v1", "/", "/v1"),
    ("/v1/", "/", "/v1"),
    ("/", "/", "/"),
    ("", "/orders", "/orders"),
    ("", "/", "/"),
    ("v1", "orders", "v1/orders"),
    ("/v1", "/orders/", "/v1/orders"),
    (None, "/orders/", "/orders/"),
    ("/{tenant}", "/orders/{key}", "/{tenant}/orders/{key}"),
]


@pytest.mark.parametrize(("url_prefix", "path", "served"), PREFIXES)
def test_a_prefix_goes_before_the_paths(url_prefix, path, served):
    app = an_app()

    app.register_blueprint(a_part(path), url_prefix=url_prefix)

    assert list(app.routes) == [served]


def test_a_view_of_a_blueprint_sees_its_request():
    app = an_app()
    app.register_blueprint(a_part(), url_prefix="/v1")

    assert app(an_event("/v1/orders"), None)["body"] == '{"path":"/v1/orders"}'


def test_a_name_prefix_goes_before_the_names():
    part = a_part()
    door = part.authorizer()(lambda request: {"asked": request.token})
    work = part.lambda_function(name="work")(lambda event, context: event)
    app = an_app()

    app.register_blueprint(part, name_prefix="shop_")

    assert list(app.handler_map) == ["shop_orders", "shop_<lambda>", "shop_work"]
    assert app.routes["/orders"]["GET"].view_name == "shop_orders"
    assert (door.name, door.config.handler_string) == (
        "shop_<lambda>",
        "chalicelib.part.<lambda>",
    )
    assert app.pure_lambda_functions[0].name == "shop_work"
    assert app.pure_lambda_functions[0].handler_string == "chalicelib.part.<lambda>"
    assert door(sample("token_authorizer"), None) == {"asked": "Bearer abc"}
    assert work({"a": 1}, None) == {"a": 1}


def an_authorizer(request):
    """Let nobody in."""


def test_what_is_declared_after_the_registration_counts():
    part = a_part()
    app = an_app()
    app.register_blueprint(part, name_prefix="a_", url_prefix="/v1")

    part.route("/late")(lambda: "late")

    assert app(an_event("/v1/late"), None)["body"] == "late"
    assert "a_<lambda>" in app.handler_map


def test_a_decorated_view_stays_a_plain_function():
    def view():
        return 1

    assert Blueprint("part").route("/")(view) is view


def test_the_default_cors_is_that_of_the_application_at_the_registration():
    app = an_app()
    app.api.cors = True

    app.register_blueprint(a_part())

    assert "Access-Control-Allow-Origin" in app(an_event("/orders"), None)["headers"]


@pytest.mark.parametrize("attribute", ["current_app", "current_request", "lambda_context", "log"])
def test_a_blueprint_without_an_application_has_nothing_of_one(attribute):
    message = rf"Can only access Blueprint\.{attribute} if it's registered to an app\."

    with pytest.raises(RuntimeError, match=message):
        getattr(Blueprint("part"), attribute)


def test_a_blueprint_has_what_its_application_has():
    part = Blueprint("part")
    app = an_app()
    app.register_blueprint(part)
    part.route("/")(lambda: {"context": part.lambda_context})

    assert part.current_app is app
    assert part.log is app.log
    assert app(an_event(), "context")["body"] == '{"context":"context"}'


def test_a_blueprint_may_be_registered_under_two_prefixes():
    part = a_part()
    app = an_app()

    app.register_blueprint(part, url_prefix="/a", name_prefix="a_")
    app.register_blueprint(part, url_prefix="/b", name_prefix="b_")

    assert (list(app.routes), list(app.handler_map)) == (
        ["/a/orders", "/b/orders"],
        ["a_orders", "b_orders"],
    )


def test_what_is_declared_after_two_registrations_counts_for_both():
    part = a_part()
    app = an_app()
    app.register_blueprint(part, url_prefix="/a", name_prefix="a_")
    app.register_blueprint(part, url_prefix="/b", name_prefix="b_")

    part.route("/late", name="late")(dict)
    part.lambda_function(name="work")(lambda event, context: None)

    assert list(app.routes) == ["/a/orders", "/b/orders", "/a/late", "/b/late"]
    assert [item.name for item in app.pure_lambda_functions] == ["a_work", "b_work"]


def test_a_route_that_is_declared_after_two_registrations_has_the_authorizer_of_each():
    part = Blueprint("part")
    guard = part.authorizer()(an_authorizer)
    app = an_app()
    app.register_blueprint(part, url_prefix="/a", name_prefix="a_")
    app.register_blueprint(part, url_prefix="/b", name_prefix="b_")

    part.route("/late", authorizer=guard)(dict)

    names = {path: methods["GET"].authorizer.name for path, methods in app.routes.items()}
    assert names == {"/a/late": "a_an_authorizer", "/b/late": "b_an_authorizer"}


def test_a_blueprint_serves_the_application_that_it_was_registered_to_last():
    part = a_part()
    first, second = an_app(), an_app()

    first.register_blueprint(part)
    second.register_blueprint(part)

    assert list(first.routes) == list(second.routes) == ["/orders"]
    assert part.current_app is second


def test_decorators_need_something_to_declare_on():
    with pytest.raises(TypeError, match="DecoratorAPI declares nothing"):
        DecoratorAPI().route("/")(lambda: 1)
