"""The watch over a project's files."""

import asyncio
from contextlib import aclosing

from chalice.server.watching import edits


def test_a_watch_that_ends_before_its_first_wait_says_nothing(tmp_path):
    (tmp_path / "app.py").write_text("edited before anybody watched\n")
    said = []

    async def first_edit():
        async with aclosing(edits(tmp_path, 0, said.append)) as watch:
            return await anext(watch)

    assert asyncio.run(first_edit()) == ("app.py",)
    assert said == []
