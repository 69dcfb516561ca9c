import os
import signal
import subprocess
import sys
import time
from textwrap import dedent

import pytest

from chalice.permissions.proving.program import run, to_sandbox


def test_nothing_of_the_users_leads_out_of_the_sandbox():
    given = {
        "PATH": "/bin",
        "AWS_CA_BUNDLE": "/etc/ca.pem",
        "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
        "AWS_PROFILE": "work",
        "AWS_REGION": "eu-west-1",
        "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/r",
        "AWS_SESSION_TOKEN": "t",
        "AWS_WEB_IDENTITY_TOKEN_FILE": "/token",
    }

    found = to_sandbox(given, "http://127.0.0.1:4566", "us-east-1")

    assert found == {
        "PATH": "/bin",
        "AWS_CA_BUNDLE": "/etc/ca.pem",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def test_what_a_program_prints_is_returned_where_it_has_nowhere_to_print(tmp_path):
    program = "import sys; print('said'); print('told', file=sys.stderr); sys.exit(3)"

    code, printed = run([sys.executable, "-uc", program], tmp_path, os.environ, None)

    assert (code, printed) == (3, "said\ntold\n")


@pytest.fixture
def proving(tmp_path):
    """Give a command that proves, and the file in which its program's own child says it lives."""
    (tmp_path / "app.py").write_text("from chalice import Chalice\napp = Chalice('a')\n")
    (tmp_path / "child.py").write_text(
        dedent("""
            import os, time
            while True:
                with open("alive", "w") as file:
                    file.write(str(os.getpid()))
                time.sleep(0.05)
        """)
    )
    (tmp_path / "script.py").write_text(
        dedent("""
            import subprocess, sys, time
            child = subprocess.Popen([sys.executable, "-I", "child.py"])
            try:
                time.sleep(60)
            except KeyboardInterrupt:
                open("tidied", "w").close()
                raise
        """)
    )
    (tmp_path / "temporary").mkdir()
    process = subprocess.Popen(
        [
            *(sys.executable, "-c"),
            # A shell without job control starts what is in its background with SIGINT ignored.
            (
                "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
                "from chalice.cli.start import main; raise SystemExit(main())"
            ),
            *("policy", "prove", "--", sys.executable, "script.py"),
        ],
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(tmp_path / "temporary")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield process
    process.kill()
    process.wait()


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)], ids=["SIGTERM", "SIGINT"]
)
def test_who_ends_the_command_ends_the_tests_and_all_that_was_written(
    proving, tmp_path, number, code
):
    alive = tmp_path / "alive"
    _wait_until(lambda: alive.exists() and alive.read_text())
    child = int(alive.read_text())

    proving.send_signal(number)

    assert proving.wait(30) == code
    assert (tmp_path / "tidied").exists()
    assert list((tmp_path / "temporary").iterdir()) == []
    _wait_until(lambda: not _lives(child))


def _wait_until(holds):
    until = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)


def _lives(pid):
    # Whoever has adopted it may not have looked yet that it has ended.
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, check=False)
    return found.stdout.strip()[:1] not in (b"", b"Z")
