"""What the sandbox is installed from."""

import re

from chalice.sandbox.installing import PACKAGE, REQUIREMENTS


def test_all_that_the_sandbox_needs_is_known_by_version_and_hash():
    text = re.sub(r"^#.*\n", "", REQUIREMENTS.read_text(), flags=re.MULTILINE)

    requirements = text.replace("\\\n", " ").splitlines()

    assert any(line.startswith(f"{PACKAGE} ") for line in requirements)
    for line in requirements:
        assert re.fullmatch(r"\S+==\S+( +--hash=sha256:[0-9a-f]{64})+", line), line
