"""A real browser, a page on another origin, and what the local gateway lets the page see."""

import pytest
from tests.browser import chromium
from tests.browser.run import run

BROWSER = chromium.find()


@pytest.mark.skipif(BROWSER is None, reason=chromium.HOW_TO_GET)
def test_a_page_on_another_origin_sees_what_the_fetch_standard_lets_it_see(tmp_path):
    results = run(BROWSER, tmp_path)

    assert [held for held in results if not held.holds] == []
    assert len(results) == 51
