"""Error trackers reach into `chalice.app`: they still find what they look for."""

import json
import subprocess
import sys


def test_a_real_error_tracker_reports_views_and_functions():
    command = (sys.executable, "-m", "tests.runtime.traced_app")

    done = subprocess.run(command, check=False, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "answers": [500, 400, '{"hello":"world"}', "'function'"],
        "reports": ["ValueError: view a", "KeyError: 'function'"],
    }
