"""A Chromium without a window: where it is on this machine, and how it is run."""

import os
import shutil
import signal
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path

# Names another one than those on PATH.
VARIABLE = "CHALICE_BROWSER"

NAMES = ("chromium", "chromium-browser", "google-chrome")

HOW_TO_GET = (
    f"no Chromium on PATH ({', '.join(NAMES)}): `apt-get install chromium`, or name one in"
    f" {VARIABLE}"
)

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
)


def find():
    """Return the browser of this machine, or None."""
    named = os.environ.get(VARIABLE)
    if named:
        return named
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def running(browser, profile, *arguments):
    """Run *browser* with a fresh profile and end it, all its processes, with the block."""
    Path(profile).mkdir(parents=True)
    errors = Path(profile, "stderr.txt")
    with errors.open("wb") as stream:
        process = subprocess.Popen(
            [browser, *_FLAGS, f"--user-data-dir={profile}", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stream,
            start_new_session=True,
            # What it keeps beside its profile goes there, too.
            env={**os.environ, "HOME": str(profile)},
        )
    try:
        yield process, errors
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def screenshot(browser, profile, page, picture, seconds=120):
    """Write a picture of the file *page*."""
    picture = Path(picture).resolve()
    arguments = (
        f"--screenshot={picture}",
        "--window-size=1600,1900",
        "--hide-scrollbars",
        Path(page).resolve().as_uri(),
    )
    with running(browser, profile, *arguments) as (process, errors):
        process.wait(seconds)
    if not picture.is_file():
        raise AssertionError(f"no picture: {errors.read_text(errors='replace')}")
