"""What clients are told when a view raises."""

import json

import pytest
from tests.runtime.calling import INTERNAL, an_app, an_event, answer, code_of

import chalice
from chalice import ChaliceViewError
from chalice.app import (
    ALL_ERRORS,
    ChaliceError,
    ChaliceUnhandledError,
    MethodNotAllowedError,
    RequestTimeoutError,
    WebsocketDisconnectedError,
)

STATUSES = {
    chalice.ChaliceViewError: 500,
    chalice.BadRequestError: 400,
    chalice.UnauthorizedError: 401,
    chalice.ForbiddenError: 403,
    chalice.NotFoundError: 404,
    MethodNotAllowedError: 405,
    RequestTimeoutError: 408,
    chalice.ConflictError: 409,
    chalice.UnprocessableEntityError: 422,
    chalice.TooManyRequestsError: 429,
}


class TeapotError(chalice.BadRequestError):
    STATUS_CODE = 418


class TextStatusError(ChaliceViewError):
    STATUS_CODE = "451"


def raising(error):
    def view():
        raise error

    return view


@pytest.mark.parametrize(
    ("kind", "status"),
    [*STATUSES.items(), (TeapotError, 418), (TextStatusError, 451)],
    ids=lambda item: getattr(item, "__name__", None),
)
def test_a_view_error_is_told_to_the_client(kind, status):
    result = answer(raising(kind('a "reason" é')))

    assert result == {
        "headers": {},
        "multiValueHeaders": {},
        "statusCode": status,
        "body": f'{{"Code":"{kind.__name__}","Message":"a \\"reason\\" \\u00e9"}}',
    }


def test_all_errors_are_in_a_list():
    assert set(ALL_ERRORS) == set(STATUSES)
    assert all(issubclass(error, ChaliceError) for error in ALL_ERRORS)


@pytest.mark.parametrize(
    ("arguments", "message"), [((), ""), (("a", "b"), "('a', 'b')"), ((5,), "5"), ((None,), "None")]
)
def test_the_message_is_the_text_of_the_error(arguments, message):
    result = answer(raising(chalice.NotFoundError(*arguments)))

    assert json.loads(result["body"])["Message"] == message


class MuteError(ChaliceViewError):
    STATUS_CODE = 400

    def __str__(self):
        raise ValueError("no text")


class DoorError(ChaliceViewError):
    def __str__(self):
        raise SystemExit("the door")


class WrongTextError(ChaliceViewError):
    STATUS_CODE = 400

    def __str__(self):
        return 5  # noqa: PLE0307 - that is what is wrong with it


@pytest.mark.parametrize("kind", [MuteError, WrongTextError])
def test_an_error_without_a_text_has_an_empty_message(kind):
    result = answer(raising(kind()))

    assert json.loads(result["body"]) == {"Code": kind.__name__, "Message": ""}
    assert result["statusCode"] == 400


def test_an_error_whose_text_ends_the_program_is_a_500():
    assert code_of(answer(raising(DoorError()))) == (500, "InternalServerError")


@pytest.mark.parametrize("status", [None, "many", 42, 1000, [], 4.5, True])
def test_an_error_with_a_status_that_is_none_is_a_500(status, caplog):
    kind = type("OddError", (ChaliceViewError,), {"STATUS_CODE": status})

    result = answer(raising(kind("x")))

    assert (result["statusCode"], result["body"]) == (500, INTERNAL)
    assert f"not {status!r}" in caplog.text


def recurse():
    return recurse()


CRASHES = {
    "ValueError": raising(ValueError("secret")),
    "ChaliceError": raising(ChaliceError("secret")),
    "ChaliceUnhandledError": raising(ChaliceUnhandledError("secret")),
    "WebsocketDisconnectedError": raising(WebsocketDisconnectedError("secret")),
    "SystemExit": raising(SystemExit("secret")),
    "KeyboardInterrupt": raising(KeyboardInterrupt("secret")),
    "GeneratorExit": raising(GeneratorExit("secret")),
    "MemoryError": raising(MemoryError("secret")),
    "ExceptionGroup": raising(ExceptionGroup("secret", [ValueError("a\nb")])),
    "RecursionError": recurse,
    "TypeError": lambda argument: argument,
}


@pytest.mark.parametrize("name", CRASHES)
def test_any_other_error_is_a_500_that_says_nothing(name, caplog):
    result = answer(CRASHES[name])

    assert result == {
        "headers": {},
        "multiValueHeaders": {},
        "statusCode": 500,
        "body": INTERNAL,
    }
    assert "Caught exception for path /" in caplog.text
    assert name in caplog.text


def test_a_class_is_raised_as_well_as_an_object():
    assert code_of(answer(raising(chalice.NotFoundError))) == (404, "NotFoundError")


@pytest.mark.parametrize("name", CRASHES)
def test_with_debug_the_client_sees_the_traceback(name):
    app = an_app(CRASHES[name], cors=True)
    app.debug = True

    result = app(an_event(), None)

    assert result["statusCode"] == 500
    assert result["headers"]["Content-Type"] == "text/plain"
    assert result["headers"]["Access-Control-Allow-Origin"] == "*"
    assert result["body"].startswith("Traceback") or "Exception Group" in result["body"]
    assert name in result["body"]


def test_with_debug_a_view_error_is_what_it_is_without():
    app = an_app(raising(chalice.NotFoundError("x")))
    app.debug = True

    assert code_of(app(an_event(), None)) == (404, "NotFoundError")


class UnshowableError(Exception):
    @property
    def __notes__(self):
        raise ValueError("no notes")

    def __str__(self):
        raise ValueError("no text")


def test_an_error_that_cannot_be_shown_is_shown_by_name(caplog):
    app = an_app(raising(UnshowableError()))
    app.debug = True

    result = app(an_event(), None)

    assert "UnshowableError" in result["body"]
    assert "UnshowableError" in caplog.text


def test_the_error_of_a_disconnected_websocket_names_the_connection():
    assert WebsocketDisconnectedError("abc").connection_id == "abc"


def test_an_application_that_calls_itself_for_ever_is_answered():
    app = an_app()
    app.route("/")(lambda: app(an_event(), None)["body"])

    result = app(an_event(), None)

    assert result["statusCode"] == 200
    assert not app._rest._running
