"""Lets a browser ask everything of `cases`, and puts what it saw beside what it should."""

import html
import re
from contextlib import ExitStack
from dataclasses import dataclass

from tests.browser.cases import SECTIONS, Case, write_applications
from tests.browser.origin import Origin
from tests.server.serving import local_project

from chalice.server.records import Answered

_NUMBER = re.compile(r"[?&]case=(\d+)$")


@dataclass(frozen=True, slots=True)
class Held:
    """What came of a case: the table's words, and those of the browser and the server."""

    section: str
    case: Case
    seen: str
    asked: str
    headers: dict

    @property
    def holds(self):
        """Tell whether all of it is as the case says."""
        case = self.case
        return (self.seen, self.asked, self.headers) == (case.seen, case.asked, case.headers)


def run(browser, directory):
    """Let *browser* ask everything, with all that is written in *directory*."""
    numbered = list(
        enumerate((section, case) for section in SECTIONS for case in SECTIONS[section])
    )
    with Origin() as origin:
        with ExitStack() as stack:
            folders = write_applications(directory / "applications", origin.name)
            served = {
                name: stack.enter_context(local_project(folder)) for name, folder in folders.items()
            }
            origin.cases = [
                {
                    "name": str(number),
                    "url": f"{served[case.application].url}{case.path[1:]}?case={number}",
                    "init": case.init,
                    "read": list(case.headers),
                }
                for number, (_, case) in numbered
            ]
            seen = origin.visit(browser, directory / "profile")
        # The servers have stopped: all their lines are there.
        asked = _asked(project.records.of(Answered) for project in served.values())
    return [
        Held(section, case, _said(seen[str(number)]), asked.get(number, ""), _headers(seen, number))
        for number, (section, case) in numbered
    ]


def _asked(logs):
    asked = {}
    for log in logs:
        for record in log:
            number = int(_NUMBER.search(record.target)[1])
            asked.setdefault(number, []).append(f"{record.method} {record.status}")
    return {number: ", ".join(requests) for number, requests in asked.items()}


def _said(seen):
    return seen["error"] if "error" in seen else f"{seen['status']} {seen['body']}"


def _headers(seen, number):
    return seen[str(number)].get("headers", {})


_STYLE = (
    "body{font:14px/1.3 sans-serif;margin:16px}table{border-collapse:collapse}"
    "td,th{border:1px solid #bbb;padding:2px 8px;text-align:left;font-size:13px}"
    "td{white-space:nowrap}td:nth-child(3),td:nth-child(4){white-space:normal}th{background:#eee}.no{background:#fbb}.yes{background:#dfd}code{font-size:12px}"
)


def as_page(results):
    """Return the results as a page for people."""
    rows = []
    section = None
    for held in results:
        if held.section != section:
            section = held.section
            rows.append(f"<tr><th colspan=6>{html.escape(section)}</th></tr>")
        case = held.case
        names = "".join(f" [{name}: {value}]" for name, value in case.headers.items())
        found = "".join(f" [{name}: {value}]" for name, value in held.headers.items())
        cells = (
            html.escape(case.name),
            f"{case.application} {html.escape(case.path)}",
            f"<code>{html.escape(case.seen + names)}</code>",
            f"<code>{html.escape(held.seen + found)}</code>",
            f"<code>{html.escape(held.asked)}</code>",
        )
        verdict = ("yes", "holds") if held.holds else ("no", "FAILS")
        row = "".join(f"<td>{cell}</td>" for cell in cells)
        rows.append(f'<tr>{row}<td class="{verdict[0]}">{verdict[1]}</td></tr>')
    count = sum(held.holds for held in results)
    head = "".join(
        f"<th>{name}</th>"
        for name in ("case", "application", "expected", "seen", "requests", "verdict")
    )
    return (
        f"<!doctype html><meta charset=utf-8><title>CORS</title><style>{_STYLE}</style>"
        f"<h1>What a page on another origin sees: {count} of {len(results)} hold</h1>"
        f"<table><tr>{head}</tr>{''.join(rows)}</table>"
    )
