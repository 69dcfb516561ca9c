"""Handlers, runtimes and archives, before a deploy."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from tests.deploy.deployments import wanted
from tests.deploy.preflighting import (
    LAYER,
    ROLE,
    checked,
    found,
    merged,
    of_function,
)
from tests.deploy.there import Identity, There

from chalice.aws.functions import Layer
from chalice.bundle.parts import Archive
from chalice.diagnostics import ToolError


def with_files(what, folder, files, *, layer=False):
    """Return *what* with an archive of *files* in the place of its code, or as its layer."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    path = folder / f"other-{layer}.zip"
    path.write_bytes(buffer.getvalue())
    made = Archive(path, f"{layer}", 1, 1, ())
    return replace(what, layer=made) if layer else replace(what, code=made)


@pytest.mark.parametrize(
    ("source", "held"),
    [
        ("from chalice import Chalice\napp = Chalice('demo')\n", True),
        ("from elsewhere import *\n", True),
        ("def make():\n    global a, app\n", True),
        ("def other():\n    app = 1\n", False),
        ("", False),
    ],
)
def test_the_handler_is_bound_in_its_module(tmp_path, source, held):
    what = with_files(wanted(tmp_path), tmp_path, {"app.py": source})

    codes, _ = found(what, There())

    assert codes == ([] if held else [("handler-missing", "app.py:4")])


@pytest.mark.parametrize(
    ("file", "held"),
    [
        ("app.py", False),
        ("shop/orders.py", True),
        ("shop/orders/__init__.py", True),
        ("shop/orders.cpython-312-x86_64-linux-gnu.so", True),
        ("shop/orders.txt", False),
    ],
)
def test_the_module_of_a_handler_is_in_the_package(tmp_path, file, held):
    template = of_function(Handler="shop.orders.serve")
    what = with_files(wanted(tmp_path), tmp_path, {file: "def serve(event, context): ..."})

    codes, text = found(merged(what, tmp_path, template), There())

    assert [code for code, _ in codes] == ([] if held else ["handler-missing"])
    assert held or "the package has no `shop/orders.py`" in text


def test_a_module_may_be_in_the_layer_or_in_that_of_somebody_else(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    plain = merged(wanted(tmp_path), tmp_path / "a", of_function(Handler="tools.serve"))
    with_layer = with_files(plain, tmp_path, {"python/tools.py": ""}, layer=True)
    template = of_function(Handler="tools.serve", Layers=[LAYER])
    theirs = merged(wanted(tmp_path), tmp_path / "b", template)

    assert found(with_layer, There())[0] == []
    (warning,) = checked(theirs, There(layers={LAYER: Layer(1)}))
    assert (warning.code, warning.severity) == ("handler-missing", "warning")


def test_a_handler_without_a_module_is_none(tmp_path):
    codes, text = found(merged(wanted(tmp_path), tmp_path, of_function(Handler="app")), There())

    assert [code for code, _ in codes] == ["handler-missing"]
    assert "write `MODULE.FUNCTION`" in text


def test_a_module_may_be_an_extension_of_the_layer_or_one_that_cannot_be_read(tmp_path):
    (tmp_path / "b").mkdir()
    there = There()
    native = merged(wanted(tmp_path), tmp_path, of_function(Handler="tools.serve"))
    with_layer = with_files(native, tmp_path, {"python/tools.abi3.so": ""}, layer=True)
    broken = with_files(wanted(tmp_path / "b"), tmp_path, {"app.py": "def ("})
    other = merged(wanted(tmp_path), tmp_path / "b", of_function(Runtime="provided.al2023"))

    assert checked(with_layer, there) == checked(broken, there) == checked(other, there) == ()


def test_a_function_with_code_of_its_own_is_not_looked_for_in_the_package(tmp_path):
    template = of_function(Handler="index.handler", Code={"S3Bucket": "theirs", "S3Key": "a.zip"})

    assert checked(merged(wanted(tmp_path), tmp_path, template), There()) == ()


# Source: `chalice.bundle.runtimes.ENDINGS`, `python3.12`.
@pytest.mark.parametrize(
    ("today", "creates", "taken"),
    [
        (date(2028, 11, 29), True, True),
        (date(2028, 11, 30), True, False),
        (date(2028, 11, 30), False, True),
        (date(2029, 1, 10), False, False),
    ],
)
def test_a_runtime_that_has_ended_is_told_from_the_day_on_which_lambda_refuses_it(
    tmp_path, today, creates, taken
):
    what = wanted(tmp_path, "one", {"lambda_python_version": "3.12"})

    codes, text = found(what, There(), None if creates else what, today=today)

    assert codes == ([] if taken else [("runtime-blocked", ".chalice/config.json:3")])
    assert taken or "set `lambda_python_version` to `3.14`" in text


def test_an_archive_that_is_gone_is_not_told_here(tmp_path):
    what = wanted(tmp_path)
    (tmp_path / "deployment.zip").unlink()

    assert checked(what, There()) == ()


def test_credentials_that_have_expired_meanwhile_stop_everything(tmp_path):
    class Expired(Identity):
        def role(self, name):
            raise ToolError("expired")

    config = {"manage_iam_role": False, "iam_role_arn": ROLE}
    there = There()
    there.identity = Expired(there)

    with pytest.raises(ToolError, match="expired"):
        checked(wanted(tmp_path, "one", config), there)
