"""Every example of the documentation runs and prints what its page says."""

import importlib
import re
from doctest import DocTestFinder, DocTestRunner
from pathlib import Path

import pytest
from documents import Block, ExampleFailed, Page, agrees, blocks, commands
from tests import sandboxes

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")])
# The target of a link that is neither an address nor a place in the same page.
LINK = re.compile(r"\]\((?!\w+:|#)([^)#\s]+)")
SOURCE = ROOT / "src"
MODULES = sorted(
    ".".join(file.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
    for file in SOURCE.glob("chalice/**/*.py")
    # `functions` is imported by Lambda, beside an `app.py`.
    if file.stem != "__main__" and file != SOURCE / "chalice" / "functions.py"
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_examples_of_a_page_run(page, tmp_path):
    if "chalice sandbox start" in page.read_text("utf-8") and (missing := sandboxes.installed()):
        pytest.skip(missing)

    Page(page, tmp_path).run()


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_docstrings_run(name):
    module = importlib.import_module(name)
    runner = DocTestRunner(verbose=False)

    for example in DocTestFinder(exclude_empty=True).find(module, name):
        runner.run(example)

    assert runner.failures == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_links_to_is_there(page):
    text = page.read_text(encoding="utf-8")

    missing = [link for link in LINK.findall(text) if not (page.parent / link).exists()]

    assert missing == []


def test_blocks_say_their_language_their_file_and_their_line():
    page = "Text\n\n```python file=app.py\nx = 1\n```\n\n<!-- python\ny = 2\n-->\n"

    found = list(blocks(page))

    assert found == [Block("python", "app.py", "x = 1\n", 4), Block("python", None, "y = 2\n", 8)]


def test_a_block_below_a_skip_comment_is_left_out():
    page = "<!-- not run: needs an account -->\n```python\n1 / 0\n```\n"

    assert list(blocks(page)) == []


def test_a_failing_example_fails_its_page(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```python\n>>> 1 + 1\n3\n```\n")

    with pytest.raises(ExampleFailed, match=r"page\.md"):
        Page(page, tmp_path).run()


def test_a_command_that_prints_something_else_fails_its_page(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```console\n$ python -c 'print(2)'\n3\n```\n")

    with pytest.raises(ExampleFailed, match="instead of"):
        Page(page, tmp_path).run()


def test_dots_stand_for_any_text():
    assert agrees("one ... three", "one two three\n")
    assert not agrees("one ... three", "one two\n")


def test_a_command_goes_on_below_a_backslash():
    block = Block("console", None, "$ curl -X POST \\\n>   /a\nanswer\n", 1)

    assert list(commands(block)) == [(1, "curl -X POST /a", "answer")]
