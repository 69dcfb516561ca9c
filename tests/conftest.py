from __future__ import annotations

import logging
import signal
import sys

import pytest
from hypothesis import HealthCheck, settings
from tests import sandboxes

from chalice import sandbox
from chalice.model.load import PACKAGED, uninstall

# Properties are about results: how long an example takes says how busy the machine is.
settings.register_profile("chalice", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("chalice")

# How `Chalice(...)` writes its log, unless it is told not to.
FORMAT = "%(name)s - %(levelname)s - %(message)s"

# Where modules are looked for before any test.
PATH = frozenset(sys.path)


def pytest_configure() -> None:
    """Have Ctrl-C mean something: a shell that starts the tests in the background takes it away."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # `nohup` takes away that a closed window means something.
    for name in ("SIGQUIT", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


@pytest.fixture(autouse=True)
def nothing_stays_loaded():
    """Take the application that a test has loaded out of the process: the next has its own."""
    yield
    uninstall()
    for name in [name for name in sys.modules if name.partition(".")[0] in PACKAGED]:
        del sys.modules[name]
    # Servers of later tests start their processes with this path.
    assert set(sys.path) >= PATH


@pytest.fixture(autouse=True)
def loggers_as_they_were():
    """Undo what applications of one name do to their logger: it outlives them and the test."""
    yield
    for logger in logging.root.manager.loggerDict.values():
        if not isinstance(logger, logging.Logger):
            continue
        formats = [getattr(handler.formatter, "_fmt", None) for handler in logger.handlers]
        if FORMAT in formats:
            logger.handlers.clear()
            logger.propagate = True
            logger.setLevel(logging.NOTSET)


@pytest.fixture(scope="session")
def sandbox_folder(tmp_path_factory):
    """Give the folder of a sandbox that runs: an AWS on loopback, the same for all tests."""
    missing = sandboxes.installed()
    if missing:
        pytest.skip(missing)
    folder = tmp_path_factory.mktemp("sandbox")
    sandboxes.started(folder)
    yield folder
    sandbox.stop(folder)


@pytest.fixture(scope="session")
def aws_url(sandbox_folder):
    """Return where the AWS on loopback answers."""
    found = sandbox.find(sandbox_folder)
    assert found is not None
    return found.endpoint_url
