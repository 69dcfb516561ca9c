"""What Lambda calls for the functions of blueprints, once `app.py` has registered them."""

import importlib
import sys

import pytest
from tests.projects import application, write_project

import chalice
from chalice.model.load import load, uninstall

PART = """\
import functools

from chalice import AuthResponse, Blueprint

part = Blueprint(__name__)

def marked(handler):
    @functools.wraps(handler)
    def wrapper(event, context):
        return {**handler(event, context), "wrapped": True}
    return wrapper

@part.lambda_function()
def work(event, context):
    return {"app": part.current_app.app_name, **event}

@marked
@part.lambda_function(name="traced")
def other(event, context):
    return {}

@part.lambda_function()
def late(event, context):
    return {}

@part.authorizer()
def guard(request):
    return AuthResponse(routes=["*"], principal_id=f"{request.token} of {part.log.name}")
"""
APP = application("""
from chalicelib.part import part

app.register_blueprint(part, name_prefix="one_")
app.register_blueprint(part)

@app.middleware("all")
def mark(event, get_response):
    return {**get_response(event), "middleware": True}
""")


def forget():
    """Have the module imported anew, as by the next environment of Lambda."""
    del sys.modules["chalice.functions"], chalice.functions


@pytest.fixture
def functions(tmp_path):
    """The module, as Lambda imports it for a project with a blueprint."""
    files = {"chalicelib/__init__.py": "", "chalicelib/part.py": PART}
    load(write_project(tmp_path, APP, None, files))
    yield importlib.import_module("chalice.functions")
    uninstall()
    forget()


@pytest.mark.parametrize("name", ["work", "one_work"])
def test_a_function_has_its_application_and_its_middleware(functions, name):
    answer = getattr(functions, name)({"of": 1}, None)

    assert answer == {"app": "demo", "of": 1, "middleware": True}


def test_what_wraps_a_declaration_is_called(functions):
    assert functions.traced({}, None) == {"middleware": True, "wrapped": True}


def test_a_function_may_have_the_name_of_anything_that_the_module_uses(functions):
    assert functions.late({}, None) == {"middleware": True}


def test_an_authorizer_has_its_application(functions):
    event = {"type": "TOKEN", "authorizationToken": "ann", "methodArn": "a:b/dev/GET/"}

    assert functions.one_guard(event, None)["principalId"] == "ann of demo"


def test_there_is_nothing_else(functions):
    with pytest.raises(AttributeError, match="the application has no function 'wrok'"):
        _ = functions.wrok


def test_an_error_of_app_py_is_one_of_the_import(functions, tmp_path):
    load(write_project(tmp_path, "import nowhere_to_be_found\n"))

    with pytest.raises(ModuleNotFoundError, match="nowhere_to_be_found"):
        importlib.reload(functions)
