"""Asks everything with the browser of this machine and keeps the answers as a page and a picture.

`python -m tests.browser [DIRECTORY]`; both go to `build/browser` unless a directory is given.
"""

import sys
import tempfile
from pathlib import Path

from tests.browser import chromium
from tests.browser.run import as_page, run


def main(arguments):
    """Return the exit code: 0 where everything holds."""
    browser = chromium.find()
    if browser is None:
        sys.stderr.write(f"Error: {chromium.HOW_TO_GET}\n")
        return 1
    target = Path(*arguments or ("build/browser",))
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        results = run(browser, Path(name))
        page, picture = target / "cors.html", target / "cors.png"
        page.write_text(as_page(results))
        chromium.screenshot(browser, Path(name, "another"), page, picture)
    for held in results:
        if not held.holds:
            sys.stdout.write(f"FAILS {held.section}, {held.case.name}: {held}\n")
    count = sum(held.holds for held in results)
    sys.stdout.write(f"{count} of {len(results)} hold; {page}, {picture}\n")
    return 0 if count == len(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
